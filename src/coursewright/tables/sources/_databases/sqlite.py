"""Rows from an SQLite file, by ADBC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from coursewright.errors import CoursewrightError, MissingPart, did_you_mean
from coursewright.tables.sources._databases import unreachable
from coursewright.tables.sources._databases.address import Address
from coursewright.tables.sources._databases.batches import ROWS, stream, unlike
from coursewright.tables.sources._databases.statement import SourceQuery

if TYPE_CHECKING:
    import pyarrow as pa


def read(address: Address, statement: SourceQuery) -> pa.RecordBatchReader:
    """The rows of a statement; the file is opened for reading only."""
    path = address.root / address.database
    if not path.is_file():
        near = did_you_mean(path.name, (p.name for p in path.parent.glob("*"))) if path.parent.is_dir() else ""
        raise address.problem(f'no file "{address.database}"', near)
    try:
        import adbc_driver_sqlite.dbapi as driver
    except ImportError:
        hint = 'pip install "coursewright[databases]"'
        raise MissingPart("tables from SQLite need adbc-driver-sqlite", address.place, hint) from None
    names = statement.names
    text = statement.with_parameters(lambda name: f"?{names.index(name) + 1}")
    values = tuple(_storable(statement.values[name]) for name in names)
    connection = driver.connect(f"file:{quote(str(path.absolute()))}?mode=ro")
    try:
        cursor = connection.cursor()
        try:
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(ROWS)})
            cursor.execute(text, values or None)
            reader = cursor.fetch_record_batch()
        except (driver.Error, OSError) as error:
            cursor.close()
            raise _problem(str(error), address, path.name) from None
        unlike(reader.schema.names, address)
        return stream(reader.schema, _batches(address, connection, cursor, reader))
    except BaseException:
        connection.close()
        raise


def _batches(address: Address, connection: Any, cursor: Any, reader: Any) -> Iterator[pa.RecordBatch]:
    import adbc_driver_manager
    import pyarrow as pa

    try:
        yield from reader
    except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
        raise _problem(str(error), address, address.database, reader.schema.names) from None
    finally:
        cursor.close()
        connection.close()


def _storable(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | str | bytes) else str(value)


def _problem(said: str, address: Address, name: str, columns: list[str] | None = None) -> CoursewrightError:
    mixed = re.search(r"Type mismatch in column (\d+): expected (\S+) but got (\S+)", said)
    if mixed and columns:
        first, then = (_KINDS.get(mixed[at], mixed[at]) for at in (2, 3))
        message = f'the column "{columns[int(mixed[1])]}" has {first} in its first {ROWS:,} rows and {then} further on'
        return address.problem(message, "say in the query what it is: CAST(… AS TEXT), or AS REAL")
    if "readonly database" in said:
        return unreachable.changing(address)
    if "not a database" in said:
        return address.problem(f"{name} is no SQLite file", "check that the file is whole")
    reason = said.partition("statement: ")[2] or said.partition("query: ")[2] or said.partition(": ")[2] or said
    return address.problem(f"the query: {reason.splitlines()[0]}")


_KINDS = {"INT64": "whole numbers or nothing", "DOUBLE": "numbers", "STRING/BINARY": "text or bytes"}
