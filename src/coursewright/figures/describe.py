"""What a chart shows, in words from its data."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from coursewright.figures.series import FITTED, Axis, Series


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
    start, end = min(s.x[0] for s in series), max(s.x[-1] for s in series)
    values = [value for s in series for value in s.y]
    low, high = min(values), max(values)
    count = f"{len(series)} lines, one for each {group}" if len(series) > 1 else f"One line, {series[0].name}"
    span = f"from {axis.told(start)} to {axis.told(end)}" if start != end else f"at {axis.told(start)}"
    parts = [
        sentence(title),
        f"{count}; {x} {span}; {y} {_range(low, high)}.",
        _last(axis, series, end, high - low),
        f"Highlighted: {', '.join(s.name for s in series if s.name in highlight)}." if highlight else "",
        _curves(series, highlight, fit) if fit else "",
    ]
    return " ".join(part for part in parts if part)


def slopes(
    axis: Axis, series: Sequence[Series], *, title: str, y: str, group: str, highlight: Collection[str] = ()
) -> str:
    """The alternative text of slopes: where each line begins and ends."""
    first, last = (axis.told(position) for position, _ in axis.ticks)
    count = f"{len(series)} lines, one for each {group}," if len(series) > 1 else "One line"
    told = [f"{each.name} {from_to(each, width(series))}" for each in series]
    parts = [
        sentence(title),
        f"{count} from {first} to {last}; {y}: {'; '.join(told)}.",
        f"Highlighted: {listed([each.name for each in series if each.name in highlight])}." if highlight else "",
    ]
    return " ".join(filter(None, parts))


def from_to(series: Series, width: float) -> str:
    """The first and the last value of `series`, in a chart whose values are `width` apart, which no line parts."""
    return f"{number(series.y[0], width)}\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}{number(series.y[-1], width)}"


def width(series: Sequence[Series]) -> float:
    """From the lowest to the highest value."""
    values = [value for each in series for value in each.y]
    return max(values) - min(values)


def _curves(series: Sequence[Series], highlight: Collection[str], fit: str) -> str:
    """The curves that are there: a line of few points has none."""
    wanted = [s for s in series if not highlight or s.name in highlight]
    fitted = [s.name for s in wanted if len(s.x) >= FITTED]
    if len(fitted) < len(wanted):
        return f"With a {fit} curve fitted to {listed(fitted)}." if fitted else ""
    return f"With a {fit} curve fitted to each {'highlighted ' if highlight else ''}line."


def sentence(title: str) -> str:
    """`title` with a full stop, where it does not end a sentence by itself."""
    title = title.strip()
    return title if title.endswith((".", "!", "?", "…")) or not title else f"{title}."


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _last(axis: Axis, series: Sequence[Series], end: float, width: float) -> str:
    """Who is highest and who is lowest at the last x, where there is more than one."""
    there = sorted(((s.y[-1], s.name) for s in series if s.x[-1] == end), key=lambda each: -each[0])
    if len(series) == 1:
        return f"At the end ({axis.told(end)}) it stands at {number(there[0][0], width)}."
    if len(there) == 1:
        return f"Only {there[0][1]} reaches {axis.told(end)}, at {number(there[0][0], width)}."
    highest, lowest = there[0][0], there[-1][0]
    if highest == lowest:
        level = "both" if len(there) == 2 else f"all {len(there)}"
        return f"At the end ({axis.told(end)}) {level} stand at {number(highest, width)}."
    top, bottom = (sorted(name for value, name in there if value == edge) for edge in (highest, lowest))
    verb = "is" if len(top) == 1 else "are"
    return (
        f"At the end ({axis.told(end)}) {listed(top)} {verb} highest with {number(highest, width)}"
        f" and {listed(bottom)} lowest with {number(lowest, width)}."
    )


def _range(low: float, high: float) -> str:
    if low == high:
        return f"always {number(low, 0)}"
    return f"from {number(low, high - low)} to {number(high, high - low)}"


def number(value: float, width: float) -> str:
    """`value` with as many digits as tell it from others in a range of `width`."""
    digits = next((digits for digits in range(6) if width * 10**digits >= 100), 6)
    text = f"{value:z,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
