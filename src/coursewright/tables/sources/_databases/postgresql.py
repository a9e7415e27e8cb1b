"""Rows from PostgreSQL, by ADBC: binary COPY into Arrow."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables.sources._databases import postgresql_types as types
from coursewright.tables.sources._databases import unreachable
from coursewright.tables.sources._databases.address import SECONDS_TO_CONNECT, Address
from coursewright.tables.sources._databases.batches import stream, unlike
from coursewright.tables.sources._databases.statement import SourceQuery

if TYPE_CHECKING:
    import pyarrow as pa

# Everybody reads the same rows, whatever the server's own settings are; and nobody changes any.
_SETTINGS = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
)
_GONE = re.compile(
    "server closed the connection|terminating connection|connection to server was lost|SSL SYSCALL", re.I
)


def read(address: Address, statement: SourceQuery) -> pa.RecordBatchReader:
    """The rows of a statement."""
    connection = _connect(address)
    asking = _Asking(address, connection)
    try:
        for setting in _SETTINGS:
            asking.rows(setting)
        query = _bound(asking, statement)
        columns = types.columns(asking.schema(query))
        unlike([column.name for column in columns], address)
        columns = types.measured(columns, query, asking.rows)
        text = types.wrapped(columns, query)
        return stream(types.schema(columns), _batches(asking, text, columns))
    except BaseException:
        connection.close()
        raise


def _connect(address: Address) -> Any:
    try:
        import adbc_driver_postgresql.dbapi as driver
    except ImportError:
        hint = 'pip install "coursewright[databases]"'
        raise MissingPart("tables from PostgreSQL need adbc-driver-postgresql", address.place, hint) from None
    options = f"{address.options}&" if address.options else ""
    if "connect_timeout" not in options:
        options += f"connect_timeout={SECONDS_TO_CONNECT}&"
    try:
        return driver.connect(address.url("postgresql", f"{options}application_name=coursewright"))
    except driver.Error as error:
        raise _unreachable(str(error), address) from None


def _unreachable(said: str, address: Address) -> CoursewrightError:
    if "password authentication failed" in said or "no password supplied" in said:
        return unreachable.denied(address)
    if "could not translate host name" in said:
        return unreachable.no_host(address)
    if "Connection refused" in said:
        return unreachable.refused(address)
    if f'database "{address.database}" does not exist' in said:
        return unreachable.no_database(address)
    return unreachable.other(address, said.partition("Failed to connect: ")[2] or said)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A connection, whose errors are ours."""

    address: Address
    connection: Any

    def rows(self, text: str, values: tuple[Any, ...] | None = None, above: int = 0) -> list[dict[str, Any]]:
        """The rows of a statement of ours, `above` lines of it before the author's."""
        with self.errors(above), self.connection.cursor() as cursor:
            cursor.execute(text, values)
            return list(cursor.fetch_arrow_table().to_pylist())

    def schema(self, query: str) -> pa.Schema:
        """What the author's query gives; it is not run."""
        with self.errors(), self.connection.cursor() as cursor:
            return cursor.adbc_execute_schema(query)

    @contextlib.contextmanager
    def errors(self, above: int = 0, count: Callable[[], int] = int) -> Iterator[None]:
        """The driver's errors as ours; `count` is how many rows have come."""
        import adbc_driver_manager
        import pyarrow as pa

        try:
            yield
        except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
            raise self._problem(str(error), above, count()) from None

    def _problem(self, said: str, above: int, rows: int) -> CoursewrightError:
        if _GONE.search(said):
            return unreachable.gone(self.address, rows)
        if "in a read-only transaction" in said or "SQLSTATE: 25006" in said:
            return unreachable.changing(self.address)
        found = re.search(r"(?:ERROR|FATAL): +(.*)", said)
        reason = found[1].strip() if found else said.strip().splitlines()[0]
        line = re.search(r"\nLINE (\d+):", said)
        where = f"line {int(line[1]) - above} of the query" if line else "the query"
        said_more = re.search(r"\nHINT: +(.*)", said)
        return self.address.problem(f"{where}: {reason}", said_more[1].strip() if said_more else "")


def _bound(asking: _Asking, statement: SourceQuery) -> str:
    """The query with its parameters bound.

    COPY, by which rows come fast and in bounded memory, takes no parameters. So each value is bound to a setting of the
    transaction, and the query reads that, as the type which the server itself has found for the parameter.
    """
    names = statement.names
    if not names:
        return statement.text
    numbered = statement.with_parameters(lambda name: f"${names.index(name) + 1}")
    asking.rows(f"PREPARE coursewright AS\n{numbered}", above=1)
    found = asking.rows(
        "SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'coursewright'"
    )
    read_as = {}
    for number, (name, kind) in enumerate(zip(names, found[0]["types"], strict=True), start=1):
        value = statement.values[name]
        read_as[name] = f"NULL::{kind}" if value is None else f"current_setting('coursewright.p{number}')::{kind}"
        if value is not None:
            said = str(value).lower() if isinstance(value, bool) else str(value)
            asking.rows(f"SELECT set_config('coursewright.p{number}', $1, true)", (said,))
    return statement.with_parameters(lambda name: f"({read_as[name]})")


def _batches(asking: _Asking, text: str, columns: list[types.PostgresColumn]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    rows, schema = 0, types.schema(columns)
    above = 0 if text.startswith("/*") else text.count("\n", 0, text.find("FROM (\n") + 7)
    try:
        with asking.errors(above, lambda: rows), asking.connection.cursor() as cursor:
            cursor.execute(text)
            for batch in cursor.fetch_record_batch():
                arrays = [
                    types.finished(column, array, asking.address)
                    for column, array in zip(columns, batch.columns, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)
                rows += batch.num_rows
    finally:
        asking.connection.close()
