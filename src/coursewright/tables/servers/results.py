"""Rows of a driver as the embedded database would give them: true, not 1; dates; decimal numbers with their places."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def as_arrow(names: list[str], rows: list[Any], schema: pa.Schema | None) -> pa.Table:
    """Rows of a driver in columns, with the names and types of `schema` where it is known."""
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    if schema is None:
        return pa.Table.from_arrays([_guessed(list(column)) for column in columns], names=names)
    arrays = [_typed(list(column), kind) for column, kind in zip(columns, schema.types, strict=True)]
    return pa.Table.from_arrays(arrays, names=schema.names)


def _typed(values: list[Any], kind: Any) -> Any:
    """One column of the type that DuckDB says it has."""
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_integer(kind):
        read: Any = int
    elif kinds.is_floating(kind):
        read = float
    elif kinds.is_boolean(kind):
        read = bool
    elif kinds.is_string(kind) or kinds.is_large_string(kind):
        read = str
    elif kinds.is_date(kind):
        read = _day
    elif kinds.is_timestamp(kind):
        read = _moment if kind.tz is None else _instant
    elif kinds.is_decimal(kind):
        places = Decimal(1).scaleb(-kind.scale)
        read = lambda value: Decimal(str(value)).quantize(places)  # noqa: E731 - the places are of this column
    else:
        return _guessed(values)
    return pa.array([None if value is None else read(value) for value in values], kind)


def _day(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value)[:10])


def _moment(value: Any) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.date):
        return datetime.datetime.combine(value, datetime.time())
    return datetime.datetime.fromisoformat(str(value))


def _instant(value: Any) -> datetime.datetime:
    read = _moment(value)
    return read if read.tzinfo else read.replace(tzinfo=datetime.UTC)


def _guessed(values: list[Any]) -> Any:
    """One column; whole numbers that a server holds as decimal numbers are whole numbers."""
    import pyarrow as pa

    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {Decimal, int} and all(value is None or Decimal(value).as_tuple().exponent == 0 for value in values):
        values = [None if value is None else int(value) for value in values]
    elif kinds <= {Decimal, int, float} and float in kinds:
        values = [None if value is None else float(value) for value in values]
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # of several types, as SQLite may have them
        return pa.array([None if value is None else str(value) for value in values], pa.string())
