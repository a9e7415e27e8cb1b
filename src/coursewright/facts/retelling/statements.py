"""Finders in SQL that stands alone: for an engine that holds the tables of all moments, and is told which one is now.

What is the present is in the engine's variables, `_moment` and the parameters. The tables are those that a finder is
handed here, made of all that is known by the last moment; what is known at an earlier one is a comparison in the SQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.facts.asked import ask, ask_as, asked_of
from coursewright.facts.fact import Finder
from coursewright.facts.finding import WAYS, own_parameters
from coursewright.facts.known import statement
from coursewright.tables import Database, DerivedTable, Timeline, quote
from coursewright.tables.parameters import Scalar
from coursewright.words import Grammar
from coursewright.words.door import NotElsewhere, Telling
from coursewright.words.in_sql import NotInSql, Over, in_sql, over

MOMENT = "CAST(getvariable('_moment') AS BIGINT)"
_OURS = re.compile(r'"(_known [^"]+|_so_far [^"]+|_as_of [^"]+)"')
_THEIRS = re.compile(r'\bmain\.("(?:[^"]|"")+")')
_OWN = re.compile(r"\$(\w+)\b")
_KEYS = re.compile(r"U?(?:TINY|SMALL|BIG)?INT|U?INTEGER|DOUBLE|DATE|BOOLEAN|VARCHAR")  # as in retell.mjs
_DEALT = "words that are dealt"
_FRACTION = (
    "CASE WHEN {0} = floor({0}) THEN CAST({0} AS DOUBLE) "
    "ELSE CAST(format('{{:.12g}}', CAST({0} AS DOUBLE)) AS DOUBLE) END"
)


@dataclass(frozen=True)
class RetoldFinder:
    """One finder and its title: `over` its rows come the score, `order` values that put them in order, and the first
    way of telling each, with the others for later; or what is told by `telling`, where SQL cannot, and `why` not.
    """

    finder: str
    title: str
    over: Over
    order: int
    telling: Telling | None = None
    why: str = ""


@dataclass(frozen=True)
class Retelling:
    """Finders, the tables that they read, with what each is made of here, and what has to be made for each moment.

    `moment` is the SELECT of the number of the present moment. `untold` says of other finders why they are not told.
    """

    finders: tuple[RetoldFinder, ...]
    tables: Mapping[str, str]
    steps: tuple[str, ...]
    moment: str
    untold: Mapping[str, str]

    @property
    def asks_python(self) -> bool:
        """Whether some finder is told by Python."""
        return any(one.telling for one in self.finders)


def retold(
    database: Database,
    timeline: Timeline | None,
    finders: Sequence[Finder],
    parameters: Mapping[str, Any],
    *,
    overrides: Mapping[str, Scalar] | None = None,
    language: str = "en-GB",
) -> Retelling:
    """The finders in SQL that stands alone; `parameters` are those of a moment, whose types are those of all.

    The database then holds the tables of all moments. Raises CoursewrightError for what is wrong in a finder.
    """
    last = _last(database, timeline)
    ask(database, timeline, [{**parameters, **last}])
    asked = asked_of(database)
    only = {**(asked.only or {}), "_moment": MOMENT}
    for name, value in (asked.only or {}).items():
        database.connection.execute(f"SET VARIABLE {quote(name)} = {literal(value)}").fetchall()
    # another choice may be a longer number
    columns = {name: "BIGINT" if kind == "INTEGER" else kind for name, kind in asked.columns.items()}
    ask_as(database, replace(asked, only=only, columns=columns))
    told: list[RetoldFinder] = []
    untold: dict[str, str] = {}
    for finder in finders:
        made = statement(database, timeline, finder)
        try:
            told.append(
                _retold(database, finder, made.text, own_parameters(database, finder, overrides or {}), language)
            )
        except NotInSql as why:
            untold[finder.name] = str(why)
    tables, steps = _tables(database, told)
    moment = "SELECT 0"
    if timeline is not None:
        tables["_moments"] = f"SELECT DISTINCT _moment, {', '.join(map(quote, timeline.order))} FROM _moments"
        now = zip(timeline.order, timeline.now, strict=True)
        moment = f"SELECT _moment FROM _moments WHERE {' AND '.join(f'{quote(a)} = {variable(b)}' for a, b in now)}"
    return Retelling(tuple(told), tables, steps, moment, untold)


def _tables(database: Database, told: Sequence[RetoldFinder]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The tables that finders read, with what each is made of here; and what is made anew for each moment."""
    asked = [sql for one in told for sql in one.over.tried()]
    names = {name for sql in asked for name in _OURS.findall(sql)}
    latest = {name: _latest(database, name) for name in sorted(names) if name.startswith("_as_of ")}
    names |= {name.replace("_as_of", "_so_far", 1) for name in latest}
    tables = {name: f"SELECT * FROM {quote(name)}" for name in sorted(names - latest.keys())}
    theirs = {name for sql in asked for name in _THEIRS.findall(sql)}
    tables |= {name[1:-1].replace('""', '"'): f"SELECT * FROM main.{name}" for name in sorted(theirs)}
    return tables, tuple(latest.values())


def made_anew(database: Database, names: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What was made for `retold` of the tables called `names`, as SELECTs, each after those that it is made of; and the
    SELECTs of what these read besides.
    """
    changed = {f"main.{quote(name)}" for name in names}
    made: dict[str, str] = {}
    for name, rows in database.beside.items():
        if name.startswith(("_known ", "_so_far ")) and any(one in rows for one in changed):
            made[name] = _once_a_moment(database, name, rows)
            changed.add(quote(name))
    if not made:
        return {}, {}
    read = {name for rows in made.values() for name in _OURS.findall(rows)} - made.keys()
    theirs = {name for rows in made.values() for name in _THEIRS.findall(rows)} - {quote(name) for name in names}
    besides = {name: f"SELECT * FROM {quote(name)}" for name in sorted(read)}
    besides |= {name[1:-1].replace('""', '"'): f"SELECT * FROM main.{name}" for name in sorted(theirs)}
    return made, {**besides, "_moments": "SELECT * FROM _moments"}


def _once_a_moment(database: Database, name: str, rows: str) -> str:
    """The rows of a table, which fail where several are the latest of their key, as a build does."""
    table = database.tables.get(name.split(" ", 2)[-1])
    if not name.startswith("_so_far ") or not isinstance(table, DerivedTable) or not table.latest:
        return rows
    keys = ", ".join(map(quote, table.latest))
    said = literal(f"several rows of one moment for {', '.join(table.latest)}")
    several = f"SELECT 1 FROM _made GROUP BY {keys}, _moment HAVING count(*) > 1"
    once = f"SELECT CASE WHEN count(*) = 0 THEN true ELSE error({said}) END FROM ({several})"
    return f"WITH _made AS MATERIALIZED (\n{rows}\n) SELECT * FROM _made WHERE ({once})"


def variable(name: str) -> str:
    """A parameter as what the engine was told last."""
    return f"getvariable('{name}')"


def check_key(key: Iterable[tuple[str, str]]) -> None:
    """Raise NotInSql for a column of a key that has a type whose hash the browser does not make."""
    for name, kind in key:
        if not _KEYS.fullmatch(kind):
            raise NotInSql(f"words chosen by {name}, of the type {kind}")


def _last(database: Database, timeline: Timeline | None) -> dict[str, Any]:
    """The last moment of all, as parameters."""
    if timeline is None:
        return {}
    database.open(timeline.table)
    order = ", ".join(f"{quote(name)} DESC" for name in timeline.order)
    wanted = ", ".join(map(quote, timeline.order))
    rows = database.connection.execute(
        f"SELECT {wanted} FROM main.{quote(timeline.table)} ORDER BY {order} LIMIT 1"
    ).fetchall()
    if not rows:
        raise CoursewrightError(f"there is no moment in {timeline.table}", None, "give it rows")
    return dict(zip(timeline.now, rows[0], strict=True))


def _retold(database: Database, finder: Finder, text: str, own: Mapping[str, Scalar], language: str) -> RetoldFinder:
    text = _OWN.sub(lambda found: literal(own[found[1]]) if found[1] in own else variable(found[1]), text)
    described = database.connection.execute(f"DESCRIBE {text}").fetchall()
    columns = dict(_normal(name, kind) for name, kind, *_ in described if name != "_row")
    shown = ", ".join(sql for sql, _ in columns.values())
    rows = f"SELECT {shown} FROM ({text})"
    kinds = {name: kind for name, (_, kind) in columns.items()}
    score = finder.settings.score
    key = {name: kind for name, kind in kinds.items() if name != score} or kinds
    order = [_comparable(name, kind) for name, kind in kinds.items()]
    worth = quote(score) if isinstance(score, str) else str(score)
    first = (f"CAST({worth} AS DOUBLE)", *order)
    told = RetoldFinder(finder.name, finder.settings.title, Over(()), len(order))
    ways = _Ways(finder, finder.grammar(language), kinds, key)
    try:
        return replace(told, over=ways.in_sql(first, rows))
    except NotInSql as why:
        telling = ways.elsewhere(str(why))
        asked = Over((f"SELECT {', '.join(first)}, {telling.texts} FROM ({rows})",))
        return replace(told, over=asked, telling=telling, why=str(why))


@dataclass(frozen=True)
class _Ways:
    """The ways of telling a finder's rows, whose columns are of these `kinds`, those of the `key` among them."""

    finder: Finder
    grammar: Grammar
    kinds: Mapping[str, str]
    key: Mapping[str, str]

    @property
    def _count(self) -> int:
        return WAYS if self.finder.has_choice else 1

    def in_sql(self, first: Sequence[str], rows: str) -> Over:
        """As SQL, behind what comes `first`. Raises NotInSql."""
        places: list[int] = []
        ways = [in_sql(self.grammar, self.kinds, seed=way, given=places) for way in range(self._count)]
        if any(way.by_position for way in ways):
            raise NotInSql(_DEALT)
        told, *others = (way.text for way in ways)
        if not any(way.by_key for way in ways):
            return over([*first, told], rows)
        key = tuple(self.key.items())
        check_key(key)
        # The others are seldom taken, and cost as much each.
        table = f"_rows {self.finder.name}"
        return over([*first, told], rows, key, places, table=table, in_order=True, later=others)

    def elsewhere(self, why: str) -> Telling:
        """For Python. Raises NotInSql with `why` SQL cannot, where Python is no help."""
        try:
            telling = Telling.of(self.grammar, self.kinds, seeds=tuple(range(self._count)), key=tuple(self.key))
        except NotElsewhere as also:
            raise NotInSql(f"{why}, and Python cannot be asked about {also}") from None
        if '"no repeat"' in telling.rules:  # which hang on the place of a row, and rows of finders have no order
            raise NotInSql(_DEALT)
        return telling


def _comparable(name: str, kind: str) -> str:
    """A column as a number or a text, by which rows are put in order as `order.by_values` does."""
    if kind.endswith("[]") or "(" in kind:
        raise NotInSql(f"facts put in order by values of the type {kind}")
    as_ = "VARCHAR" if kind in ("VARCHAR", "DATE", "TIMESTAMP", "TIME") else "DOUBLE"
    return f"CAST({quote(name)} AS {as_})"


def _normal(name: str, kind: str) -> tuple[str, tuple[str, str]]:
    """A column with numbers as an author expects them (`rows.Rows`): whole, or a fraction of twelve digits."""
    column = quote(name)
    if kind == "DOUBLE" or (kind.startswith("DECIMAL") and not kind.endswith(",0)")):
        return name, (f"{_FRACTION.format(column)} AS {column}", "DOUBLE")
    if kind == "HUGEINT" or kind.startswith("DECIMAL"):
        return name, (f"CAST({column} AS BIGINT) AS {column}", "BIGINT")
    return name, (column, kind)


def literal(value: Any) -> str:
    """A parameter's value in SQL."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, bool | int | float) else "'" + str(value).replace("'", "''") + "'"


def _latest(database: Database, name: str) -> str:
    """What makes the table of the latest rows at the present moment, of that of all rows."""
    _, sign, table = name.split(" ", 2)
    derived = database.tables[table]
    keys = derived.latest if isinstance(derived, DerivedTable) else ()
    named, rows = ", ".join(map(quote, keys)), quote(name.replace("_as_of", "_so_far", 1))
    known = "".join(f"{quote(key)} IS NOT NULL AND " for key in keys)
    newest = f"SELECT arg_max(rowid, _moment) FROM {rows} WHERE {known}_moment {sign} {MOMENT} GROUP BY {named}"
    return (
        f"CREATE OR REPLACE TEMP TABLE {quote(name)} AS "
        f"SELECT * EXCLUDE (_moment) FROM {rows} WHERE rowid IN ({newest})"
    )
