"""Rows from MySQL or MariaDB: PyMySQL asks what a query gives, ConnectorX reads it."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables.sources._databases import mysql_types as types
from coursewright.tables.sources._databases import spool, unreachable
from coursewright.tables.sources._databases.address import SECONDS_TO_CONNECT, Address
from coursewright.tables.sources._databases.batches import ROWS, stream, unlike
from coursewright.tables.sources._databases.statement import SourceQuery

if TYPE_CHECKING:
    import pyarrow as pa

# Everybody reads the same rows, whatever the server's own settings are; and nobody changes any.
_SETTINGS = ["SET SESSION TRANSACTION READ ONLY", "SET time_zone = '+00:00'"]
_ACCESS_DENIED, _NO_DATABASE, _UNREACHABLE, _SYNTAX = (1044, 1045, 1698), 1049, 2003, 1064
_TWICE, _CHANGING = 1060, 1792
_NOUGHTS = "'0000-00-00'"
_GONE = re.compile("CodecError|DriverError|Could not connect|IoError|bytes remaining|Connection was killed")


def read(address: Address, statement: SourceQuery) -> pa.RecordBatchReader:
    """The rows of a statement."""
    if address.options and address.options.lower() not in ("charset=utf8", "charset=utf8mb4"):
        raise address.problem("an address of MySQL or MariaDB takes no options here", "leave out what follows the ?")
    query = statement.with_parameters(lambda name: _literal(statement.values[name]))
    columns = _columns(address, query)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the reader closes it
    try:
        _fill(file, address, columns, query, in_order=statement.in_order)
        return stream(types.schema(columns), _batches(address, columns, file))
    except BaseException:
        file.close()
        raise


def _fill(file: IO[bytes], address: Address, columns: list[types.MySqlColumn], query: str, *, in_order: bool) -> None:
    """Have all rows written to `file`. Raises CoursewrightError if they cannot be."""
    failed = _spool(address, types.wrapped(columns, query, in_order=in_order), file)
    if _NOUGHTS in failed:  # few tables have any, and to look for them costs time
        failed = _spool(address, types.wrapped(columns, query, in_order=in_order, noughts=True), file)
    if failed:
        raise _failure(address, failed)


def _literal(value: Any) -> str:
    """A parameter as it stands in the query: a number, or text as digits in base 16, which no text can break out of.

    ConnectorX binds no values, and a variable of the session would not take the collation of a column.
    """
    if value is None or isinstance(value, bool):
        return "NULL" if value is None else str(value).upper()
    if isinstance(value, int | float):
        return f"({value!r})"
    if isinstance(value, datetime.datetime):
        value = value.isoformat(sep=" ")
    return f"_utf8mb4 X'{str(value).encode().hex()}'"


def _columns(address: Address, query: str) -> list[types.MySqlColumn]:
    """What the query gives; it is run only to see how long the numbers are whose declaration is longer than Arrow's."""
    pymysql = _driver(address)
    connection, above = connect(pymysql, address), 0
    try:
        with connection.cursor() as cursor:
            for setting in _SETTINGS:
                cursor.execute(setting)
            cursor.execute("PREPARE coursewright FROM %s", (query,))  # its mistakes have the author's lines
            above = 1
            cursor.execute(f"SELECT * FROM (\n{query}\n) AS q LIMIT 0")
            fields = cursor._result.fields if cursor._result else ()
            unlike([field.name for field in fields], address)
            columns = [types.column(field) for field in fields]
            asked = types.measure(columns, query)
            if not asked:
                return columns
            cursor.execute(asked)
            return types.measured(columns, cursor.fetchone())
    except pymysql.Error as error:
        raise _problem(int(error.args[0]), str(error.args[-1]), address, above) from None
    finally:
        connection.close()


def _driver(address: Address) -> Any:
    try:
        import connectorx  # noqa: F401 - asked for here, where its absence can be told
        import pymysql
    except ImportError:
        hint = 'pip install "coursewright[databases]"'
        message = "tables from MySQL and MariaDB need connectorx and pymysql"
        raise MissingPart(message, address.place, hint) from None
    return pymysql


def connect(pymysql: Any, address: Address) -> Any:
    try:
        return pymysql.connect(
            host=address.host,
            port=address.port or 3306,
            user=address.user,
            password=address.password.encode(),  # text would become Latin-1
            database=address.database or None,
            charset="utf8mb4",
            connect_timeout=SECONDS_TO_CONNECT,
        )
    except (pymysql.Error, OSError) as error:
        raise _unreachable(error, address) from None


def _unreachable(error: Exception, address: Address) -> CoursewrightError:
    code, said = (error.args[0], str(error.args[-1])) if error.args else (0, "")
    if code in _ACCESS_DENIED:
        return unreachable.denied(address)
    if code == _NO_DATABASE:
        return unreachable.no_database(address)
    if code == _UNREACHABLE and "Connection refused" in said:
        return unreachable.refused(address)
    if code == _UNREACHABLE and re.search("Name or service|getaddrinfo|name resolution|nodename", said):
        return unreachable.no_host(address)
    return unreachable.other(address, said)


def _problem(code: int, said: str, address: Address, above: int = 0) -> CoursewrightError:
    """What a server says of a query that stands below `above` lines of ours."""
    if code == _CHANGING:
        return unreachable.changing(address)
    if code == _TWICE:
        name = said.split("'")[1] if "'" in said else said
        return address.problem(f'the query: two columns are called "{name}"', "rename one of them with AS")
    wrong = re.search(r"near '(.*)' at line (\d+)", said, re.DOTALL)
    if code == _SYNTAX and wrong:
        near = wrong[1].split("\n")[0]
        return address.problem(f'line {int(wrong[2]) - above} of the query: syntax error at "{near}"')
    return address.problem(f"the query: {said}")


def _spool(address: Address, query: str, file: IO[bytes]) -> str:
    """Have all rows written to `file`; what is said if they cannot be."""
    file.seek(0)
    file.truncate()
    asked = {"url": address.url("mysql", ""), "query": query, "before": _SETTINGS, "rows": ROWS}
    program = [sys.executable, "-P", str(Path(spool.__file__))]
    ran = subprocess.run(program, input=json.dumps(asked).encode(), stdout=file, stderr=subprocess.PIPE, check=False)  # noqa: S603 - ours
    if not ran.returncode:
        return ""
    return ran.stderr.decode(errors="replace").strip() or f"it ended with {ran.returncode}"


def _failure(address: Address, said: str) -> CoursewrightError:
    value = re.search(r"Couldn't convert the value `(\w+)\(\"'?(.*?)'?\"\)`", said)
    if value:
        kind = "date" if value[1] == "Date" else "time of day"
        given = re.sub(r"^(-?)0(\d\d:)", r"\1\2", value[2])  # hours have three digits there
        message = f"the query gives {given}, which is no {kind}"
        return address.problem(message, "cast it in the query: CAST(… AS CHAR)")
    told = re.search(r"ERROR (\d+) \(\w+\): (.*?) }", said)
    if told:
        return _problem(int(told[1]), told[2], address)
    if _GONE.search(said):
        return unreachable.gone(address)
    return address.problem(f"{address.shown} cannot be read: {said.splitlines()[-1]}")


def _batches(address: Address, columns: list[types.MySqlColumn], file: IO[bytes]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    schema = types.schema(columns)
    with file:
        file.seek(0)
        with pa.ipc.open_stream(file) as rows:
            for batch in rows:
                arrays = [
                    types.finished(column, array, address) for column, array in zip(columns, batch.columns, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)
