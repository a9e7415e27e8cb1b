"""What an author wants the columns of a table to look like: the options of `{table}`, column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.pages.blocks.block import Align
from coursewright.pages.columns.named import named_columns, pairs

MOST_PLACES = 20
_TRUTHS = {"": True, "yes": True, "true": True, "no": False, "false": False}
_ALIGNED: dict[str, Align] = {"left": "left", "right": "right", "centre": "centre", "center": "centre"}


Scale = Literal["together", "alone", ""]


@dataclass(frozen=True)
class ColumnLook:
    """One column's. What the author says nothing of is None or "", and decided by the column's type and values.

    `bar` is the number whose bar is the longest, 0 for the largest of the column; `heat` and `spark` say whether values
    are measured `together`, all of them, or each column or row `alone`; `sort` is the column that it is sorted by.
    """

    decimals: int | None = None
    thousands: bool | None = None
    unit: str = ""
    percent: bool = False
    sign: bool = False
    date: str = ""
    align: Align | None = None
    missing: str = ""
    bar: Decimal | None = None
    heat: Scale = ""
    spark: Scale = ""
    total: bool = False
    sort: str = ""

    @property
    def of_amounts(self) -> bool:
        """Whether what is said of the column can only be said of amounts."""
        return bool(self.percent or self.unit or self.sign or self.heat or self.total or self.bar is not None)


@dataclass(frozen=True)
class ColumnLooks:
    """Those of a table's columns, by name, with the place of each option."""

    columns: Mapping[str, ColumnLook] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    def of(self, column: str) -> ColumnLook:
        """That of one column."""
        return self.columns.get(column, ColumnLook())

    def refuse(self, option: str, column: str, message: str, hint: str = "") -> CoursewrightError:
        """What is wrong with what an option says of a column."""
        return CoursewrightError(f'"{column}" {message}', self.places.get(option), hint)


def looks(
    options: Mapping[str, str], columns: Sequence[str], place: Callable[[str], Place], amounts: Sequence[str] = ()
) -> ColumnLooks:
    """The looks that `options` say; `place` gives that of an option; in `heat`, `*` stands for the columns `amounts`.

    Raises CoursewrightError for a column that is not there and for what cannot be said of one.
    """
    found = {name: ColumnLook() for name in columns}
    places: dict[str, Place] = {option: place(option) for option in _READERS}
    for option, read in _READERS.items():
        text, where = options.get(option, ""), places[option]
        if option == "missing" and text and not any(value is not None for _, value in pairs(text, where)):
            found = {name: replace(look, missing=text) for name, look in found.items()}
            continue
        every = {"*"} if option == "heat" else set()
        for name, value in named_columns(text, [*every, *columns], where).items():
            named = amounts if name in every - set(columns) else [name]
            if not named:
                raise CoursewrightError("no column holds amounts", where, "name the columns, or leave the option out")
            found |= {each: replace(found[each], **{option: read(each, value or "", where)}) for each in named}
    return ColumnLooks(found, places)


def _decimals(name: str, value: str, place: Place) -> int:
    if value.isascii() and value.isdigit() and int(value) <= MOST_PLACES:
        return int(value)
    hint = f"write a number from 0 to {MOST_PLACES}: {name} = 2"
    raise CoursewrightError(f'"{value}" is no number of decimals for "{name}"', place, hint)


def _truth(name: str, value: str, place: Place) -> bool:
    if value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    raise CoursewrightError(f'"{value}" says nothing of "{name}"', place, f"write {name} alone, or {name} = no")


def _text(what: str) -> Callable[[str, str, Place], str]:
    def read(name: str, value: str, place: Place) -> str:
        if value:
            return value
        raise CoursewrightError(f'"{name}" has no {what}', place, f"write {name} = …")

    return read


def _align(name: str, value: str, place: Place) -> Align:
    if value in _ALIGNED:
        return _ALIGNED[value]
    raise CoursewrightError(f'"{value}" is no side for "{name}"', place, did_you_mean(value, _ALIGNED))


def _bar(name: str, value: str, place: Place) -> Decimal:
    try:
        full = Decimal(value or 0)
    except InvalidOperation:
        full = Decimal("NaN")
    if full.is_finite() and (full > 0 or not value):
        return full
    hint = f"write {name} alone, or the number whose bar is the longest: {name} = 100"
    raise CoursewrightError(f'"{value}" is no length of a bar for "{name}"', place, hint)


def _scale(name: str, value: str, place: Place) -> Scale:
    if value in ("", "alone"):
        return "alone" if value else "together"
    raise CoursewrightError(f'"{value}" says nothing of "{name}"', place, f"write {name} alone, or {name} = alone")


def _date(name: str, value: str, place: Place) -> str:
    from babel.dates import parse_pattern

    try:
        parse_pattern(value)
    except ValueError as error:
        hint = "write short, medium, long, full or a pattern such as d MMMM y"
        raise CoursewrightError(f'"{value}" is no form of dates for "{name}": {error}', place, hint) from None
    return _text("form of dates")(name, value, place)


_READERS: Mapping[str, Callable[[str, str, Place], Any]] = {
    "decimals": _decimals,
    "thousands": _truth,
    "unit": _text("unit"),
    "percent": _truth,
    "sign": _truth,
    "date": _date,
    "align": _align,
    "missing": _text("text for what is missing"),
    "bar": _bar,
    "heat": _scale,
    "spark": _scale,
    "total": _truth,
    "sort": _text("column to be sorted by"),
}
