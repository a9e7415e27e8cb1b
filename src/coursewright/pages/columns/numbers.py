"""How the numbers of one column are written: with as many decimals in each row, and exactly."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from coursewright.numerals import EXACT, Signs, is_currency, powered, rounded, signs
from coursewright.pages.columns.codes import sort_of_number
from coursewright.pages.columns.looks import ColumnLook
from coursewright.pages.columns.places import exact_places, float_places, needs_powers, power_places

if TYPE_CHECKING:
    import pyarrow as pa

_OF_MONEY = 2  # decimals: £12.50, never £12.5


@dataclass(frozen=True)
class Numbers:
    """How the numbers of one column are written."""

    signs: Signs
    places: int
    grouped: bool
    powers: bool = False
    percent: bool = False
    signed: bool = False
    unit: str = ""

    def text(self, value: Decimal) -> str:
        """A number with its sign and unit."""
        before, after = self.signs.percent if self.percent else self.signs.unit(self.unit) if self.unit else ("", "")
        size, sign = self._size(value)
        return f"{sign}{before}{size}{after}"

    def _size(self, value: Decimal) -> tuple[str, str]:
        if value.is_infinite():
            size, shown = self.signs.infinity, value
        else:
            exact = EXACT.multiply(value, Decimal(100)) if self.percent else value
            shown = exact if self.powers else rounded(exact, self.places)
            size = self._powered(exact) if self.powers else self.signs.written(exact, self.places, grouped=self.grouped)
        sign = self.signs.minus if shown < 0 else self.signs.plus if self.signed and shown > 0 else ""
        return size, sign

    def _powered(self, value: Decimal) -> str:
        return powered(value, self.places, self.signs) if value else "0"


def numbers(name: str, kind: pa.DataType, known: list[Any], look: ColumnLook, language: str) -> Callable[[Any], str]:
    """How the numbers of a column are written: all with as many decimals."""
    from pyarrow import types

    exact = partial(shortest, single=is_single(kind))
    finite = [exact(value) for value in known if not _endless(value)]
    shown = [EXACT.multiply(value, Decimal(100)) for value in finite] if look.percent else finite
    whole = all(value == value.to_integral_value() for value in finite)
    powers = types.is_floating(kind) and look.decimals is None and needs_powers(shown)
    if look.decimals is not None:
        places = look.decimals
    elif types.is_floating(kind):
        places = power_places(shown) if powers else float_places(shown)
    elif types.is_decimal(kind):
        places = exact_places(shown, max(0, kind.scale - 2) if look.percent else kind.scale)
    else:
        places = 0
    if places == 1 and is_currency(look.unit) and look.decimals is None:
        places = _OF_MONEY
    amount = not whole or look.of_amounts or sort_of_number(name, finite, language) == "amount"
    grouped = amount if look.thousands is None else look.thousands
    numbers = Numbers(signs(language), places, grouped, powers, look.percent, look.sign, look.unit)
    return lambda value: numbers.text(exact(value))


def _endless(value: Any) -> bool:
    return isinstance(value, float) and math.isinf(value)


def shortest(value: Any, *, single: bool = False) -> Decimal:
    """A number as the shortest decimal that stands for it; one of `single` precision has fewer digits of its own."""
    if not isinstance(value, float):
        return Decimal(value)
    if not single or math.isinf(value):
        return Decimal(repr(value))
    bits = struct.pack("f", value)
    return Decimal(next(text for p in range(6, 18) if struct.pack("f", float(text := f"{value:.{p}g}")) == bits))


def is_single(kind: pa.DataType) -> bool:
    """Whether a type holds numbers of single precision, or less."""
    from pyarrow import types

    return bool(types.is_float32(kind) or types.is_float16(kind))
