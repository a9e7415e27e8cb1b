"""Series as a plot of plotnine in the course theme, with their labels beside it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from coursewright.figures.charts import label, theme
from coursewright.figures.charts.describe import from_to
from coursewright.figures.charts.describe import width as width_of
from coursewright.figures.charts.series import FITTED, Axis, Series, dates
from coursewright.figures.charts.sheet import NARROW, WIDE, ChartLook, ChartWords, Tip, dressed, shortened
from coursewright.figures.charts.spoken import Speech

if TYPE_CHECKING:
    import pandas as pd

HEIGHT = 5.0
CROWDED, CROWDED_NARROW = 12, 5  # tick labels that fit beside each other
TICK_LETTERS = 16
SLANTED = 10.0  # points between two slanted texts
DOTTED = 40  # places on x with a dot each; more of them would hide the line
CURVE = 60  # points of a fitted curve


def plot(
    axis: Axis, series: Sequence[Series], words: ChartWords, look: ChartLook, width: float
) -> tuple[Any, Callable[[Any], float | None], list[Tip]]:
    """The plot, what puts the labels on it once it is laid out, and what the pointer shows at its points."""
    p9 = theme.plotnine()
    highlight = look.highlight
    styles = _styles(series, highlight, look.colours)
    spread = width_of(series)
    ends = [
        label.End(
            f"{each.name} {from_to(axis.speech, each, spread)}" if look.valued else each.name,
            each.x[-1],
            each.y[-1],
            style.colour,
            faded=_faded(each, highlight),
        )
        for each, style in zip(series, styles, strict=True)
    ]
    column = label.LabelColumn(tuple(ends), label.LETTERS_NARROW if width <= NARROW else label.LETTERS)
    drawn = p9.ggplot(_points(series), p9.aes("x", "y", color="id"))
    for layer in _layers(series, styles, fit=look.fit, highlight=highlight):
        drawn += layer
    names = [str(index) for index in range(len(series))]
    drawn += p9.scale_color_manual(values=[style.colour for style in styles], limits=names)
    drawn += p9.scale_linetype_manual(values=[style.dash for style in styles], limits=names)
    drawn += p9.scale_shape_manual(values=[style.shape for style in styles], limits=names)
    room = (width - column.width) * 72 - 40
    drawn += scale(axis, series, CROWDED_NARROW if width <= NARROW else CROWDED, round(room / SLANTED))
    drawn += p9.scale_y_continuous(breaks=round_numbers(series), labels=partial(numbered, axis.speech))
    drawn += dressed(words, width, HEIGHT, column.width, slanted=_slanted(axis, width))
    return drawn, column.finish, _tips(axis, series)


def _tips(axis: Axis, series: Sequence[Series]) -> list[Tip]:
    spread = width_of(series)
    return [
        Tip(f"{each.name}, {axis.told(x)}: {axis.speech.number(y, spread)}", (x, y), (x, y))
        for each in series
        for x, y in zip(each.x, each.y, strict=True)
    ]


def _styles(series: Sequence[Series], highlight: Collection[str], colours: Mapping[str, str]) -> list[theme.Style]:
    """A style for each series; the ones that do not stand out when others do are grey.

    Two of the same colour of an author's choice differ in line and shape.
    """
    loud = iter(theme.styles(len(set(highlight)) if highlight else len(series)))
    quiet = iter(theme.styles(len(series)))
    same: Counter[str] = Counter()
    found = []
    for each in series:
        if _faded(each, highlight):
            found.append(replace(next(quiet), colour=theme.GREY, width=0.6))
            continue
        style = next(loud)
        if each.name in colours:
            colour = colours[each.name]
            turn = same[colour] % len(theme.DASHES)
            style = theme.Style(colour, theme.DASHES[turn], theme.SHAPES[turn])
            same[colour] += 1
        found.append(replace(style, width=1.2) if highlight else style)
    return found


def _faded(series: Series, highlight: Collection[str]) -> bool:
    return bool(highlight) and series.name not in highlight


def _points(series: Sequence[Series]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (str(number), x, y, f"{number}/{stretch}", index in lonely)
        for number, each in enumerate(series)
        for lonely in [set(each.lonely)]
        for index, (x, y, stretch) in enumerate(zip(each.x, each.y, each.stretch, strict=True))
    ]
    return pd.DataFrame(rows, columns=["id", "x", "y", "stretch", "lonely"])


def _layers(
    series: Sequence[Series], styles: Sequence[theme.Style], *, fit: bool, highlight: Collection[str]
) -> list[Any]:
    """Lines, points and fitted curves; a line is thin and pale beside its curve."""
    p9 = theme.plotnine()
    points = _points(series)
    widths = {str(number): style.width for number, style in enumerate(styles)}
    layers: list[Any] = []
    # Grey lines first, so that the others lie over them.
    for width in sorted(set(widths.values())):
        some = points[points["id"].map(widths) == width]
        joined = some[~some["lonely"]]
        pale = 0.45 if fit and (width > min(widths.values()) or not highlight) else 1.0
        if len(joined):
            layers.append(
                p9.geom_line(
                    p9.aes(group="stretch", linetype="id"), joined, size=width * (0.7 if fit else 1), alpha=pale
                )
            )
        if points["x"].nunique() <= DOTTED:
            size = 1.1 if width < 1 else 1.6
            layers.append(p9.geom_point(p9.aes(shape="id"), some, size=size, alpha=pale, stroke=0.3))
        lonely = some[some["lonely"]]
        if len(lonely):
            layers.append(p9.geom_point(p9.aes(shape="id"), lonely, size=1.9, stroke=0.3))
    if fit:
        curves = _curves([each for each in series if not _faded(each, highlight)], series)
        if len(curves):
            layers.append(p9.geom_line(p9.aes(group="id", linetype="id"), curves, size=1.3))
    return layers


def _curves(fitted: Sequence[Series], series: Sequence[Series]) -> pd.DataFrame:
    import pandas as pd

    numbers = {each.name: str(number) for number, each in enumerate(series)}
    rows = [(numbers[each.name], x, y) for each in fitted for x, y in quadratic(each)]
    return pd.DataFrame(rows, columns=["id", "x", "y"])


def quadratic(series: Series) -> list[tuple[float, float]]:
    """Points of the parabola nearest to `series` in least squares; none for fewer than three points."""
    import numpy as np

    if len(series.x) < FITTED:
        return []
    # Around the middle of x the powers stay small, and a fit over years loses no digits.
    middle = (series.x[0] + series.x[-1]) / 2
    x = np.linspace(series.x[0], series.x[-1], CURVE)
    y = np.polyval(np.polyfit(np.array(series.x) - middle, series.y, 2), x - middle)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def scale(axis: Axis, series: Sequence[Series], crowded: int, most: int) -> Any:
    """The x axis with fewer than `crowded` years, numbers or days, or with `most` of its categories, evenly apart."""
    p9 = theme.plotnine()
    low, high = min(each.x[0] for each in series), max(each.x[-1] for each in series)
    ticks = list(axis.ticks) or _ticks(axis, low, high, crowded)
    pad = (high - low) * 0.015 or 0.5
    if axis.kind == "category":
        low, high = ticks[0][0], ticks[-1][0]
        pad = 0.3
        short = shortened([text for _, text in ticks], TICK_LETTERS)
        ticks = [(position, text) for (position, _), text in zip(ticks, short, strict=True)]
        ticks = ticks[:: -(-len(ticks) // max(most, 1))]
    return p9.scale_x_continuous(
        breaks=[position for position, _ in ticks],
        labels=[text for _, text in ticks],
        limits=(low - pad, high + pad),
        expand=(0, 0),
    )


def _ticks(axis: Axis, low: float, high: float, crowded: int) -> list[tuple[float, str]]:
    if axis.kind == "date":
        locator = dates().AutoDateLocator(minticks=2, maxticks=max(3, crowded - 3))
        days = dates().num2date(low), dates().num2date(high)
        at = [float(tick) for tick in locator.tick_values(*days) if low <= tick <= high]
        formatter = dates().ConciseDateFormatter(locator)
        texts = formatter.format_ticks(at)
        # The year or day that the ticks have in common stands under the first.
        texts[:1] = [f"{text}\n{formatter.get_offset()}".strip() for text in texts[:1]]
        return list(zip(at, map(axis.speech.with_months, texts), strict=True))
    if axis.kind == "integer":
        span = (high - low) / axis.step
        every = axis.step * next(n for n in _nice() if span / n < crowded)
        first = math.ceil(low / every) * every
        at = [first + number * every for number in range(int((high - first) / every) + 1)] or [low]
    else:
        from matplotlib.ticker import MaxNLocator

        at = [
            float(tick) for tick in MaxNLocator(max(2, crowded * 2 // 3)).tick_values(low, high) if low <= tick <= high
        ] or [low]
    return [(position, axis.told(position)) for position in at]


def round_numbers(series: Sequence[Series]) -> Callable[[tuple[float, float]], list[float]]:
    """What gives the places for numbers along the y axis, by its limits: whole ones for what was counted."""
    from matplotlib.ticker import MaxNLocator

    whole = all(float(y).is_integer() for each in series for y in each.y)
    locator = MaxNLocator(6, steps=[1, 2, 5, 10], integer=whole)
    return lambda limits: [float(tick) for tick in locator.tick_values(*limits)]


def numbered(own: Speech, values: Sequence[float]) -> list[str]:
    """Numbers along an axis as text, all with the same number of decimals."""
    known = [value for value in values if value == value]  # noqa: PLR0124 - only NaN differs from itself
    digits = next((n for n in range(6) if all(round(value, n) == round(value, 9) for value in known)), 6)
    return [own.fixed(f"{value:z.{digits}f}") for value in values]


def _nice() -> Any:
    """1, 2, 5, 10, 20, 50 and so on."""
    scale = 1
    while True:
        yield from (scale, 2 * scale, 5 * scale)
        scale *= 10


def _slanted(axis: Axis, width: float) -> bool:
    """Whether the texts under the x axis would touch if they were level."""
    room = 90 * width / WIDE
    return axis.kind == "category" and sum(min(len(text), TICK_LETTERS) + 2 for _, text in axis.ticks) > room
