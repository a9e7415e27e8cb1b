"""The moments that facts are asked for: written into a table of the database, beside the course's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coursewright.errors import CoursewrightError, Place
from coursewright.facts.cumulative import remember_moments
from coursewright.tables import Database, Timeline, quote
from coursewright.tables.contracts import kind_of

PLACE = Place("course.toml", part="[timeline]")
_ASKED = "asked"  # under which name the database keeps what is asked


@dataclass(frozen=True)
class MomentTable:
    """The columns of the table `_asked` and their types, and what its only row holds, where there are not several."""

    columns: Mapping[str, str]
    only: Mapping[str, Any] | None


def asked_of(database: Database) -> MomentTable:
    """What was asked last."""
    asked: MomentTable = database.beside[_ASKED]
    return asked


def ask_as(database: Database, asked: MomentTable) -> None:
    """Let what was asked last be known by other columns, or other values of the only row."""
    database.beside[_ASKED] = asked


def ask(database: Database, timeline: Timeline | None, moments: Iterable[Mapping[str, Any]]) -> None:
    """Write the moments to find facts for into the table `_asked`: their parameters, their `_row`, and with a timeline
    the number of each among all moments, `_moment`, and among those that are asked for, `_place`."""
    import duckdb

    rows = [{**database.parameters, **moment} for moment in moments]
    names = dict.fromkeys(name for row in rows for name in row)
    refuse_our_names(names, Place("course.toml", part="[parameters]"))
    columns: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in names}
    columns["_row"] = list(range(len(rows)))
    given = ", ".join(f"unnest(${number}) AS {quote(name)}" for number, name in enumerate(columns, start=1))
    text = f"SELECT {given}"
    try:
        if timeline is not None:
            open_moments(database, timeline)
            pairs = zip(timeline.now, timeline.order, strict=True)
            same = " AND ".join(f"g.{quote(now)} = m.{quote(column)}" for now, column in pairs)
            order = ", ".join(map(quote, timeline.order))
            moments_once = f"(SELECT DISTINCT {order}, _moment FROM _moments)"
            place = "dense_rank() OVER (ORDER BY m._moment) - 1 AS _place"
            text = f"SELECT g.*, m._moment, {place} FROM ({text}) g LEFT JOIN {moments_once} m ON {same}"
        database.connection.execute(f"CREATE OR REPLACE TEMP TABLE _asked AS {text}", list(columns.values()))
    except duckdb.Error as error:
        said = str(error).split("\n")[0].partition("Error: ")[2] or str(error).split("\n")[0]
        raise CoursewrightError(f"the moments cannot be told apart: {said}", PLACE) from None
    number = None
    if timeline is not None:
        _refuse_unknown_moments(database, timeline)
        number, *_ = remember_moments(database)
    described = database.connection.execute("DESCRIBE _asked").fetchall()
    only = {**rows[0], "_moment": number} if len(rows) == 1 else None
    ask_as(database, MomentTable({name: str(kind) for name, kind, *_ in described}, only))


def open_moments(database: Database, timeline: Timeline) -> None:
    """Write all moments of the timeline into the table `_moments`, unless they are there."""
    columns = database.columns(timeline.table)
    refuse_order(timeline, {name.lower(): kind_of(kind) for name, kind in columns.items()})
    database.connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS _moments AS {timeline.moments()}")
    count = f"SELECT count(*), count(DISTINCT {quote(timeline.key)}) FROM _moments"
    ((all_rows, keys),) = database.connection.execute(count).fetchall()
    if all_rows != keys:  # a row of another table would belong to two moments, and be known too early at one
        message = f'"{timeline.key}" does not name each row of {timeline.table} once'
        raise CoursewrightError(message, PLACE, "remove the rows that are there twice or have none")


def refuse_our_names(names: Iterable[str], place: Place) -> None:
    """Raise CoursewrightError for a parameter that is called as ours are."""
    for name in names:
        if name.startswith("_"):
            raise CoursewrightError(f'a parameter cannot be called "{name}"', place, "choose a name without _ in front")


def refuse_order(timeline: Timeline, kinds: Mapping[str, str]) -> None:
    """Raise CoursewrightError for a timeline in the order of columns whose `kinds` do not say which is earlier."""
    for column in timeline.order:
        if kinds.get(column.lower(), "number") not in ("integer", "number", "date", "timestamp", "time"):
            message = (
                f'"{column}" of {timeline.table} does not say which moment is earlier: it is no number, date or time'
            )
            raise CoursewrightError(message, PLACE, "as texts, R10 comes before R2: `order` by a number, date or time")


def _refuse_unknown_moments(database: Database, timeline: Timeline) -> None:
    names = ", ".join(map(quote, timeline.now))
    unknown = database.connection.execute(f"SELECT {names} FROM _asked WHERE _moment IS NULL LIMIT 1").fetchall()
    if unknown:
        asked = " and ".join(f"{name} = {value}" for name, value in zip(timeline.now, unknown[0], strict=True))
        columns = " and ".join(timeline.order)
        raise CoursewrightError(
            f"there is nothing in {timeline.table} for {asked}",
            PLACE,
            f"see {columns} in: coursewright table {timeline.table}",
        )
