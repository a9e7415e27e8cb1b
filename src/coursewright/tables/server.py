"""The database of a course whose SQL runs in a server: the same tables and the same SQL, said in the server's own.

The embedded database stays beside it: it parses what authors write in DuckDB's dialect, and reads `[tables]`, whose
rows become temporary tables of one session. Nothing else is ever made in the server: derived tables are clauses of the
statements that name them, and the session may only read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.tables.database import Database, refuse_circle
from coursewright.tables.dialects import DUCKDB, Translated, parse, translate
from coursewright.tables.held import holdable
from coursewright.tables.scopes import folded
from coursewright.tables.servers.session import Session
from coursewright.tables.source import Source
from coursewright.tables.sql import Sql
from coursewright.tables.table import Derived, Table, quote

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

Clauses = dict[str, "exp.Expr"]
_OWN = Source()  # where the rows of a table are that is the server's already


class Server(Database):
    """The tables of one course, and those of the server of `session`, in which SQL runs."""

    def __init__(self, session: Session, embedded: Database) -> None:
        """`embedded` is the course's embedded database, with its tables."""
        vars(self).update(vars(embedded))
        self.session, self.embedded = session, embedded
        own = {name: Table(name, _OWN) for name in session.tables if folded(name) not in self._names}
        self.tables = {**self.tables, **own}
        self._names = {folded(name): name for name in self.tables}
        self._open, self._readings, self._lazy = {}, {}, {}  # the files are read by the embedded database

    def query(self, sql: Sql, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of `sql`; see `Database.query`."""
        values = {**self.parameters, **(parameters or {})}
        self.open_all(sql, values)
        clauses: Clauses = {}
        self.add_clauses(clauses, sql)
        return self.run_with(sql, values, clauses)

    def run_with(self, sql: Sql, values: Mapping[str, Any], clauses: Clauses) -> pa.Table:
        """The rows of `sql`, for which the tables of `clauses` stand before all others."""
        return holdable(self.session.run(self._said(sql, clauses), values, sql))

    def run(self, text: str, bound: Mapping[str, Any], sql: Sql, above: int = 0) -> pa.Table:  # noqa: ARG002 - lines are lost
        """The rows of `text`, which is of DuckDB's dialect; see `Database.run`."""
        asked = Sql(text, sql.file, sql.line, DUCKDB)
        clauses: Clauses = {}
        self.add_clauses(clauses, asked)
        return self.run_with(asked, bound, clauses)

    def batches(self, sql: Sql) -> pa.RecordBatchReader:
        """The rows of `sql`, of which the server's driver has all in memory."""
        return self.query(sql).to_reader()

    def add_clauses(self, clauses: Clauses, sql: Sql, within: tuple[str, ...] = ()) -> None:
        """Add the derived tables that `sql` names, each after those that it is made from."""
        for name in sorted(self.names(sql)):
            table = self.tables[name]
            if isinstance(table, Derived) and name not in clauses:
                refuse_circle(table, within)
                self.add_clauses(clauses, table.sql, (*within, name))
                clauses[name] = self.tree(table.sql)

    def tree(self, sql: Sql) -> exp.Expr:
        """The tree of `sql` by SQLGlot."""
        return parse(sql, sql.dialect or self.dialect)

    def qualified(self, name: str) -> str:
        """The table `name` as SQL names it when a clause of a statement is called the same."""
        schema = self.session.schema(name)
        return f"{quote(schema)}.{quote(name)}" if schema else quote(name)

    def files(self, sql: Sql) -> frozenset[Path]:
        """The files behind `sql`, and one that is never there if it reads the server's tables: who knows their age?"""
        waiting, seen = [*self.names(sql)], set[str]()
        behind: set[Path] = set()
        while waiting:
            name = waiting.pop()
            table = self.tables[name]
            if name in seen:
                continue
            seen.add(name)
            if isinstance(table, Derived):
                behind.add(Path(table.sql.file))
                waiting.extend(self.names(table.sql))
            elif table.source is _OWN:
                behind.add(self.root / ".coursewright-server")
            else:
                behind |= self.embedded.files(self.embedded.select(name))
        return frozenset(behind)

    def open(self, name: str, values: Mapping[str, Any] | None = None, within: tuple[str, ...] = ()) -> None:
        """Make the table `name` readable: rows of the course's own sources go to the server once."""
        self.select(name)
        table = self.tables[name]
        values = self.parameters if values is None else values
        if isinstance(table, Derived):
            refuse_circle(table, within)
            table.sql.check_parameters(values)
            for below in sorted(self.names(table.sql)):
                self.open(below, values, (*within, name))
        elif table.source is not _OWN and not self.session.has(name):
            self.session.load(name, self.embedded.table(name))  # which is held to its contract there
        made_with = tuple(values[own] for own in table.sql.parameters) if isinstance(table, Derived) else ()
        if self._open.get(name) != made_with:
            self._open[name] = made_with
            if isinstance(table, Derived) or table.source is _OWN:
                self._hold_to_contract(name, values)

    def _settle(self, name: str, sql: Sql) -> None:
        """Nothing is left to be found out: all rows have been read when they went to the server."""

    def _described(self, name: str) -> dict[str, str]:
        """The columns of a table and their types as the server calls them."""
        if not isinstance(self.tables[name], Derived):
            return self.session.columns(name)
        one = self.run(f"SELECT * FROM {quote(name)} LIMIT 1000", self.parameters, self.select(name))
        return {field.name: str(field.type) for field in one.schema}

    def _said(self, sql: Sql, clauses: Clauses) -> Translated:
        """`sql` in the server's dialect, after the clauses."""
        dialect = self.session.dialect
        tree = self.tree(sql)
        if clauses:
            _put_before(tree, clauses, sql)
        own = (sql.dialect or self.dialect) == dialect
        return translate(tree, sql, to=dialect, rules=() if own else self.session.rules, names=self._spellings(tree))

    def _spellings(self, tree: exp.Expr) -> dict[str, str]:
        """How the server spells the tables and columns that a statement may name."""
        from sqlglot import exp

        spelling: dict[str, str] = {}
        for name in self._named(table.name for table in tree.find_all(exp.Table)):
            spelling[name.lower()] = name
            if not isinstance(self.tables[name], Derived):
                for column in self.session.columns(name):
                    spelling.setdefault(column.lower(), column)
        return spelling

    def _named(self, names: Iterator[str]) -> list[str]:
        return sorted({self._names[folded(name)] for name in names if folded(name) in self._names})


def _put_before(tree: exp.Expr, clauses: Clauses, sql: Sql) -> None:
    """Put the clauses before those that the statement has."""
    from sqlglot import exp

    theirs = tree.args.get("with_")
    own = {clause.alias.lower() for clause in tree.find_all(exp.CTE)}  # a server may see each where DuckDB does not
    for name in clauses:
        if name.lower() in own:
            message = f'a WITH clause cannot be called "{name}" where SQL runs in a server: a table has that name'
            raise CoursewrightError(message, sql.place(), "rename the clause")
    made = [
        exp.CTE(this=body.copy(), alias=exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
        for name, body in clauses.items()
    ]
    recursive = bool(theirs and theirs.args.get("recursive"))
    tree.set("with_", exp.With(expressions=[*made, *(theirs.expressions if theirs else ())], recursive=recursive))
