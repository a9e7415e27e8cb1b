"""The verb: say how a reader's own file can stand in the place of a table, for an engine that has its texts alone.

The rules are those of our reader (`sources/typing.py`, `sources/forms.py`) and of the table's contract, written as SQL
while building. The types of all columns have to be said: what a file of whole numbers alone is taken for would be
another type than the one that the page was made with.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.contracts.breaches import listed, rules_of
from coursewright.tables.contracts.conditions import kind_of
from coursewright.tables.contracts.contract import Contract
from coursewright.tables.database import Database
from coursewright.tables.sources import forms, typing
from coursewright.tables.sources.options import ReadOptions
from coursewright.tables.table import DerivedTable, Table, quote

LINE = "line of the file"
"""The column with the line of a row in its file, beside those of the table, while it is held to the contract."""

_TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
_FITS = {
    "integer": (forms.LONG,),
    "number": (forms.NUMBER, forms.SCIENCE),
    "date": (forms.DATE,),
    "time": (forms.TIME,),
    "timestamp": (forms.TIMESTAMP,),
    "boolean": (forms.BOOLEAN,),
}
_MOMENT = datetime.datetime(2024, 12, 31, 23, 59, tzinfo=datetime.UTC)
_UNSAID = ("encoding", "skip")  # options of files that are read in no other way here


@dataclass(frozen=True)
class OwnColumn:
    """A column: its name in the file and in the table, and its type in the words of a contract.

    `wrong` is SQL for a text of the column, called by its place as in `c0`, that is of another type; `read` its value.
    `example` is how a value is written.
    """

    theirs: str
    ours: str
    kind: str
    wrong: str
    read: str
    example: str = ""


@dataclass(frozen=True)
class OwnRule:
    """A rule of the contract: its `name`, the columns that it is about, what is wanted, as people write it.

    `rows` is the SELECT of the lines of rows that break it, each with what stands there.
    """

    name: str
    columns: tuple[str, ...]
    said: str
    rows: str


@dataclass(frozen=True)
class OwnTable:
    """The table called `name`; `staged` is what a file's rows are called while `rules` are tried on them.

    `missing` are the texts that stand for no value, `delimiter` is what stands between values, if the course says it.
    `least` and `most` are how many rows there can be, as the course says it in `wanted`.
    """

    name: str
    columns: tuple[OwnColumn, ...]
    rules: tuple[OwnRule, ...]
    staged: str
    missing: tuple[str, ...]
    delimiter: str = ""
    least: int = 0
    most: int | None = None
    wanted: str = ""
    exactly: bool = False
    refers: Mapping[str, tuple[str, ...]] | None = None


def own_table(database: Database, name: str, place: Place) -> OwnTable:
    """How a file of a reader's can stand in the place of the table `name`, which was asked for at `place`.

    Raises CoursewrightError for a table for which none can.
    """
    table = _replaceable(database, name, place)
    contract, options, built = database.contracts[name], table.source.options, database.columns(name)
    columns = tuple(_columns(table, options, built))
    staged = f"_own {name}"
    types = {one.ours: built[one.ours] for one in columns}
    span = contract.rows
    refers: dict[str, tuple[str, ...]] = {}
    for target in contract.expect.refers.values():
        other, _, column = target.partition(".")
        refers[other] = (*refers.get(other, ()), column)
    return OwnTable(
        name,
        columns,
        tuple(_rules(contract, staged, types)),
        staged,
        ("", *(options.missing or ())),
        options.delimiter,
        int(span.low or 0) if span else 0,
        int(span.high) if span and span.high else None,
        str(contract.expect.rows),
        contract.expect.exactly,
        refers,
    )


def _replaceable(database: Database, name: str, place: Place) -> Table:
    """The table, if it comes from a file and has a contract."""
    table = database.tables.get(name)
    if table is None:
        raise CoursewrightError(f'no table called "{name}"', place, did_you_mean(name, database.tables))
    cannot = f'a reader\'s file cannot stand in the place of "{name}"'
    if isinstance(table, DerivedTable):
        raise CoursewrightError(f"{cannot}, which is made of others", place, "name the table that it is made of")
    if table.source.kind != "file":
        raise CoursewrightError(f"{cannot}, which does not come from a file", place, "keep its rows in a file: CSV")
    if name not in database.contracts:
        hint = f'say what is expected of its rows, for instance: [tables.{name}.expect] rows = "1.."'
        raise CoursewrightError(f"{cannot}, which has no contract", place, hint)
    said = next((option for option in _UNSAID if getattr(table.source, option)), "")
    if said or table.source.header not in (None, 1):
        message = f"{cannot}, which says {said or 'header'}: readers' files are UTF-8, with one line of headings"
        raise CoursewrightError(message, table.place, f'keep "{name}" in such a file too')
    return table


def _columns(table: Table, options: ReadOptions, built: Mapping[str, str]) -> Iterator[OwnColumn]:
    """The columns, in their order; all of them have types that the course says."""
    theirs = options.columns or {name: name for name in built}
    found = typing.columns(theirs.values(), options, {})
    unsaid = [one.ours for one in found if not one.said]
    if unsaid or len(found) != len(built):
        kinds = ", ".join(f'{_key(name)} = "{kind_of(built.get(name, "")) or "text"}"' for name in unsaid)
        said = f"the types of {listed(unsaid, 'and')} are not said"
        message = f'a reader\'s file for "{table.name}" would be guessed at: {said}'
        raise CoursewrightError(message, table.place, f"types = {{ {kinds} }}")
    for place, one in enumerate(found):
        if built[one.ours] != _TYPES[one.said]:
            message = f'"{one.ours}" of "{table.name}" is {built[one.ours]}, which readers\' files cannot have'
            raise CoursewrightError(message, table.place, "keep shorter numbers, or times without a zone, or say text")
        yield _column(replace(one, theirs=f"c{place}"), one.theirs, options)


def _column(column: typing.TextColumn, theirs: str, options: ReadOptions) -> OwnColumn:
    """One column, whose texts are called by its place."""
    if column.said == "text":
        return OwnColumn(theirs, column.ours, "text", "", quote(column.theirs))
    fits = (forms.DATED,) if column.dates else _FITS[column.said]
    among = ", ".join(f"'{form}'" for form in (*fits, forms.NA))
    wrong = f"{column.form(quote(column.theirs), options)} NOT IN ({among})"
    known = replace(
        column, type=_TYPES[column.said], na=options.missing is None, is_dated=bool(column.dates), ours="value"
    )
    read = typing.selected([known], options).removesuffix(' AS "value"')
    return OwnColumn(theirs, column.ours, column.said, wrong, read, _example(column, options))


def _example(column: typing.TextColumn, options: ReadOptions) -> str:
    """A value as a file has it."""
    if column.dates:
        return _MOMENT.strftime(column.dates)
    written = {"date": "2024-12-31", "time": "23:59", "timestamp": "2024-12-31 23:59"}
    return f"1{options.decimal_sign}5" if column.said == "number" else written.get(column.said, "")


def _rules(contract: Contract, staged: str, types: Mapping[str, str]) -> Iterator[OwnRule]:
    """What the contract says of rows, each as a SELECT of those that break it."""
    line, expect = quote(LINE), contract.expect
    for name, column, broken in rules_of(contract, types):
        wanted: Any = getattr(expect, name)
        said = wanted[next(one for one in wanted if one.lower() == column.lower())] if isinstance(wanted, dict) else ""
        rows = f"SELECT {line}, {quote(column)}::VARCHAR FROM {quote(staged)} WHERE {broken}"
        yield OwnRule(name, (column,), said if isinstance(said, str) else listed(said), rows)
    for key in expect.keys:
        names = [quote(one) for one in key]
        there = " AND ".join(f"{one} IS NOT NULL" for one in names)
        shown = f"concat_ws(', ', {', '.join(f'{one}::VARCHAR' for one in names)})"
        twice = f"count(*) OVER (PARTITION BY {', '.join(names)}) > 1"
        rows = f"SELECT {line}, {shown} FROM {quote(staged)} WHERE {there} QUALIFY {twice}"
        yield OwnRule("unique", key, "", rows)
    for column, target in expect.refers.items():
        other, _, theirs = target.partition(".")
        value = f"_rows.{quote(column)}"
        absent = f"NOT EXISTS (SELECT 1 FROM main.{quote(other)} AS _other WHERE _other.{quote(theirs)} = {value})"
        rows = f"SELECT {line}, {value}::VARCHAR FROM {quote(staged)} AS _rows WHERE {value} IS NOT NULL AND {absent}"
        yield OwnRule("refers", (column,), target, rows)


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else f'"{name}"'
