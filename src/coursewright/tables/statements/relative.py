"""Files that a statement names, as seen from the course: DuckDB would look for them where the process stands."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.tables.statements.scopes import Node, nodes
from coursewright.tables.statements.sql import Sql
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

# What may be a file: text or a quoted name, as a literal of each of SQL's kinds.
_LITERAL = re.compile(rb"""[eE]?'(?:[^']|'')*' | "(?:[^"]|"")*" | \$\$.*?\$\$""", re.VERBOSE | re.DOTALL)
_LIKE_A_FILE = re.compile(r"""['"$][^'"\n]*[.*?\[/][^'"\n]*['"$]""")
_READS_FILES = re.compile(r"(read_|_scan$|_metadata$|_schema$|sniff_|glob$)", re.IGNORECASE)


def from_course(sql: Sql, root: Path, connection: duckdb.DuckDBPyConnection) -> Sql:
    """`sql` with the relative names of files as paths from `root`, where the process stands somewhere else.

    In the course itself nothing is changed, so that what DuckDB tells of file names is as the author wrote them.
    """
    if Path.cwd() == root or not _LIKE_A_FILE.search(sql.text):
        return sql
    parsed = sql.with_parameters(lambda name: f"${name}")  # no longer and no shorter
    tree = json.loads(connection.execute("SELECT json_serialize_sql($1::VARCHAR)", [parsed]).fetchall()[0][0])
    written = sql.text.encode()
    for at, name, alone in sorted(set(_named(tree.get("statements"))), reverse=True):  # from the end: places stay
        literal = _LITERAL.match(written, at)
        if literal and _is_relative(name, root):
            written = written[:at] + _path(name, root, alone=alone).encode() + written[literal.end() :]
    return replace(sql, text=written.decode())


def _path(name: str, root: Path, *, alone: bool) -> str:
    """The file in SQL; where it stands alone in FROM, its columns are of a table that is called like it."""
    pattern = glob.has_magic(name)
    folder = glob.escape(str(root)) if pattern else str(root)
    path = f"{folder}/{name}".replace("'", "''")
    called = Path(name).name.partition(".")[0]
    return f"'{path}' AS {quote(called)}" if alone and called and not pattern else f"'{path}'"


def _is_relative(name: str, root: Path) -> bool:
    """Whether `name` is that of a file which the course has, or would have to have."""
    if "://" in name or "\0" in name or Path(name).is_absolute():
        return False
    return bool(Path(name).suffix) or bool(glob.glob(name, root_dir=root, recursive=True))  # noqa: PTH207 - as DuckDB


def _named(tree: Any) -> Iterator[tuple[int, str, bool]]:
    """The bytes at which files are named, and the names: `FROM '…'`, `read_csv('…')`, `read_csv(['…', '…'])`.

    The last is whether one stands in FROM without a name for its columns.
    """
    for node, _ in nodes(tree):
        if node.get("type") == "BASE_TABLE" and not node.get("schema_name"):
            yield node["query_location"], node["table_name"], not node["alias"]
        elif node.get("type") == "TABLE_FUNCTION":
            called = node["function"]
            if _READS_FILES.search(called["function_name"]) and called["arguments"]:
                yield from _texts(called["arguments"][0]["expression"])


def _texts(node: Node) -> Iterator[tuple[int, str, bool]]:
    literal = node.get("literal") or {}
    if literal.get("kind") == "STRING":
        yield node["query_location"], literal["text"], False
    elif node.get("function_name") == "list_value":
        for each in node["arguments"]:
            yield from _texts(each["expression"])
