"""Rows of a driver as the embedded database would give them: true, not 1; dates; decimal numbers with their places."""

from __future__ import annotations

import datetime
from decimal import Context, Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from coursewright.tables.servers.holding import is_exact

if TYPE_CHECKING:
    import pyarrow as pa

_LONG = Context(prec=76)  # digits of the longest decimal number of Arrow's


class Beyond(Exception):
    """A value that the column of this name cannot have here."""


def as_arrow(names: list[str], rows: list[Any], schema: pa.Schema | None) -> pa.Table:
    """Rows of a driver in columns, with the names and types of `schema` where it is known.

    Raises Beyond for a value that is not of its column's type, or whose last digits have been lost.
    """
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    if schema is None:
        return pa.Table.from_arrays([_guessed(list(column)) for column in columns], names=names)
    arrays = []
    for field, column in zip(schema, columns, strict=True):
        try:
            arrays.append(_typed(list(column), field.type))
        except (pa.ArrowException, ArithmeticError, ValueError):
            raise Beyond(field.name) from None
    return pa.Table.from_arrays(arrays, names=schema.names)


def _typed(values: list[Any], kind: Any) -> Any:
    """One column of the type that DuckDB says it has."""
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_integer(kind):
        read: Any = _whole
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
    elif kinds.is_time(kind):
        read = _time
    elif kinds.is_decimal(kind):
        read = partial(_decimal, places=kind.scale)
    else:
        return _guessed(values)
    return pa.array([None if value is None else read(value) for value in values], kind)


def _whole(value: Any) -> int:
    if isinstance(value, float) and not is_exact(value, 0):
        raise ValueError(value)  # of SQLite, which goes on with floating numbers where whole ones end
    return int.from_bytes(value) if isinstance(value, bytes) else int(value)  # bits of MariaDB are bytes


def _decimal(value: Any, places: int) -> Decimal:
    if isinstance(value, float) and not is_exact(value, places):
        raise ValueError(value)
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), context=_LONG)


def _time(value: Any) -> datetime.time:
    if isinstance(value, datetime.timedelta):  # as MariaDB has it, for which it may be longer than a day
        return (datetime.datetime.min + value).time()
    return value if isinstance(value, datetime.time) else datetime.time.fromisoformat(str(value))


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
