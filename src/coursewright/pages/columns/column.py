"""One column: the text of its values, in the form of their type, of the language and of the author's choice."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from coursewright.numerals import EXACT
from coursewright.pages.blocks.block import Column, Kind
from coursewright.pages.columns.codes import told_by_name
from coursewright.pages.columns.drawn import bars
from coursewright.pages.columns.looks import ColumnLook, ColumnLooks
from coursewright.pages.columns.moments import clock_orders, moments
from coursewright.pages.columns.numbers import is_single, numbers, shortest
from coursewright.pages.columns.sparks import sparks
from coursewright.pages.columns.words import word
from coursewright.tables.showing import in_full, show

if TYPE_CHECKING:
    import pyarrow as pa

Write = Callable[[Any], str]
_NUMBERS_ALONE = ("decimals", "thousands", "unit", "percent", "sign", "bar", "heat")


@dataclass(frozen=True)
class ColumnTexts:
    """A column's texts, the amounts that can be drawn, and how it is set."""

    texts: tuple[str, ...]
    amounts: tuple[Decimal | None, ...]
    column: Column


def column(name: str, data: pa.ChunkedArray, looks: ColumnLooks, language: str) -> ColumnTexts:
    """One column. Raises CoursewrightError for a look that its type cannot have."""
    look, values = looks.of(name), data.to_pylist()
    single = is_single(data.type)
    full = tuple(None if value is None else _full(value, single=single) for value in values)
    if look.spark:
        texts, drawn = sparks(name, data, looks, language)
        return ColumnTexts(tuple(texts), (), Column("", look.align or "left", full, sparks=tuple(drawn)))
    known = [value for value in values if not _missing(value)]
    write, kind = _writer(name, data.type, known, looks, language)
    align = look.align or ("right" if kind == "number" else "left")
    orders = clock_orders(values) if kind == "text" else _orders(data.type, values)
    made = Column(
        "number" if orders else kind,
        align,
        full,
        orders,
        total=_total(name, known, write, looks, language, single=single) if look.total else None,
    )
    measured = kind == "number" and (look.bar is not None or bool(look.heat))
    amounts = tuple(_amount(value, single=single) for value in values) if measured else ()
    made = msgspec.structs.replace(made, bars=_bars(name, amounts, looks) if look.bar is not None else ())
    return ColumnTexts(tuple(look.missing if _missing(value) else write(value) for value in values), amounts, made)


def _amount(value: Any, *, single: bool) -> Decimal | None:
    """A number that can be drawn; None for what is missing, endless or a length of time."""
    if _missing(value) or isinstance(value, datetime.timedelta) or (isinstance(value, float) and math.isinf(value)):
        return None
    return shortest(value, single=single)


def _bars(name: str, amounts: tuple[Decimal | None, ...], looks: ColumnLooks) -> tuple[tuple[float, float] | None, ...]:
    full = looks.of(name).bar or None
    longest = max((value.copy_abs() for value in amounts if value is not None), default=Decimal(0))
    if full is not None and longest > full:
        raise looks.refuse("bar", name, f"has a bar of {longest:f}, which is longer than {full:f}")
    return bars(amounts, full)


def _total(name: str, known: list[Any], write: Write, looks: ColumnLooks, language: str, *, single: bool) -> str:
    """The sum of the values as they are, not as they are shown."""
    sort = told_by_name(name, language)
    if sort != "amount" and looks.of(name).thousands is not True:
        hint = f"if these are amounts, say so: :thousands: {name}"
        raise looks.refuse("total", name, f"holds {sort}s, which have no total", hint)
    if any(isinstance(value, float) and math.isinf(value) for value in known):
        raise looks.refuse("total", name, "holds infinity, so it has no total", "leave these rows out of the SELECT")
    if known and isinstance(known[0], datetime.timedelta):
        return write(sum(known, datetime.timedelta()))
    total = Decimal(0)
    for value in known:
        total = EXACT.add(total, shortest(value, single=single))
    return write(total) if known else looks.of(name).missing


def _writer(name: str, kind: pa.DataType, known: list[Any], looks: ColumnLooks, language: str) -> tuple[Write, Kind]:
    """How values of a type are written, and how they are sorted."""
    from pyarrow import types

    look = looks.of(name)
    number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    when = types.is_date(kind) or types.is_timestamp(kind)
    if types.is_null(kind):  # nothing is known of a column without values, so nothing is wrong with what is said of it
        return show, "text"
    _check_looks(name, looks, number=number, when=when or types.is_time(kind))
    if look.total and not number and not types.is_duration(kind):
        raise looks.refuse("total", name, "does not hold numbers, so it has no total")
    if number:
        return numbers(name, kind, known, look, language), "number"
    if types.is_boolean(kind):
        return lambda value: word("yes" if value else "no", language), "value"
    written = moments(kind, known, look.date, language)
    return (written, "number" if types.is_duration(kind) else "value") if written else (show, "text")


def _check_looks(name: str, looks: ColumnLooks, *, number: bool, when: bool) -> None:
    look = looks.of(name)
    for option in _NUMBERS_ALONE:
        if not number and getattr(look, option) != getattr(ColumnLook(), option):
            raise looks.refuse(option, name, "does not hold numbers", "convert it in the SELECT: CAST(… AS DOUBLE)")
    if look.date and not when:
        raise looks.refuse("date", name, "does not hold dates or times", "convert it in the SELECT: CAST(… AS DATE)")
    if look.percent and look.unit:
        raise looks.refuse("unit", name, "is a percentage already", "choose :percent: or :unit:")


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _full(value: Any, *, single: bool) -> str:
    """A value as text that keeps all of it, as `coursewright table --format csv` has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if single and isinstance(value, float):
        return str(float(shortest(value, single=True)) + 0.0)
    return in_full(value)


def _orders(kind: pa.DataType, values: Sequence[Any]) -> tuple[str | None, ...]:
    """What values are sorted by whose text does not say it: moments of a zone, and lengths of time, in microseconds."""
    from pyarrow import types

    unit = datetime.timedelta(microseconds=1)
    if types.is_duration(kind):
        return tuple(None if value is None else str(value // unit) for value in values)
    if types.is_timestamp(kind) and kind.tz:
        start = datetime.datetime.fromtimestamp(0, datetime.UTC)
        return tuple(None if value is None else str((value - start) // unit) for value in values)
    return ()
