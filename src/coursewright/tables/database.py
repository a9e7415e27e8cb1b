"""Where the SQL of a course runs: what the rooms above ask of it, in whichever of its two forms.

`EmbeddedDatabase` is a DuckDB in this process, in which every table of the course is a view; `Server` is a database
elsewhere, which is asked in its own SQL.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.tables.contracts.breaches import hold_to
from coursewright.tables.contracts.contract import Contract
from coursewright.tables.fetching.kept import CopyStore
from coursewright.tables.statements.dialects import DUCKDB
from coursewright.tables.statements.known import KnownStatements
from coursewright.tables.statements.sql import Sql, StatementReads
from coursewright.tables.table import DerivedTable, Table, quote
from coursewright.trust import Trust

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from coursewright.tables.embedded import EmbeddedDatabase
    from coursewright.tables.servers.server import Server

_Way = TypeVar("_Way")


class Database(ABC):
    """The tables of one course, opened one by one as statements name them, and where SQL runs over them.

    `root` is the folder that paths start from, `parameters` the values of the course's named parameters, `contracts`
    what is expected of tables, by their names: each is held to it whenever it has been opened. `kept` are the copies of
    what is fetched, `dialect` is that of SQL which does not say what it is written in. `timezone` is where its days
    begin, whatever the machine's own zone is; `trust` says whose course it is. `connection` is the embedded
    DuckDB, which parses what authors write wherever it runs.
    """

    def __init__(
        self,
        root: Path,
        tables: Mapping[str, Table | DerivedTable],
        parameters: Mapping[str, Any],
        connection: duckdb.DuckDBPyConnection,
        *,
        contracts: Mapping[str, Contract],
        kept: CopyStore,
        dialect: str,
        timezone: str,
        trust: Trust,
    ) -> None:
        self.root, self.trust, self.kept, self.dialect, self.timezone = root, trust, kept, dialect, timezone
        self.tables, self.parameters, self.contracts = dict(tables), dict(parameters), dict(contracts)
        self.connection = connection
        self._known = KnownStatements(root, connection, self.tables, self.parameters, kept, dialect)
        self._open: dict[str, tuple[Any, ...]] = {}
        self._changes = 0  # of what is open: what was opened for a statement is so until the next one
        self._opened: dict[Sql, tuple[Any, ...]] = {}
        # What other rooms have made in it, by names of their own: temporary tables, and what they have found out.
        self.beside: dict[str, Any] = {}

    @abstractmethod
    def dispatch(self, embedded: Callable[[EmbeddedDatabase], _Way], server: Callable[[Server], _Way]) -> _Way:
        """What `embedded` makes of it if it is that, else `server`: for who has a way of asking each of them."""

    @abstractmethod
    def query(self, sql: Sql, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of `sql` as an Arrow table; `parameters` stand before the course's own of the same name.

        Raises CoursewrightError with the file and line of the author's SQL.
        """

    @abstractmethod
    def batches(self, sql: Sql) -> pa.RecordBatchReader:
        """The same rows a batch at a time, for answers of any length; they may hold what Python cannot."""

    @abstractmethod
    def run(self, text: str, bound: Mapping[str, Any], sql: Sql, above: int = 0) -> pa.Table:
        """The rows of `text`, which holds the author's `sql` below `above` lines of ours.

        Raises CoursewrightError with the place in `sql`.
        """

    def rows(self, sql: Sql, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The same as `query`, as Python rows: for answers that are small. No two columns can have one name."""
        found = self.query(sql, parameters)
        for name in found.column_names:
            if found.column_names.count(name) > 1:
                raise CoursewrightError(f'two columns are called "{name}"', sql.place(), "rename one of them with AS")
        return list(found.to_pylist())

    def table(self, name: str) -> pa.Table:
        """All rows of the table `name`."""
        return self.query(self.select(name))

    def columns(self, name: str) -> dict[str, str]:
        """The columns of the table `name` and their DuckDB types, which are those of all its rows."""
        self.open(name)
        self._settle(name, self.select(name))
        return self._described(name)

    @abstractmethod
    def _described(self, name: str) -> dict[str, str]:
        """The columns of a table that is open, and their types."""

    def select(self, name: str) -> Sql:
        """`SELECT *` from the table called `name`, or CoursewrightError with the name that was probably meant."""
        if name not in self.tables:
            raise CoursewrightError(f'no table called "{name}"', None, did_you_mean(name, self.tables))
        return Sql(f"SELECT * FROM {quote(name)}", "course.toml", dialect=DUCKDB)

    def as_duckdb(self, sql: Sql) -> Sql:
        """`sql` in the dialect of the embedded database, with the files that it names as seen from the course."""
        return self._known.as_duckdb(sql)

    def read(self, sql: Sql) -> StatementReads:
        """What `sql` reads, each table being one of the course."""
        return self._known.readings[sql]

    def names(self, sql: Sql) -> frozenset[str]:
        """The tables of the course that `sql` itself names."""
        return self._known.names[sql]

    def files(self, sql: Sql) -> frozenset[Path]:
        """The files behind `sql`: of data and of SQL; one that is never there stands for clocks and chance."""
        return self._known.files[sql]

    @property
    def files_asked(self) -> frozenset[Path]:
        """The files behind all statements that it was asked."""
        return frozenset(file for sql in self._opened for file in self.files(sql))

    def parameters_behind(self, sql: Sql) -> frozenset[str]:
        """The named parameters that `sql` and the SQL of the tables that it reads have."""
        return self._known.parameters_behind[sql]

    def open_all(self, sql: Sql, values: Mapping[str, Any]) -> None:
        """Make every table that `sql` reads readable."""
        sql.check_parameters(values)
        derived_with = tuple(values[name] for name in self._known.derived_with[sql] if name in values)
        if self._opened.get(sql) == (self._changes, *derived_with):
            return
        done: set[str] = set()
        for name in sorted(self.names(sql)):
            self._open_within(name, values, (), done)
        self._settle_if_partial(sql)
        self._opened[sql] = (self._changes, *derived_with)

    def open(self, name: str, values: Mapping[str, Any] | None = None) -> None:
        """Make the table `name` readable."""
        self._open_within(name, self.parameters if values is None else values, (), set())

    @abstractmethod
    def _open_within(self, name: str, values: Mapping[str, Any], within: tuple[str, ...], done: set[str]) -> None:
        """Make a table readable, unless it is in `done`; `within` are the derived tables that are made around it."""

    @abstractmethod
    def settle(self, sql: Sql) -> None:
        """Read once through the files that `sql` names: the types of their columns stay what they are from then on.

        For what cannot be said again when a value far down does not fit its column: a batch that was given, a statement
        that was written by the types. Raises CoursewrightError for a file with a fault.
        """

    @abstractmethod
    def _settle_if_partial(self, sql: Sql) -> None:
        """Settle what `sql` reads a part of, where the first rows would decide the type of a column."""

    @abstractmethod
    def _settle(self, name: str, sql: Sql) -> None:
        """Read all rows of the table `name`, for `sql`, where its types would hang on how many are read."""

    @abstractmethod
    def notes(self, name: str) -> tuple[str, ...]:
        """What was assumed of the values of the table `name`, for people: "read as Windows-1252", for instance."""

    def _hold_to_contract(self, name: str, values: Mapping[str, Any] | None) -> None:
        """Raise SeveralProblems if the table `name`, which was just opened, is not what the course expects."""
        if name not in self.contracts:
            return
        contract = self.contracts[name]

        def columns(table: str) -> Mapping[str, str]:
            if table != name:
                self.open(table, values)
            return self._described(table)

        def ask(select: str) -> list[dict[str, Any]]:
            place = contract.place()
            return list(self.run(select, {}, Sql(select, place.file, place.line or 1)).to_pylist())

        try:
            self.settle(self.select(name))
            hold_to(contract, name, columns, ask)
        except CoursewrightError:
            del self._open[name]  # so that the next statement that reads it is told as well
            self._changes += 1
            raise
