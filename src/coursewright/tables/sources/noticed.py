"""What columns of text look like without being it, said to people with what they could write into course.toml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from coursewright.tables.sources import forms, markers, typing
from coursewright.tables.sources.opened import text
from coursewright.tables.sources.options import ReadOptions
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_WAYS = 2  # to read the same numbers
_FEW = 3  # texts that may stand for missing values
_SHARE = 0.1  # of the values of a column that look like something
_FIRST = 20_480  # rows by which a column is worth a look
_NUMBERS = (forms.INTEGER, forms.LONG, forms.HUGE, forms.NUMBER, forms.DECIMAL, forms.SCIENCE)
_LIKE = {
    forms.DATE: "dates",
    forms.TIMESTAMP: "timestamps",
    forms.INSTANT: "timestamps",
    forms.TIME: "times",
    forms.BOOLEAN: "true and false",
} | dict.fromkeys(_NUMBERS, "numbers")
# Forms of dates that are not ISO's, and how people call them.
_DATES = {
    "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}": {"%d/%m/%Y": "day/month", "%m/%d/%Y": "month/day"},
    "[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}": {"%d/%m/%y": "day/month", "%m/%d/%y": "month/day"},
    "[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}": {"%d.%m.%Y": "day.month"},
    "[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}": {"%d-%m-%Y": "day-month", "%m-%d-%Y": "month-day"},
    "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}": {"%Y/%m/%d": "year/month/day"},
}
# Forms of numbers that are not SQL's, how people call them, and what says so.
_NUMBERS_ELSEWHERE = {
    "-?(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})*)(?:[.][0-9]+)?": ("numbers with commas between thousands", 'thousands = ","'),
    "-?(?:0|[1-9][0-9]*)(?:,[0-9]+)?": ("numbers with a decimal comma", 'decimal = ","'),
    "-?(?:0|[1-9][0-9]{0,2}(?:[.][0-9]{3})*)(?:,[0-9]+)?": (
        "numbers with points between thousands",
        'decimal = "," and thousands = "."',
    ),
}


# A number whose point may stand between thousands, beside whole ones; and a decimal comma that surely is one.
THREES = "-?(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}[.][0-9]{3})"
COMMA, COMMAS = "-?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})", "-?[0-9]+(?:,[0-9]+)?"


def noticed(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    columns: Iterable[typing.TextColumn],
    options: ReadOptions,
    *,
    points: bool = False,
) -> Iterator[str]:
    """A sentence for each column that was taken for something, or that looks like something that it is not.

    With `points`, a point may stand between the thousands of numbers, by how the file is written.
    """
    columns = tuple(columns)
    if not options.decimal and not options.thousands:
        yield from _in_threes(connection, rows, columns, points=points)
    for column in columns:
        if column.na:
            like = "dates or times" if column.type in ("DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ") else "numbers"
            like = "true and false" if column.type == "BOOLEAN" else like
            yield f'{column.ours}: "NA" was taken for a missing value, the others being {like}: missing = ["NA"]'
        elif column.is_text and not column.said and column.only != "nested":
            yield from _text(connection, rows, column, options)


def _in_threes(
    connection: duckdb.DuckDBPyConnection, rows: str, columns: tuple[typing.TextColumn, ...], *, points: bool
) -> Iterator[str]:
    """Numbers with a point before three digits, where other columns have a decimal comma or `points` says so."""
    doubtful = [one for one in columns if one.type == "DOUBLE" and not one.said and not one.only]
    texts = [one for one in columns if one.is_text and not one.said and not one.only] if doubtful else []
    asked = {one.theirs: forms.matches(quote(one.theirs), THREES) for one in doubtful}
    others = [_some(quote(one.theirs), COMMA, COMMAS) for one in texts]
    if others and not points:
        (found,) = connection.execute(f"SELECT {', '.join(others)} FROM {rows}").fetchall()
        points = any(found)
    fits = _all(connection, rows, asked) if points else set()
    for column in doubtful:
        if column.theirs in fits:
            value = quote(column.theirs)
            ((shown,),) = connection.execute(
                f"SELECT {value} FROM {rows} WHERE contains({value}, '.') LIMIT 1"
            ).fetchall()
            yield point_taken(column.ours, shown)


def point_taken(column: str, shown: str) -> str:
    """The sentence for a column of numbers such as `shown`, whose point may stand between thousands."""
    said = f"the point in {shown} was taken for the decimal sign, not for one between thousands"
    return f'{column}: {said}: decimal = "." or decimal = "," and thousands = "."'


def _some(value: str, some: str, every: str) -> str:
    """SQL: whether some values are like a pattern and all like another."""
    return f"coalesce(bool_or({forms.matches(value, some)}) AND bool_and({forms.matches(value, every)}), false)"


def _text(
    connection: duckdb.DuckDBPyConnection, rows: str, column: typing.TextColumn, options: ReadOptions
) -> Iterator[str]:
    value = quote(column.theirs)
    first = f"(SELECT {value} FROM {rows} LIMIT {_FIRST})"
    here = typing.count_forms(connection, first, [_open(column)], options)[column.theirs]
    likely = {_LIKE[form] for form in here if form in _LIKE}
    if likely:
        yield from _mixed(connection, rows, column, options)
    elif set(here) == {forms.OTHER}:
        yield from _written(connection, rows, column)
    elif set(here) == {forms.OFFSET}:
        remedy = f'types = {{ {_key(column)} = "timestamp" }}'
        yield f"{column.ours}: times with offsets stay text, so that none is lost: {remedy}"


def _open(column: typing.TextColumn) -> typing.TextColumn:
    return typing.TextColumn(column.theirs, column.ours, dates=column.dates)


def _mixed(
    connection: duckdb.DuckDBPyConnection, rows: str, column: typing.TextColumn, options: ReadOptions
) -> Iterator[str]:
    """Most values are of one kind, the rest are few texts."""
    found = typing.count_forms(connection, rows, [_open(column)], options)[column.theirs]
    kinds: dict[str, int] = {}
    for form, count in found.items():
        kinds[_LIKE.get(form, "")] = kinds.get(_LIKE.get(form, ""), 0) + count
    rest = kinds.pop("", 0)
    if set(kinds) == {"numbers"} and not rest and column.only in ("", "numbers"):
        said = f"{column.ours}: no type holds all digits of its numbers, so it stays text: "
        yield f'{said}types = {{ {_key(column)} = "number" }} rounds them'
    if len(kinds) != 1 or not rest:
        return
    ((like, count),) = kinds.items()
    value = quote(column.theirs)
    known = ", ".join(text(form) for form in _LIKE)
    other = f"{value} IS NOT NULL AND {_open(column).form(value, options)} NOT IN ({known})"
    others = f"SELECT DISTINCT {value} FROM {rows} WHERE {other}"
    texts = [one for (one,) in connection.execute(f"{others} ORDER BY 1 LIMIT {_FEW + 1}").fetchall()]
    if len(texts) > _FEW or count < (count + rest) * _SHARE or all(re.fullmatch("-?0[0-9]+", one) for one in texts):
        return
    said = f"{count:,} of {count + rest:,} look like {like}; the rest {'are' if rest > 1 else 'is'} {', '.join(texts)}"
    what_to_do = "" if any(re.search("[0-9]", one) for one in texts) else f": {markers.remedy(texts, column.ours)}"
    yield f"{column.ours}: {said}{what_to_do}"


def _key(column: typing.TextColumn) -> str:
    """The name of a column as TOML writes a key."""
    return column.ours if re.fullmatch("[A-Za-z0-9_-]+", column.ours) else json.dumps(column.ours, ensure_ascii=False)


def _written(connection: duckdb.DuckDBPyConnection, rows: str, column: typing.TextColumn) -> Iterator[str]:
    """All values are numbers or dates that are written in some other way than SQL's."""
    value = quote(column.theirs)
    first = f"(SELECT {value} FROM {rows} LIMIT {_FIRST})"
    ways = {pattern: forms.matches(value, pattern) for pattern in (*_NUMBERS_ELSEWHERE, *_DATES)}
    likely = _all(connection, first, ways)
    ways = {pattern: check for pattern, check in ways.items() if pattern in likely}
    fits = _all(connection, rows, ways)
    said = [way for pattern, way in _NUMBERS_ELSEWHERE.items() if pattern in fits][:_WAYS]
    if said:
        likes, says = (" or ".join(words) for words in zip(*said, strict=True))
        yield f"{column.ours}: looks like {likes}: {says}"
    for pattern in fits & set(_DATES):
        moments = {form: f"{forms.moment(value, form)} IS NOT NULL" for form in _DATES[pattern]}
        dates = [form for form in moments if form in _all(connection, rows, moments)]
        if dates:
            like = " or ".join(_DATES[pattern][form] for form in dates)
            yield f"{column.ours}: looks like {like}: {' or '.join(_dates(form) for form in dates)}"


def _dates(form: str) -> str:
    return f'dates = "{form}"'


def _all(connection: duckdb.DuckDBPyConnection, rows: str, checks: Mapping[str, str]) -> set[str]:
    """Those of the named checks that all `rows` pass."""
    if not checks:
        return set()
    asked = ", ".join(f"bool_and({one})" for one in checks.values())
    (passed,) = connection.execute(f"SELECT {asked} FROM {rows}").fetchall()
    return {name for name, whether in zip(checks, passed, strict=True) if whether}
