"""What a database holds and Python has no value for, as something that it has: dates BC, intervals, very long numbers.

A column is given another type only where it has to be; what Python can hold stays what it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_DAYS = 1 - _EPOCH, datetime.date.max.toordinal() - _EPOCH
_DAY = 86_400
_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_LONGEST = 1 << 63


def holdable(rows: pa.Table) -> pa.Table:
    """The same rows, each of which Python can hold.

    Intervals without months become lengths of time, and BIGNUMs decimal numbers, if all of their column can. What is
    left, and a column with a date outside the years 1 to 9999, becomes the text that the database has for it.
    """
    for at, field in enumerate(rows.schema):
        column = rows.column(at)
        if _holds_all(column):
            continue
        kind = field.type
        held = _lengths(column) if _is_interval(kind) else _numbers(column) if _is_bignum(kind) else None
        rows = rows.set_column(at, field.name, _texts(column) if held is None else held)
    return rows


def storable(rows: pa.Table) -> pa.Table:
    """The same rows as files can hold them: a column with intervals or BIGNUMs in it becomes the database's text."""
    for at, field in enumerate(rows.schema):
        if not _has_form(field.type):
            rows = rows.set_column(at, field.name, _texts(rows.column(at)))
    return rows


def _has_form(kind: Any) -> bool:
    """Whether files have a form for a type."""
    inner = (kind.field(at).type for at in range(kind.num_fields))
    return not _is_interval(kind) and not _is_bignum(kind) and all(map(_has_form, inner))


def _holds_all(column: Any) -> bool:
    """Whether Python can hold every value of an array."""
    import pyarrow.types as kinds

    kind = column.type
    if _is_interval(kind) or _is_bignum(kind):
        return False
    if kinds.is_nested(kind):
        return all(_holds_all(part) for part in _parts(column))
    return not kinds.is_temporal(kind) or kinds.is_duration(kind) or _in_range(column)


def _is_interval(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_interval(kind))


def _is_bignum(kind: Any) -> bool:
    return getattr(kind, "type_name", "") == "bignum"


def _parts(column: Any) -> Iterator[Any]:
    """The arrays that lists, maps, structs or unions are made of."""
    import pyarrow.types as kinds

    for chunk in getattr(column, "chunks", [column]):
        if kinds.is_map(chunk.type):
            yield from (chunk.keys, chunk.items)
        elif kinds.is_union(chunk.type):
            yield from map(chunk.field, range(chunk.type.num_fields))
        elif kinds.is_struct(chunk.type):
            yield from chunk.flatten()
        else:
            yield chunk.flatten()


def _in_range(column: Any) -> bool:
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    kind = column.type
    first, last = _DAYS
    if kinds.is_date64(kind):
        first, last = first * _DAY * 1000, (last + 1) * _DAY * 1000 - 1
    elif not kinds.is_date(kind):
        unit = _UNITS[kind.unit]
        first, last = (0, _DAY) if kinds.is_time(kind) else (first * _DAY, (last + 1) * _DAY)
        beyond = _DAY if getattr(kind, "tz", None) else 0  # a time of day elsewhere may be that of the day after
        first, last = (first + beyond) * unit, (last - beyond) * unit - 1
    found = pc.min_max(column)
    low, high = found["min"], found["max"]
    return not low.is_valid or (first <= low.value and high.value <= last)


def _lengths(column: Any) -> pa.Array | None:
    """Intervals as lengths of time; None if one has months, which have no length, or is too long."""
    import pyarrow as pa

    lengths: list[int | None] = []
    for value in column.to_pylist():
        if value is None:
            lengths.append(None)
            continue
        length = value.days * _DAY * _UNITS["us"] + value.nanoseconds // 1000
        if value.months or not -_LONGEST <= length < _LONGEST:
            return None
        lengths.append(length)
    return pa.array(lengths, pa.duration("us"))


def _numbers(column: Any) -> Any:
    numbers = _asked(column, "TRY_CAST(x::VARCHAR AS DECIMAL(38, 0))")
    return numbers if numbers.null_count == column.null_count else None


def _texts(column: Any) -> Any:
    import pyarrow.types as kinds

    return _asked(column, "to_json(x)::VARCHAR" if kinds.is_nested(column.type) else "x::VARCHAR")


def _asked(column: Any, expression: str) -> Any:
    """What the database makes of a column, `x` in the expression."""
    import duckdb
    import pyarrow as pa

    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        if zone := getattr(column.type, "tz", None):
            connection.execute("SET TimeZone = ?", [zone])  # else the text would be that of the machine's own
        rows = connection.from_arrow(pa.table({"x": column}))
        return rows.project(f"{expression} AS x").to_arrow_table().column("x")
