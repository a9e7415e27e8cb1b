"""The course's tables as they stood at a moment: what makes it impossible for a finder to know what came later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from coursewright.errors import CoursewrightError
from coursewright.facts.allowed import refuse_what_is_not_allowed
from coursewright.facts.asked import MomentTable, ask, asked_of, open_moments, refuse_our_names
from coursewright.facts.cumulative import Cumulative, refuse_wrong_use
from coursewright.facts.fact import Finder
from coursewright.tables import Database, DerivedTable, Sql, Table, Timeline, quote

_LOOKED_AT = 24  # moments, to see whether a cumulative table is one
_BEFORE = -1  # the stage at which nothing of the present moment is known


@dataclass(frozen=True)
class FinderQuery:
    """SQL that finds facts: its `text`, with the author's own below `above` lines, and the `parameters` it binds."""

    text: str
    above: int
    parameters: frozenset[str]


def statement(database: Database, timeline: Timeline | None, finder: Finder) -> FinderQuery:
    """The SQL that finds `finder`'s facts for all of `_asked`.

    Each row of `_asked` is handed its own tables: the WITH clauses hold only what was known at that moment, and the
    author's statement inside can name nothing else. For many moments the database turns the whole into a few joins;
    one moment alone is written into the statement, which makes that quicker to plan.
    """
    refuse_parameters(finder, timeline)
    present = _Present(asked_of(database), tuple(finder.parameters))
    handed = _WithClauses(database, timeline, stage_of(timeline, finder), present)
    handed.add(finder.sql)
    clauses = ",\n".join(f"{quote(name)} AS NOT MATERIALIZED (\n{sql})" for name, sql in handed.clauses.items())
    head, tail = present.around(f"WITH {clauses}\n" if clauses else "")
    body = present.write(database.as_duckdb(finder.sql))
    return FinderQuery(f"{head}\n{body}\n{tail}", head.count("\n") + 1, frozenset(present.bound))


def check_cumulative(database: Database, timeline: Timeline | None, table: DerivedTable) -> None:
    """Raise CoursewrightError if a row of a cumulative table is made of later ones, as far as some moments show it."""
    refuse_wrong_use(table, timeline, (), database.tables)
    if timeline is not None:  # in a server each moment has tables of its own
        database.dispatch(lambda here: _check_rows(here, timeline, table), lambda _server: None)


def _check_rows(database: Database, timeline: Timeline, table: DerivedTable) -> None:
    open_moments(database, timeline)
    moments = database.connection.execute(
        f"SELECT DISTINCT _moment, {', '.join(map(quote, timeline.order))} FROM _moments ORDER BY 1"
    ).fetchall()
    if moments:
        ask(database, timeline, [dict(zip(timeline.now, moments[-1][1:], strict=True))])
        every = _WithClauses(database, timeline, len(timeline.stages) - 1, _Present(asked_of(database), ()))
        made = every.cumulative(table, timeline, ())
        made.make()
        made.refuse_later_rows(moment for moment, *_ in moments[:: max(1, len(moments) // _LOOKED_AT)])


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


def stage_of(timeline: Timeline | None, finder: Finder) -> int:
    """The stage of the present moment up to which a finder may know."""
    if not finder.settings.known:
        return 0
    if timeline is None:
        raise CoursewrightError("`known` needs a [timeline] in course.toml", finder.place("known"))
    return timeline.stage(finder.settings.known, finder.place("known"))


@dataclass
class _Present:
    """The present moment in the SQL of a finder whose own parameters are `own`: a row of `_asked`, or the only one."""

    asked: MomentTable
    own: tuple[str, ...]
    bound: set[str] = field(default_factory=set)  # the parameters that were written as such

    @property
    def parameters(self) -> tuple[str, ...]:
        """What a finder can name as parameters."""
        return (*(name for name in self.asked.columns if name[0] != "_"), *self.own)

    @property
    def number(self) -> str:
        """The number of the present moment among all."""
        return "_now._moment" if self.asked.only is None else str(self.asked.only["_moment"])

    def around(self, clauses: str) -> tuple[str, str]:
        """What stands above and below an author's statement."""
        if self.asked.only is not None:
            return f"{clauses}SELECT 0 AS _row, _facts.* FROM (", ") AS _facts"
        self.bound.update(self.own)
        theirs = [name for name in self.asked.columns if name not in self.own]
        columns = [quote(name) if name[0] == "_" else f"{quote(name)} AS {_hidden(name)}" for name in theirs]
        columns += [f"${name} AS {_hidden(name)}" for name in self.own]
        now = f"(SELECT {', '.join(columns)} FROM _asked) AS _now"
        return (
            f"SELECT _now._row AS _row, _found.* FROM {now}, LATERAL (\n{clauses}SELECT * FROM (",
            ") AS _facts) AS _found",
        )

    def write(self, sql: Sql) -> str:
        """A statement whose parameters are the present moment's, but for those that are the same at every moment."""
        return sql.with_parameters(self._parameter)

    def _parameter(self, name: str) -> str:
        if self.asked.only is None and name not in self.own:
            return f"_now.{_hidden(name)}"
        self.bound.add(name)
        return f"${name}" if name in self.own else f"CAST(${name} AS {self.asked.columns[name]})"


def _hidden(name: str) -> str:
    """A parameter as a column that no author names by mistake: one of a table that is not there would be it."""
    return quote(f"_:{name}")


@dataclass
class _WithClauses:
    """The tables that one finder is handed, as WITH clauses by name, each after those that it is made from."""

    database: Database
    timeline: Timeline | None
    stage: int
    present: _Present
    made_of: int | None = None  # the number of another moment, what is known at which a cumulative table is made of
    clauses: dict[str, str] = field(default_factory=dict)
    signs: set[str] = field(default_factory=set)  # how the moments of rows may stand to the present one

    def add(self, sql: Sql, within: tuple[str, ...] = ()) -> None:
        """Add what `sql` names; `within` are the derived tables around it."""
        refuse_what_is_not_allowed(self.database, sql)
        sql.check_parameters(dict.fromkeys(self.present.parameters))
        for name in sorted(self.database.names(sql)):
            table = self.database.tables[name]
            if name in self.clauses:
                continue
            if not isinstance(table, DerivedTable):
                self.clauses[name] = self._known_rows(name, sql)
                continue
            refuse_wrong_use(table, self.timeline, within, self.database.tables)
            if self.timeline and table.cumulative and self.made_of is None:
                self.clauses[name] = self.cumulative(table, self.timeline, within).handed(self.present.number)
            else:
                self.add(table.sql, (*within, name))
                self.clauses[name] = (
                    self._once(name, self.database.as_duckdb(table.sql), self.database.names(table.sql))
                    if self._is_fixed(table)
                    else self.present.write(self.database.as_duckdb(table.sql))
                )

    def cumulative(self, table: DerivedTable, timeline: Timeline, within: tuple[str, ...]) -> Cumulative:
        """A cumulative table, made of what was known at one moment or another."""

        def made_of(moment: int, stage: int) -> _WithClauses:
            handed = _WithClauses(self.database, timeline, stage, self.present, moment)
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
        now = self.present.number if self.made_of is None else self.made_of
        return f"SELECT * EXCLUDE (_moment) FROM {quote(f'_known {name}')} WHERE _moment {compare} {now}"

    def _is_fixed(self, table: Table | DerivedTable) -> bool:
        """Whether a table is the same at every moment, as everything is that it is made from."""
        if not isinstance(table, DerivedTable):
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
            rows = f"{above}\n{sql.text}"
            self.database.run(f"CREATE TEMP TABLE {quote(kept)} AS {rows}", {}, sql, 1)
            self.database.beside[kept] = rows
        return f"SELECT * FROM {quote(kept)}"

    def _keep(self, name: str, key: str, sql: Sql) -> None:
        """Keep the table with the moment of each row, so that what is known is one comparison of whole numbers."""
        import duckdb

        kept = f"_known {name}"
        connection = self.database.connection
        if kept in self.database.beside:
            return
        if key not in self.database.columns(name):
            raise without_key(name, key, sql)
        if any(column.lower() == "_moment" for column in self.database.columns(name)):
            message = f'the table "{name}" cannot have a column called "_moment"'
            raise CoursewrightError(message, sql.place(), "rename the column")
        rows = f"SELECT t.*, m._moment FROM main.{quote(name)} t JOIN _moments m USING ({quote(key)})"
        try:
            connection.execute(f"CREATE TEMP TABLE {quote(kept)} AS {rows}")
        except duckdb.Error as error:
            said = str(error).split("\n")[0].partition("Error: ")[2]
            message = f'the rows of "{name}" do not say when they were known by "{key}": {said}'
            hint = f'let it be of one type in all tables, for instance: types = {{ {key} = "text" }}'
            raise CoursewrightError(message, sql.place(), hint) from None
        self.database.beside[kept] = rows


def without_key(name: str, key: str, sql: Sql) -> CoursewrightError:
    """The error of a table that does not say when its rows were known."""
    message = f'the table "{name}" does not say when its rows were known: it has no column "{key}"'
    hint = f'if no row of it ever changes, add "{name}" to `timeless` in [timeline] of course.toml'
    return CoursewrightError(message, sql.place(), hint)
