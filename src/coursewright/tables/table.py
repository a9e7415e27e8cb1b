"""The nouns: a table of the course and where its rows come from."""

from __future__ import annotations

from dataclasses import dataclass

from coursewright.errors import Place
from coursewright.tables.source import Source
from coursewright.tables.statements.sql import Sql


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows come from `source`; `place` is where the course says so."""

    name: str
    source: Source
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class DerivedTable:
    """A table that one SELECT makes from the others: `tables/NAME.sql`.

    Each row of a `cumulative` one belongs to a moment of the course's timeline and is made of that moment's rows and of
    earlier ones. With `latest`, a finder is handed the last known row for each combination of these columns alone.
    """

    name: str
    sql: Sql
    cumulative: bool = False
    latest: tuple[str, ...] = ()


def quote(name: str) -> str:
    """`name` as a quoted SQL identifier, so that any column or table name is only ever a name."""
    return '"' + name.replace('"', '""') + '"'
