"""The verb: find what breaks a contract, every rule in one go, with the first rows that break it.

The checks are SQL that runs where the rows are, in the embedded database or in a server: one pass over the table for
all rules about single rows, and one more for each key and for each reference to another table. Rows are fetched only
for a rule that is broken, and no more than five. A regular expression is asked for with REGEXP_MATCHES; all else is in
the part of SQL that every database has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coursewright.errors import Problem, SeveralProblems, did_you_mean
from coursewright.tables.contracts.conditions import LOOKS, SUITED, beyond, kind_of, literals, unlike
from coursewright.tables.contracts.contract import Bounds, Contract, Scalar
from coursewright.tables.showing.excerpt import aligned
from coursewright.tables.table import quote

_FIRST = 5
_COLUMNS = 8
_REMEDY = "correct the data, or the rule if the data is right"


@dataclass(frozen=True, slots=True)
class _RowRule:
    """A rule about single rows: `broken` is SQL for a row that breaks it; `says` what is then wrong with the column."""

    path: tuple[str, ...]
    column: str
    broken: str
    says: str


def hold_to(
    contract: Contract,
    table: str,
    columns: Callable[[str], Mapping[str, str]],
    ask: Callable[[str], list[dict[str, Any]]],
) -> None:
    """Raise SeveralProblems if `table` breaks `contract`: one problem for each rule, with the first rows that break it.

    `columns` gives the columns of a table and their types, as the database calls them; `ask` the rows of a SELECT.
    """
    problems = list(_Search(contract, table, columns, ask).problems())
    if problems:
        raise SeveralProblems(problems)


def rules_of(contract: Contract, types: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The rules about single rows of a table that keeps its contract: of each its name, its column, and SQL for a row
    that breaks it. `types` are those of its columns, as the database calls them.
    """
    search = _Search(contract, "", lambda _table: types, lambda _select: [])
    for rule in search.rules():
        if rule.path[0] != "types":
            yield rule.path[0], rule.column, rule.broken


class _Search:
    """One table held against its contract."""

    def __init__(
        self,
        contract: Contract,
        table: str,
        columns: Callable[[str], Mapping[str, str]],
        ask: Callable[[str], list[dict[str, Any]]],
    ) -> None:
        self.contract, self.expect, self.table = contract, contract.expect, table
        self.columns_of, self.ask = columns, ask
        self.columns = columns(table)
        self.misfits: dict[str, Problem] = {}  # columns of another type than expected: no other rule is tried on them
        self.total = 0

    def problems(self) -> Iterator[Problem]:
        rules = list(self.rules())
        counts = "".join(f", COUNT(CASE WHEN {rule.broken} THEN 1 END) AS c{n}" for n, rule in enumerate(rules))
        (found,) = self.ask(f"SELECT COUNT(*) AS n{counts} FROM {quote(self.table)}")
        self.total = found["n"]
        span = self.contract.rows
        if span and not int(span.low or 0) <= self.total <= int(span.high or self.total):
            yield self._problem(("rows",), f'"{self.table}" has {_rows(self.total)}, not {self.expect.rows}')
        yield from self._missing()
        broken = [(rule, found[f"c{n}"]) for n, rule in enumerate(rules) if found[f"c{n}"]]
        shown = {rule.column for rule, _ in broken if rule.path[0] == "types"}
        yield from (problem for column, problem in self.misfits.items() if column not in shown)
        for rule, count in broken:
            where = f"FROM {quote(self.table)} WHERE {rule.broken} LIMIT {_FIRST}"
            yield self._broken(rule.path, (rule.column,), rule.says, count, where)
        for key in self.expect.keys:
            yield from self._key(key)
        for column, target in self.expect.refers.items():
            yield from self._reference(column, *target.split(".", 1))

    def _missing(self) -> Iterator[Problem]:
        """Columns that the contract names and the table has not, each once; and with `exactly` the other way round."""
        expect = self.expect
        named: list[tuple[tuple[str, ...], str]] = [(("columns",), name) for name in expect.columns]
        named += [(("not_null",), name) for name in expect.not_null]
        named += [(("unique",), name) for key in expect.keys for name in key]
        for rule in ("types", "ranges", "values", "match", "refers"):
            named += [((rule, name), name) for name in getattr(expect, rule)]
        said: set[str] = set()
        for path, name in named:
            if name not in said and not any(_own(name, self.columns)):
                said.add(name)
                hint = did_you_mean(name, self.columns)
                yield self._problem(path, f'"{self.table}" has no column called "{name}"', hint)
        taken = {own for name in expect.columns for own in _own(name, self.columns)}
        for own in self.columns if expect.exactly else ():
            if own not in taken:
                hint = "add it to columns, or leave out exactly = true"
                yield self._problem(("columns",), f'"{self.table}" has a column more, "{own}"', hint)

    def rules(self) -> Iterator[_RowRule]:
        """The rules about single rows, for the columns that are there and of the right type."""
        expect = self.expect
        for column, kind in expect.types.items():
            yield from self._type(column, kind)
        for column in expect.not_null:
            for own in _own(column, self.columns):
                yield _RowRule(("not_null",), own, f"{quote(own)} IS NULL", f'"{own}" is missing')
        for column, span in self.contract.spans.items():
            for own in self._suited(column, span):
                broken = " OR ".join(f"{quote(own)} {side}" for side in beyond(span, self._kind(own))) or "1 = 0"
                yield _RowRule(("ranges", column), own, broken, f'"{own}" is not within {expect.ranges[column]}')
        for column, values in expect.values.items():
            for own in self._fit(column):
                allowed = ", ".join(literals(values, self._kind(own)))
                broken = f"{quote(own)} NOT IN ({allowed})" if allowed else f"{quote(own)} IS NOT NULL"
                yield _RowRule(("values", column), own, broken, f'"{own}" is not {listed(values)}')
        for column, pattern in expect.match.items():
            for own in self._fit(column):
                broken = unlike(own, pattern)
                yield _RowRule(("match", column), own, broken, f'"{own}" does not match {pattern}')

    def _type(self, column: str, kind: str) -> Iterator[_RowRule]:
        """Take note of a column of another type; the rule finds the values because of which it is text."""
        for own in _own(column, self.columns):
            has = self._kind(own)
            if has in (kind, "integer" if kind == "number" else kind):
                continue
            message = f'"{own}" of "{self.table}" is {self._called(own)}, not {kind}'
            self.misfits[own] = self._problem(("types", column), message)
            if has == "text" and kind in LOOKS:
                says = f'"{own}", which is {self._called(own)}, is no {kind}'
                yield _RowRule(("types", column), own, unlike(own, LOOKS[kind]), says)

    def _fit(self, column: str) -> Iterator[str]:
        """The column as the table calls it, if it is there and of the type that the contract says."""
        return (own for own in _own(column, self.columns) if own not in self.misfits)

    def _suited(self, column: str, span: Bounds) -> Iterator[str]:
        """The same, if there can be a range like `span` of it."""
        for own in self._fit(column):
            if self._kind(own) in ("", *SUITED[span.kind]):
                yield own
            else:
                message = f'"{own}" of "{self.table}" is {self._called(own)}, which has no range of {span.kind}s'
                hint = f'say types = {{ {own} = "{span.kind}" }} to see which rows are none'
                self.misfits[own] = self._problem(("ranges", column), message, hint)

    def _kind(self, column: str) -> str:
        return kind_of(self.columns[column])

    def _called(self, column: str) -> str:
        """A column's type in the contract's words and in the database's."""
        declared = self.columns[column]
        return f"{self._kind(column)} ({declared})" if self._kind(column) else declared

    def _key(self, key: tuple[str, ...]) -> Iterator[Problem]:
        """Rows that share their values of the columns `key` with another row."""
        own = tuple(name for column in key for name in _own(column, self.columns))
        if len(own) < len(key):
            return
        table, names = quote(self.table), [quote(name) for name in own]
        there = " AND ".join(f"{name} IS NOT NULL" for name in names)
        grouped = f"FROM {table} WHERE {there} GROUP BY {', '.join(names)} HAVING COUNT(*) > 1"
        (found,) = self.ask(f"SELECT SUM(n) AS n FROM (SELECT COUNT(*) AS n {grouped}) AS twice")
        if not found["n"]:
            return
        same = " AND ".join(f"{table}.{name} = twice.{name}" for name in names)
        order = ", ".join(f"{table}.{name}" for name in names)
        where = f"FROM {table} JOIN (SELECT {', '.join(names)} {grouped}) AS twice ON {same} ORDER BY {order}"
        says = f"{listed(own, 'and')} {'is' if len(own) == 1 else 'are'} not unique"
        yield self._broken(("unique",), own, says, int(found["n"]), f"{where} LIMIT {_FIRST}")

    def _reference(self, column: str, other: str, target: str) -> Iterator[Problem]:
        """Rows whose value of `column` is in no row of the column `target` of the table `other`."""
        path = ("refers", column)
        theirs = self.columns_of(other)
        found = [*_own(target, theirs)]
        if not found:
            yield self._problem(path, f'"{other}" has no column called "{target}"', did_you_mean(target, theirs))
            return
        for own in self._fit(column):
            value = f"{quote(self.table)}.{quote(own)}"
            same = f"_other.{quote(found[0])} = {value}"
            absent = f"NOT EXISTS (SELECT 1 FROM {quote(other)} AS _other WHERE {same})"
            where = f"FROM {quote(self.table)} WHERE {value} IS NOT NULL AND {absent}"
            (count,) = self.ask(f"SELECT COUNT(*) AS n {where}")
            if count["n"]:
                says = f'"{own}" is not in "{other}"'
                yield self._broken(path, (own,), says, count["n"], f"{where} LIMIT {_FIRST}")

    def _broken(self, path: tuple[str, ...], columns: tuple[str, ...], says: str, count: int, where: str) -> Problem:
        """The problem of a broken rule, with the first rows that `where` finds: the rule's columns, then the keys."""
        keys = [own for key in self.expect.keys for column in key for own in _own(column, self.columns)]
        names = list(dict.fromkeys((*columns, *keys, *self.columns)))[:_COLUMNS]
        table = quote(self.table)
        rows = self.ask(f"SELECT {', '.join(f'{table}.{quote(name)}' for name in names)} {where}")
        message = f'{says} in {count:,} of {_rows(self.total)} of "{self.table}"'
        return self._problem(path, "\n".join((message, *aligned(names, [list(row.values()) for row in rows]))))

    def _problem(self, path: tuple[str, ...], message: str, hint: str = _REMEDY) -> Problem:
        return Problem(message, self.contract.place(*path), hint, f"expect {path[0]}")


def _own(column: str, columns: Iterable[str]) -> Iterator[str]:
    """The column as its table calls it: SQL does not tell raceId from raceid."""
    names = list(columns)
    yield from [column] if column in names else [own for own in names if own.lower() == column.lower()][:1]


def listed(values: Iterable[Scalar], last: str = "or") -> str:
    """Values as people list them, the first few."""
    said = [f'"{value}"' if isinstance(value, str) else str(value).lower() for value in values]
    if len(said) > _FIRST:
        said = [*said[:_FIRST], f"{len(said) - _FIRST} more"]
    *some, end = said or ["there at all"]
    return f"{', '.join(some)} {last} {end}" if some else end


def _rows(count: int) -> str:
    return f"{count:,} row{'s' if count != 1 else ''}"
