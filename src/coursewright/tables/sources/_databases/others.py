"""Rows from any other database, by its dialect of SQLAlchemy: Trino, Spark, SQL Server and the like."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables.sources._databases import unreachable
from coursewright.tables.sources._databases.address import Address
from coursewright.tables.sources._databases.batches import stream, unlike
from coursewright.tables.sources._databases.statement import SourceQuery

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 10_000
_PACKAGES = {
    "databricks": "databricks-sqlalchemy",
    "duckdb": "duckdb-engine",
    "hive": "pyhive[hive_pure_sasl]",
    "mssql": "pyodbc",
    "oracle": "oracledb",
    "snowflake": "snowflake-sqlalchemy",
    "trino": "trino[sqlalchemy]",
}


def read(address: Address, statement: SourceQuery) -> pa.RecordBatchReader:
    """The rows of a statement; what is in the first 10,000 of them says the types."""
    try:
        import sqlalchemy as sa
    except ImportError:
        hint = 'pip install "coursewright[databases]"'
        raise MissingPart("tables from databases need SQLAlchemy", address.place, hint) from None
    made = engine(address)
    text = statement.with_parameters(lambda name: f":{name}", lambda rest: rest.replace(":", r"\:"))
    values = {name: statement.values[name] for name in statement.names}
    try:
        connection = made.connect().execution_options(stream_results=True, max_row_buffer=_ROWS)
    except sa.exc.SQLAlchemyError as error:
        raise unreachable.other(address, _said(error)) from None
    try:
        rows = connection.execute(sa.text(text), values)
        names = list(rows.keys())
        unlike(names, address)
        parts = rows.partitions(_ROWS)
        first: Any = next(parts, [])
    except BaseException as error:
        connection.close()
        made.dispose()
        if isinstance(error, sa.exc.SQLAlchemyError):
            raise address.problem(f"the query: {_said(error)}") from None
        raise
    return stream(*_typed(address, names, first, parts, connection))


def engine(address: Address) -> Any:
    """SQLAlchemy's engine for an address. Raises MissingPart for a dialect whose package is not installed."""
    import sqlalchemy as sa

    package = _PACKAGES.get(address.kind, address.kind)
    missing = MissingPart(f"tables from {address.kind} need {package}", address.place, f'pip install "{package}"')
    try:
        return sa.create_engine(address.url(address.scheme))
    except (sa.exc.NoSuchModuleError, ImportError):
        raise missing from None
    except sa.exc.ArgumentError as error:
        raise address.problem(f"the address of the database cannot be read: {_said(error)}") from None


def _said(error: Exception) -> str:
    reason = str(getattr(error, "orig", None) or error).strip()
    return reason.splitlines()[0] if reason else type(error).__name__


def _typed(
    address: Address, names: list[str], first: Any, parts: Any, connection: Any
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow as pa

    try:
        arrays = [_guessed(address, name, [row[at] for row in first]) for at, name in enumerate(names)]
    except BaseException:
        connection.close()
        connection.engine.dispose()
        raise
    schema = pa.schema([(name, array.type) for name, array in zip(names, arrays, strict=True)])
    return schema, _batches(address, schema, chain([first], parts), connection)


def _guessed(address: Address, name: str, values: list[Any]) -> Any:
    import pyarrow as pa

    try:
        array = pa.array(values)
    except (pa.ArrowException, OverflowError) as error:
        raise _mixed(address, name, str(error)) from None
    if pa.types.is_null(array.type):
        return array.cast(pa.string())
    if pa.types.is_decimal(array.type):
        return array.cast(pa.decimal128(38, array.type.scale)) if array.type.precision <= 38 else array
    return array


def _batches(address: Address, schema: pa.Schema, parts: Any, connection: Any) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    import sqlalchemy as sa

    rows, name = 0, ""
    try:
        for part in parts:
            arrays = []
            for at, field in enumerate(schema):
                name = field.name
                arrays.append(pa.array([row[at] for row in part], field.type))
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
            rows += len(part)
    except (pa.ArrowException, OverflowError, TypeError) as error:
        raise _mixed(address, name, str(error)) from None
    except sa.exc.SQLAlchemyError:
        raise unreachable.gone(address, rows) from None
    finally:
        connection.close()
        connection.engine.dispose()


def _mixed(address: Address, name: str, said: str) -> CoursewrightError:
    reason = said.splitlines()[0] if said else ""
    return address.problem(f'the column "{name}" has values of several types: {reason}', "cast it in the query")
