"""SQLite, by Python's own module; what its SQL lacks are functions of Python's."""

from __future__ import annotations

import datetime
import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coursewright.errors import did_you_mean
from coursewright.tables.servers import sqlite_functions
from coursewright.tables.servers.shapes import UNKNOWN, duckdb_type
from coursewright.tables.sources._databases.address import Address
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import pyarrow as pa

DIALECT = "sqlite"
PERCENT = False
OWN_DOUBLE = "{0}"
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_LOOKS = {"DATE": _DAY, "TIMESTAMP": f"{_DAY} [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*"}


def connect(address: Address, timezone: str) -> Any:  # noqa: ARG001 - it has no clock of its own
    """A connection to the file, for reading; temporary tables lie elsewhere."""
    from urllib.parse import quote as url_quote

    path = (address.root / address.database).absolute()
    if not path.is_file():
        near = did_you_mean(path.name, (p.name for p in path.parent.glob("*"))) if path.parent.is_dir() else ""
        raise address.problem(f'no file "{address.database}"', near)
    for name, convert in _CONVERTERS.items():
        sqlite3.register_converter(name, convert)
    connection = sqlite3.connect(
        f"file:{url_quote(str(path))}?mode=ro",
        uri=True,
        isolation_level=None,
        detect_types=sqlite3.PARSE_DECLTYPES,
        check_same_thread=False,  # whichever thread clears away the session closes it
    )
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.DatabaseError:
        connection.close()
        raise address.problem(f"{path.name} is no SQLite file", "check that the file is whole") from None
    connection.execute("PRAGMA case_sensitive_like = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    sqlite_functions.add(connection)
    return connection


def parameter(name: str) -> str:
    """How Python's module writes a parameter."""
    return f":{name}"


def tables(connection: Any, address: Address) -> dict[str, str]:  # noqa: ARG001 - the same for every server
    """The tables and views of the file."""
    found = connection.execute("SELECT name FROM main.sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
    return {name: "main" for (name,) in found.fetchall() if not name.startswith("sqlite_")}


def columns(connection: Any, table: str, schema: str) -> dict[str, str]:
    """The columns of a table, in order, and their types as they are declared."""
    found = connection.execute(f"PRAGMA {schema}.table_info({quote(table)})")
    return {name: kind for _, name, kind, *_ in found.fetchall()}


def own_text(connection: Any) -> str:  # noqa: ARG001 - the same for every file
    """How a text of the file's own is compared byte by byte."""
    return "(CAST({0} AS TEXT) COLLATE BINARY)"


def held(connection: Any, table: str, schema: str) -> dict[str, str]:
    """The columns of a table of the file, and their types in DuckDB's words: values have types here, columns do not."""
    found = {}
    for name, declared in columns(connection, table, schema).items():
        column = f"{quote(schema)}.{quote(table)}"
        kinds = {kind for (kind,) in connection.execute(f"SELECT DISTINCT typeof({quote(name)}) FROM {column}")}
        kinds -= {"null"}
        word = duckdb_type(declared or "text")
        if kinds == {"text"} and word in _LOOKS:
            like = f"SELECT min({quote(name)} GLOB '{_LOOKS[word]}') FROM {column}"
            found[name] = word if connection.execute(like).fetchone()[0] else "VARCHAR"
        elif kinds == {"integer"}:
            found[name] = "BOOLEAN" if word == "BOOLEAN" else "BIGINT"
        elif kinds and kinds <= {"integer", "real"}:
            found[name] = "DOUBLE"
        else:
            found[name] = "VARCHAR" if kinds == {"text"} else word if not kinds else UNKNOWN
    return found


def load(connection: Any, name: str, rows: pa.Table) -> str:
    """Rows as a temporary table; dates are text as ISO writes them, and declared as dates."""
    made = ", ".join(f"{quote(field.name)} {_type(field.type)}" for field in rows.schema)
    places = ", ".join("?" * rows.num_columns)
    connection.execute("BEGIN")
    connection.execute(f"CREATE TEMPORARY TABLE {quote(name)} ({made})")
    for batch in rows.to_batches(65_536):
        columns = [[_held(value) for value in column.to_pylist()] for column in batch.columns]
        connection.executemany(f"INSERT INTO temp.{quote(name)} VALUES ({places})", zip(*columns, strict=True))
    connection.execute("COMMIT")
    connection.execute(f"ANALYZE temp.{quote(name)}")
    return "temp"


def said(error: Exception) -> str | None:
    """What SQLite says of a statement, or a function of ours in it."""
    ours = any(word in str(error) for word in ("user-defined", "too big"))  # as it says that a function overflows
    return sqlite_functions.refused() if ours else str(error)


def _held(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _type(kind: Any) -> str:
    import pyarrow.types as kinds

    if kinds.is_integer(kind) or kinds.is_boolean(kind):
        return "INTEGER"
    if kinds.is_floating(kind) or kinds.is_decimal(kind):
        return "REAL"
    if kinds.is_date(kind):
        return "DATE"
    if kinds.is_timestamp(kind):
        return "TIMESTAMP"
    return "BLOB" if kinds.is_binary(kind) else "TEXT"


def _date(written: bytes) -> Any:
    return _read(datetime.date.fromisoformat, written)


def _moment(written: bytes) -> Any:
    return _read(datetime.datetime.fromisoformat, written)


def _read(read: Any, written: bytes) -> Any:
    try:
        return read(written.decode())
    except ValueError:
        return written.decode(errors="replace")


_CONVERTERS = {"DATE": _date, "TIMESTAMP": _moment, "DATETIME": _moment}


RULES: tuple[Any, ...] = ()
