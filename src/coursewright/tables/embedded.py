"""The embedded DuckDB as courses use it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coursewright.trust import OWN, Trust

if TYPE_CHECKING:
    import duckdb


_MEMORY = "4GB"  # for a stranger's SQL, which may not fill the disk instead


def connect(root: Path, timezone: str, trust: Trust = OWN, kept: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory, whose days begin in `timezone` and whose SQL finds files in the folder `root` too.

    That of a stranger finds those and what is `kept`, no others and no network, and cannot change that.
    """
    import duckdb

    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    connection.execute(f"SET TimeZone = '{timezone}'")
    # A table that is not there is not a variable of this program either.
    connection.execute("SET python_enable_replacements = false")
    # It lets the reader of CSV do a TRY_CAST, where what cannot be cast is an error.
    connection.execute("SET disabled_optimizers = 'type_pushdown'")
    if Path.cwd() != root and "," not in str(root):  # for names that are put together; a comma would make it two
        connection.execute("SET file_search_path = ?", [str(root)])
    if trust.stranger:
        _close(connection, [root, *([kept] if kept else [])])
    return connection


def _close(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """Keep a connection to the files of `folders`, without network and extensions, whatever is said to it later."""
    listed = ", ".join("'{}'".format(str(folder.resolve()).replace("'", "''")) for folder in folders)
    connection.execute(f"SET allowed_directories = [{listed}]")
    connection.execute(f"SET memory_limit = '{_MEMORY}'")
    connection.execute("SET temp_directory = ''")
    connection.execute("SET allow_persistent_secrets = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
