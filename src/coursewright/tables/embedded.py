"""The embedded DuckDB as courses use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from coursewright.errors import SeveralProblems
from coursewright.tables.contracts.contract import Contract
from coursewright.tables.database import Database
from coursewright.tables.fetching.kept import CopyStore
from coursewright.tables.load import load
from coursewright.tables.showing.held import holdable
from coursewright.tables.sources import files
from coursewright.tables.sources.strange import strange_sources
from coursewright.tables.statements.answers import Answers
from coursewright.tables.statements.behind import refuse_circle
from coursewright.tables.statements.dialects import DUCKDB
from coursewright.tables.statements.sql import Sql, sql_problem
from coursewright.tables.table import DerivedTable, Table, quote
from coursewright.trust import OWN, Trust
from coursewright.zone import UTC

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from coursewright.tables.servers.server import Server

_Way = TypeVar("_Way")
_BATCH = 122_880  # rows: what DuckDB reads at a time
_MEMORY = "4GB"  # for a stranger's SQL, which may not fill the disk instead


class EmbeddedDatabase(Database):
    """A DuckDB in this process, in which every table of the course is a view.

    That of a stranger's course reads the files of `root` and nothing else.
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
        named: dict[str, Table | DerivedTable] = {t.name: t for t in tables} | {d.name: d for d in derived}
        if trust.stranger and (strange := list(strange_sources(named.values(), root))):
            raise SeveralProblems(strange)
        kept = kept or CopyStore(root)
        super().__init__(
            root,
            named,
            parameters or {},
            connect(root, timezone, trust, kept.folder),
            contracts=contracts or {},
            kept=kept,
            dialect=dialect,
            timezone=timezone,
            trust=trust,
        )
        self._lazy: dict[str, files.Lazy] = {}  # files whose faults are found when their rows are read
        self._times_made: dict[str, int] = {}
        self._answers = Answers(self._known)

    def dispatch(self, embedded: Callable[[EmbeddedDatabase], _Way], server: Callable[[Server], _Way]) -> _Way:  # noqa: ARG002 - it is no server
        """What `embedded` makes of it."""
        return embedded(self)

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

    def _described(self, name: str) -> dict[str, str]:
        """The columns of a table that is open, and their types."""
        return {column: str(kind) for column, kind, *_ in self.connection.execute(f"DESCRIBE {quote(name)}").fetchall()}

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


def connect(root: Path, timezone: str, trust: Trust = OWN, kept: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory, whose days begin in `timezone` and whose SQL finds files in the folder `root` too.

    That of a stranger finds those and what is `kept`, no others and no network, and cannot change that.
    """
    import duckdb

    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    connection.execute(f"SET TimeZone = '{timezone}'")
    # A table that is not there is not a variable of this program either.
    connection.execute("SET python_enable_replacements = false")
    # It lets the reader of CSV do a TRY_CAST, where what cannot be cast is an error.
    connection.execute("SET disabled_optimizers = 'type_pushdown'")
    if Path.cwd() != root and "," not in str(root):  # for names that are put together; a comma would make it two
        connection.execute("SET file_search_path = ?", [str(root)])
    if trust.stranger:
        _close(connection, [root, *([kept] if kept else [])])
    return connection


def _close(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """Keep a connection to the files of `folders`, without network and extensions, whatever is said to it later."""
    listed = ", ".join("'{}'".format(str(folder.resolve()).replace("'", "''")) for folder in folders)
    connection.execute(f"SET allowed_directories = [{listed}]")
    connection.execute(f"SET memory_limit = '{_MEMORY}'")
    connection.execute("SET temp_directory = ''")
    connection.execute("SET allow_persistent_secrets = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
