"""Number lines: points and intervals, with open, closed and infinite ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, inf, isfinite, isinf, log10
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.figures.charts.theme import BACKGROUND, INK
from coursewright.figures.diagrams.letters import plain, width
from coursewright.figures.diagrams.paper import MINUS, Paper
from coursewright.figures.diagrams.said import said
from coursewright.figures.figure import Figure
from coursewright.figures.pictures.colour import COLOURS

_LONG = 320.0  # between low and high: with what is around it, its numbers can be read on a telephone
_OVER = 26.0  # the line goes on past both
_SMALL = 13.0
_RISE = 24.0  # between two intervals, or rows of labels
_MOST = 200  # ticks
_INTERVAL = re.compile(r"\s*([\[\](])\s*([^,;]+?)\s*[,;]\s*([^,;]+?)\s*([\])\[])\s*")


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, which belong to it where it is closed."""

    low: float
    high: float
    low_closed: bool = True
    high_closed: bool = True

    def __str__(self) -> str:
        ends = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"{ends[0]}{shown(self.low)}, {shown(self.high)}{ends[1]}"


def number_line(
    low: float,
    high: float,
    *,
    points: Iterable[Any] | Mapping[str, float] = (),
    intervals: Iterable[str | Sequence[float] | Interval] = (),
    step: float | None = None,
    alt: str = "",
    caption: str = "",
) -> Figure:
    """The line from `low` to `high` with a tick every `step`, or at round numbers.

    Points are numbers, pairs of a number and a label, or a mapping from labels to numbers. Intervals are written as in
    mathematics, "[1, 3)" or "]-inf; 2]"; a pair of numbers is closed. Raises CoursewrightError for an empty line, for
    what is not on it, and for what is no interval.
    """
    check_ends(low, high)
    dots = [read_point(point, low, high) for point in (points.items() if isinstance(points, Mapping) else points)]
    bars = [read_interval(interval, low, high) for interval in intervals]
    text = alt or _describe(low, high, dots, bars)
    return replace(_picture(_Scale(low, high), _ticks(low, high, step), dots, bars, text), caption=caption)


def check_ends(low: float, high: float) -> None:
    """Nothing. Raises CoursewrightError for a line that has no length, or no end."""
    if not (isfinite(low) and isfinite(high) and low < high):
        raise CoursewrightError(f"a number line cannot go from {shown(low)} to {shown(high)}", hint="give low < high")


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def __call__(self, value: float) -> float:
        if isinf(value):
            return -_OVER if value < 0 else _LONG + _OVER
        return (value - self.low) / (self.high - self.low) * _LONG


def shown(value: float) -> str:
    """A number as text with a real minus sign."""
    size = "∞" if isinf(value) else f"{abs(value):.10g}"
    return MINUS + size if value < 0 else size


def _picture(
    scale: _Scale, ticks: list[float], dots: list[tuple[float, str]], bars: list[Interval], alt: str
) -> Figure:
    paper = Paper()
    paper.line((-_OVER, 0), (_LONG + _OVER, 0))
    for way in (-1, 1):
        _arrow(paper, -_OVER - 6 if way < 0 else _LONG + _OVER + 6, 0, way, INK)
    widest = max(width(shown(tick), _SMALL) for tick in ticks) + 12
    between = scale(ticks[1]) - scale(ticks[0]) if len(ticks) > 1 else _LONG
    every = next((n for n in (1, 2, 5, 10, 20, 50, 100) if n * between >= widest), _MOST)
    zero = min(range(len(ticks)), key=lambda number: abs(ticks[number])) % every
    for number, tick in enumerate(ticks):
        named = number % every == zero
        paper.line((scale(tick), -6 if named else -3), (scale(tick), 6 if named else 3), thick=1.2)
        if named:
            paper.label(shown(tick), (scale(tick), 20), size=_SMALL)
    for number, bar in enumerate(bars):
        _bar(paper, scale, bar, -_RISE * (number + 1), COLOURS[number % len(COLOURS)])
    _dots(paper, scale, dots, -_RISE * len(bars))
    return paper.figure(alt)


def _bar(paper: Paper, scale: _Scale, bar: Interval, y: float, colour: str) -> None:
    left, right = scale(bar.low), scale(bar.high)
    paper.line((left, y), (right, y), colour=colour, thick=3)
    for x, value, closed, way in ((left, bar.low, bar.low_closed, -1), (right, bar.high, bar.high_closed, 1)):
        if isinf(value):
            _arrow(paper, x + 6 * way, y, way, colour)
            continue
        paper.line((x, y), (x, 0), colour=colour, thick=0.8, dashes="2 3")
        paper.circle((x, y), 5, colour=colour, fill=colour if closed else BACKGROUND, thick=2)


def _arrow(paper: Paper, x: float, y: float, way: int, colour: str) -> None:
    paper.reach((x, y - 4), (x, y + 4))
    paper.path(f"M{x:.2f} {y:.2f}l{-10 * way} -4v8Z", colour=colour, fill=colour, thick=0.5)


def _dots(paper: Paper, scale: _Scale, dots: list[tuple[float, str]], above: float) -> None:
    """Dots on the line; each label stands over its dot, in the lowest row where it has room."""
    rows: list[float] = []  # how far to the right each row is taken
    placed = []
    for value, label in sorted(dots):
        long = width(label, _SMALL) / 2 + 5
        x = scale(value)
        row = next((number for number, end in enumerate(rows) if x - long > end), len(rows))
        rows[row : row + 1] = [x + long]
        placed.append((x, above - 22 - row * _RISE, label))
    for x, y, label in sorted(placed, key=lambda each: each[1]):
        if label and y < -22:
            paper.line((x, y + 9), (x, 0), thick=0.6, dashes="2 3")
    for x, y, label in placed:
        paper.dot((x, 0), 5)
        if label:
            paper.label(label, (x, y), size=_SMALL, ground=True)


def read_point(point: Any, low: float = -inf, high: float = inf) -> tuple[float, str]:
    """A number and its label. Raises CoursewrightError for what is none, or is not between `low` and `high`."""
    try:
        value, label = (point, "") if isinstance(point, int | float) else (*point, "")[:2]
        if isinstance(value, str):
            value, label = label, value
        number = float(value)
    except (TypeError, ValueError):
        raise CoursewrightError(
            f"{point!r} is no point", hint='give a number, or a number and a label: (2, "A")'
        ) from None
    return _on(number, low, high), plain(label)


def _on(value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise CoursewrightError(
            f"{shown(value)} is not on the line from {shown(low)} to {shown(high)}", hint="make the line longer"
        )
    return value


def read_interval(interval: str | Sequence[float] | Interval, low: float = -inf, high: float = inf) -> Interval:
    """An interval. Raises CoursewrightError for what is none, or ends beyond `low` or `high`."""
    try:
        if isinstance(interval, Interval):
            found = interval
        elif isinstance(interval, str):
            signs = _INTERVAL.fullmatch(interval)
            first, last = (number_in(signs[2]), number_in(signs[3])) if signs else (inf, -inf)
            closed = (signs[1] == "[", signs[4] == "]") if signs else (False, False)
            found = Interval(first, last, closed[0] and isfinite(first), closed[1] and isfinite(last))
        else:
            first, last = (float(end) for end in interval)
            found = Interval(first, last, isfinite(first), isfinite(last))
    except (TypeError, ValueError):
        found = Interval(inf, -inf)
    if not found.low < found.high:
        raise CoursewrightError(f"{interval!r} is no interval", hint='write "[1, 3)", "(-inf, 2]" or a pair of numbers')
    for end in (found.low, found.high):
        if not isinf(end):
            _on(end, low, high)
    return found


def number_in(text: str) -> float:
    """The number that a text is, with either sign for minus; ValueError for one that is none."""
    return float(text.replace(MINUS, "-").replace("∞", "inf").replace(" ", ""))


def _ticks(low: float, high: float, step: float | None) -> list[float]:
    if step is None:
        rough = (high - low) / 12
        power = 10.0 ** floor(log10(rough))
        step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough * 0.999)
    if not step > 0 or (high - low) / step > _MOST:
        raise CoursewrightError(f"a step of {shown(step)} does not suit this line", hint=f"at most {_MOST} ticks fit")
    first = -floor(-low / step + 1e-9)
    ticks = [round(number * step, 10) for number in range(first, floor(high / step + 1e-9) + 1)]
    return ticks or [low]


def _describe(low: float, high: float, dots: list[tuple[float, str]], bars: list[Interval]) -> str:
    own = said()
    parts = [own("number_line", low=shown(low), high=shown(high))]
    if dots:
        told = [own("at", name=label, value=shown(value)) if label else shown(value) for value, label in dots]
        parts.append(own.counted("point", "points", told))
    if bars:
        parts.append(own.counted("interval", "intervals", bars))
    return " ".join(parts)
