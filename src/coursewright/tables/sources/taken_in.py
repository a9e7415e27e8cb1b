"""The verb: take the rows of a small file into the database, so that they are not read anew by each statement."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from coursewright.tables.sources.opened import Lazy

if TYPE_CHECKING:
    import duckdb

_LARGEST = 8_000_000  # bytes of a file whose rows are taken in; up to here DuckDB reads CSV with one processor
_PACKED = 8  # how much more there is in a packed one
_ARE_PACKED = (".parquet", ".feather", ".arrow", ".gz")


def taken_in(connection: duckdb.DuckDBPyConnection, name: str, lazy: Lazy) -> Lazy:
    """The same table, as what the view `name` (quoted) is of: its rows in the database, if the file is small.

    The page of each row of a `for_each` asks for a few rows, and would else read them all. Whether that is done hangs
    on the file alone and not on what was asked before: where ORDER BY leaves rows level, others would come first. A
    file with a fault in it, or with a column that a table cannot have, stays as it is.
    """
    import duckdb

    path = lazy.file.path
    size = path.stat().st_size * (_PACKED if path.suffix.lower() in _ARE_PACKED else 1)
    if size > _LARGEST:
        return lazy
    rows = "_taken_in_" + hashlib.sha256(name.encode()).hexdigest()[:16]
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {rows} AS SELECT * FROM {name}")
    except duckdb.Error:
        return lazy
    if _columns(connection, rows) != _columns(connection, name):
        connection.execute(f"DROP TABLE {rows}")
        return lazy
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {rows}")
    return replace(lazy, settled=None)


def _columns(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in connection.execute(f"DESCRIBE {name}").fetchall()]
