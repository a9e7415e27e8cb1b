"""What a column of text holds: whole numbers, decimals, dates, or text indeed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from coursewright.tables.sources._html.cells import THIN
from coursewright.tables.sources._html.numbers import NumberSigns

if TYPE_CHECKING:
    import pyarrow as pa

_SURELY_EXACT = 16  # characters of a number: fifteen digits and a point
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def typed(column: pa.Array, signs: NumberSigns) -> pa.Array:
    """A column of text as what all its values are; null stays null, and a column of nulls text."""
    import pyarrow as pa

    kinds = ((signs.whole, pa.int64()), (signs.number, pa.float64()), (_DATE, pa.date32()))
    first = next((value.as_py() for value in column if value.is_valid), None)
    for pattern, kind in kinds:
        # The first value tells most columns of text from others, without looking at the rest.
        if first is not None and re.search(pattern, first):
            found = _all_as(column, pattern, kind, signs)
            if found is not None:
                return found
    return as_text(column)


def without(column: pa.Array, missing: tuple[str, ...]) -> pa.Array:
    """The column without the texts that stand for a missing value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not missing:
        return column
    gone = pc.is_in(column, value_set=pa.array(missing, pa.string()))
    return pc.if_else(gone, pa.scalar(None, pa.string()), column)


def as_text(column: pa.Array) -> pa.Array:
    """A column that stays text."""
    import pyarrow.compute as pc

    return pc.replace_substring(column, THIN, " ")


def _all_as(column: pa.Array, pattern: str, kind: pa.DataType, signs: NumberSigns) -> pa.Array | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.all(pc.match_substring_regex(column, pattern)).as_py():
        return None
    plain = column if pa.types.is_date(kind) else signs.plain(column)
    if pa.types.is_floating(kind) and not _are_exact(plain):
        return None
    try:
        found = pc.cast(plain, kind)
    except pa.ArrowInvalid:  # such as 2024-13-01, which is no date
        return None
    # Python has no year 0.
    return None if pa.types.is_date(kind) and pc.any(pc.starts_with(column, "0000")).as_py() else found


def _are_exact(numbers: pa.Array) -> bool:
    """Whether numbers keep all their digits in 64 bits; up to fifteen always do."""
    import pyarrow.compute as pc

    long = numbers.filter(pc.greater(pc.utf8_length(numbers), _SURELY_EXACT))
    return all(Decimal(number) == Decimal(repr(float(number))) for number in long.to_pylist())
