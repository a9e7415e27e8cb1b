"""Rows from SQLite files: opened for reading only, read in batches into columns of one type each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote as quote_address

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.tables.sources.opened import SourceFile
from coursewright.tables.table import quote

_BATCH = 2000  # rows: with more of them at a time, Python's collector of garbage takes as long as reading
_WAIT = 5.0  # seconds that a lock of another program is waited for


def read(file: SourceFile, *, table: str | int) -> Any:
    """The rows of `table` as an Arrow table: a table or a view by its name, the only table when none is given.

    A column holds what its cells are, not what it was declared as: whole numbers are BIGINT, other numbers DOUBLE; with
    a text among them all are text. Dates are text in SQLite, and stay that. Raises CoursewrightError for a file that is
    no SQLite, is locked, or has no such table.
    """
    address = f"file:{quote_address(str(file.path.resolve()))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=_WAIT)) as connection:
            name = _table(connection, table, file)
            try:
                return _rows(connection, name)
            except sqlite3.OperationalError as error:
                if "decode to UTF-8" not in str(error):
                    raise
            connection.rollback()
            connection.text_factory = lambda text: text.decode("utf-8", "replace")  # slow, so only where it has to be
            return _rows(connection, name)
    except sqlite3.DatabaseError as error:
        if "locked" in str(error) or "busy" in str(error):
            hint = "close the program that writes to it, and try again"
            raise CoursewrightError(f"{file.name} is locked by another program", file.place, hint) from None
        raise file.unreadable("SQLite", str(error)) from None


def _table(connection: sqlite3.Connection, wanted: str | int, file: SourceFile) -> str:
    """The name of the table that is wanted, or the only one."""
    found = connection.execute(
        "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    ).fetchall()
    names = {name.lower(): name for name, _ in found}  # SQL does not tell Drivers from drivers
    tables = [name for name, kind in found if kind == "table"]
    if wanted != "":
        if str(wanted).lower() not in names:
            hint = did_you_mean(str(wanted), names.values())
            raise CoursewrightError(f'no table "{wanted}" in {file.name}', file.place, hint)
        return str(names[str(wanted).lower()])
    if not names:
        raise CoursewrightError(f"there is no table in {file.name}", file.place, "check that it is the right file")
    if len(tables or found) > 1:
        hint = f'say which one: table = "{min(tables or names.values())}". {did_you_mean("", names.values())}'
        raise CoursewrightError(f"{file.name} holds {len(tables or found)} tables", file.place, hint)
    return str(tables[0] if tables else found[0][0])


def _rows(connection: sqlite3.Connection, table: str) -> Any:
    """All rows of the table, a batch of them as Python's objects at a time."""
    import pyarrow as pa

    columns = [row[1] for row in connection.execute(f"PRAGMA table_xinfo({quote(table)})") if row[6] != 1]
    connection.execute("BEGIN")  # what is found out of the cells holds until they are read
    kinds = dict(zip(columns, _kinds(connection, table, columns), strict=True))
    arrow = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string(), "BLOB": pa.binary()}
    schema = pa.schema([(column, arrow[kind]) for column, kind in kinds.items()])
    # SQLite itself makes texts of the numbers in a column of texts.
    cells = ", ".join(
        f"CAST({quote(column)} AS {kind})" if kind in ("TEXT", "BLOB") else quote(column)
        for column, kind in kinds.items()
    )
    cursor = connection.execute(f"SELECT {cells} FROM {quote(table)}")
    return pa.Table.from_batches(_batches(cursor, schema), schema)


def _batches(cursor: sqlite3.Cursor, schema: Any) -> Iterator[Any]:
    import pyarrow as pa

    while rows := cursor.fetchmany(_BATCH):
        columns = zip(*rows, strict=True)
        yield pa.record_batch([pa.array(c, k) for c, k in zip(columns, schema.types, strict=True)], schema=schema)


def _kinds(connection: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[str]:
    """What the cells of each column are, in one pass over the table: INTEGER, REAL, TEXT or BLOB."""
    # Whole numbers that are no floating ones: beside numbers with a point, the column is text.
    long = "max(CASE WHEN typeof({0}) = 'integer' THEN {0} NOT BETWEEN -{1} AND {1} END)"
    found = ", ".join(f"group_concat(DISTINCT typeof({quote(column)}))" for column in columns)
    lengths = ", ".join(long.format(quote(column), 1 << 53) for column in columns)
    (row,) = connection.execute(f"SELECT {found}, {lengths} FROM {quote(table)}").fetchall()
    for types, is_long in zip(row[: len(columns)], row[len(columns) :], strict=True):
        kinds = set((types or "").split(",")) - {"null", ""}
        if kinds <= {"integer"} and kinds:
            yield "INTEGER"
        elif kinds <= {"integer", "real"} and kinds and not is_long:
            yield "REAL"
        else:
            yield "BLOB" if "blob" in kinds else "TEXT"
