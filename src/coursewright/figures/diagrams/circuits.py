"""Electrical circuits: parts in series, and branches side by side. Symbols are those of IEC 60617."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.charts.theme import BACKGROUND, INK
from coursewright.figures.diagrams.letters import plain, width
from coursewright.figures.diagrams.paper import Paper, Point
from coursewright.figures.diagrams.said import DiagramWords, said
from coursewright.figures.figure import Figure

MOST = 60  # parts
_SMALL = 13.0
_SLOT = 92.0  # the length of wire that a part takes, at least
_UP, _DOWN = 40.0, 24.0  # room above a part, with its label, and below
_SIDE = 26.0  # from where branches part to their parts
_SOURCES = ("battery", "cell", "source")


@dataclass(frozen=True, slots=True)
class Component:
    """One part: what it is, and the words beside it."""

    kind: str
    label: str

    @property
    def long(self) -> float:
        """How much wire it takes."""
        return max(_SLOT, width(self.label, _SMALL) + 18)

    @property
    def up(self) -> float:
        """How far it goes above the wire."""
        return _UP

    @property
    def down(self) -> float:
        """How far it goes below the wire."""
        return _DOWN


@dataclass(frozen=True, slots=True)
class SeriesCircuit:
    """Parts one after another."""

    parts: tuple[Component | Parallel, ...]

    @property
    def long(self) -> float:
        """How much wire it takes."""
        return sum(part.long for part in self.parts)

    @property
    def up(self) -> float:
        """How far it goes above the wire."""
        return max(part.up for part in self.parts)

    @property
    def down(self) -> float:
        """How far it goes below the wire."""
        return max(part.down for part in self.parts)


@dataclass(frozen=True, slots=True)
class Parallel:
    """Branches that part and come together again."""

    branches: tuple[SeriesCircuit, ...]

    @property
    def long(self) -> float:
        """How much wire it takes."""
        return max(branch.long for branch in self.branches) + 2 * _SIDE

    @property
    def heights(self) -> list[float]:
        """Where each branch is, with the middle between the first and the last at 0."""
        heights = [0.0]
        for before, branch in zip(self.branches, self.branches[1:], strict=False):
            heights.append(heights[-1] + before.down + branch.up)
        return [height - heights[-1] / 2 for height in heights]

    @property
    def up(self) -> float:
        """How far it goes above the wire."""
        return self.branches[0].up - self.heights[0]

    @property
    def down(self) -> float:
        """How far it goes below the wire."""
        return self.branches[-1].down + self.heights[-1]


def circuit(parts: Sequence[Any], *, alt: str = "", caption: str = "") -> Figure:
    """A circuit from a list: what stands in it is in series, a list of lists in it is branches in parallel.

    `["battery 9 V", "resistor R1 = 100 Ω", [["lamp L1"], ["switch S", "resistor R2"]]]`: the first word or words say
    what a part is, the rest is written beside it. A battery that comes first closes the circuit; without one the ends
    are terminals. Raises CoursewrightError for an unknown part.
    """
    read = read_parts(parts)
    if _count(read) > MOST:
        raise CoursewrightError(f"a circuit of {_count(read)} parts is too large for a picture", hint="draw at most 60")
    own = said()
    text = alt or own("circuit", parts=_describe(own, read))
    paper = Paper()
    first, rest = read.parts[0], SeriesCircuit(read.parts[1:])
    if isinstance(first, Component) and first.kind in _SOURCES and rest.parts:
        long = max(rest.long, first.long) + 2 * _SIDE
        shift = (long - rest.long) / 2
        floor = rest.down + _UP
        _wire(paper, rest, (shift, 0))
        paper.line((shift, 0), (0, 0), (0, floor), ((long - first.long) / 2, floor))
        paper.line((long - shift, 0), (long, 0), (long, floor), ((long + first.long) / 2, floor))
        _wire(paper, first, ((long - first.long) / 2, floor))
    else:
        _wire(paper, read, (0, 0))
        for end, way in ((0.0, -1), (read.long, 1)):
            paper.line((end, 0), (end + 16 * way, 0))
            paper.circle((end + 20 * way, 0), 4, fill=BACKGROUND)
    return paper.figure(text, caption)


def read_parts(parts: Any) -> SeriesCircuit:
    """Parts one after another, as `circuit` takes them. Raises CoursewrightError for what is no part."""
    listed = [parts] if isinstance(parts, str) else parts
    if not isinstance(listed, Sequence) or not listed:
        raise CoursewrightError("a branch of this circuit is empty", hint='write ["wire"] where there is only wire')
    return SeriesCircuit(tuple(_part(part) for part in listed))


def _part(part: Any) -> Component | Parallel:
    if not isinstance(part, str):
        if not isinstance(part, Sequence):
            raise CoursewrightError(f"{part!r} is no part of a circuit", hint='write it as a text: "resistor R1"')
        if len(part) < 2:
            raise CoursewrightError("a parallel part needs two branches", hint='write [["lamp L1"], ["lamp L2"]]')
        return Parallel(tuple(read_parts(branch) for branch in part))
    words = plain(part)
    kind = next((kind for kind in sorted(_SYMBOLS, key=len, reverse=True) if _starts(words, kind)), None)
    if kind is None:
        name = words.partition(" ")[0]
        raise CoursewrightError(f'no part of a circuit called "{name}"', hint=did_you_mean(name.lower(), _SYMBOLS))
    return Component(kind, words[len(kind) :].strip(" :"))


def _starts(words: str, kind: str) -> bool:
    return bool(re.match(rf"{kind}(?!\w)", words, re.IGNORECASE))


def _count(part: Component | SeriesCircuit | Parallel) -> int:
    inner = part.parts if isinstance(part, SeriesCircuit) else part.branches if isinstance(part, Parallel) else ()
    return sum(_count(each) for each in inner) or 1


def _describe(own: DiagramWords, part: Component | SeriesCircuit | Parallel) -> str:
    if isinstance(part, Component):
        return f"{own.part(part.kind)} {part.label}".strip()
    if isinstance(part, SeriesCircuit):
        return str(own.words["comma"]).join(_describe(own, each) for each in part.parts)
    branches = [f"({_describe(own, branch)})" for branch in part.branches]
    return own("parallel", branches=reduce(str(own.words["and"]).format, branches))


def _wire(paper: Paper, part: Component | SeriesCircuit | Parallel, start: Point) -> None:
    """Draws `part` from `start` to the right."""
    x, y = start
    if isinstance(part, Component):
        middle = (x + part.long / 2, y)
        half = _SYMBOLS[part.kind](paper, middle)
        paper.line(start, (middle[0] - half, y))
        paper.line((middle[0] + half, y), (x + part.long, y))
        if part.label:
            paper.label(part.label, (middle[0], y - 27), size=_SMALL)
    elif isinstance(part, SeriesCircuit):
        for each in part.parts:
            _wire(paper, each, (x, y))
            x += each.long
    else:
        for branch, height in zip(part.branches, part.heights, strict=True):
            gap = (part.long - branch.long) / 2
            paper.line((x, y), (x, y + height), (x + gap, y + height))
            paper.line((x + part.long, y), (x + part.long, y + height), (x + part.long - gap, y + height))
            _wire(paper, branch, (x + gap, y + height))
        for height in (0.0, *part.heights[1:-1]):
            paper.dot((x, y + height))
            paper.dot((x + part.long, y + height))


def _bars(*bars: tuple[float, float]) -> Callable[[Paper, Point], float]:
    """Upright plates: for each how far it is from the middle and half its height."""

    def draw(paper: Paper, at: Point) -> float:
        for x, half in bars:
            paper.line((at[0] + x, at[1] - half), (at[0] + x, at[1] + half), thick=3 if half < 9 else 1.6)
        for (x0, _), (x1, _) in zip(bars[1::2], bars[2::2], strict=False):
            paper.line((at[0] + x0, at[1]), (at[0] + x1, at[1]), dashes="2 3")
        return -bars[0][0]

    return draw


def _box(*, line: bool = False) -> Callable[[Paper, Point], float]:
    def draw(paper: Paper, at: Point) -> float:
        x, y = at
        paper.rectangle((x - 24, y - 9, x + 24, y + 9), fill=BACKGROUND)
        if line:
            paper.line((x - 24, y), (x + 24, y))
        return 24.0

    return draw


def _round(sign: str) -> Callable[[Paper, Point], float]:
    def draw(paper: Paper, at: Point) -> float:
        x, y = at
        paper.circle(at, 15, fill=BACKGROUND)
        if sign == "×":
            for way in (-1, 1):
                paper.line((x - 10.6, y - 10.6 * way), (x + 10.6, y + 10.6 * way))
        elif sign == "~":
            paper.path(f"M{x - 8:.2f} {y:.2f}q4 -9 8 0t8 0")
        else:
            paper.label(sign, at)
        return 15.0

    return draw


def _switch(*, closed: bool) -> Callable[[Paper, Point], float]:
    def draw(paper: Paper, at: Point) -> float:
        x, y = at
        paper.line((x - 18, y), (x + 18, y) if closed else (x + 15, y - 15))
        paper.dot((x - 18, y))
        paper.dot((x + 18, y))
        return 18.0

    return draw


def _diode(*, light: bool) -> Callable[[Paper, Point], float]:
    def draw(paper: Paper, at: Point) -> float:
        x, y = at
        paper.path(f"M{x - 10:.2f} {y - 10:.2f}v20l20 -10Z", fill=BACKGROUND)
        paper.line((x - 10, y), (x + 10, y))
        paper.line((x + 10, y - 10), (x + 10, y + 10))
        for shift in (0, 8) if light else ():
            tip = (x + 11 + shift, y - 19)
            paper.line((x + 2 + shift, y - 10), tip, thick=1.2)
            paper.path(f"M{tip[0]:.2f} {tip[1]:.2f}l-5.5 1.5l4 4Z", fill=INK, thick=0.5)
        return 10.0

    return draw


def _coil(paper: Paper, at: Point) -> float:
    paper.path(f"M{at[0] - 24:.2f} {at[1]:.2f}" + "a6 6 0 0 1 12 0" * 4)
    return 24.0


def _plain_wire(paper: Paper, at: Point) -> float:
    paper.reach(at)
    return 0.0


_SYMBOLS: dict[str, Callable[[Paper, Point], float]] = {
    "ammeter": _round("A"),
    "battery": _bars((-15, 14), (-9, 7), (9, 14), (15, 7)),
    "capacitor": _bars((-4, 13), (4, 13)),
    "cell": _bars((-4, 14), (4, 7)),
    "closed switch": _switch(closed=True),
    "coil": _coil,
    "diode": _diode(light=False),
    "fuse": _box(line=True),
    "lamp": _round("×"),
    "LED": _diode(light=True),
    "motor": _round("M"),
    "resistor": _box(),
    "source": _round("~"),
    "switch": _switch(closed=False),
    "voltmeter": _round("V"),
    "wire": _plain_wire,
}
