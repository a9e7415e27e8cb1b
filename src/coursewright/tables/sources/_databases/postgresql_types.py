"""What becomes of PostgreSQL's types: as they come, as text, or as decimal numbers of the length that they need.

ADBC gives numbers as text, money without its point, arrays of arrays in one row, the least common types in the bytes of
the wire, and dates without end as dates of the Stone Age. So a query is asked for its types first, and where one of
those is among them, it is wrapped in another that casts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursewright.tables.sources._databases.address import Address
from coursewright.tables.sources._databases.batches import decimals
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import pyarrow as pa

_WORDS = "bool int2 int4 int8 float4 float8 text varchar name char bytea date timestamp timestamptz time"
_AS_THEY_COME = frozenset(_WORDS.split())
_LONGEST = 38
_EPOCH = {"date": 10_957, "timestamp": 946_684_800_000_000}  # PostgreSQL counts from the year 2000, Arrow from 1970
_BITS = {"date": 31, "timestamp": 63}


@dataclass(frozen=True, slots=True)
class PostgresColumn:
    """A column: what it is cast to on the server ("" for nothing), its type in Arrow, whether it has to be measured."""

    name: str
    cast: str
    kind: Any
    measure: str = ""


def columns(schema: pa.Schema) -> list[PostgresColumn]:
    """The columns of a query."""
    return [_column(field) for field in schema]


def _column(field: Any) -> PostgresColumn:  # noqa: PLR0911 - one for each group of types
    import pyarrow as pa
    import pyarrow.types as kinds

    told = field.metadata or {}
    name = told.get(b"POSTGRESQL:type", b"").decode()
    if name == "numeric":
        length, scale = _typmod(int(told.get(b"POSTGRESQL:typmod", b"-1")))
        if 0 <= scale <= length <= _LONGEST:
            return PostgresColumn(field.name, "", pa.decimal128(length, scale))
        return PostgresColumn(field.name, "", pa.string(), "number")
    if name == "money":
        return PostgresColumn(field.name, "::numeric", pa.string(), "number")
    if name in _AS_THEY_COME:
        return PostgresColumn(field.name, "", field.type)
    if kinds.is_list(field.type) and name.removeprefix("_") in _AS_THEY_COME:
        return PostgresColumn(field.name, "", field.type, "array")
    if kinds.is_list(field.type):
        return PostgresColumn(field.name, "::text[]", pa.list_(pa.string()), "array")
    if name in ("oid", "xid", "cid"):
        return PostgresColumn(field.name, "::text::bigint", pa.int64())
    if kinds.is_struct(field.type):
        return PostgresColumn(field.name, "to_json", pa.string())
    is_enum = kinds.is_string(field.type) and name != "bpchar"
    return PostgresColumn(field.name, "" if is_enum else "::text", pa.string())


def _typmod(modifier: int) -> tuple[int, int]:
    """The digits and the digits behind the point of a number's declaration; (-1, -1) without one."""
    if modifier < 4:
        return -1, -1
    scale = (modifier - 4) & 0x7FF
    return (modifier - 4) >> 16, scale - 0x800 if scale >= 0x400 else scale


def lengths(value: str) -> tuple[str, str]:
    """SQL for the most digits before the point of a number, 999 where one is none, and for the most behind it."""
    whole = f"CASE WHEN {value}::text ~ '^[-0-9.]+$' THEN length(trunc(abs({value}))::text) ELSE 999 END"
    digits = f"CASE WHEN {value} IS NULL THEN 0 ELSE {whole} END"
    return f"max({digits})::bigint", f"max(scale({value}))::bigint"


def measured(
    columns: list[PostgresColumn], query: str, rows: Callable[[str], list[dict[str, Any]]]
) -> list[PostgresColumn]:
    """The columns with the types that their values need, where the declaration does not say: a pass over them."""
    import pyarrow as pa

    asked = []
    for at, column in enumerate(columns):
        if column.measure == "array":
            asked.append(f"max(array_ndims(c{at}))::bigint AS long{at}, 0::bigint AS scale{at}")
        elif column.measure:
            value = f"c{at}{column.cast}"
            digits, places = lengths(value)
            asked.append(f"{digits} AS long{at}, {places} AS scale{at}")
    if not asked:
        return columns
    found = rows(f"SELECT {', '.join(asked)}\nFROM (\n{query}\n) AS q({_letters(columns)})")[0]
    fitted = []
    for at, column in enumerate(columns):
        length, scale = found.get(f"long{at}") or 0, found.get(f"scale{at}") or 0
        if column.measure == "array" and length > 1:
            fitted.append(replace(column, cast="to_json", kind=pa.string()))
        elif column.measure == "number" and length + scale <= _LONGEST:
            fitted.append(replace(column, kind=pa.decimal128(_LONGEST, scale)))
        elif column.measure == "number":
            fitted.append(replace(column, cast=f"{column.cast}::text"))
        else:
            fitted.append(column)
    return fitted


def wrapped(columns: list[PostgresColumn], query: str) -> str:
    """The query as it is run: as it is written, or within one that casts."""
    if not any(column.cast for column in columns):
        return f"/**/ {query}"
    parts = []
    for at, column in enumerate(columns):
        value = f"to_json(c{at})::text" if column.cast == "to_json" else f"c{at}{column.cast}"
        parts.append(f"{value} AS {quote(column.name)}")
    return f"SELECT {', '.join(parts)} FROM (\n{query}\n) AS q({_letters(columns)})"


def _letters(columns: list[PostgresColumn]) -> str:
    return ", ".join(f"c{at}" for at in range(len(columns)))


def schema(columns: list[PostgresColumn]) -> pa.Schema:
    """The columns as Arrow has them."""
    import pyarrow as pa

    return pa.schema([(column.name, column.kind) for column in columns])


def finished(column: PostgresColumn, array: Any, address: Address) -> Any:
    """The values as the column's type."""
    import pyarrow.types as kinds

    array = getattr(array, "storage", array)
    if kinds.is_decimal(column.kind):
        return decimals(array, column.kind, column.name, address)
    if kinds.is_list(column.kind):
        values = array.flatten()
        if not _endless(values, column, address).equals(values):
            raise address.problem(f'the column "{column.name}" has dates without end in an array', "cast it to text[]")
        return array
    return _endless(array, column, address).cast(column.kind)


def _endless(array: Any, column: PostgresColumn, address: Address) -> Any:
    """Dates and times with `infinity` as the embedded database has it; ADBC lets it run over."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    what = "date" if kinds.is_date(array.type) else "timestamp" if kinds.is_timestamp(array.type) else ""
    if not what or not len(array):
        return array
    integer = pa.int32() if what == "date" else pa.int64()
    numbers = array.view(integer)
    minus = -(1 << _BITS[what]) + _EPOCH[what]
    least = pc.min(numbers).as_py()
    if least is None or least > minus:
        return array
    if least < minus - 1:
        raise address.problem(f'the column "{column.name}" has a date after the year 294246', "cast it to text")
    end = (1 << _BITS[what]) - 1
    numbers = pc.if_else(pc.equal(numbers, minus), pa.scalar(-end, integer), numbers)
    numbers = pc.if_else(pc.equal(numbers, minus - 1), pa.scalar(end, integer), numbers)
    return numbers.view(array.type)
