"""PostgreSQL, by psycopg."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables.servers import rules
from coursewright.tables.sources._databases import unreachable
from coursewright.tables.sources._databases.address import SECONDS_TO_CONNECT, Address
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

DIALECT = "postgres"
PERCENT = True


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


def load(connection: Any, name: str, rows: pa.Table) -> str:
    """Rows as a temporary table, by COPY."""
    import pyarrow.csv

    made = ", ".join(f"{quote(field.name)} {_type(field.type)}" for field in rows.schema)
    held = rows.cast(_castable(rows.schema))
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


def said(error: Exception) -> str | None:
    """What the server says of a statement; None when it is gone."""
    import psycopg

    diagnosed = getattr(error, "diag", None)
    message = diagnosed.message_primary if diagnosed else None
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
    )
    if kinds.is_decimal(kind):
        return f"numeric({kind.precision}, {kind.scale})"
    if kinds.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    return next((name for is_one, name in plain if is_one(kind)), 'text COLLATE "C"')


def _castable(schema: pa.Schema) -> pa.Schema:
    """The types in which rows go through CSV."""
    import pyarrow as pa
    import pyarrow.types as kinds

    def held(kind: Any) -> Any:
        plain = kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind) or kinds.is_boolean(kind)
        return kind if plain or kinds.is_temporal(kind) else pa.string()

    return pa.schema([(field.name, held(field.type)) for field in schema])


def _text_of_group(node: exp.Expr) -> exp.Expr:
    """`regexp_extract`: a group that takes no part is an empty text, and so is no match at all."""
    from sqlglot import exp

    if not isinstance(node, exp.RegexpExtract):
        return node
    at = int(node.args["group"].name) if node.args.get("group") else 0
    parts = [exp.Literal.string("("), node.expression.copy(), exp.Literal.string(")")]
    whole = exp.DPipe(this=exp.DPipe(this=parts[0], expression=parts[1]), expression=parts[2])
    found = exp.Bracket(
        this=exp.Paren(this=exp.Anonymous(this="REGEXP_MATCH", expressions=[node.this.copy(), whole])),
        expressions=[exp.Literal.number(at + 1)],
        offset=1,
    )
    text = exp.Coalesce(this=found, expressions=[exp.Literal.string("")])
    return exp.Case(ifs=[exp.If(this=node.this.copy().is_(exp.null()).not_(), true=text)])


def _guarded(node: exp.Expr) -> exp.Expr:
    from sqlglot import exp

    return rules.guarded_cast(node, lambda text, pattern: exp.RegexpLike(this=text, expression=pattern))


def _as_double(node: exp.Expr) -> exp.Expr:
    """ROUND to places is of `numeric` alone: from a number like any other, and back to one."""
    from sqlglot import exp

    if not isinstance(node, exp.Round) or not node.args.get("decimals"):
        return node
    number = exp.cast(node.this.copy(), "decimal")
    return exp.cast(exp.Round(this=number, decimals=node.args["decimals"].copy()), "double")


RULES = (_text_of_group, _guarded, rules.mean_of_doubles, rules.days_between_dates, _as_double)
