"""Numbers drawn in their cells: as bars, as shades of colour, as small lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

Known = Decimal | None
_BLOCKS = "▁▂▃▄▅▆▇█"
_GAP = "·"  # in the place of a missing value


def bars(values: Sequence[Known], full: Decimal | None = None) -> tuple[tuple[float, float] | None, ...]:
    """Where the bar of each value begins and ends, as shares of the width: all from nought, on one scale.

    The longest is that of the largest value or, if it is given, of `full`.
    """
    known = [value for value in values if value is not None]
    low, high = min([Decimal(0), *known]), max([Decimal(0), *known])
    if full is not None:
        low, high = (-full if low < 0 else low), full
    if low == high:
        return (None,) * len(values)
    return tuple(None if value is None else _ends(value, low, high) for value in values)


def _ends(value: Decimal, low: Decimal, high: Decimal) -> tuple[float, float]:
    nought = Decimal(0)
    return _share(min(value, nought), low, high), _share(max(value, nought), low, high)


def shades(columns: Sequence[Sequence[Known]]) -> list[tuple[float | None, ...]]:
    """How strong the colour of each value is, on one scale for all columns: from 0, the least, to 1, the greatest.

    Where some are less and some more than nought, from -1 to 1, and nought is 0.
    """
    known = [value for column in columns for value in column if value is not None]
    low, high = (min(known), max(known)) if known else (Decimal(0), Decimal(0))
    if low < 0 < high:
        most = max(-low, high)
        low, high = Decimal(0), most
    if low == high:
        return [(None,) * len(column) for column in columns]
    return [tuple(None if value is None else _share(value, low, high) for value in column) for column in columns]


def blocks(values: Sequence[Known], low: Decimal, high: Decimal) -> str:
    """A small line as text, from `low` to `high`."""
    top = len(_BLOCKS) - 1
    return "".join(
        _GAP if value is None else _BLOCKS[_step(value, low, high, top) if low < high else top // 2] for value in values
    )


def _step(value: Decimal, low: Decimal, high: Decimal, top: int) -> int:
    """The nearest of so many steps above the least, of two as near the upper one."""
    return int((2 * top * (value - low) + (high - low)) // (2 * (high - low)))


def block_bar(ends: tuple[float, float], width: int = 10) -> str:
    """A bar as text, where that is all that can be drawn: as long as it is, whichever way it goes."""
    return "█" * round((ends[1] - ends[0]) * width)


def _share(value: Decimal, low: Decimal, high: Decimal) -> float:
    return round(float((value - low) / (high - low)), 4) + 0.0  # nought has no sign
