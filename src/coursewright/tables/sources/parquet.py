"""Parquet files, which DuckDB reads; lengths of time are numbers to it, as only Arrow's own schema tells them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.tables.sources import native
from coursewright.tables.sources.opened import Lazy, SourceFile, literal
from coursewright.tables.sources.options import ReadOptions
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_SCHEMA = "ARROW:schema"
_AS_INTERVAL = {
    "s": "to_seconds({})",
    "ms": "to_milliseconds({})",
    "us": "to_microseconds({})",
    "ns": "to_microseconds({} // 1000)",
}


def attach(connection: duckdb.DuckDBPyConnection, name: str, file: SourceFile, options: ReadOptions) -> Lazy:
    """Make the view `name` of the rows of a file. Raises CoursewrightError for one that is none."""
    import duckdb

    rows = f"read_parquet({literal(file.path)})"
    try:
        lengths = _lengths(connection, rows, file)
        if lengths:
            terms = (
                f"{_AS_INTERVAL[unit].format(quote(column))} AS {quote(column)}" for column, unit in lengths.items()
            )
            rows = f"(SELECT * REPLACE ({', '.join(terms)}) FROM {rows})"
        return native.attach(connection, name, file, rows, options, form="Parquet")
    except duckdb.Error as error:
        raise file.unreadable("Parquet", str(error)) from None


def _lengths(connection: duckdb.DuckDBPyConnection, rows: str, file: SourceFile) -> Mapping[str, str]:
    """The columns with lengths of time, and their units. Raises CoursewrightError for some within lists or structs."""
    kinds = {column: kind for column, kind, *_ in connection.execute(f"DESCRIBE FROM {rows}").fetchall()}
    if not any("BIGINT" in kind for kind in kinds.values()):
        return {}
    asked = f"SELECT value FROM parquet_kv_metadata({literal(file.path)}) WHERE key = '{_SCHEMA}'::BLOB LIMIT 1"
    found = connection.execute(asked).fetchone()
    if not found:
        return {}
    import pyarrow as pa

    try:
        schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(found[0])))
    except (pa.ArrowException, OSError, ValueError):  # then nothing says more than the file itself
        return {}
    lengths = {}
    for field in schema:
        if pa.types.is_duration(field.type) and kinds.get(field.name) == "BIGINT":
            lengths[field.name] = field.type.unit
        elif _has_lengths(field.type):
            message = f'the column "{field.name}" of {file.name} has lengths of time in lists or structs'
            raise CoursewrightError(message, file.place, "write them as numbers, or into a column of their own")
    return lengths


def _has_lengths(kind: Any) -> bool:
    """Whether a type has lengths of time somewhere within it."""
    import pyarrow as pa

    return any(
        pa.types.is_duration(inner) or _has_lengths(inner)
        for inner in (kind.field(at).type for at in range(kind.num_fields))
    )
