"""`coursewright table load-dump`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.output import say, write
from coursewright.cli.progress import bar
from coursewright.courses import find_course
from coursewright.errors import UsageError
from coursewright.tables.sources import dump

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def load_dump(
    file: Path,
    *,
    course: Path = Path(),
    output: Path | None = None,
    database: str = "",
    table: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    replace: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Turn a dump of MySQL or MariaDB into tables of the course, without a server.

    Parameters
    ----------
    file
        What mysqldump or mariadb-dump wrote: .sql, .sql.gz, or .zip with one .sql in it.
    course
        The course's folder; by default the nearest one here or above.
    output
        The folder for the tables' files; by default data/ in the course.
    database
        The one to load of several databases in the dump.
    table
        Load only this table. Can be repeated.
    replace
        Write over files that are there already.
    """
    if not file.is_file():
        raise UsageError(f'no file "{file}"')
    root = find_course(course)
    if root is None and output is None:
        hint = "go to the folder of a course, or say where the tables' files go: --output DIR"
        raise UsageError(f'no course.toml in "{course}" or above it', None, hint)
    folder = output if output is not None else (root or course) / "data"
    with bar() as shown:
        loaded = dump.load_dump(
            file, folder, wanted=dump.DumpSelection(database, table), replace=replace, watch=shown.show
        )
    _tell(loaded, folder, root)


def _tell(loaded: dump.Dump, folder: Path, root: Path | None) -> None:
    """Print the lines for course.toml, and say beside them what they stand for."""
    for one in loaded.tables:
        say(f"{one.name}: {_many(one.rows, 'row')}, {_many(one.columns, 'column')}")
    for note in loaded.notes:
        say(f"note: {note}")
    say(f"{_many(len(loaded.tables), 'table')} in {folder}. Put these lines below [tables] in course.toml:")
    for one in loaded.tables:
        write(f"{_key(one.name)} = {json.dumps(_address(one.file, root), ensure_ascii=False)}")


def _many(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'s' * (number != 1)}"


def _key(name: str) -> str:
    """A key as TOML writes it."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _address(file: Path, root: Path | None) -> str:
    """The path that course.toml has for a file: from the course's folder, if the file is in there."""
    path = file.resolve()
    if root is not None and path.is_relative_to(root.resolve()):
        return path.relative_to(root.resolve()).as_posix()
    return path.as_posix() if root is not None else file.as_posix()
