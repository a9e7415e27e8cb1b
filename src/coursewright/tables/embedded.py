"""The embedded DuckDB as courses use it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def connect(root: Path, timezone: str) -> duckdb.DuckDBPyConnection:
    """A database in memory, whose days begin in `timezone` and whose SQL finds files in the folder `root` too."""
    import duckdb

    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    connection.execute(f"SET TimeZone = '{timezone}'")
    # A table that is not there is not a variable of this program either.
    connection.execute("SET python_enable_replacements = false")
    # It lets the reader of CSV do a TRY_CAST, where what cannot be cast is an error.
    connection.execute("SET disabled_optimizers = 'type_pushdown'")
    if Path.cwd() != root and "," not in str(root):  # for names that are put together; a comma would make it two
        connection.execute("SET file_search_path = ?", [str(root)])
    return connection
