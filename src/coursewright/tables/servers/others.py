"""Any other server, by its dialect of SQLAlchemy: Trino, Spark and the like. Of none the whole way was tried, for want
of them: what is said to them is tested as text, that for Spark by a Spark, and the rest with SQLite's dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables.servers import rules
from coursewright.tables.servers.shapes import duckdb_type
from coursewright.tables.sources._databases import others, unreachable
from coursewright.tables.sources._databases.address import Address

if TYPE_CHECKING:
    import pyarrow as pa

DIALECT = ""  # that of the address
DIALECTS = {
    "hive": "spark",
    "databricks": "spark",
}  # where SQLGlot's name is another: Spark's Thrift server, and its makers
PERCENT = False
OWN_DOUBLE = "{0}"


class _Cursor:
    """As much of a driver's cursor as a session needs, over SQLAlchemy."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.description: list[tuple[str]] = []
        self.result: Any = None

    def execute(self, text: str, values: dict[str, Any] | None = None) -> None:
        import sqlalchemy as sa

        marked = text.replace(":", r"\:").replace("\ufdd0", ":").replace("\ufdd1", "")  # colons of times and texts stay
        self.result = self.connection.execute(sa.text(marked), values or {})
        self.description = [(name,) for name in self.result.keys()]  # noqa: SIM118 - a result is no mapping

    def fetchall(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.result]

    def close(self) -> None:
        if self.result is not None:
            self.result.close()


class _Connection:
    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def cursor(self) -> _Cursor:
        return _Cursor(self.connection)

    def close(self) -> None:
        self.connection.close()


def connect(address: Address, timezone: str) -> Any:  # noqa: ARG001 - every dialect sets it otherwise
    """A connection by SQLAlchemy."""
    try:
        import sqlalchemy as sa
    except ImportError:
        hint = 'pip install "coursewright[databases]"'
        raise MissingPart("SQL in other databases needs SQLAlchemy", address.place, hint) from None
    try:
        return _Connection(others.engine(address).connect())
    except sa.exc.SQLAlchemyError as error:
        raise unreachable.other(address, str(error)) from None


def parameter(name: str) -> str:
    """How SQLAlchemy writes a parameter; see `_Cursor.execute`."""
    return f"\ufdd0{name}\ufdd1"


def tables(connection: Any, address: Address) -> dict[str, str]:  # noqa: ARG001 - the same for every server
    """The tables and views of the default schema."""
    import sqlalchemy as sa

    inspector = sa.inspect(connection.connection)
    schema = inspector.default_schema_name or ""
    return dict.fromkeys([*inspector.get_table_names(), *inspector.get_view_names()], schema)


def columns(connection: Any, table: str, schema: str) -> dict[str, str]:
    """The columns of a table, in order, and their types."""
    import sqlalchemy as sa

    found = sa.inspect(connection.connection).get_columns(table, schema=schema or None)
    return {column["name"]: str(column["type"]) for column in found}


def held(connection: Any, table: str, schema: str) -> dict[str, str]:
    """The columns of a table of the server's own, and their types in DuckDB's words."""
    return {name: duckdb_type(kind) for name, kind in columns(connection, table, schema).items()}


def own_text(connection: Any) -> str:  # noqa: ARG001 - the same for every server
    """How a text of the server's own is compared: as it is, which is by its bytes in Trino and in Spark."""
    return "{0}"


def load(connection: Any, name: str, rows: pa.Table) -> str:  # noqa: ARG001 - the same for every server
    """There are no temporary tables everywhere."""
    message = (
        f'the table "{name}" would have to be copied to the server, which is done for PostgreSQL, MySQL and SQLite'
    )
    raise CoursewrightError(message, None, "put it into the server, and take it out of [tables]")


def said(error: Exception) -> str | None:
    """What the driver says of a statement."""
    return str(getattr(error, "orig", None) or error).split("\n", maxsplit=1)[0]


RULES = (rules.mean_of_doubles,)
