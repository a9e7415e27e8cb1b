"""Rows as a server's temporary tables can hold them: nothing is rounded or lost on the way, or the column is named."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place

if TYPE_CHECKING:
    import pyarrow as pa

_CALLED = {"postgres": "PostgreSQL", "mysql": "MariaDB", "sqlite": "SQLite"}
_LONGEST_NAME = {"postgres": 63, "mysql": 64}  # PostgreSQL counts bytes, and cuts what is longer
_WITHOUT = "leave the column out: columns = { … } names those that are wanted"
_INTEGERS = 63  # bits of a whole number
_EXACT = 53  # bits of a number with a point


def held(rows: pa.Table, *, name: str, dialect: str, place: Place | None) -> pa.Table:
    """The rows of the table `name` with types that the server of `dialect` has.

    Raises CoursewrightError for what it cannot hold, with the column and the row.
    """
    for at, field in enumerate(rows.schema):
        fault = next(_faults(field.name, rows.column(at), dialect), None)
        if fault:
            row, what, hint = fault
            where = f' in row {row + 1:,} of "{name}"' if row is not None else f' of "{name}"'
            raise CoursewrightError(f'"{field.name}"{where}: {what}', place, hint)
        rows = rows.set_column(at, field.name, _held(rows.column(at)))
    return rows


Fault = tuple[int | None, str, str]  # the row if there is one, what is wrong, what to do


def _faults(name: str, column: Any, dialect: str) -> Iterator[Fault]:
    """What of a column cannot be held."""
    import pyarrow.types as kinds

    called, kind = _CALLED.get(dialect, dialect), column.type
    longest = _LONGEST_NAME.get(dialect, 0)
    if longest and len(name.encode() if dialect == "postgres" else name) > longest:
        yield (
            None,
            f"{called} has no names of more than {longest} letters",
            'give it another: columns = { short = "…" }',
        )
    if kinds.is_nested(kind):
        yield None, f"lists, structs and maps cannot be copied to {called}", _WITHOUT
    if kinds.is_floating(kind) and dialect != "postgres":
        yield from _without_number(column, called, infinite=dialect == "mysql")
    if kinds.is_timestamp(kind) and kind.unit == "ns":
        yield from _first(_too_fine(column), f"{called} has no fractions of a microsecond", f'text = ["{name}"]')
    if kinds.is_string(kind) or kinds.is_large_string(kind):
        yield from _zeroes(column, called, dialect)
    if dialect == "sqlite" and (kinds.is_decimal(kind) or kinds.is_uint64(kind)):
        what = "SQLite holds numbers in 64 bits, which changes its digits"
        yield from _first(_inexact(column), what, f'text = ["{name}"], or another server')


def _first(wrong: Iterator[int], what: str, hint: str) -> Iterator[Fault]:
    row = next(wrong, None)
    if row is not None:
        yield row, what, hint


def _without_number(column: Any, called: str, *, infinite: bool) -> Iterator[Fault]:
    import pyarrow as pa
    import pyarrow.compute as pc

    wrong = pc.is_nan(column)
    if infinite:
        wrong = pc.or_(wrong, pc.is_inf(column))
    at = pc.index(wrong, pa.scalar(True)).as_py()
    if at >= 0:
        shown = "NaN" if pc.is_nan(column[at]).as_py() else "infinity"
        yield at, f"{called} has no {shown}", "leave the value out where the file is made, or use PostgreSQL"


def _too_fine(column: Any) -> Iterator[int]:
    for at, value in enumerate(column.cast("int64").to_pylist()):
        if value is not None and value % 1000:
            yield at


def _zeroes(column: Any, called: str, dialect: str) -> Iterator[Fault]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if dialect != "mysql":
        at = pc.index(pc.match_substring(column, "\0"), pa.scalar(True)).as_py()
        if at >= 0:
            yield at, f"{called} has no texts with a zero byte in them", _WITHOUT


def _inexact(column: Any) -> Iterator[int]:
    for at, value in enumerate(column.to_pylist()):
        if isinstance(value, Decimal):
            if Decimal(repr(float(value))) != value:
                yield at
        elif value is not None and value.bit_length() > _INTEGERS:
            yield at


def _held(column: Any) -> Any:
    """A column as a type that all servers have."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    kind = column.type
    if kinds.is_uint64(kind):
        most = pc.max(column).as_py()
        return column.cast(pa.int64() if (most or 0).bit_length() <= _INTEGERS else pa.decimal128(20, 0))
    if kinds.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pa.timestamp("us", kind.tz))
    return column


def is_exact(value: float, places: int) -> bool:
    """Whether a number that came in 64 bits is surely the decimal number of so many places that was meant."""
    return bool(abs(value) * 10**places < 1 << _EXACT)
