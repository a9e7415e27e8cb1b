"""Facts of one moment after another, where SQL runs in a server: not every server can hand each moment its own rows.

The WITH clauses of a statement are the tables as they stood at its moment, under their own names, as in `known`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place
from coursewright.facts import clocks
from coursewright.facts.allowed import refuse_what_is_not_allowed
from coursewright.facts.asked import PLACE, refuse_order, refuse_our_names
from coursewright.facts.cumulative import refuse_wrong_use
from coursewright.facts.fact import Finder
from coursewright.facts.known import refuse_parameters, stage_of, without_key
from coursewright.tables import DerivedTable, Sql, Timeline, quote
from coursewright.tables.contracts import LOOKS
from coursewright.tables.statements import DUCKDB

if TYPE_CHECKING:
    import pyarrow as pa

    from coursewright.tables.servers import Clauses, Server


def check_moments(server: Server, timeline: Timeline | None, moments: Sequence[Mapping[str, Any]]) -> None:
    """Raise CoursewrightError for a moment that the course's timeline does not have, or a timeline that is none."""
    for moment in moments:
        refuse_our_names(moment, Place("course.toml", part="[parameters]"))
    if timeline is None:
        return
    table, key = quote(timeline.table), quote(timeline.key)
    counted = server.rows(_sql(f"SELECT count(*) AS a, count(DISTINCT {key}) AS b FROM {table}"))[0]
    if counted["a"] != counted["b"]:
        message = f'"{timeline.key}" does not name each row of {timeline.table} once'
        raise CoursewrightError(message, PLACE, "remove the rows that are there twice or have none")
    refuse_order(timeline, _kinds(server, timeline))
    pairs = list(zip(timeline.order, timeline.now, strict=True))
    same = " AND ".join(f"{quote(column)} = :{now}" for column, now in pairs)
    for moment in moments:
        values = {**server.parameters, **moment}
        if not server.rows(_sql(f"SELECT 1 AS there FROM {table} WHERE {same} LIMIT 1"), values):
            asked = " and ".join(f"{now} = {values[now]}" for _, now in pairs)
            hint = f"see {' and '.join(timeline.order)} in: coursewright table {timeline.table}"
            raise CoursewrightError(f"there is nothing in {timeline.table} for {asked}", PLACE, hint)


def _kinds(server: Server, timeline: Timeline) -> dict[str, str]:
    """What the columns that order a timeline hold; a server may call a column anything, or nothing at all."""
    columns = ", ".join(map(quote, timeline.order))
    # SQLite has types for values alone; elsewhere they are the columns'
    there = " AND ".join(f"{quote(column)} IS NOT NULL" for column in timeline.order)
    some = "" if server.session.dialect == "sqlite" else f" WHERE {there} LIMIT 1"
    rows = server.query(_sql(f"SELECT {columns} FROM {quote(timeline.table)}{some}"))
    kinds = {}
    for column in timeline.order:
        values = [value for value in rows.column(column).to_pylist() if value is not None]
        kinds[column.lower()] = "number"
        if any(isinstance(value, bool) for value in values):
            kinds[column.lower()] = "boolean"
        elif texts := [value for value in values if isinstance(value, str)]:
            # SQLite has no dates: a text that is one is in the right place among others
            dates = server.session.dialect == "sqlite" and all(re.fullmatch(LOOKS["date"], text) for text in texts)
            kinds[column.lower()] = "date" if dates and len(texts) == len(values) else "text"
    return kinds


def run(
    server: Server,
    timeline: Timeline | None,
    finder: Finder,
    own: Mapping[str, Any],
    moments: Sequence[Mapping[str, Any]],
) -> pa.Table:
    """The rows that `finder` finds, the number of each one's moment in the column `_row`; `own` are its parameters."""
    import pyarrow as pa

    refuse_parameters(finder, timeline)
    known = {**server.parameters, **(moments[0] if moments else {}), **own}
    handed = _ServerClauses(server, timeline, stage_of(timeline, finder), known)
    handed.add(finder.sql)
    found: list[pa.Table] = []
    for number, moment in enumerate(moments):
        values = {**server.parameters, **moment, **own}
        handed.refuse_words(values)
        values |= {f"_{name}": values[name] for name in (timeline.now if timeline else ())}
        rows = server.run_with(finder.sql, values, _named(server.names(finder.sql), handed.at(values)))
        found.append(rows.add_column(0, "_row", pa.array([number] * len(rows), pa.int64())))
    return pa.concat_tables(found, promote_options="permissive")


@dataclass
class _ServerClauses:
    """The tables that one finder is handed, as clauses by name, each after those that it is made from."""

    server: Server
    timeline: Timeline | None
    stage: int
    parameters: Mapping[str, Any]
    clauses: Clauses = field(default_factory=dict)
    signs: set[str] = field(default_factory=set)  # how the moments of rows may stand to the present one
    latest: dict[str, str] = field(default_factory=dict)  # cumulative tables whose latest rows are handed out
    own: dict[str, Sql] = field(default_factory=dict)  # parameters of what is in the server's own SQL

    def refuse_words(self, values: Mapping[str, Any]) -> None:
        """Raise CoursewrightError for a value that the server would take for the present moment beside a date."""
        for name, sql in self.own.items():
            if isinstance(value := values[name], str) and clocks.WORD.search(value):
                message = f'the parameter "{name}" cannot be "{value}" here: beside a date it is read as a clock'
                raise CoursewrightError(message, sql.place(), clocks.HINT)

    def at(self, values: Mapping[str, Any]) -> Clauses:
        """The clauses at a moment, the latest rows of cumulative tables being worked out once for all its finders."""
        clauses = dict(self.clauses)
        for name, sign in self.latest.items():
            now = [str(values[parameter]) for parameter in self.timeline.now] if self.timeline else []
            there = self._loaded(name, f"_latest {name} {sign} {' '.join(now)}", values)
            if there:
                clauses[name] = self.server.tree(_sql(f"SELECT * FROM {there}"))
        return clauses

    def _loaded(self, name: str, copy: str, values: Mapping[str, Any]) -> str:
        """The temporary table with the latest rows of a table; nothing, where they cannot be put into one."""
        session = self.server.session
        if not session.has(copy):
            latest, clauses = _sql(f"SELECT * FROM {quote(name)}"), _named([name], self.clauses)
            if self.server.keep_with(copy, latest, values, clauses):
                return self.server.qualified(copy)
            if not session.takes_rows:
                return ""
            rows = self.server.run_with(latest, values, clauses)
            if any(str(column.type) == "null" for column in rows.schema):  # a column without a value has no type
                return ""
            session.load(copy, rows)
        return self.server.qualified(copy)

    def add(self, sql: Sql, within: tuple[str, ...] = ()) -> None:
        """Add what `sql` names; `within` are the derived tables around it."""
        refuse_what_is_not_allowed(self.server, sql)
        sql.check_parameters(dict.fromkeys(self.parameters))
        if (sql.dialect or self.server.dialect) not in clocks.WITHOUT:
            self.own.update(dict.fromkeys(sql.parameters, sql))
        for name in sorted(self.server.names(sql)):
            table = self.server.tables[name]
            if name in self.clauses:
                continue
            if not isinstance(table, DerivedTable):
                self.clauses[name] = self.server.tree(_sql(self._known_rows(name, sql)))
                continue
            refuse_wrong_use(table, self.timeline, within, self.server.tables)
            if self.timeline and table.cumulative:
                self._add_cumulative(table, self.timeline, within)
            else:
                self.add(table.sql, (*within, name))
                self.clauses[name] = self.server.tree(table.sql, self.parameters)

    def _add_cumulative(self, table: DerivedTable, timeline: Timeline, within: tuple[str, ...]) -> None:
        """A cumulative table, of whose rows only those of known moments are handed out, or the latest of each key."""
        made_of = _ServerClauses(self.server, timeline, self.stage, self.parameters)
        made_of.add(table.sql, (*within, table.name))
        self.clauses.update(made_of.clauses)
        self.signs |= made_of.signs
        self.own |= made_of.own
        every, moments = f"_every {table.name}", f"_moments of {table.name}"
        self.server.open(timeline.table)
        self.clauses[every] = self.server.tree(table.sql, self.parameters)
        order = ", ".join(map(quote, timeline.order))
        sign = "<" if "<" in made_of.signs else "<="
        if table.latest:
            self.latest[table.name] = sign
        earlier = _earlier(timeline, sign)
        self.clauses[moments] = self.server.tree(_sql(
            f"SELECT {quote(timeline.key)}, DENSE_RANK() OVER (ORDER BY {order}) AS _moment "
            f"FROM {self.server.qualified(timeline.table)} WHERE {earlier}"
        ))  # fmt: skip
        self.clauses[table.name] = self.server.tree(_sql(_latest(table, timeline, every, moments)))

    def _known_rows(self, name: str, sql: Sql) -> str:
        """What was known of a table at the moment."""
        self.server.open(name)
        table = self.server.qualified(name)
        if self.timeline is None or name in self.timeline.timeless:
            return f"SELECT * FROM {table}"
        own = {column.lower() for column in self.server.columns(name)}
        if self.timeline.key.lower() not in own:
            raise without_key(name, self.timeline.key, sql)
        self.server.open(self.timeline.table)
        key, moments = quote(self.timeline.key), self.server.qualified(self.timeline.table)
        sign = self.timeline.comparison(name, self.stage)
        self.signs.add(sign)
        earlier = _earlier(self.timeline, sign)
        return f"SELECT _t.* FROM {table} AS _t WHERE _t.{key} IN (SELECT {key} FROM {moments} WHERE {earlier})"


def _earlier(timeline: Timeline, sign: str) -> str:
    """The moments that come before the present one, or (`<=`) with it; no parameter of an author's has a _ in front."""
    pairs = [(quote(column), f":_{now}") for column, now in zip(timeline.order, timeline.now, strict=True)]
    cases = []
    for at, (column, now) in enumerate(pairs):
        same = [f"{before} = {then}" for before, then in pairs[:at]]
        cases.append(" AND ".join([*same, f"{column} {sign if at == len(pairs) - 1 else '<'} {now}"]))
    return " OR ".join(cases)


def _latest(table: DerivedTable, timeline: Timeline, every: str, moments: str) -> str:
    """The rows of `every` that are of one of the `moments`; where the table says so, the latest of each key alone."""
    of_moment = f"JOIN {quote(moments)} AS _m ON _m.{quote(timeline.key)} = _e.{quote(timeline.key)}"
    rows = f"SELECT _e.* FROM {quote(every)} AS _e {of_moment}"
    if not table.latest:
        return rows
    keys = ", ".join(f"_e.{quote(name)}" for name in table.latest)
    last = f"SELECT {keys}, MAX(_m._moment) AS _moment FROM {quote(every)} AS _e {of_moment} GROUP BY {keys}"
    same = " AND ".join(f"_l.{quote(name)} = _e.{quote(name)}" for name in table.latest)
    return f"{rows} JOIN ({last}) AS _l ON {same} AND _l._moment = _m._moment"


def _named(names: Iterable[str], clauses: Clauses) -> Clauses:
    """The clauses called `names`, and those that they are made from, in their order."""
    from sqlglot import exp

    waiting, needed = [*names], set[str]()
    while waiting:
        name = waiting.pop()
        if name in clauses and name not in needed:
            needed.add(name)
            waiting += [table.name for table in clauses[name].find_all(exp.Table)]
    return {name: tree for name, tree in clauses.items() if name in needed}


def _sql(text: str) -> Sql:
    return Sql(text, "course.toml", dialect=DUCKDB)
