"""The verb: rows as a grid, whose texts are for readers and whose values are for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.numerals import signs
from coursewright.pages.blocks.block import Column, Grid
from coursewright.pages.columns.column import ColumnTexts, column
from coursewright.pages.columns.drawn import shades
from coursewright.pages.columns.looks import ColumnLooks
from coursewright.pages.columns.words import word

if TYPE_CHECKING:
    import pyarrow as pa


def grid(rows: pa.Table, looks: ColumnLooks, language: str, caption: str = "", hidden: Sequence[str] = ()) -> Grid:
    """Arrow rows in the form of their types, of the language and of the author's choice, without the `hidden` columns.

    Raises CoursewrightError for a look that a column cannot have.
    """
    shown = [(name, data) for name, data in _named(rows) if name not in hidden]  # two columns may have one name
    names = tuple(name for name, _ in shown)
    # 1. each column by itself
    made = [column(name, data, looks, language) for name, data in shown]
    # 2. what hangs on another column
    details = [
        _sorted_by(one, by, rows, looks, language) if (by := looks.of(name).sort) else one
        for name, one in zip(names, _shaded(names, made, looks), strict=True)
    ]
    # 3. all together
    aligned = tuple(one.align == "right" for one in details)
    cells = tuple(zip(*(one.texts for one in made), strict=True))
    whole = Grid(names, cells, aligned, caption, details=tuple(details))
    return replace(whole, notes=tuple(_known(whole, language)))


def _named(rows: pa.Table) -> Iterator[tuple[str, pa.ChunkedArray]]:
    return zip(rows.column_names, rows.columns, strict=True)


def count(number: int, language: str) -> str:
    """A number of rows in the form of the language."""
    return signs(language).written(Decimal(number), 0)


def _shaded(names: Sequence[str], made: Sequence[ColumnTexts], looks: ColumnLooks) -> list[Column]:
    """The columns with their shades, for those that are measured together and for each that is measured alone."""
    scales = [looks.of(name).heat for name in names]
    together = [number for number, scale in enumerate(scales) if scale == "together"]
    groups = [together, *([number] for number, scale in enumerate(scales) if scale == "alone")]
    found = [one.column for one in made]
    for group in groups:
        for number, strengths in zip(group, shades([made[number].amounts for number in group]), strict=True):
            found[number] = replace(found[number], shades=strengths)
    return found


def _sorted_by(own: Column, by: str, rows: pa.Table, looks: ColumnLooks, language: str) -> Column:
    """A column that is sorted by another one, which may be hidden."""
    data = next((data for name, data in _named(rows) if name == by), None)
    if data is None:
        hint = did_you_mean(by, rows.column_names)
        raise CoursewrightError(f'no column called "{by}"', looks.places.get("sort"), hint)
    other = column(by, data, ColumnLooks(), language).column
    return replace(own, kind=other.kind, orders=other.orders or other.values)


def _known(made: Grid, language: str) -> list[str]:
    """Of how many rows a total is, where values are missing."""
    notes = []
    for name, one in zip(made.columns, made.details, strict=True):
        known = sum(value not in (None, "NaN") for value in one.values)
        if one.total is not None and known < len(one.values):
            numbers = {"known": count(known, language), "all": count(len(one.values), language)}
            notes.append(word("known", language, column=name, **numbers))
    return notes
