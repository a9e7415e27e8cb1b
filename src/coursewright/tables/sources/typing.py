"""The types of columns of text, by what every value of them looks like.

A type is decided by the whole column. Of a long file the first rows propose it; a view by that proposal then looks at
each value that it reads, and breaks off at one that is otherwise, after which all rows are looked at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coursewright.tables.sources import forms
from coursewright.tables.sources.forms import (
    BOOLEAN,
    DATE,
    DATED,
    DECIMAL,
    HUGE,
    INSTANT,
    INTEGER,
    LONG,
    NA,
    NUMBER,
    SCIENCE,
    TIME,
    TIMESTAMP,
)
from coursewright.tables.sources.opened import text
from coursewright.tables.sources.options import ReadOptions, is_timed
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

MISTYPED = "a value of another type"
Forms = Mapping[str, int]

# The types, and of which forms all values of such a column are; the first that fits.
_TYPES: tuple[tuple[str, frozenset[str]], ...] = (
    ("BIGINT", frozenset({INTEGER, LONG})),
    ("HUGEINT", frozenset({INTEGER, LONG, HUGE})),
    ("DOUBLE", frozenset({INTEGER, NUMBER, SCIENCE})),
    ("DECIMAL", frozenset({INTEGER, LONG, HUGE, NUMBER, DECIMAL})),
    ("DATE", frozenset({DATE})),
    ("TIMESTAMP", frozenset({TIMESTAMP})),
    ("TIMESTAMPTZ", frozenset({INSTANT})),
    ("TIME", frozenset({TIME})),
    ("BOOLEAN", frozenset({BOOLEAN})),
    ("DATED", frozenset({DATED})),
)
_SAID = {
    "integer": ("BIGINT", "HUGEINT"),
    "number": ("DOUBLE", "DECIMAL"),
    "date": ("DATE", "DATED"),
    "time": ("TIME",),
    "timestamp": ("TIMESTAMP", "TIMESTAMPTZ", "DATED"),
    "boolean": ("BOOLEAN",),
}
_ONLY = {
    "numbers": ("BIGINT", "HUGEINT", "DOUBLE", "DECIMAL"),
    "times": ("DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIME", "DATED"),
}
_NO_NUMBERS = "('NaN', 'Infinity', '-Infinity')"  # what Python writes into JSON
_MOST_DIGITS = 38  # of a DECIMAL


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of text called `theirs` in the file and `ours` in the table, and its `type` in SQL.

    `said` is the type that the course says, `dates` the form of its dates, `only` "numbers", "times", "text" or
    "nested" when the file itself says so much; with `na`, "NA" is a missing value in it. `is_text` is whether it is
    text for certain, since some value is nothing else, or the course says so; `is_dated`, whether it has dates in the
    form of `dates`.
    """

    theirs: str
    ours: str
    said: str = ""
    dates: str = ""
    only: str = ""
    type: str = "VARCHAR"
    na: bool = False
    is_text: bool = False
    is_dated: bool = False

    def form(self, value: str, options: ReadOptions) -> str:
        """SQL: the form of a value of this column."""
        if self.said and not self.dates:
            return forms.said_form(value, self.said, options)
        form = forms.form(value, options, dates=self.dates)
        return (
            f"CASE WHEN {value} IN {_NO_NUMBERS} THEN '{SCIENCE}' ELSE {form} END" if self.only == "numbers" else form
        )


def columns(found: Iterable[str], options: ReadOptions, only: Mapping[str, str]) -> tuple[TextColumn, ...]:
    """The columns that are wanted, with what is said of each; `only` is what is known of the types of some."""
    names = options.columns or {name: name for name in found}
    made = []
    for ours, theirs in names.items():
        said = next((options.types[name] for name in (ours, theirs) if name in options.types), "")
        if {ours, theirs} & set(options.text):
            said = "text"
        dates = options.form_of(ours, theirs) or (options.dates if isinstance(options.dates, str) else "")
        dates = dates if said in ("", "date", "timestamp") else ""
        known = only.get(theirs, "") if not said else ""
        is_text = said == "text" or known == "nested" or (known == "text" and not dates)
        made.append(TextColumn(theirs, ours, said, dates, known, is_text=is_text))
    return tuple(made)


def count_forms(
    connection: duckdb.DuckDBPyConnection, rows: str, among: Iterable[TextColumn], options: ReadOptions
) -> Mapping[str, Forms]:
    """How many values of each form the columns have in `rows`, something to SELECT FROM; one pass for most tables."""
    alike: dict[tuple[str, str], list[TextColumn]] = {}
    found: dict[str, dict[str, int]] = {}
    for column in among:
        found[column.theirs] = {}
        if not column.is_text:
            alike.setdefault((column.said, column.dates), []).append(column)
    for several in alike.values():
        names = ", ".join(quote(name) for name in dict.fromkeys(column.theirs for column in several))
        counted = f"SELECT n, {several[0].form('v', options)} AS form, count(*)"
        unpivoted = f"UNPIVOT (SELECT {names} FROM {rows}) ON COLUMNS(*) INTO NAME n VALUE v"
        for name, form, count in connection.execute(f"{counted} FROM ({unpivoted}) GROUP BY ALL").fetchall():
            found[name][form] = count
    return found


def decide(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    among: Iterable[TextColumn],
    found: Mapping[str, Forms],
    options: ReadOptions,
) -> tuple[TextColumn, ...]:
    """The columns with the types that the forms of their values give; `rows` is read again for very long numbers."""
    decided = []
    for column in among:
        if column.is_text:
            decided.append(column)
            continue
        forms_found = set(found[column.theirs])
        kind = _kind(column, forms_found - {NA})
        if kind == "DECIMAL":
            whole, parts = _widths(connection, rows, column, options)
            kind = f"DECIMAL({whole + parts}, {parts})" if whole + parts <= _MOST_DIGITS else ""
            kind = kind or ("DOUBLE" if column.said else "VARCHAR")  # digits are lost only where the course says so
        text_found = kind == "VARCHAR" and bool(forms_found - {NA})
        dated = kind != "VARCHAR" and DATED in forms_found
        decided.append(
            replace(column, type=kind, na=NA in forms_found and kind != "VARCHAR", is_text=text_found, is_dated=dated)
        )
    return tuple(decided)


def _kind(column: TextColumn, found: set[str]) -> str:
    """The type of a column whose values have these forms."""
    allowed = _SAID.get(column.said) or _ONLY.get(column.only) or tuple(kind for kind, _ in _TYPES)
    if not found:
        return allowed[0] if column.said else "VARCHAR"
    kind = next((kind for kind, own in _TYPES if kind in allowed and found <= own), "VARCHAR")
    if column.said == "number" and kind == "VARCHAR" and found <= {NUMBER, DECIMAL, SCIENCE}:
        kind = "DOUBLE"
    if kind == "DATED" and column.dates:
        timed = is_timed(column.dates) if not column.said else column.said == "timestamp"
        kind = "TIMESTAMP" if timed else "DATE"
    return kind


def passes(connection: duckdb.DuckDBPyConnection, rows: str, among: Iterable[TextColumn], options: ReadOptions) -> bool:
    """Whether all values pass the checks of a view, which know only what is written in the usual way."""
    import duckdb

    asked = selected(among, options, checked="rows")
    try:
        connection.execute(f"SELECT count(COLUMNS(*)) FROM (SELECT {asked} FROM {rows})").fetchall()
    except duckdb.Error:
        return False
    return True


def _widths(
    connection: duckdb.DuckDBPyConnection, rows: str, column: TextColumn, options: ReadOptions
) -> tuple[int, int]:
    """The most digits before and after the point."""
    number = forms.plain(quote(column.theirs), options)
    whole, parts = f"ltrim(split_part({number}, '.', 1), '-+0')", f"split_part({number}, '.', 2)"
    absent = f"WHERE {quote(column.theirs)} <> 'NA'" if options.missing is None else ""
    widths = f"SELECT max(strlen({whole})), max(strlen({parts})) FROM {rows} {absent}"
    ((before, after),) = connection.execute(widths).fetchall()
    return max(before, 1), after


def selected(columns: Iterable[TextColumn], options: ReadOptions, *, checked: str = "") -> str:
    """SQL: the columns by their types, to be put after SELECT; `checked` is said with MISTYPED where one is otherwise.

    The checks are for what nothing is said of, written in the usual way; without them all rows have been looked at.
    """
    return ", ".join(f"{_read(column, options, checked)} AS {quote(column.ours)}" for column in columns)


def _read(column: TextColumn, options: ReadOptions, checked: str) -> str:
    value = quote(column.theirs)
    if column.type == "VARCHAR":
        return value
    cast = _cast(column, value, options, trying=bool(checked))
    absent = f"WHEN {value} = 'NA' THEN NULL" if column.na else ""
    if not checked:
        return f"CASE {absent} ELSE {cast} END" if absent else cast
    wrong = f"error({text(f'{MISTYPED} in {checked}')})"
    fits = " ".join(f"WHEN {check} THEN {cast}" for check in _quick(column.type, value))
    if column.type == "DATE":  # beside infinity; a CASE within costs less than an AND
        fits = f"WHEN {_same('DATE', value)} THEN CASE WHEN strlen({value}) = 10 THEN {cast} ELSE {wrong} END"
    return f"CASE {fits} WHEN {value} IS NULL THEN NULL {absent} ELSE {wrong} END"


def _cast(column: TextColumn, value: str, options: ReadOptions, *, trying: bool) -> str:
    kind = column.type
    if column.is_dated:
        return f"CAST({forms.moment(value, column.dates)} AS {kind})"
    if kind == "BOOLEAN" and column.said:
        return f"lower({value}) IN ('true', 'yes', '1', 't', 'y')"
    if kind in ("BIGINT", "HUGEINT", "DOUBLE") or kind.startswith("DECIMAL"):
        value = forms.plain(value, options) if options.thousands or options.decimal else value
    return f"{'TRY_' * trying}CAST({value} AS {kind})"


def _same(kind: str, value: str) -> str:
    """SQL: whether a value of the type is written as the database writes it."""
    return f"CAST(TRY_CAST({value} AS {kind}) AS VARCHAR) = {value}"


def _quick(kind: str, value: str) -> tuple[str, ...]:
    """SQL for checks that only values of the type pass, one after the other: most of their time is that of the cast."""
    # Fifteen digits are exact; a longer number has to come back as it was written.
    short = "-?(?:(?:0|[1-9][0-9]{0,8})(?:[.][0-9]{1,6})?|[.][0-9]{1,6})"
    finite = f"isfinite(TRY_CAST({value} AS DOUBLE))"
    return {
        "BIGINT": (_same(kind, value),),
        "HUGEINT": (_same(kind, value),),
        "DOUBLE": (forms.matches(value, short), f"{_same(kind, value)} AND {finite}"),
        "TIMESTAMP": (forms.is_time(value, TIMESTAMP),),
        "TIMESTAMPTZ": (forms.is_time(value, INSTANT),),
        "TIME": (forms.is_time(value, TIME),),
        "BOOLEAN": (f"{value} IN {forms.TRUTHS}",),
    }.get(kind, ())
