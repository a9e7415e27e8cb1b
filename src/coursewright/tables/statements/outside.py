"""What a statement reads besides tables: files that it names, and what is never twice the same, such as a clock."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path

from coursewright.tables.statements.scopes import Node, nodes
from coursewright.tables.statements.sql import StatementReads

NEVER = ".coursewright-never"
"""A file of the course that is never there: what hangs on it is never taken for what it was."""

# Names without brackets that are clocks, and functions that DuckDB takes for settled though they look outside.
_CLOCKS = frozenset({"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"})
_LOOKS_OUTSIDE = frozenset({"current_localtime", "current_localtimestamp", "getenv", "pg_sleep"})


def files_outside(reading: StatementReads, root: Path) -> frozenset[Path]:
    """The files that a statement names, `read_csv('…')` and `FROM '…'`; with a pattern, the folders it looks in too.

    A file of `root` that is never there stands for what may be otherwise when no file has changed.
    """
    named = {file for text in _texts(reading) for file in _files(text, root)}
    unsettled = any(_is_unsettled(node, _unsettled()) for node, _ in nodes(reading.tree))
    return frozenset(named | {root / NEVER} if unsettled else named)


@cache
def _unsettled() -> frozenset[str]:
    """The functions that may give something else for the same values: clocks, chance, settings."""
    import duckdb

    asked = "SELECT function_name FROM duckdb_functions() WHERE stability <> 'CONSISTENT'"
    with duckdb.connect() as connection:
        found = connection.execute(asked).fetchall()
    return frozenset(name for (name,) in found) | _LOOKS_OUTSIDE | _CLOCKS


def _is_unsettled(node: Node, unsettled: frozenset[str]) -> bool:
    names = node.get("column_names") or [""]
    sample = node.get("sample")
    chance = isinstance(sample, dict) and not sample.get("repeatable")
    return chance or node.get("function_name") in unsettled or (len(names) == 1 and str(names[0]).lower() in _CLOCKS)


def _texts(reading: StatementReads) -> Iterator[str]:
    yield from (reference.name for reference in reading.references if reference.kind == "table")
    for node, _ in nodes(reading.tree):
        if node.get("type") == "TABLE_FUNCTION":
            for inner, _ in nodes(node["function"]):
                literal = inner.get("literal")
                if isinstance(literal, dict) and literal.get("kind") == "STRING":
                    yield str(literal["text"])


def _files(text: str, root: Path) -> Iterator[Path]:
    if "://" in text or "\0" in text:
        return
    path = os.path.join(root, text)  # noqa: PTH118 - any text, however long
    if os.path.isfile(path):  # noqa: PTH113 - as above
        yield Path(path).resolve()
        return
    if not glob.has_magic(text):
        return
    pattern = text if os.path.isabs(text) else f"{glob.escape(str(root))}/{text}"  # noqa: PTH117 - as above
    found = [Path(each).resolve() for each in glob.glob(pattern, recursive=True)]  # noqa: PTH207 - a pattern, not a path
    yield from (each for each in found if each.is_file())
    parts = Path(text).parts
    plain = takewhile(lambda part: not glob.has_magic(part), parts)
    yield from {Path(root, *plain).resolve(), *(each.parent for each in found)}
