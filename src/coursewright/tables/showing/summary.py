"""The verb: sum up the columns of a table, in SQL that runs where the rows are and that every database has.

Two passes over the table: one for the counts and ends of all columns, one for the lengths of texts and the means; and
one more for each of the first texts, for the value that is there most often.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursewright.tables.contracts.conditions import kind_of
from coursewright.tables.database import Database
from coursewright.tables.showing.shown import show
from coursewright.tables.statements.dialects import DUCKDB
from coursewright.tables.statements.sql import Sql
from coursewright.tables.table import quote

_COUNTED = 30  # texts whose most frequent value is looked for


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """A column: its name and the database's type, how many values are missing, how many differ, what they are like.

    `different` is None where values of its kind are not compared, such as lists. `values` is for people: the least, the
    mean and the greatest number, the first and last date, the most frequent text and the lengths of texts.
    """

    name: str
    type: str
    missing: int
    different: int | None
    values: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A table: how many rows and columns it has, and the columns that were summed up."""

    rows: int
    width: int
    columns: tuple[ColumnSummary, ...]


def summarise(database: Database, table: str, *, limit: int | None = None) -> Summary:
    """Sum up the first `limit` columns of `table`, or all of them."""
    select = database.select(table)
    database.open_all(select, database.parameters)
    database.settle(select)
    kinds = database.columns(table)
    names = list(kinds)[:limit]
    terms = [
        f"{asked} AS {letter}{number}"
        for number, name in enumerate(names)
        for letter, asked in _terms(quote(name), kind_of(kinds[name])).items()
    ]
    (found,) = database.rows(
        Sql(f"SELECT {', '.join(['COUNT(*) AS n', *terms])} FROM {quote(table)}", table, dialect=DUCKDB)
    )
    rows = found["n"]
    columns = []
    texts = 0
    for number, name in enumerate(names):
        own = {key[:1]: found[key] for key in found if key[1:] == str(number)}
        kind = kind_of(kinds[name])
        frequent = ""
        if kind == "text" and own["c"] and texts < _COUNTED:
            texts += 1
            frequent = _most_frequent(database, table, name)
        missing = rows - own["c"]
        columns.append(ColumnSummary(name, kinds[name], missing, own.get("d"), _values(kind, own, frequent)))
    return Summary(rows, len(kinds), tuple(columns))


def _terms(column: str, kind: str) -> Mapping[str, str]:
    """What is asked about a column: c how many values, d how many different ones, and then by its kind."""
    terms = {"c": f"COUNT({column})"}
    if kind:
        terms["d"] = f"COUNT(DISTINCT {column})"
    if kind in ("integer", "number"):
        terms |= {"l": f"MIN({column})", "m": f"AVG({column})", "h": f"MAX({column})"}
    elif kind in ("date", "time", "timestamp"):
        terms |= {"l": f"MIN({column})", "h": f"MAX({column})"}
    elif kind == "text":
        text = f"CAST({column} AS VARCHAR)"  # which an ENUM or a UUID is not
        terms |= {"l": f"MIN(LENGTH({text}))", "h": f"MAX(LENGTH({text}))"}
    elif kind == "boolean":
        terms["h"] = f"COUNT(CASE WHEN {column} THEN 1 END)"
    return terms


def _values(kind: str, own: Mapping[str, Any], frequent: str) -> str:
    if not own["c"]:
        return ""
    if kind == "boolean":
        return f"{own['h']:,} yes, {own['c'] - own['h']:,} no"
    if kind in ("integer", "number"):
        return f"{_span([own['l'], own['h']])}, mean {_round(own['m'])}"
    if kind == "text":
        lengths = _span([own["l"], own["h"]])
        return "; ".join(filter(None, [frequent, f"{lengths} character{'s' if own['h'] != 1 else ''}"]))
    return _span([own["l"], own["h"]]) if kind else ""


def _most_frequent(database: Database, table: str, column: str) -> str:
    """The text that is there most often, unless each is there once."""
    name = quote(column)
    select = f"SELECT {name} AS v, COUNT(*) AS n FROM {quote(table)} WHERE {name} IS NOT NULL GROUP BY {name}"
    ((value, count),) = (
        row.values() for row in database.rows(Sql(f"{select} ORDER BY n DESC, v LIMIT 1", table, dialect=DUCKDB))
    )
    shown = str(value) if len(str(value)) <= 20 else f"{str(value)[:19]}…"
    return f'"{shown}" {count:,}×' if count > 1 else ""


def _span(ends: Sequence[Any]) -> str:
    low, high = (_round(end) if isinstance(end, float) else show(end) for end in ends)
    return low if low == high else f"{low} … {high}"


def _round(value: Any) -> str:
    """A number short enough to be compared with others at a glance."""
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return show(number)
    return f"{number:.0f}" if 1e5 <= abs(number) < 1e15 else f"{number:.6g}"
