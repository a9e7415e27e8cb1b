"""One statement of SQL that an author wrote: its text, its place, the parameters and the tables it names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.statements.scopes import Node, folded, nodes

if TYPE_CHECKING:
    import duckdb

# A named parameter `:season`; strings, quoted names, comments and `::` casts are passed over (they come first).
_PARAMETER = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | \$\$.*?\$\$ | :: | (?<![\w:\])]):([A-Za-z_]\w*)""",
    re.VERBOSE | re.DOTALL,
)

# What a query can be; a WITH clause could also change a table.
_QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"})
_READ_ONLY = "write one SELECT; tables are never changed"
_OF_TYPES = frozenset({"typeof", "pg_typeof"})  # functions that look at no value


@lru_cache(maxsize=2048)  # pages ask the same of each row that they are made for
def _parameters(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found[1] for found in _PARAMETER.finditer(text) if found[1]))


@dataclass(frozen=True, slots=True)
class Sql:
    """SQL as written, with the file and the line (counted from 1) where it begins.

    `dialect` is what its author says that it is written in; when they do not, it is that of the course.
    """

    text: str
    file: str | Path
    line: int = 1
    dialect: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The named parameters, `:season` and the like, in order of first use."""
        return _parameters(self.text)

    def with_parameters(self, write: Callable[[str], str]) -> str:
        """The text with each `:name` written as `write(name)`; lines stay where they are."""
        return _PARAMETER.sub(lambda found: write(found[1]) if found[1] else found[0], self.text)

    @property
    def one(self) -> Sql:
        """The same without the semicolon at its end and what comments say after it: it can then stand in brackets."""
        bare = _PARAMETER.sub(lambda found: (" " if found[0][:2] in ("--", "/*") else "x") * len(found[0]), self.text)
        end = len(bare.rstrip())
        return replace(self, text=self.text[: end - 1]) if bare[:end].endswith(";") else self

    def check_parameters(self, values: Mapping[str, Any]) -> None:
        """Raise CoursewrightError for the first parameter that `values` does not hold."""
        if all(name in values for name in self.parameters):
            return
        for found in _PARAMETER.finditer(self.text):
            if found[1] and found[1] not in values:
                place = self.place(self.text.count("\n", 0, found.start()))
                raise CoursewrightError(f'no parameter called "{found[1]}"', place, did_you_mean(found[1], values))

    def place(self, line: int = 0) -> Place:
        """The place of the statement's line `line`, counted from 0."""
        return Place(self.file, self.line + line)


@dataclass(frozen=True, slots=True)
class TableReference:
    """A table that a statement reads: its name, its schema, whether it is a function, the line (from 0)."""

    name: str
    schema: str
    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class StatementReads:
    """What a statement reads besides the tables of its own WITH clauses, and its `tree`, by DuckDB's own parser.

    `text` is what was parsed: the places in the tree are places in it. `partial` is whether it can have its answer
    before all rows of the tables were read, or without their values.
    """

    references: tuple[TableReference, ...]
    tree: Any
    text: str
    partial: bool = False

    def line(self, node: Node) -> int:
        """The line of the statement, counted from 0, on which a node stands."""
        written, location = self.text.encode(), int(node.get("query_location", 0))  # which counts bytes
        return written.count(b"\n", 0, location) if location <= len(written) else 0


def read(sql: Sql, connection: duckdb.DuckDBPyConnection) -> StatementReads:
    """The tables that `sql` names. Raises CoursewrightError when it is not exactly one SELECT."""
    text = sql.with_parameters(lambda name: f"${name}")
    if not text.strip():
        raise CoursewrightError("there is no SQL here", sql.place(), "write one SELECT")
    found = connection.execute("SELECT json_serialize_sql($1::VARCHAR)", [text]).fetchall()
    tree = json.loads(found[0][0])
    if tree["error"] and tree["error_type"] == "not implemented":
        raise CoursewrightError("only SELECT can stand here", sql.place(), _READ_ONLY)
    if tree["error"]:
        line = text.count("\n", 0, int(tree.get("position") or 0))
        raise CoursewrightError(f"SQL: {tree['error_message']}", sql.place(line))
    if len(tree["statements"]) != 1:
        raise CoursewrightError(f"there are {len(tree['statements'])} statements here", sql.place(), "write one SELECT")
    references: list[TableReference] = []
    partial = False
    reading = StatementReads((), tree["statements"], text)
    for node, visible in nodes(reading.tree):
        kind = str(node.get("type"))
        if kind.endswith("_NODE") and kind not in _QUERIES:
            raise CoursewrightError("only SELECT can stand here", sql.place(reading.line(node)), _READ_ONLY)
        partial = partial or _is_partial(node)
        schema = ".".join(filter(None, (node.get("catalog_name"), node.get("schema_name"))))
        if kind == "BASE_TABLE" and (schema or folded(node["table_name"]) not in visible):
            references.append(TableReference(node["table_name"], schema, "table", reading.line(node)))
        elif kind == "TABLE_FUNCTION":
            references.append(TableReference(node["function"]["function_name"], "", "function", reading.line(node)))
        elif kind == "SHOW_REF":
            references.append(TableReference("SHOW", "", "function", reading.line(node)))
    return replace(reading, references=tuple(references), partial=partial)


def _is_partial(node: Node) -> bool:
    """Whether a part of a statement is content with some rows, or with the type of a column."""
    modifiers = {modifier["type"] for modifier in node.get("modifiers") or ()}
    cut = any(one.startswith("LIMIT") for one in modifiers) and "ORDER_MODIFIER" not in modifiers
    some = bool(node.get("sample")) or node.get("subquery_type") == "EXISTS" or node.get("ref_type") == "POSITIONAL"
    return cut or some or node.get("function_name") in _OF_TYPES


def sql_problem(
    error: Exception, sql: Sql, above: int = 0, tables: Mapping[str, Any] | None = None
) -> CoursewrightError:
    """DuckDB's `error` as ours; `above` is the number of lines put before the author's statement to run it."""
    said = str(error)
    line = re.search(r"LINE (\d+):", said)
    place = sql.place(max(int(line[1]) - 1 - above, 0) if line else 0)
    first = said.split("\n", maxsplit=1)[0].partition("Error: ")[2] or said.split("\n", maxsplit=1)[0]
    candidates = re.findall(r'"([^"]+)"', "".join(re.findall(r"Candidate (?:bindings|tables):.*", said)))
    candidates = [name.split(".")[-1] for name in candidates if "_:" not in name]
    column = re.match(r'Referenced column "([^"]+)" not found|Table ".*" does not have a column named "([^"]+)"', first)
    if column:
        name = column[1] or column[2]
        return CoursewrightError(f'SQL: no column called "{name}"', place, did_you_mean(name, candidates))
    missing = re.match(r"Table with name (\S+) does not exist", first)
    if missing:
        name = missing[1]
        return CoursewrightError(f'SQL: no table called "{name}"', place, did_you_mean(name, tables or ()))
    if closed := _closed(said):
        return CoursewrightError(f"SQL: {closed}", place, "copy what it needs into the course")
    near = re.search(r'Did you mean "([^"]+)"', said)
    return CoursewrightError(f"SQL: {first.rstrip('!')}", place, f'did you mean "{near[1]}"?' if near else "")


def _closed(said: str) -> str:
    """What a stranger's SQL wanted and may not have, if that is what DuckDB says."""
    if path := re.search(r'Cannot access (?:file|directory) "([^"]*)" - file system operations are disabled', said):
        return f'not in a stranger\'s course: "{path[1]}", which is outside its folder'
    if "Loading external extensions is disabled" in said:
        return "not in a stranger's course: an extension of DuckDB"
    return ""
