"""PostgreSQL, by psycopg."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables.servers.shapes import decimal_type, declares_decimal, duckdb_type
from coursewright.tables.sources._databases import unreachable
from coursewright.tables.sources._databases.address import SECONDS_TO_CONNECT, Address
from coursewright.tables.sources._databases.postgresql_types import lengths as digits
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import pyarrow as pa

DIALECT = "postgres"
PERCENT = True
OWN_DOUBLE = "{0}"


def connect(address: Address, timezone: str) -> Any:
    """A connection whose statements may change nothing but temporary tables; texts do not hang on its settings."""
    try:
        import psycopg
    except ImportError:
        hint = 'pip install "coursewright[databases]"'
        raise MissingPart("SQL in PostgreSQL needs psycopg", address.place, hint) from None
    try:
        connection = psycopg.connect(
            address.url("postgresql"),
            autocommit=True,
            connect_timeout=SECONDS_TO_CONNECT,
            cursor_factory=psycopg.ClientCursor,  # values go as literals, so that the server finds their types
        )
    except psycopg.Error as error:
        raise _unreachable(str(error), address) from None
    connection.execute(
        f"SET default_transaction_read_only = on; SET timezone = '{timezone}'; SET datestyle = 'ISO, YMD'"
    )
    return connection


def parameter(name: str) -> str:
    """How psycopg writes a parameter."""
    return f"%({name})s"


def tables(connection: Any, address: Address) -> dict[str, str]:  # noqa: ARG001 - the same for every server
    """The tables and views of the user's own schema."""
    found = connection.execute(
        "SELECT c.relname, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND pg_table_is_visible(c.oid) "
        "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_temp' ORDER BY 1"
    )
    return dict(found.fetchall())


def columns(connection: Any, table: str, schema: str) -> dict[str, str]:
    """The columns of a table, in order, and their types."""
    found = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        {"table": f"{schema if schema == 'pg_temp' else quote(schema)}.{quote(table)}"},
    )
    return dict(found.fetchall())


def own_text(connection: Any) -> str:  # noqa: ARG001 - the same for every server
    """How a text of the server's own is compared byte by byte."""
    return '(CAST({0} AS TEXT) COLLATE "C")'


def held(connection: Any, table: str, schema: str) -> dict[str, str]:
    """The columns of a table of the server's own, and their types in DuckDB's words.

    Where a declaration does not say how long its numbers are, they are measured: they keep all their digits.
    """
    declared = columns(connection, table, schema)
    long = [name for name, kind in declared.items() if kind.startswith("numeric") and not declares_decimal(kind)]
    found = {name: duckdb_type(kind) for name, kind in declared.items()}
    if long:
        asked = ", ".join(part for name in long for part in digits(quote(name)))
        measured = connection.execute(f"SELECT {asked} FROM {quote(schema)}.{quote(table)}").fetchone()
        found |= {name: decimal_type(*measured[2 * at : 2 * at + 2]) for at, name in enumerate(long)}
    return found


def lengths(name: str) -> tuple[str, str]:
    """SQL for the most digits of a column before the point and behind it."""
    return digits(f"{name}::numeric")


def load(connection: Any, name: str, rows: pa.Table) -> str:
    """Rows as a temporary table, by COPY."""
    import pyarrow.csv

    made = ", ".join(f"{quote(field.name)} {_type(field.type)}" for field in rows.schema)
    held = _as_hex(rows).cast(_castable(rows.schema))
    sink = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    pyarrow.csv.write_csv(held, sink, options)
    with connection.transaction():
        connection.execute("SET TRANSACTION READ WRITE")
        connection.execute(f"CREATE TEMPORARY TABLE {quote(name)} ({made})")
        with connection.cursor().copy(f"COPY {quote(name)} FROM STDIN WITH (FORMAT csv)") as copy:
            copy.write(sink.getvalue())
        connection.execute(f"ANALYZE {quote(name)}")
    return "pg_temp"


def keep(connection: Any, name: str, columns: Mapping[str, bool], text: str, values: Mapping[str, Any]) -> str:
    """What a statement gives as a temporary table, of which no row leaves the server; its schema.

    `columns` are what its columns are called, which the server may spell in small letters; see MariaDB's as well.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION READ WRITE")
        named = f"{quote(name)} ({', '.join(map(quote, columns))})".replace("%", "%%")
        connection.execute(f"CREATE TEMPORARY TABLE {named} AS {text}", values)
        connection.execute(f"ANALYZE {quote(name)}")
    return "pg_temp"


def said(error: Exception) -> str | None:
    """What the server says of a statement; None when it is gone."""
    import psycopg

    diagnosed = getattr(error, "diag", None)
    message = diagnosed.message_primary if diagnosed else None
    if message is None and not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return str(error)  # a value that the driver cannot hold
    if message is None or isinstance(error, psycopg.errors.AdminShutdown | psycopg.errors.CrashShutdown):
        return None
    return str(message)


def _unreachable(told: str, address: Address) -> CoursewrightError:
    if re.search("password authentication failed|no password supplied|role .* does not exist", told):
        return unreachable.denied(address)
    if re.search("database .* does not exist", told):
        return unreachable.no_database(address)
    if re.search("resolve host|Name or service|name resolution|nodename", told):
        return unreachable.no_host(address)
    if "refused" in told:
        return unreachable.refused(address)
    return unreachable.other(address, told)


def _type(kind: Any) -> str:
    """The column type for an Arrow type; text compares byte by byte, as in the embedded database."""
    import pyarrow.types as kinds

    plain = (
        (kinds.is_boolean, "boolean"),
        (kinds.is_integer, "bigint"),
        (kinds.is_floating, "double precision"),
        (kinds.is_date, "date"),
        (kinds.is_time, "time"),
        (_is_bytes, "bytea"),
    )
    if kinds.is_decimal(kind):
        return f"numeric({kind.precision}, {kind.scale})"
    if kinds.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    return next((name for is_one, name in plain if is_one(kind)), 'text COLLATE "C"')


def _is_bytes(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_binary(kind) or kinds.is_large_binary(kind) or kinds.is_fixed_size_binary(kind))


def _as_hex(rows: pa.Table) -> pa.Table:
    """The rows with bytes as the server reads them in a text."""
    import pyarrow as pa

    for at, field in enumerate(rows.schema):
        if _is_bytes(field.type):
            texts = [None if value is None else f"\\x{value.hex()}" for value in rows.column(at).to_pylist()]
            rows = rows.set_column(at, field.name, pa.array(texts, pa.string()))
    return rows


def _castable(schema: pa.Schema) -> pa.Schema:
    """The types in which rows go through CSV."""
    import pyarrow as pa
    import pyarrow.types as kinds

    def held(kind: Any) -> Any:
        plain = kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind) or kinds.is_boolean(kind)
        return kind if plain or kinds.is_temporal(kind) else pa.string()

    return pa.schema([(field.name, held(field.type)) for field in schema])


RULES: tuple[Any, ...] = ()
