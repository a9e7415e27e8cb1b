"""What becomes of the types of MySQL and MariaDB: as they come, or as the text or number that the server makes of them.

ConnectorX cannot hold decimal numbers of every length, dates that are all noughts, geometry, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursewright.tables.sources._databases.address import Address
from coursewright.tables.sources._databases.batches import decimals

if TYPE_CHECKING:
    import pyarrow as pa

_UNSIGNED = 32
_BYTES = 63  # the number of the character set that is none
_LONGEST = 38
_WHOLE, _SCALE = 18, 10  # the digits of a decimal number up to which ConnectorX is exact
_DAY = "IF({0} = 0, NULL, {0})"


@dataclass(frozen=True, slots=True)
class MySqlColumn:
    """A column: how the server is asked for it, "{0}" being itself; its type in Arrow; its scale if it is measured."""

    name: str
    asked: str
    kind: Any
    scale: int | None = None


def column(field: Any) -> MySqlColumn:  # noqa: C901, PLR0911 - one for each group of types
    """The column that a field of a result is."""
    import pyarrow as pa
    from pymysql.constants import FIELD_TYPE as TYPES

    code = field.type_code
    whole = {
        TYPES.TINY: (pa.int8(), pa.uint8()),
        TYPES.SHORT: (pa.int16(), pa.uint16()),
        TYPES.INT24: (pa.int32(), pa.uint32()),
        TYPES.LONG: (pa.int32(), pa.uint32()),
        TYPES.LONGLONG: (pa.int64(), pa.uint64()),
    }
    plain = {TYPES.FLOAT: pa.float32(), TYPES.DOUBLE: pa.float64(), TYPES.YEAR: pa.int16(), TYPES.TIME: pa.time64("us")}
    if code in whole:
        return MySqlColumn(field.name, "{0}", whole[code][bool(field.flags & _UNSIGNED)])
    if code in plain:
        return MySqlColumn(field.name, "{0}", plain[code])
    if code in (TYPES.DECIMAL, TYPES.NEWDECIMAL):
        digits = field.length - (field.scale > 0) - (not field.flags & _UNSIGNED)
        if digits - field.scale <= _WHOLE and field.scale <= _SCALE:
            return MySqlColumn(field.name, "{0}", pa.decimal128(digits, field.scale))
        if digits <= _LONGEST:
            return MySqlColumn(field.name, "CAST({0} AS CHAR)", pa.decimal128(digits, field.scale))
        return MySqlColumn(field.name, "CAST({0} AS CHAR)", pa.string(), field.scale)
    if code == TYPES.BIT:
        return MySqlColumn(field.name, "{0} + 0", pa.uint64())
    if code in (TYPES.DATE, TYPES.NEWDATE):
        return MySqlColumn(field.name, "{0}", pa.date32())
    if code in (TYPES.DATETIME, TYPES.TIMESTAMP):
        return MySqlColumn(field.name, "{0}", pa.timestamp("us", "UTC" if code == TYPES.TIMESTAMP else None))
    if code == TYPES.GEOMETRY:
        return MySqlColumn(field.name, "ST_AsText({0})", pa.string())
    if code == TYPES.NULL:
        return MySqlColumn(field.name, "CAST({0} AS CHAR)", pa.string())
    return MySqlColumn(
        field.name, "{0}", pa.binary() if field.charsetnr == _BYTES and code != TYPES.JSON else pa.string()
    )


def wrapped(columns: list[MySqlColumn], query: str, *, in_order: bool, noughts: bool = False) -> str:
    """The query as it is run: as it is written, or within one that casts.

    With `noughts`, dates that are all noughts are missing; without, ConnectorX stumbles over the first of them.

    These servers forget the order of a query within another, unless it has a limit.
    """
    if not noughts and all(column.asked == "{0}" for column in columns):
        return query
    if noughts:
        columns = [replace(column, asked=_DAY) if _is_day(column) else column for column in columns]
    parts = [f"{column.asked.format(f'q.{_quoted(column)}')} AS {_quoted(column)}" for column in columns]
    limit = f"\nLIMIT {(1 << 64) - 1}" if in_order else ""
    return f"SELECT {', '.join(parts)} FROM (\n{query}{limit}\n) AS q"


def _is_day(column: MySqlColumn) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_date(column.kind) or kinds.is_timestamp(column.kind))


def _quoted(column: MySqlColumn) -> str:
    return "`" + column.name.replace("`", "``") + "`"


def measure(columns: list[MySqlColumn], query: str) -> str:
    """The query for the digits before the point, where a number such as a sum may have more than Arrow; or nothing."""
    asked = [f"MAX(CHAR_LENGTH(TRUNCATE(ABS(q.{_quoted(c)}), 0)))" for c in columns if c.scale is not None]
    return f"SELECT {', '.join(asked)} FROM (\n{query}\n) AS q" if asked else ""


def measured(columns: list[MySqlColumn], digits: Iterable[int | None]) -> list[MySqlColumn]:
    """The columns, numbers of such lengths being decimal numbers if they can."""
    import pyarrow as pa

    left, fitted = iter(digits), []
    for column in columns:
        fits = column.scale is not None and (next(left) or 0) + column.scale <= _LONGEST
        fitted.append(replace(column, kind=pa.decimal128(_LONGEST, column.scale)) if fits else column)
    return fitted


def schema(columns: list[MySqlColumn]) -> pa.Schema:
    """The columns as Arrow has them."""
    import pyarrow as pa

    return pa.schema([(column.name, column.kind) for column in columns])


def finished(column: MySqlColumn, array: Any, address: Address) -> Any:
    """The values as the column's type."""
    import pyarrow.types as kinds

    if kinds.is_decimal(column.kind):
        return decimals(array, column.kind, column.name, address)
    return array.cast(column.kind)
