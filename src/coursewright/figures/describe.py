"""What a chart shows, in words from its data."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from coursewright.figures.series import Axis, Series


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
    number = f"{len(series)} lines, one for each {group}" if len(series) > 1 else f"One line, {series[0].name}"
    span = f"from {axis.told(start)} to {axis.told(end)}" if start != end else f"at {axis.told(start)}"
    parts = [
        f"{title.rstrip('.')}." if title.strip() else "",
        f"{number}; {x} {span}; {y} {_range(low, high)}.",
        _last(axis, series, end, high - low),
        f"Highlighted: {', '.join(s.name for s in series if s.name in highlight)}." if highlight else "",
        f"With a {fit} curve fitted to each {'highlighted ' if highlight else ''}line." if fit else "",
    ]
    return " ".join(part for part in parts if part)


def _last(axis: Axis, series: Sequence[Series], end: float, width: float) -> str:
    """Who is highest and who is lowest at the last x, where there is more than one."""
    there = sorted(((s.y[-1], s.name) for s in series if s.x[-1] == end), key=lambda each: -each[0])
    if len(series) == 1:
        return f"At the end ({axis.told(end)}) it stands at {_number(there[0][0], width)}."
    if len(there) == 1:
        return f"Only {there[0][1]} reaches {axis.told(end)}, at {_number(there[0][0], width)}."
    (highest, top), (lowest, bottom) = there[0], there[-1]
    return (
        f"At the end ({axis.told(end)}) {top} is highest with {_number(highest, width)}"
        f" and {bottom} lowest with {_number(lowest, width)}."
    )


def _range(low: float, high: float) -> str:
    if low == high:
        return f"always {_number(low, 0)}"
    return f"from {_number(low, high - low)} to {_number(high, high - low)}"


def _number(value: float, width: float) -> str:
    """`value` with as many digits as tell it from others in a range of `width`."""
    digits = next((digits for digits in range(6) if width * 10**digits >= 100), 6)
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
