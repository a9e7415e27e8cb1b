"""Rows whose columns have types of their own, read as the course says: what nothing is said of stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError
from coursewright.tables.sources import typing
from coursewright.tables.sources.noticed import noticed
from coursewright.tables.sources.opened import Lazy, SourceFile, text
from coursewright.tables.sources.options import ReadOptions
from coursewright.tables.sources.typed import Texts, TypedView
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_TYPED = ("Parquet", "Feather", "SQLite")  # whose texts are meant to be texts
_NUMBERS = ("DOUBLE", "FLOAT")
_WHOLE = 1e15  # up to which a number without a fraction is written as a whole one


def attach(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    file: SourceFile,
    rows: str,
    options: ReadOptions,
    *,
    form: str,
    notes: tuple[str, ...] = (),
) -> Lazy:
    """Make the view `name` of `rows`, something to SELECT FROM that has types; `form` is what the file is.

    `notes` say what was assumed of the file itself.

    A column of which a type is said is read as its text, a text of `missing` is missing in every column that is not
    nested, by how its values are written, and forms of dates and signs in numbers are those of texts. Raises
    CoursewrightError for an option that names no column, and values that are not what is said of them.
    """

    def again(said: str) -> Texts:
        raise file.unreadable(form, said)

    if not options.given:
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {rows}")
        noted = tuple if form in _TYPED else partial(_noticed, connection, rows, notes)
        return Lazy(file, lambda said: _fail(file.unreadable(form, said)), notes=noted)
    kinds = {column: kind for column, kind, *_ in connection.execute(f"DESCRIBE FROM {rows}").fetchall()}
    options.check_columns(kinds, file.name, file.place)
    terms, only = _terms(kinds, options)
    texts = Texts(tuple(kinds), f"(SELECT {terms} FROM {rows})", again, only=only)
    return TypedView(connection, name, file, texts, options, notes).open()


def _terms(kinds: Mapping[str, str], options: ReadOptions) -> tuple[str, dict[str, str]]:
    """SQL for the columns, those that are typed anew as texts; and what their types can be."""
    ours = {theirs: own for own, theirs in options.columns.items()}
    said = {*options.types, *options.text, *(options.dates if isinstance(options.dates, dict) else ())}
    only, terms = {}, []
    for column, kind in kinds.items():
        is_said = bool({column, ours.get(column, column)} & said)
        is_text = kind == "VARCHAR" or kind.startswith("ENUM")
        only[column] = "nested" if not is_said and not is_text else "" if _retyped(options) or is_said else "text"
        term = _term(column, kind, options, as_text=is_said or is_text)
        if {options.types.get(one) for one in (column, ours.get(column, column))} & {"integer", "number"}:
            term = f"replace({term}, '\u2212', '-')"  # the minus of pages
        terms.append(f"{term} AS {quote(column)}")
    return ", ".join(terms), only


def _noticed(connection: duckdb.DuckDBPyConnection, rows: str, notes: tuple[str, ...]) -> tuple[str, ...]:
    """The notes, and what columns of text look like without being it."""
    kinds = connection.execute(f"DESCRIBE FROM {rows}").fetchall()
    texts = [typing.TextColumn(name, name, only="text", is_text=True) for name, kind, *_ in kinds if kind == "VARCHAR"]
    return (*notes, *noticed(connection, rows, texts, ReadOptions()))


def _retyped(options: ReadOptions) -> bool:
    """Whether texts may be numbers or dates, as the course says how these are written."""
    return bool(options.decimal or options.thousands or (options.dates and isinstance(options.dates, str)))


def _term(column: str, kind: str, options: ReadOptions, *, as_text: bool) -> str:
    """SQL: a column as text, as people write its values, or as it is."""
    value = quote(column)
    if not as_text and (not options.missing or _is_nested(kind)):
        return value
    written = f"CAST({value} AS VARCHAR)"
    if kind in _NUMBERS:
        whole = f"{value} = trunc({value}) AND abs({value}) < {_WHOLE:.0f}"
        written = f"CASE WHEN {whole} THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) ELSE {written} END"
    if options.missing:
        told = written if as_text else value
        return f"CASE WHEN {written} NOT IN ({', '.join(map(text, options.missing))}) THEN {told} END"
    return written


def _is_nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))


def _fail(error: CoursewrightError) -> None:
    raise error
