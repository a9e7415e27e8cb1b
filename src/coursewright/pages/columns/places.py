"""How many decimals a column is shown with: as many for each of its rows, so that they line up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from statistics import median_low

from coursewright.numerals import EXACT, rounded

_FEW = 2  # decimals that nobody minds: 3.5 and 2.25
_SIGNIFICANT = 3  # digits of the column's middle value that are always shown
_MORE = 2  # decimals beyond these, where they tell rows apart
_MOST_OF_EXACT = 4  # decimals of a decimal type that are kept as they are declared
_NOISY = Context(prec=12, Emax=MAX_EMAX, Emin=MIN_EMIN)  # 0.1 + 0.2 is 0.30000000000000004, which means 0.3
_MOST, _LARGE = 6, Decimal("1e15")


def float_places(values: Sequence[Decimal]) -> int:
    """The decimals of floating-point numbers, given as the shortest decimals that stand for them.

    All of them where they are two at the most. Else the middle value has three significant digits, and up to two
    decimals more where these tell all rows apart that differ.
    """
    needed = max((_own_places(_NOISY.create_decimal(value)) for value in values), default=0)
    if needed <= _FEW:
        return needed
    least = min(needed, _least(values))
    different = len(set(values))
    for places in range(least, min(least + _MORE, needed) + 1):
        if len({rounded(value, places) for value in values}) == different:
            return places
    return least


def exact_places(values: Sequence[Decimal], scale: int) -> int:
    """The decimals of a decimal type with so many: all that are declared, and of many those that the values have."""
    if scale <= _MOST_OF_EXACT:
        return max(0, scale)
    return max(_FEW, *map(_own_places, values)) if values else 0


def power_places(values: Sequence[Decimal]) -> int:
    """The decimals before the sign of multiplication, of numbers written as powers of ten: two at the most."""
    own = (_own_places(value.scaleb(-value.adjusted(), context=EXACT)) for value in values if value)
    return min(_SIGNIFICANT - 1, max(own, default=0))


def needs_powers(values: Sequence[Decimal]) -> bool:
    """Whether floating-point numbers are so large, or most so small, that they are written as powers of ten."""
    return max((value.copy_abs() for value in values), default=0) >= _LARGE or _least(values) > _MOST


def _least(values: Sequence[Decimal]) -> int:
    """The decimals with which the middle value has three significant digits."""
    sizes = [value.copy_abs() for value in values if value]
    return max(0, _SIGNIFICANT - 1 - median_low(sizes).adjusted()) if sizes else 0


def _own_places(value: Decimal) -> int:
    """The decimals that a number has, zeros at the end aside."""
    decimals = f"{value:f}".partition(".")[2]
    return len(decimals.rstrip("0"))
