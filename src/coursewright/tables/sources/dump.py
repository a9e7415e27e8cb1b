"""Dumps of MySQL and MariaDB, read without a server: each table becomes a Parquet file of the course.

What mysqldump and mariadb-dump write with any of their options is read in pieces, so that memory does not grow with the
dump. Views, triggers, routines and keys are left out: a course needs the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coursewright.tables.sources._dump.files import Files
from coursewright.tables.sources._dump.filling import DumpAssumptions, Filling, ReadOtherwise
from coursewright.tables.sources._dump.opened import blocks
from coursewright.tables.sources._dump.script import DumpSelection, Script
from coursewright.tables.sources._dump.statements import DumpStream, Insert

__all__ = ["Dump", "DumpSelection", "DumpTable", "load_dump"]


@dataclass(frozen=True, slots=True)
class DumpTable:
    """A table of the dump, the Parquet file in which it is now, and how many rows and columns that has."""

    name: str
    file: Path
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Dump:
    """What was loaded, in the order of the dump, and notes for people on what was left out or changed."""

    tables: tuple[DumpTable, ...]
    notes: tuple[str, ...]


def load_dump(
    path: Path,
    folder: Path,
    *,
    wanted: DumpSelection | None = None,
    replace: bool = False,
    watch: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Dump:
    """The tables of the dump at `path` (.sql, .sql.gz, or .zip with one .sql), written to `folder` as Parquet files.

    `wanted` names one database of several, or some tables. Files that are there already are written over only with
    `replace`. `watch` hears the table that is being read, and how many bytes of how many of the file are.

    Raises CoursewrightError with the line in the dump for a file that is no dump or not whole, a row or a value that
    does not fit its table, a table whose name is no plain name or is there twice. Then no file has been written.
    """
    reading = DumpAssumptions()
    while True:
        try:
            return _load(path, Files(folder, replace=replace), Script(path, wanted or DumpSelection()), reading, watch)
        except ReadOtherwise as other:  # seldom: a dump without SET NAMES, a TIME that is no time of day
            reading = other.reading


def _load(
    path: Path, files: Files, script: Script, reading: DumpAssumptions, watch: Callable[[str, int, int], None]
) -> Dump:
    now = "the dump"
    with files:
        stream = DumpStream(path, blocks(path, lambda done, of: watch(now, done, of)))
        filling = Filling(stream, script, files, reading)
        # Rows go to the files as they come; every other statement says something about those that follow.
        for statement in stream.statements():
            if isinstance(statement, Insert):
                now = statement.table
                filling.fill(statement, script.target(statement))
            else:
                script.follow(statement)
                stream.escapes = script.escapes
        script.check_wanted()
        for table in script.tables():
            filling.begin(table)  # those without rows
        filling.check_keys()
        notes = (*script.notes(), *filling.notes(), *_unclosed(stream))
        width = {name: len(columns) for name, columns in filling.columns.items()}
        found = {name: DumpTable(name, file, rows, width[name]) for name, file, rows in files.publish()}
        return Dump(tuple(found[table.name] for table in script.tables()), notes)


def _unclosed(stream: DumpStream) -> tuple[str, ...]:
    """A dump with the usual heading has a closing line; without that it may be cut off between two statements."""
    if stream.headed and b"-- Dump completed" not in stream.last:
        return ("the closing line of the dump is missing: it may be cut off, see whether all tables are there",)
    return ()
