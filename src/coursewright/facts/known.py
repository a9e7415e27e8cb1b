"""The course's tables as they stood at a moment: what makes it impossible for a finder to know what came later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursewright.errors import CoursewrightError, Place
from coursewright.facts.fact import Finder
from coursewright.tables import Database, Derived, Sql, Timeline, quote
from coursewright.tables.database import refuse_circle

PLACE = Place("course.toml", part="[timeline]")
# Functions that tell of more rows than there are to see.
_REVEALING = frozenset({"stats", "current_query", "typeof", "pg_typeof"})
# What answers otherwise from one run to the next.
_CHANGING = frozenset({
    *("now", "today", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "age(x)"),
    *("get_current_time", "get_current_timestamp", "transaction_timestamp", "using sample"),
    *("random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"),
    *("txid_current", "current_transaction_id", "current_connection_id", "current_query_id", "nextval", "currval"),
})  # fmt: skip
# Table functions that read nothing but their arguments; any other could reach past the tables that a finder is handed.
_HARMLESS_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})


def ask(database: Database, timeline: Timeline | None, moments: Iterable[Mapping[str, Any]]) -> None:
    """Write the moments to find facts for into the table `_asked`: their parameters, `_row` and `_moment`."""
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
            _open_moments(database, timeline)
            pairs = zip(timeline.now, timeline.order, strict=True)
            same = " AND ".join(f"g.{quote(now)} = m.{quote(column)}" for now, column in pairs)
            order = ", ".join(map(quote, timeline.order))
            moments_once = f"(SELECT DISTINCT {order}, _moment FROM _moments)"
            text = f"SELECT g.*, m._moment FROM ({text}) g LEFT JOIN {moments_once} m ON {same}"
        database.connection.execute(f"CREATE OR REPLACE TEMP TABLE _asked AS {text}", list(columns.values()))
    except duckdb.Error as error:
        said = str(error).split("\n")[0].partition("Error: ")[2] or str(error).split("\n")[0]
        raise CoursewrightError(f"the moments cannot be told apart: {said}", PLACE) from None
    if timeline is not None:
        _refuse_unknown_moments(database, timeline)


def statement(database: Database, timeline: Timeline | None, finder: Finder) -> tuple[str, int]:
    """The SQL that finds `finder`'s facts for all of `_asked`, and the number of lines before the author's own.

    Each row of `_asked` is handed its own tables: the WITH clauses hold only what was known at that moment, the
    author's statement inside can name nothing else, and the database turns the whole into a few joins.
    """
    refuse_our_names(finder.parameters, finder.place("parameters"))
    handed = _Handed(database, timeline, stage_of(timeline, finder))
    handed.add(finder.sql)
    own = "".join(f", ${name} AS {quote(name)}" for name in finder.parameters)
    hidden = _overridden(database, finder)
    asked = f"* EXCLUDE ({', '.join(map(quote, hidden))})" if hidden else "*"
    head = [f"SELECT _now._row AS _row, _found.* FROM (SELECT {asked}{own} FROM _asked) AS _now, LATERAL ("]
    clauses = [f"{quote(name)} AS NOT MATERIALIZED (\n{sql})" for name, sql in handed.clauses.items()]
    if clauses:
        head.append("WITH " + ",\n".join(clauses))
    head.append("SELECT * FROM (")
    above = "\n".join(head)
    return f"{above}\n{_now(database.as_duckdb(finder.sql))}\n) AS _facts) AS _found", above.count("\n") + 1


def _open_moments(database: Database, timeline: Timeline) -> None:
    database.open(timeline.table)
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


def refuse_reaching_out(database: Database, sql: Sql) -> None:
    """Raise CoursewrightError for SQL of a finder that reads more than it is handed, or changes from run to run."""
    reading = database.read(sql)
    for name in reading.local:
        if name.startswith("_"):  # a name of the author's own there would make one of ours pass for a local one
            raise CoursewrightError(
                f'a finder cannot call a WITH clause "{name}"', sql.place(), "leave out the _ in front"
            )
    for name in sorted(reading.functions & _REVEALING):
        message, hint = f"a finder cannot use the function {name}", "it shows what the tables keep from a finder"
        raise CoursewrightError(message, sql.place(), hint)
    for name in sorted(reading.functions & _CHANGING):
        used = name.upper() if " " in name else f"the function {name}"
        hint = "its answer changes from run to run: use a parameter of the course instead"
        raise CoursewrightError(f"a finder cannot use {used}", sql.place(), hint)
    for reference in reading.references:
        place = sql.place(reference.line)
        if reference.kind == "function" and reference.name.lower() not in _HARMLESS_FUNCTIONS:
            raise CoursewrightError(
                f"a finder cannot use the table function {reference.name}", place, "name a table of the course"
            )
        if reference.schema or "." in reference.name:
            name = f"{reference.schema}.{reference.name}".lstrip(".")
            hint = "name a table of the course, alone: a finder is handed only what was known at the time"
            raise CoursewrightError(f'a finder cannot read "{name}"', place, hint)


def stage_of(timeline: Timeline | None, finder: Finder) -> int:
    """The stage of the present moment up to which a finder may know."""
    if not finder.settings.known:
        return 0
    if timeline is None:
        raise CoursewrightError("`known` needs a [timeline] in course.toml", finder.place("known"))
    return timeline.stage(finder.settings.known, finder.place("known"))


@dataclass
class _Handed:
    """The tables that one finder is handed, as WITH clauses by name, each after those that it is made from."""

    database: Database
    timeline: Timeline | None
    stage: int
    clauses: dict[str, str] = field(default_factory=dict)

    def add(self, sql: Sql, within: tuple[str, ...] = ()) -> None:
        """Add what `sql` names; `within` are the derived tables around it."""
        refuse_reaching_out(self.database, sql)
        for name in sorted(self.database.names(sql)):
            table = self.database.tables[name]
            if name in self.clauses:
                continue
            if isinstance(table, Derived):
                refuse_circle(table, within)
                self.add(table.sql, (*within, name))
                self.clauses[name] = _now(self.database.as_duckdb(table.sql))
            else:
                self.clauses[name] = self._known_rows(name, sql)

    def _known_rows(self, name: str, sql: Sql) -> str:
        self.database.open(name)
        if self.timeline is None or name in self.timeline.timeless:
            return f"SELECT * FROM main.{quote(name)}"
        self._keep(name, self.timeline.key, sql)
        compare = self.timeline.comparison(name, self.stage)
        return f"SELECT * EXCLUDE (_moment) FROM {quote(f'_known {name}')} WHERE _moment {compare} _now._moment"

    def _keep(self, name: str, key: str, sql: Sql) -> None:
        """Keep the table with the moment of each row, so that what is known is one comparison of whole numbers."""
        kept = f"_known {name}"
        connection = self.database.connection
        if connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [kept]).fetchall():
            return
        if key not in self.database.columns(name):
            raise without_key(name, key, sql)
        if any(column.lower() == "_moment" for column in self.database.columns(name)):
            message = f'the table "{name}" cannot have a column called "_moment"'
            raise CoursewrightError(message, sql.place(), "rename the column")
        connection.execute(
            f"CREATE TEMP TABLE {quote(kept)} AS "
            f"SELECT t.*, m._moment FROM main.{quote(name)} t JOIN _moments m USING ({quote(key)})"
        )


def without_key(name: str, key: str, sql: Sql) -> CoursewrightError:
    """The error of a table that does not say when its rows were known."""
    message = f'the table "{name}" does not say when its rows were known: it has no column "{key}"'
    hint = f'if no row of it ever changes, add "{name}" to `timeless` in [timeline] of course.toml'
    return CoursewrightError(message, sql.place(), hint)


def _now(sql: Sql) -> str:
    return sql.with_parameters(lambda name: f"_now.{quote(name)}")


def _overridden(database: Database, finder: Finder) -> list[str]:
    """The finder's own parameters that the course has too: the finder's stand."""
    asked = {column for column, *_ in database.connection.execute("DESCRIBE _asked").fetchall()}
    return sorted(asked & set(finder.parameters))
