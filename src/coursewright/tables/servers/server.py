"""The database of a course whose SQL runs in a server: the same tables and the same SQL, said in the server's own.

The embedded database stays beside it: it parses what authors write in DuckDB's dialect, and reads `[tables]`, whose
rows become temporary tables of one session. Nothing else is ever made in the server: derived tables are clauses of the
statements that name them, and the session may only read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from coursewright.tables.database import Database
from coursewright.tables.embedded import EmbeddedDatabase
from coursewright.tables.servers.session import ServerSession
from coursewright.tables.servers.speaker import Clauses, Speaker
from coursewright.tables.showing.held import holdable
from coursewright.tables.source import Source
from coursewright.tables.statements.behind import refuse_circle, tables_behind
from coursewright.tables.statements.dialects import DUCKDB
from coursewright.tables.statements.outside import NEVER, files_outside
from coursewright.tables.statements.scopes import folded
from coursewright.tables.statements.sql import Sql
from coursewright.tables.table import DerivedTable, Table, quote

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

_Way = TypeVar("_Way")
_OWN = Source()  # where the rows of a table are that is the server's already


class Server(Database):
    """The tables of one course, and those of the server of `session`, in which SQL runs."""

    def __init__(self, session: ServerSession, embedded: EmbeddedDatabase) -> None:
        """`embedded` is the course's embedded database, with its tables."""
        ours = set(map(folded, embedded.tables))
        own = {name: Table(name, _OWN) for name in session.tables if folded(name) not in ours}
        super().__init__(
            embedded.root,
            {**embedded.tables, **own},
            embedded.parameters,
            embedded.connection,
            contracts=embedded.contracts,
            kept=embedded.kept,
            dialect=embedded.dialect,
            timezone=embedded.timezone,
            trust=embedded.trust,
        )
        self.session, self.embedded = session, embedded
        self._speaker = Speaker(self)

    def dispatch(self, embedded: Callable[[EmbeddedDatabase], _Way], server: Callable[[Server], _Way]) -> _Way:  # noqa: ARG002 - it is a server
        """What `server` makes of it."""
        return server(self)

    def query(self, sql: Sql, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of `sql`; see `Database.query`."""
        values = {**self.parameters, **(parameters or {})}
        self.open_all(sql, values)
        clauses: Clauses = {}
        self.add_clauses(clauses, sql)
        return self.run_with(sql, values, clauses)

    def run_with(self, sql: Sql, values: Mapping[str, Any], clauses: Clauses) -> pa.Table:
        """The rows of `sql`, for which the tables of `clauses` stand before all others."""
        said = self._speaker.said(sql, values, clauses)
        return holdable(self.session.run(said, values, sql, self._speaker.shape(sql, values)))

    def keep_with(self, name: str, sql: Sql, values: Mapping[str, Any], clauses: Clauses) -> bool:
        """Put the same rows into a temporary table of the server's; whether it can be done without fetching them."""
        shape = self._speaker.shape(sql, values)
        if shape is None or not self.session.keeps_rows:
            return False
        self.session.keep(name, self._speaker.said(sql, values, clauses), values, sql, shape)
        return True

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
            if isinstance(table, DerivedTable) and name not in clauses:
                refuse_circle(table, within)
                self.add_clauses(clauses, table.sql, (*within, name))
                clauses[name] = self.tree(table.sql, self.parameters)

    def tree(self, sql: Sql, values: Mapping[str, Any] | None = None) -> exp.Expr:
        """The tree of `sql` as the server says it; what no author wrote has to mean the same everywhere by itself."""
        return self._speaker.plain(sql) if values is None else self._speaker.understood(sql, values)

    def qualified(self, name: str) -> str:
        """The table `name` as SQL names it when a clause of a statement is called the same."""
        schema = self.session.schema(name)
        return f"{quote(schema)}.{quote(name)}" if schema else quote(name)

    def files(self, sql: Sql) -> frozenset[Path]:
        """The files behind `sql`, and one that is never there if it reads the server's tables: who knows their age?"""
        behind = set(files_outside(self.read(sql), self.root))
        for name, table in tables_behind(sql, self.names, self.tables).items():
            if isinstance(table, DerivedTable):
                behind |= {Path(table.sql.file), *files_outside(self.read(table.sql), self.root)}
            elif table.source is _OWN:
                behind.add(self.root / NEVER)
            else:
                behind |= self.embedded.files(self.embedded.select(name))
        return frozenset(behind)

    def notes(self, name: str) -> tuple[str, ...]:
        """What was assumed of the values of a file; see `Database.notes`. Those of the server are what they are."""
        self.open(name)
        table = self.tables[name]
        return self.embedded.notes(name) if isinstance(table, Table) and table.source is not _OWN else ()

    def _open_within(self, name: str, values: Mapping[str, Any], within: tuple[str, ...], done: set[str]) -> None:
        """Make the table `name` readable: rows of the course's own sources go to the server once."""
        if name in done:
            return
        self.select(name)
        table = self.tables[name]
        if isinstance(table, DerivedTable):
            refuse_circle(table, within)
            table.sql.check_parameters(values)
            for below in sorted(self.names(table.sql)):
                self._open_within(below, values, (*within, name), done)
        elif table.source is not _OWN and not self.session.has(name):
            rows = self.embedded.table(name)  # which is held to its contract there
            self._speaker.copied(name, self.session.load(name, rows, table.place))
        made_with = tuple(values[own] for own in table.sql.parameters) if isinstance(table, DerivedTable) else ()
        if self._open.get(name) != made_with:
            if isinstance(table, DerivedTable):
                self._speaker.understood(table.sql, values)  # so that what cannot be said is told here
            self._open[name] = made_with
            if isinstance(table, DerivedTable) or table.source is _OWN:
                self._hold_to_contract(name, values)
        done.add(name)

    def settle(self, sql: Sql) -> None:
        """Nothing, as below."""

    def _settle_if_partial(self, sql: Sql) -> None:
        """Nothing, as below."""

    def _settle(self, name: str, sql: Sql) -> None:
        """Nothing is left to be found out: all rows have been read when they went to the server."""

    def is_own(self, name: str) -> bool:
        """Whether a table is the server's, and no copy."""
        table = self.tables[name]
        return isinstance(table, Table) and table.source is _OWN

    def _described(self, name: str) -> dict[str, str]:
        """The columns of a table and their types as the server calls them."""
        if not isinstance(self.tables[name], DerivedTable):
            return self.session.columns(name)
        shape = self._speaker.shape(self.select(name), self.parameters)
        return {field.name: str(field.type) for field in shape or ()}
