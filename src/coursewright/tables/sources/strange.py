"""Where the tables of a stranger's course may come from: files of its own folder, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from coursewright.errors import CoursewrightError, Problem
from coursewright.tables.sources import web
from coursewright.tables.table import DerivedTable, Table
from coursewright.trust import STRANGER

_COPY = "look at it, and save a copy of the rows in data/"


def strange_sources(tables: Iterable[Table | DerivedTable], root: Path) -> Iterator[Problem]:
    """What is wrong with `tables` in a stranger's course at `root`."""
    for table in tables:
        if isinstance(table, Table):
            try:
                _check(table, root)
            except CoursewrightError as error:
                yield from error.problems


def _check(table: Table, root: Path) -> None:
    source, place = table.source, table.place
    if source.kind == "database":
        STRANGER.refuse("a table from a database", place, _COPY)
    if web.is_address(source.address) or "://" in source.address:
        STRANGER.refuse("a table from the web", place, _COPY)
    STRANGER.refuse_outside(source.address, root, place)
