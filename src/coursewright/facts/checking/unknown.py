"""Rows of which nobody knows when they were known: no finder is handed them, so that somebody has to be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursewright.errors import CoursewrightError
from coursewright.tables import Database, DerivedTable, Sql, Timeline, quote
from coursewright.tables.statements import DUCKDB


@dataclass(frozen=True)
class Unknown:
    """How many of a table's `rows` have no moment: those without a key, and those whose key is none of a moment."""

    table: str
    rows: int
    without: int
    nowhere: int
    timeline: Timeline

    def __str__(self) -> str:
        key, table = self.timeline.key, self.timeline.table
        said = [f"{self.without:,} without {key}"] if self.without else []
        order = " and ".join(self.timeline.order)
        where = f"without {order}" if self.table == table else f"whose {key} is not in {table} with its {order}"
        said += [f"{self.nowhere:,} {where}"] if self.nowhere else []
        return f"{self.table}: no finder is handed {' and '.join(said)}, of {self.rows:,} rows"


def unknown_moments(database: Database, timeline: Timeline) -> Iterator[Unknown]:
    """The tables with rows that belong to no moment of the timeline."""
    key, order = quote(timeline.key), " AND ".join(f"{quote(column)} IS NOT NULL" for column in timeline.order)
    known = f"SELECT {key} FROM {quote(timeline.table)} WHERE {order}"
    for name, table in database.tables.items():
        of_rows = isinstance(table, DerivedTable) and not table.cumulative  # its rows are made of those that are handed
        if name in timeline.timeless or (of_rows and name != timeline.table):
            continue
        text = (
            f"SELECT count(*) AS n, count({key}) AS keyed, "
            f"sum(CASE WHEN {key} IN ({known}) THEN 1 ELSE 0 END) AS known FROM {quote(name)}"
        )
        try:
            if timeline.key.lower() not in map(str.lower, database.columns(name)):
                continue
            row = database.rows(Sql(text, "course.toml", dialect=DUCKDB))[0]
        except CoursewrightError:  # told where the table is opened, or by the finder that reads it
            continue
        found = Unknown(name, row["n"], row["n"] - row["keyed"], row["keyed"] - int(row["known"] or 0), timeline)
        if found.without or found.nowhere:
            yield found
