"""The verb: rows as a grid, whose texts are for readers and whose values are for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.pages.block import Column, Grid
from coursewright.pages.columns.column import Made, column
from coursewright.pages.columns.drawn import shades
from coursewright.pages.columns.looks import Looks
from coursewright.pages.columns.signs import signs
from coursewright.pages.columns.words import word

if TYPE_CHECKING:
    import pyarrow as pa


def grid(rows: pa.Table, looks: Looks, language: str, caption: str = "", hidden: Sequence[str] = ()) -> Grid:
    """Arrow rows in the form of their types, of the language and of the author's choice, without the `hidden` columns.

    Raises CoursewrightError for a look that a column cannot have.
    """
    columns = dict(zip(rows.column_names, rows.columns, strict=True))
    names = tuple(name for name in columns if name not in hidden)
    # 1. each column by itself
    made = {name: column(name, columns[name], looks, language) for name in names}
    # 2. what hangs on another column
    details = {name: one.column for name, one in made.items()} | _shaded(made, looks)
    for name in names:
        if by := looks.of(name).sort:
            details[name] = _sorted_by(details[name], by, columns, looks, language)
    # 3. all together
    aligned = tuple(details[name].align == "right" for name in names)
    cells = tuple(zip(*(made[name].texts for name in names), strict=True))
    made_of = Grid(names, cells, aligned, caption, details=tuple(details[name] for name in names))
    return replace(made_of, notes=tuple(_known(made_of, language)))


def count(number: int, language: str) -> str:
    """A number of rows in the form of the language."""
    return signs(language).written(Decimal(number), 0)


def _shaded(made: Mapping[str, Made], looks: Looks) -> dict[str, Column]:
    """The columns with shades: those that are measured together, and each that is measured alone."""
    together = [name for name in made if looks.of(name).heat == "together"]
    groups = [together, *([name] for name in made if looks.of(name).heat == "alone")]
    found: dict[str, Column] = {}
    for names in filter(None, groups):
        for name, strengths in zip(names, shades([made[name].amounts for name in names]), strict=True):
            found[name] = replace(made[name].column, shades=strengths)
    return found


def _sorted_by(own: Column, by: str, columns: Mapping[str, pa.ChunkedArray], looks: Looks, language: str) -> Column:
    """A column that is sorted by another one, which may be hidden."""
    if by not in columns:
        raise CoursewrightError(f'no column called "{by}"', looks.places.get("sort"), did_you_mean(by, columns))
    other = column(by, columns[by], Looks(), language).column
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
