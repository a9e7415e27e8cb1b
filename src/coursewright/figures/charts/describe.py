"""What a chart shows, in words from its data."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from coursewright.figures.charts.series import FITTED, Axis, Series
from coursewright.figures.charts.spoken import Speech, speech


def describe(
    axis: Axis,
    series: Sequence[Series],
    *,
    title: str,
    x: str,
    y: str,
    group: str,
    highlight: Collection[str] = (),
    fit: str | None = None,
) -> str:
    """The alternative text of a chart of lines: its kind, its ranges, and who is highest and lowest at the end."""
    own = axis.speech
    end = max(s.x[-1] for s in series)
    count = (
        own.say("lines", count=len(series), group=group) if len(series) > 1 else own.say("line", name=series[0].name)
    )
    parts = [
        sentence(title),
        ranging(axis, series, count, x, y),
        _last(axis, series, end, width(series)),
        own.highlighted([s.name for s in series if s.name in highlight]),
        _curves(own, series, highlight) if fit else "",
    ]
    return " ".join(part for part in parts if part)


def ranging(axis: Axis, series: Sequence[Series], what: str, x: str, y: str) -> str:
    """What there is, from where to where on both axes."""
    own = axis.speech
    start, end = min(s.x[0] for s in series), max(s.x[-1] for s in series)
    values = [value for s in series for value in s.y]
    low, high = min(values), max(values)
    told = own.span(axis.told(start), axis.told(end)) if start != end else own.say("at", at=axis.told(start))
    if low == high:
        reach = own.say("always", value=own.number(low, 0))
    else:
        reach = own.span(own.number(low, high - low), own.number(high, high - low))
    return f"{what}{own.words['apart']}{x} {told}{own.words['apart']}{y} {reach}."


def slopes(
    axis: Axis, series: Sequence[Series], *, title: str, y: str, group: str, highlight: Collection[str] = ()
) -> str:
    """The alternative text of slopes: where each line begins and ends."""
    own = axis.speech
    first, last = (axis.told(position) for position, _ in axis.ticks)
    spread = width(series)
    told = own.words["apart"].join(f"{each.name} {from_to(own, each, spread)}" for each in series)
    said = {"count": len(series), "group": group, "first": first, "last": last, "y": y, "told": told}
    parts = [
        sentence(title),
        own.say("slopes" if len(series) > 1 else "slope", **said),
        own.highlighted([each.name for each in series if each.name in highlight]),
    ]
    return " ".join(filter(None, parts))


def from_to(own: Speech, series: Series, width: float) -> str:
    """The first and the last value of `series`, in a chart whose values are `width` apart, which no line parts."""
    first, last = own.number(series.y[0], width), own.number(series.y[-1], width)
    return f"{first}\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}{last}"


def width(series: Sequence[Series]) -> float:
    """From the lowest to the highest value."""
    values = [value for each in series for value in each.y]
    return max(values) - min(values)


def _curves(own: Speech, series: Sequence[Series], highlight: Collection[str]) -> str:
    """The curves that are there: a line of few points has none."""
    wanted = [s for s in series if not highlight or s.name in highlight]
    fitted = [s.name for s in wanted if len(s.x) >= FITTED]
    if len(fitted) < len(wanted):
        return own.say("curve", names=own.listed(fitted)) if fitted else ""
    return own.words["curves_highlighted" if highlight else "curves"]


def sentence(title: str) -> str:
    """`title` with a full stop, where it does not end a sentence by itself."""
    title = title.strip()
    return title if title.endswith((".", "!", "?", "…")) or not title else f"{title}."


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    return speech("en-GB").listed(names)


def _last(axis: Axis, series: Sequence[Series], end: float, width: float) -> str:
    """Who is highest and who is lowest at the last x, where there is more than one."""
    own, at = axis.speech, axis.told(end)
    there = sorted(((s.y[-1], s.name) for s in series if s.x[-1] == end), key=lambda each: -each[0])
    highest, lowest = there[0][0], there[-1][0]
    high, low = own.number(highest, width), own.number(lowest, width)
    if len(there) == 1:
        return own.say("stands" if len(series) == 1 else "only", at=at, name=there[0][1], value=high)
    if highest == lowest:
        return own.say("both" if len(there) == 2 else "all", at=at, count=len(there), value=high)
    top, bottom = (sorted(name for value, name in there if value == edge) for edge in (highest, lowest))
    named = {"top": own.listed(top), "bottom": own.listed(bottom)}
    return own.say("top" if len(top) == 1 else "tops", at=at, high=high, low=low, **named)
