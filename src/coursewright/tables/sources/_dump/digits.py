"""Values with more digits than their column holds: servers round them, or cut them off, each in its own way."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from coursewright.tables.sources._dump.create import ColumnDefinition

MOMENTS = ("datetime", "timestamp", "time")
APPROXIMATE = ("float", "double", "real")


def too_fine(text: Any, column: ColumnDefinition) -> int | None:
    """The row of the first of the texts, in Arrow, that has digits which the column does not hold; None if none has.

    These are fractions of seconds that DATETIME has not, and what does not fit into FLOAT(5,2).
    """
    if column.type in MOMENTS:
        return _unlike(text, rf"^[^.]*(?:\.\d{{0,{(*column.numbers, 0)[0]}}}0*)?$")
    if column.type not in APPROXIMATE or len(column.numbers) != 2:
        return None
    digits, decimals = column.numbers
    before = max(digits - decimals, 0)
    at = _unlike(text, rf"^[-+]?0*\d{{0,{before}}}(?:\.\d{{0,{decimals}}}0*)?$")
    if at is None:
        return None
    # Some may be written with an exponent.
    values = text.to_pylist()[at:]
    return next((row for row, value in enumerate(values, at) if value and not _fits(value, before, decimals)), None)


def _fits(value: str, before: int, decimals: int) -> bool:
    try:
        number = Decimal(value)
        return abs(number) < 10**before and number == number.quantize(Decimal(1).scaleb(-decimals))
    except InvalidOperation:  # no number, which is found later, or one of too many digits
        return False


def _unlike(text: Any, pattern: str) -> int | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    at: int = pc.index(pc.match_substring_regex(text, pattern), pa.scalar(False)).as_py()
    return at if at >= 0 else None
