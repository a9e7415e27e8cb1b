"""MySQL and MariaDB, by PyMySQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coursewright.errors import MissingPart
from coursewright.tables.servers.shapes import decimal_type, declares_decimal, duckdb_type
from coursewright.tables.sources._databases import mysql
from coursewright.tables.sources._databases.address import Address

if TYPE_CHECKING:
    import pyarrow as pa

DIALECT = "mysql"
PERCENT = True
OWN_DOUBLE = "({0} + 0e0)"  # of a FLOAT it shows six digits only
_ROWS = 2_000  # in one INSERT
_KEYS = 16  # of a table, at the most
_GONE = (2006, 2013, 1053, 1927)
# Text is compared byte by byte, as in the embedded database, and joins of tables without an index by hashing.
_SETTINGS = (
    # As SQLGlot writes its texts; and 3 - 5 is -2, whether the server's own columns can be less than 0 or not.
    "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,NO_UNSIGNED_SUBTRACTION'",
    "SET NAMES utf8mb4 COLLATE {collation}",
    "SET time_zone = '+00:00', lc_time_names = 'en_US', group_concat_max_len = 4294967295",
)
# A clause is made once, not anew for each row that it is joined to, which takes minutes where it is made of others.
_HASHING = "SET SESSION join_cache_level = 8, join_buffer_size = 67108864, optimizer_switch = 'split_materialized=off'"
_COLLATIONS = ("utf8mb4_nopad_bin", "utf8mb4_0900_bin")  # MariaDB's, and MySQL's


def connect(address: Address, timezone: str) -> Any:  # noqa: ARG001 - see `load`
    """A connection whose statements may change nothing but temporary tables."""
    try:
        import pymysql
    except ImportError:
        hint = 'pip install "coursewright[databases]"'
        raise MissingPart("SQL in MySQL and MariaDB needs PyMySQL", address.place, hint) from None
    connection = mysql.connect(pymysql, address)
    with connection.cursor() as cursor:
        for setting in _SETTINGS:
            cursor.execute(setting.format(collation=_collation(connection)))
        if _is_mariadb(connection):
            cursor.execute(_HASHING)
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
    connection.autocommit(True)
    return connection


def _is_mariadb(connection: Any) -> bool:
    return "mariadb" in connection.get_server_info().lower()


def _collation(connection: Any) -> str:
    return _COLLATIONS[0 if _is_mariadb(connection) else 1]


def parameter(name: str) -> str:
    """How PyMySQL writes a parameter."""
    return f"%({name})s"


def tables(connection: Any, address: Address) -> dict[str, str]:
    """The tables and views of the database that the URL names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, table_schema FROM information_schema.tables WHERE table_schema = DATABASE()")
        found = dict(cursor.fetchall())
    return found if address.database else {}


def columns(connection: Any, table: str, schema: str) -> dict[str, str]:
    """The columns of a table, in order, and their types."""
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW COLUMNS FROM {_quote(schema)}.{_quote(table)}")
        return {name: str(kind) for name, kind, *_ in cursor.fetchall()}


def own_text(connection: Any) -> str:
    """How a text of the server's own is compared byte by byte."""
    return f"(CONVERT({{0}} USING utf8mb4) COLLATE {_collation(connection)})"


def held(connection: Any, table: str, schema: str) -> dict[str, str]:
    """The columns of a table of the server's own, and their types in DuckDB's words."""
    declared = columns(connection, table, schema)
    found = {name: duckdb_type(kind) for name, kind in declared.items()}
    for name, kind in declared.items():
        if kind.startswith("decimal") and not declares_decimal(kind):
            column = f"CAST(TRUNCATE(ABS({_quote(name)}), 0) AS CHAR)"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT max(char_length({column})) FROM {_quote(schema)}.{_quote(table)}")
                found[name] = decimal_type(cursor.fetchone()[0], int(kind.partition(",")[2].partition(")")[0]))
    return found


def load(connection: Any, name: str, rows: pa.Table) -> str:
    """Rows as a temporary table."""
    import pyarrow as pa

    collation = _collation(connection)
    columns = [f"{_quote(field.name)} {_type(field.type, collation)}" for field in rows.schema]
    # Numbers are what rows are joined by; without an index every row would be held against every other.
    keys = [f"KEY ({_quote(field.name)})" for field in rows.schema if pa.types.is_integer(field.type)][:_KEYS]
    made = ", ".join([*columns, *keys])
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ WRITE")
        cursor.execute(f"CREATE TEMPORARY TABLE {_quote(name)} ({made}) DEFAULT CHARSET utf8mb4 COLLATE {collation}")
        cursor.execute("START TRANSACTION")
        places = f"({', '.join(['%s'] * rows.num_columns)})"
        for batch in rows.to_batches(_ROWS):
            each = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            values = [value for row in each for value in row]
            cursor.execute(f"INSERT INTO {_quote(name)} VALUES {', '.join([places] * batch.num_rows)}", values)
        connection.commit()
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute("SELECT DATABASE()")
        ((schema,),) = cursor.fetchall()
    return str(schema)


def keep(connection: Any, name: str, columns: Mapping[str, bool], text: str, values: Mapping[str, Any]) -> str:
    """What a statement gives as a temporary table, of which no row leaves the server; its schema.

    `columns` says which hold whole numbers: by these rows are joined.
    """
    keys = ", ".join([f"KEY ({_quote(column)})" for column, whole in columns.items() if whole][:_KEYS])
    made = f"{_quote(name)} {f'({keys})' if keys else ''}".replace("%", "%%")
    with connection.cursor() as cursor:
        # What is a value in a SELECT, such as a text that is cut, is none in a table when modes are strict.
        cursor.execute("SET SESSION TRANSACTION READ WRITE")
        cursor.execute("SET @mode = @@sql_mode, SESSION sql_mode = REPLACE(@@sql_mode, 'STRICT_TRANS_TABLES', '')")
        try:
            cursor.execute(f"CREATE TEMPORARY TABLE {made} AS {text}", values)
        finally:
            cursor.execute("SET SESSION sql_mode = @mode")
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute("SELECT DATABASE()")
        ((schema,),) = cursor.fetchall()
    return str(schema)


def said(error: Exception) -> str | None:
    """What the server says of a statement; None when it is gone."""
    code, *words = error.args or (0,)
    if words and "exp(710" in str(words[-1]):  # what `said.toml` makes fail, for the server would give NULL
        return "a division by 0, a value that its type cannot hold, or a root, a logarithm or a number of what has none"
    return None if code in _GONE else str(words[-1] if words else error)


def _quote(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _type(kind: Any, collation: str) -> str:
    import pyarrow.types as kinds

    plain = (
        (kinds.is_boolean, "boolean"),
        (kinds.is_integer, "bigint"),
        (kinds.is_floating, "double"),
        (kinds.is_date, "date"),
        (kinds.is_timestamp, "datetime(6)"),
        (kinds.is_time, "time(6)"),
        (kinds.is_binary, "longblob"),
    )
    if kinds.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    return next((name for is_one, name in plain if is_one(kind)), f"longtext COLLATE {collation}")


RULES: tuple[Any, ...] = ()
