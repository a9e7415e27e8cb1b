"""What a statement gives before it is run: an embedded database with the same tables, all empty, knows names and types.

So the mistakes of a statement are told with their lines, a column is called in a server what it is called here, and its
values have the types that they have here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from coursewright.tables.contracts.conditions import kind_of as word_of
from coursewright.tables.statements.sql import Sql, sql_problem
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_UNSIGNED = "DECIMAL(20,0)"  # half of whose values are beyond 64 bits with a sign
_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "text": "VARCHAR"}
_LONGEST = 38  # digits of a decimal number of DuckDB's
UNKNOWN = "BLOB"  # of no kind: it can be selected, and that is all


class Shapes:
    """Empty tables, and the shapes of statements that read them."""

    def __init__(self, timezone: str) -> None:
        import duckdb

        self.connection: duckdb.DuckDBPyConnection = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "threads": "1"}
        )
        self.connection.execute(f"SET TimeZone = '{timezone}'; SET python_enable_replacements = false")
        self._made: dict[str, dict[str, str]] = {}
        self._known: dict[Any, pa.Schema] = {}

    def columns(self, name: str) -> dict[str, str]:
        """The columns of a table that is known, and their types in DuckDB's words."""
        return self._made[name]

    def has(self, name: str) -> bool:
        """Whether a table is known."""
        return name in self._made

    def add(self, name: str, columns: Mapping[str, str]) -> None:
        """Let a table be known, by its columns' types in DuckDB's words."""
        if self._made.get(name) == columns:
            return
        made = ", ".join(f"{quote(column)} {kind}" for column, kind in columns.items())
        self.connection.execute(f"CREATE OR REPLACE TABLE {quote(name)} ({made})")
        self._made[name] = dict(columns)
        self._known.clear()

    def add_rows(self, name: str, schema: pa.Schema) -> None:
        """Let a table be known, by rows that were copied."""
        self.connection.register("_shape", schema.empty_table())
        described = self.connection.execute("DESCRIBE SELECT * FROM _shape").fetchall()
        self.connection.unregister("_shape")
        self.add(name, {column: str(kind) for column, kind, *_ in described})

    def of(self, sql: Sql, values: Mapping[str, Any], tables: Iterable[str]) -> pa.Schema:
        """The names and types of what a statement gives. Raises CoursewrightError with the author's line."""
        import duckdb

        bound = {name: values[name] for name in sql.parameters}
        key = (sql, tuple(type(value) for value in bound.values()))
        if key not in self._known:
            text = sql.with_parameters(lambda name: f"${name}")
            try:
                self.connection.execute(text, bound).fetchall()  # unlike sql(), it tells the line of a mistake
                self._known[key] = self.connection.sql(text, params=bound).to_arrow_table().schema
            except duckdb.Error as error:
                raise sql_problem(error, sql, 0, dict.fromkeys(tables)) from None
        return self._known[key]


def declares_decimal(declared: str) -> bool:
    """Whether a type says that its numbers are decimal ones which DuckDB has, too."""
    found = re.match(r"(?:decimal|numeric)\((\d+), ?(\d+)\)", declared.lower())
    return found is not None and int(found[2]) <= int(found[1]) <= _LONGEST


def decimal_type(whole: int | None, scale: int | None) -> str:
    """The type of decimal numbers by their most digits before the point and behind it; UNKNOWN if it has too many."""
    length = (whole or 0) + (scale or 0)
    return f"DECIMAL({max(length, 1)},{scale or 0})" if length <= _LONGEST else UNKNOWN


def duckdb_type(declared: str) -> str:
    """A type of a server's own table in DuckDB's words; UNKNOWN where nothing is known of its values."""
    name = declared.lower()
    if declares_decimal(name):
        return name.replace("numeric", "decimal").partition(")")[0].upper() + ")"
    if "with time zone" in name and name.startswith("timestamp"):
        return "TIMESTAMPTZ"
    if name.startswith(("timestamp", "datetime")):
        return "TIMESTAMP"
    if name.startswith(("year", "bit(1)")):
        return "BIGINT"
    if name.startswith(("uuid", "money", "time")):
        return UNKNOWN
    return _UNSIGNED if re.match("bigint.* unsigned", name) else _TYPES.get(word_of(name), UNKNOWN)
