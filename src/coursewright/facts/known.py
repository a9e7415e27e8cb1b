"""The course's tables as they stood at a moment: what makes it impossible for a finder to know what came later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursewright.errors import CoursewrightError, Place
from coursewright.facts.allowed import refuse_what_is_not_allowed
from coursewright.facts.cumulative import Cumulative, refuse_wrong_use, remember_moments
from coursewright.facts.fact import Finder
from coursewright.tables import Database, Derived, Sql, Table, Timeline, quote
from coursewright.tables.conditions import kind_of

PLACE = Place("course.toml", part="[timeline]")
_NOW = "_now._moment"  # the number of the present moment, in the statement that finds facts of many
_LOOKED_AT = 24  # moments, to see whether a cumulative table is one
_BEFORE = -1  # the stage at which nothing of the present moment is known


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
        database.beside["asked columns"] = [*columns, *(["_moment"] if timeline else [])]
    except duckdb.Error as error:
        said = str(error).split("\n")[0].partition("Error: ")[2] or str(error).split("\n")[0]
        raise CoursewrightError(f"the moments cannot be told apart: {said}", PLACE) from None
    if timeline is not None:
        _refuse_unknown_moments(database, timeline)
        remember_moments(database)


def statement(database: Database, timeline: Timeline | None, finder: Finder) -> tuple[str, int]:
    """The SQL that finds `finder`'s facts for all of `_asked`, and the number of lines before the author's own.

    Each row of `_asked` is handed its own tables: the WITH clauses hold only what was known at that moment, the
    author's statement inside can name nothing else, and the database turns the whole into a few joins.
    """
    refuse_parameters(finder, timeline)
    present = dict(_present(database, finder))
    handed = _Handed(
        database,
        timeline,
        stage_of(timeline, finder),
        tuple(name for name in present if name[0] != "_"),
        tuple(finder.parameters),
    )
    handed.add(finder.sql)
    asked = ", ".join(present.values())
    head = [f"SELECT _now._row AS _row, _found.* FROM (SELECT {asked} FROM _asked) AS _now, LATERAL ("]
    clauses = [f"{quote(name)} AS NOT MATERIALIZED (\n{sql})" for name, sql in handed.clauses.items()]
    if clauses:
        head.append("WITH " + ",\n".join(clauses))
    head.append("SELECT * FROM (")
    above = "\n".join(head)
    return f"{above}\n{_now(database.as_duckdb(finder.sql), finder.parameters)}\n) AS _facts) AS _found", above.count(
        "\n"
    ) + 1


def check_cumulative(database: Database, timeline: Timeline | None, table: Derived) -> None:
    """Raise CoursewrightError if a row of a cumulative table is made of later ones, as far as some moments show it."""
    refuse_wrong_use(table, timeline, (), database.tables)
    if timeline is None:
        return
    _open_moments(database, timeline)
    moments = database.connection.execute(
        f"SELECT DISTINCT _moment, {', '.join(map(quote, timeline.order))} FROM _moments ORDER BY 1"
    ).fetchall()
    if moments:
        ask(database, timeline, [dict(zip(timeline.now, moments[-1][1:], strict=True))])
        every = _Handed(database, timeline, len(timeline.stages) - 1, ())
        made = every.cumulative(table, timeline, ())
        made.handed()
        made.refuse_later_rows(moment for moment, *_ in moments[:: max(1, len(moments) // _LOOKED_AT)])


def _open_moments(database: Database, timeline: Timeline) -> None:
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


def refuse_parameters(finder: Finder, timeline: Timeline | None) -> None:
    """Raise CoursewrightError for a parameter of a finder's own that is called as ours are, or says when now is."""
    place = finder.place("parameters")
    refuse_our_names(finder.parameters, place)
    for name in finder.parameters:
        if timeline is not None and name in timeline.now:
            message = (
                f'a finder cannot have a parameter of its own called "{name}": it says which moment is the present'
            )
            raise CoursewrightError(message, place, "choose another name")


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
    parameters: tuple[str, ...]
    own: tuple[str, ...] = ()  # those of them that are the finder's own
    now: str = _NOW
    clauses: dict[str, str] = field(default_factory=dict)
    signs: set[str] = field(default_factory=set)  # how the moments of rows may stand to the present one

    def add(self, sql: Sql, within: tuple[str, ...] = ()) -> None:
        """Add what `sql` names; `within` are the derived tables around it."""
        refuse_what_is_not_allowed(self.database, sql)
        sql.check_parameters(dict.fromkeys(self.parameters))
        for name in sorted(self.database.names(sql)):
            table = self.database.tables[name]
            if name in self.clauses:
                continue
            if not isinstance(table, Derived):
                self.clauses[name] = self._known_rows(name, sql)
                continue
            refuse_wrong_use(table, self.timeline, within, self.database.tables)
            if self.timeline and table.cumulative and self.now == _NOW:
                self.clauses[name] = self.cumulative(table, self.timeline, within).handed()
            else:
                self.add(table.sql, (*within, name))
                self.clauses[name] = (
                    self._once(name, self.database.as_duckdb(table.sql), self.database.names(table.sql))
                    if self._is_fixed(table)
                    else _now(self.database.as_duckdb(table.sql), self.own)
                )

    def cumulative(self, table: Derived, timeline: Timeline, within: tuple[str, ...]) -> Cumulative:
        """A cumulative table, made of what was known at one moment or another."""

        def made_of(moment: int, stage: int) -> _Handed:
            handed = _Handed(self.database, timeline, stage, self.parameters, now=str(moment))
            handed.add(table.sql, (*within, table.name))
            return handed

        # Where something in its rows of the present moment is not known yet, none of that moment is looked at.
        sign, stage = ("<", _BEFORE) if "<" in made_of(0, self.stage).signs else ("<=", self.stage)
        body = self.database.as_duckdb(table.sql).text
        return Cumulative(self.database, timeline, table, sign, lambda moment: made_of(moment, stage).clauses, body)

    def _known_rows(self, name: str, sql: Sql) -> str:
        self.database.open(name)
        if self.timeline is None:
            return f"SELECT * FROM main.{quote(name)}"
        if name in self.timeline.timeless:
            return self._once(name, Sql(f"SELECT * FROM main.{quote(name)}", sql.file))
        self._keep(name, self.timeline.key, sql)
        compare = self.timeline.comparison(name, self.stage)
        self.signs.add(compare)
        return f"SELECT * EXCLUDE (_moment) FROM {quote(f'_known {name}')} WHERE _moment {compare} {self.now}"

    def _is_fixed(self, table: Table | Derived) -> bool:
        """Whether a table is the same at every moment, as everything is that it is made from."""
        if not isinstance(table, Derived):
            return self.timeline is not None and table.name in self.timeline.timeless
        below = map(self.database.tables.__getitem__, self.database.names(table.sql))
        return self.timeline is not None and not table.sql.parameters and all(map(self._is_fixed, below))

    def _once(self, name: str, sql: Sql, below: Iterable[str] = ()) -> str:
        """Keep a table that is the same at every moment; `below` are the tables that it is made from."""
        kept = f"_known {name}"
        if kept not in self.database.beside:
            clauses = [f"{quote(table)} AS ({self.clauses[table]})" for table in sorted(below)]
            above = f"WITH {', '.join(clauses)}" if clauses else ""
            if not below:
                self.database.settle(self.database.select(name))
            self.database.run(f"CREATE TEMP TABLE {quote(kept)} AS {above}\n{sql.text}", {}, sql, 1)
            self.database.beside[kept] = name
        return f"SELECT * FROM {quote(kept)}"

    def _keep(self, name: str, key: str, sql: Sql) -> None:
        """Keep the table with the moment of each row, so that what is known is one comparison of whole numbers."""
        kept = f"_known {name}"
        connection = self.database.connection
        if kept in self.database.beside:
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
        self.database.beside[kept] = name


def without_key(name: str, key: str, sql: Sql) -> CoursewrightError:
    """The error of a table that does not say when its rows were known."""
    message = f'the table "{name}" does not say when its rows were known: it has no column "{key}"'
    hint = f'if no row of it ever changes, add "{name}" to `timeless` in [timeline] of course.toml'
    return CoursewrightError(message, sql.place(), hint)


def _now(sql: Sql, own: Collection[str]) -> str:
    """A statement whose parameters are the present moment's, but for those that are the same at every moment."""
    return sql.with_parameters(lambda name: f"${name}" if name in own else f"_now.{_hidden(name)}")


def _hidden(name: str) -> str:
    """A parameter as a column that no author names by mistake: one of a table that is not there would be it."""
    return quote(f"_:{name}")


def _present(database: Database, finder: Finder) -> Iterator[tuple[str, str]]:
    """The columns of the present moment: ours, its parameters, and the finder's own, which stand before those."""
    for column in database.beside["asked columns"]:
        if column.startswith("_"):
            yield column, quote(column)
        elif column not in finder.parameters:
            yield column, f"{quote(column)} AS {_hidden(column)}"
    for name in finder.parameters:
        yield name, f"${name} AS {_hidden(name)}"
