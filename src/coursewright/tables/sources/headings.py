"""Whether the first row of a file is its headings, when nobody says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from coursewright.tables.sources import forms, typing
from coursewright.tables.sources.opened import text
from coursewright.tables.sources.options import ReadOptions
from coursewright.tables.sources.typed import Texts, sampled
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_WORDS = re.compile(r"[A-Za-z][\w -]*", re.ASCII)
_NO_WORDS = frozenset(("NA", *forms.TRUTHS))
_YEAR = " *[12][0-9]{3} *"
_NUMBERS = frozenset({forms.INTEGER, forms.LONG, forms.HUGE, forms.NUMBER, forms.DECIMAL, forms.SCIENCE})


def has_headings(
    connection: duckdb.DuckDBPyConnection,
    below: Texts,
    first: tuple[str, ...],
    options: ReadOptions,
    *,
    any_below: bool,
) -> bool:
    """Whether the row `first` is headings of the rows `below`: in some column it is unlike all of them.

    Rows that are texts alone have headings, as nearly all files do. Years above numbers that are no years are headings,
    and so are texts behind an empty cell that stands above numbers.
    """
    dates = options.dates if isinstance(options.dates, str) else ""
    plain = msgspec.structs.replace(options, types={}, text=(), columns={}, dates=dates)
    wanted = typing.columns(below.names, plain, {})
    own = _forms(connection, first, wanted[0], plain)
    if not any_below or set(own) == {forms.OTHER}:  # texts are headings above whatever they stand
        return forms.OTHER in own
    with sampled(connection, below) as (rows, _):
        found = typing.count_forms(connection, rows, wanted, plain)
        typed = [column for column in typing.decide(connection, rows, wanted, found, plain) if column.type != "VARCHAR"]
        numbered = [column for column in typed[:1] if column.theirs == below.names[0] and not first[0].strip()]
        if numbered and set(own[1:]) == {forms.OTHER}:  # as pandas and R write the numbers of rows
            return True
        values = dict(zip(below.names, zip(first, own, strict=True), strict=True))
        here = [values[column.theirs] for column in typed]
        alike = [
            not value.strip() or form == forms.NA or _alike(form, set(found[column.theirs]))
            for column, (value, form) in zip(typed, here, strict=True)
        ]
        if not typed or not all(alike):
            return True
        years = [column for column, (value, _) in zip(typed, here, strict=True) if re.fullmatch(_YEAR, value)]
        return len(years) == sum(bool(value.strip()) for value, _ in here) and not _are_years(connection, rows, years)


def _forms(
    connection: duckdb.DuckDBPyConnection, values: tuple[str, ...], column: typing.TextColumn, options: ReadOptions
) -> list[str]:
    """The form of each value; nothing is of none."""
    absent = ("", *(options.missing or ()))
    if not column.dates and all(map(_WORDS.fullmatch, values)) and _NO_WORDS.union(absent).isdisjoint(values):
        return [forms.OTHER] * len(values)  # as nearly all headings are
    listed = ", ".join(map(text, values))
    numbered = f"SELECT unnest(range({len(values)})) AS n, unnest([{listed}]) AS v"
    found = connection.execute(f"SELECT {column.form('v', options)} FROM ({numbered}) ORDER BY n").fetchall()
    return ["" if value in absent else form for value, (form,) in zip(values, found, strict=True)]


def _alike(form: str, found: set[str]) -> bool:
    """Whether a value could be in a column whose values have the forms `found`."""
    return form in found or (form in _NUMBERS and bool(found & _NUMBERS))


def _are_years(connection: duckdb.DuckDBPyConnection, rows: str, columns: list[typing.TextColumn]) -> bool:
    """Whether all values of some of the columns are years."""
    if not columns:
        return True
    checks = ", ".join(f"bool_and({forms.matches(quote(column.theirs), _YEAR)})" for column in columns)
    return any(connection.execute(f"SELECT {checks} FROM {rows}").fetchall()[0])
