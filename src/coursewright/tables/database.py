"""The database in which the course's SQL runs: an embedded DuckDB in which every table of the course is a view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, SeveralProblems, did_you_mean
from coursewright.tables.contracts.breaches import hold_to
from coursewright.tables.contracts.contract import Contract
from coursewright.tables.embedded import connect
from coursewright.tables.fetching.kept import CopyStore
from coursewright.tables.load import load
from coursewright.tables.showing.held import holdable
from coursewright.tables.sources import files
from coursewright.tables.sources.strange import strange_sources
from coursewright.tables.statements.answers import Answers
from coursewright.tables.statements.behind import refuse_circle
from coursewright.tables.statements.dialects import DUCKDB
from coursewright.tables.statements.known import KnownStatements
from coursewright.tables.statements.sql import Sql, StatementReads, sql_problem
from coursewright.tables.table import DerivedTable, Table, quote
from coursewright.trust import OWN, Trust
from coursewright.zone import UTC

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_BATCH = 122_880  # rows: what DuckDB reads at a time


class Database:
    """The tables of one course, opened one by one as statements name them.

    `root` is the folder that paths start from, `parameters` the values of the course's named parameters, `contracts`
    what is expected of tables, by their names: each is held to it whenever it has been opened. `kept` are the copies of
    what is fetched, `dialect` is that of SQL which does not say what it is written in. `timezone` is where its days
    begin, whatever the machine's own zone is. That of a stranger, by `trust`, reads the files
    of `root` and nothing else.
    """

    def __init__(
        self,
        root: Path,
        tables: Iterable[Table],
        derived: Iterable[DerivedTable] = (),
        parameters: Mapping[str, Any] | None = None,
        *,
        contracts: Mapping[str, Contract] | None = None,
        kept: CopyStore | None = None,
        dialect: str = DUCKDB,
        timezone: str = UTC,
        trust: Trust = OWN,
    ) -> None:
        self.root, self.trust = root, trust
        self.kept, self.dialect, self.timezone = kept or CopyStore(root), dialect, timezone
        self.tables: dict[str, Table | DerivedTable] = {t.name: t for t in tables} | {d.name: d for d in derived}
        if trust.stranger and (strange := list(strange_sources(self.tables.values(), root))):
            raise SeveralProblems(strange)
        self.parameters = dict(parameters or {})
        self.contracts = dict(contracts or {})
        self.connection: duckdb.DuckDBPyConnection = connect(root, timezone, trust, self.kept.folder)
        self._lazy: dict[str, files.Lazy] = {}  # files whose faults are found when their rows are read
        self._open: dict[str, tuple[Any, ...]] = {}
        self._times_made: dict[str, int] = {}
        self._known = KnownStatements(root, self.connection, self.tables, self.parameters, self.kept, dialect)
        self._changes = 0  # of what is open: what was opened for a statement is so until the next one
        self._opened: dict[Sql, tuple[Any, ...]] = {}
        self._answers = Answers(self._known)
        # What other rooms have made in it, by names of their own: temporary tables, and what they have found out.
        self.beside: dict[str, Any] = {}

    def query(self, sql: Sql, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of `sql` as an Arrow table; `parameters` stand before the course's own of the same name.

        Raises CoursewrightError with the file and line of the author's SQL.
        """
        values = {**self.parameters, **(parameters or {})}
        self.open_all(sql, values)
        written, text = self._known.written[sql]
        bound = {name: values[name] for name in written.parameters}
        return self._answers.rows(sql, bound, self._opened[sql], partial(self.run, text, bound, written))

    def batches(self, sql: Sql) -> pa.RecordBatchReader:
        """The same rows a batch at a time, for answers of any length; they may hold what Python cannot."""
        import duckdb
        import pyarrow as pa

        self.open_all(sql, self.parameters)
        self.settle(sql)
        sql = self.as_duckdb(sql)
        bound = {name: self.parameters[name] for name in sql.parameters}
        text = sql.with_parameters(lambda name: f"${name}")

        def read(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
            try:
                yield from reader
            except (duckdb.Error, pa.ArrowException, OSError) as error:  # Arrow tells some as those of the system
                raise sql_problem(error, sql, 0, self.tables) from None

        try:
            reader = self.connection.sql(text, params=bound).to_arrow_reader(_BATCH)
        except duckdb.Error as error:
            raise sql_problem(self._with_line(error, text, bound), sql, 0, self.tables) from None
        return pa.RecordBatchReader.from_batches(reader.schema, read(reader))

    def run(self, text: str, bound: Mapping[str, Any], sql: Sql, above: int = 0) -> pa.Table:
        """The rows of `text`, which holds the author's `sql` below `above` lines of ours.

        Raises CoursewrightError with the place in `sql`.
        """
        import duckdb

        try:
            return holdable(self.connection.sql(text, params=dict(bound)).to_arrow_table())
        except duckdb.Error as error:
            if files.mend(self._lazy, error):
                return self.run(text, bound, sql, above)
            raise sql_problem(self._with_line(error, text, bound), sql, above, self.tables) from None

    def _with_line(self, error: Exception, text: str, bound: Mapping[str, Any]) -> Exception:
        """The same error as execute() tells it: unlike sql(), that names the line."""
        import duckdb

        try:
            self.connection.execute(text, dict(bound)).fetchall()
        except duckdb.Error as same:
            return same
        return error

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

    def _described(self, name: str) -> dict[str, str]:
        """The columns of a table that is open, and their types."""
        return {column: str(kind) for column, kind, *_ in self.connection.execute(f"DESCRIBE {quote(name)}").fetchall()}

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

    def _open_within(self, name: str, values: Mapping[str, Any], within: tuple[str, ...], done: set[str]) -> None:
        """Make a table readable, unless it is in `done`; `within` are the derived tables that are made around it."""
        if name in done:
            return
        self.select(name)
        table = self.tables[name]
        if isinstance(table, DerivedTable):
            self._derive(table, values, within, done)
        elif name not in self._open:
            lazy = load(self.connection, table, root=self.root, kept=self.kept, parameters=self.parameters)
            if lazy:
                self._lazy[name] = lazy
            self._open[name] = ()
            self._changes += 1
            self._hold_to_contract(name, values)
        done.add(name)

    def _derive(self, table: DerivedTable, values: Mapping[str, Any], within: tuple[str, ...], done: set[str]) -> None:
        """Run a derived table's SELECT once for each set of parameter values that it names."""
        import duckdb

        refuse_circle(table, within)
        table.sql.check_parameters(values)
        below = sorted(self.names(table.sql))
        for name in below:
            self._open_within(name, values, (*within, table.name), done)
        self._settle_if_partial(table.sql)
        own = {name: values[name] for name in table.sql.parameters}
        # What it was made with: its own parameters, and how often each table below it has been made.
        made_with = (*own.values(), *(self._times_made.get(name, 0) for name in below))
        if self._open.get(table.name) == made_with:
            return
        text = self.as_duckdb(table.sql).with_parameters(lambda name: f"${name}")
        try:
            self.connection.execute(f"CREATE OR REPLACE TABLE {quote(table.name)} AS\n{text}", own)
        except duckdb.Error as error:
            if files.mend(self._lazy, error):
                self._derive(table, values, within, done)
                return
            raise sql_problem(error, table.sql, above=1, tables=self.tables) from None
        self._open[table.name] = made_with
        self._times_made[table.name] = self._times_made.get(table.name, 0) + 1
        self._changes += 1
        self._hold_to_contract(table.name, values)

    def settle(self, sql: Sql) -> None:
        """Read once through the files that `sql` names: the types of their columns stay what they are from then on.

        For what cannot be said again when a value far down does not fit its column: a batch that was given, a statement
        that was written by the types. Raises CoursewrightError for a file with a fault.
        """
        for name in sorted(self.names(sql) & set(self._lazy)):
            self._settle(name, sql)

    def _settle_if_partial(self, sql: Sql) -> None:
        """Settle what `sql` reads a part of, where the first rows would decide the type of a column."""
        for name in sorted(self.names(sql) & set(self._lazy)) if self.read(sql).partial else ():
            if self._lazy[name].settled:
                self._settle(name, sql)

    def _settle(self, name: str, sql: Sql) -> None:
        lazy = self._lazy.get(name)
        if lazy:
            self.run(f"SELECT count(COLUMNS(*)) FROM {quote(name)}", {}, sql)
            settled = self._lazy[name].settled
            if settled:
                self._lazy[name] = settled()

    def notes(self, name: str) -> tuple[str, ...]:
        """What was assumed of the values of the table `name`, for people: "read as Windows-1252", for instance."""
        self.open(name)
        sure = self._lazy[name].sure if name in self._lazy else None
        if sure:
            self._lazy[name] = sure() or self._lazy[name]
        return self._lazy[name].notes() if name in self._lazy else ()

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
