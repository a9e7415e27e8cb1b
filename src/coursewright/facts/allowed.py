"""What the SQL of finders, and of the tables that they read, is made of: a list of what is allowed.

A finder that is made of these alone reads only the tables that it is handed, and tells the same of the same rows
tomorrow, on another machine and whatever order they come in. What the list does not have is refused, so that a new
version of the database, with new things to say, opens nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from coursewright.errors import CoursewrightError
from coursewright.facts import clocks
from coursewright.tables import Database, Sql
from coursewright.tables.statements import Function, Kind, Node, StatementReads, clauses, folded, functions, nodes

# Queries, tables, clauses and the directions of ORDER BY.
_PARTS = frozenset({
    *("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"),
    *("BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT"),
    *("ORDER_MODIFIER", "LIMIT_MODIFIER", "DISTINCT_MODIFIER", "ORDER_DEFAULT", "ASCENDING", "DESCENDING"),
})  # fmt: skip
_JOINS = frozenset({"REGULAR", "NATURAL", "CROSS", "ASOF"})
_EXPRESSIONS = frozenset({
    *("COLUMN_REF", "CONSTANT", "FUNCTION", "COMPARISON", "CONJUNCTION", "CAST", "TYPE", "CASE", "BETWEEN", "OPERATOR"),
    *("SUBQUERY", "WINDOW", "STAR", "PARAMETER", "LAMBDA", "LAMBDA_REF", "COLLATE", "POSITIONAL_REFERENCE"),
})  # fmt: skip
_OPERATORS = frozenset({
    *("OPERATOR_NOT", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "OPERATOR_COALESCE", "OPERATOR_NULLIF"),
    *("COMPARE_IN", "COMPARE_NOT_IN", "ARRAY_EXTRACT", "ARRAY_SLICE", "ARRAY_CONSTRUCTOR", "STRUCT_EXTRACT"),
    *("GROUPING_FUNCTION", "OPERATOR_TRY"),
})  # fmt: skip
_TYPES = frozenset({
    *("bool", "boolean", "logical", "tinyint", "int1", "smallint", "int2", "int16", "short", "integer", "int"),
    *("int4", "int32", "integral", "signed", "bigint", "int8", "int64", "long", "hugeint", "int128"),
    *("utinyint", "uint8", "usmallint", "uint16", "uinteger", "uint32", "ubigint", "uint64", "uhugeint"),
    *("uint128", "bignum", "varint", "decimal", "dec", "numeric", "float", "float4", "real", "double"),
    *("float8", "varchar", "char", "bpchar", "text", "string", "nvarchar", "blob", "bytea", "binary"),
    *("varbinary", "bit", "bitstring", "date", "time", "time_ns", "timetz", "timestamp", "datetime"),
    *("timestamp_us", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamptz", "interval", "uuid", "guid"),
    *("json", "list", "array", "struct", "row", "tuple", "map", "union", "enum"),
    *("timestamp with time zone", "time with time zone"),
})  # fmt: skip
# What SQL answers without brackets where no column is called so.
_WITHOUT_BRACKETS = frozenset({
    *("current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp"),
    *("current_user", "localtime", "localtimestamp", "session_user", "user"),
})  # fmt: skip
# What databases take for a moment of their own clock where a date is expected.
_CLOCK_WORDS = frozenset({"now", "today", "tomorrow", "yesterday"})
# Names of ours in the statement around the author's.
_OURS = frozenset({"_now", "_row", "_moment", "_facts", "_found"})
# Databases have views of their own under such names: one of a WITH clause could be taken for it by another database.
_VIEWS = ("duckdb_", "information_schema", "pg_", "pragma_", "sqlite_")

_ALIKE = "a fact hangs on the rows alone: for a moment or a choice, use a parameter of the course"


def refuse_what_is_not_allowed(database: Database, sql: Sql) -> None:
    """Raise CoursewrightError for SQL that reads more than it is handed, or answers otherwise from run to run."""
    allowed: set[Sql] = database.beside.setdefault("allowed", set())
    if sql not in allowed:
        _refuse_what_is_not_allowed(database, sql)
        allowed.add(sql)


def _refuse_what_is_not_allowed(database: Database, sql: Sql) -> None:
    reading = database.read(sql)
    parameters = database.as_duckdb(sql).parameters
    for name in sorted(clauses(reading.tree)):
        _check_clause(name, sql)
    for reference in reading.references:
        if reference.schema or "." in reference.name:
            name = f"{reference.schema}.{reference.name}".lstrip(".")
            hint = "name a table of the course, alone: a finder is handed only what was known at the time"
            raise CoursewrightError(f'a finder cannot read "{name}"', sql.place(reference.line), hint)
    for node, _ in nodes(reading.tree):
        for refused, hint in _refused(node, parameters):
            raise CoursewrightError(f"a finder cannot {refused}", sql.place(_line(reading, node)), hint)
    if (dialect := sql.dialect or database.dialect) not in clocks.WITHOUT:
        _refuse_clocks(database, sql, reading, dialect)


def _refuse_clocks(database: Database, sql: Sql, reading: StatementReads, dialect: str) -> None:
    """Raise CoursewrightError for what could be read as the present moment in a server's own SQL."""
    for node, _ in nodes(reading.tree) if dialect != "sqlite" else ():
        literal = node.get("literal") or {}
        if literal.get("kind") == "STRING" and clocks.WORD.search(literal["text"]):
            message = f"a finder cannot say '{literal['text']}' in {dialect}: beside a date it is read as one"
            raise CoursewrightError(message, sql.place(_line(reading, node)), clocks.HINT)
    tables = sorted(database.names(sql)) if dialect != "sqlite" else []  # of whose columns each value has its own type
    kinds = {folded(name): kind for table in tables for name, kind in database.columns(table).items()}
    for node, kind in clocks.casts_of_texts(reading.tree, kinds):
        message = f"a finder cannot cast to {kind.lower()} in {dialect} what may be a text: 'now' is read as a clock"
        raise CoursewrightError(message, sql.place(_line(reading, node)), clocks.HINT)


def _line(reading: StatementReads, node: Node) -> int:
    return reading.line(node if "query_location" in node else next((n for n, _ in nodes(node) if _placed(n)), node))


def _placed(node: Node) -> bool:
    return int(node.get("query_location", 1 << 63)) < 1 << 63


def _check_clause(name: str, sql: Sql) -> None:
    if name.startswith("_"):  # a name of the author's own there would make one of ours pass for a local one
        raise CoursewrightError(f'a finder cannot call a WITH clause "{name}"', sql.place(), "leave out the _ in front")
    if folded(name).startswith(_VIEWS):
        hint = "databases have views of that name: choose another"
        raise CoursewrightError(f'a finder cannot call a WITH clause "{name}"', sql.place(), hint)


def _refused(node: Node, parameters: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What a node has that is not allowed, and what to do about it."""
    kind = str(node.get("type", ""))
    if "class" in node:
        yield from _expression(node, parameters)
    elif kind:
        yield from _part(kind, node)
    if node.get("sample"):
        yield "use USING SAMPLE", _ALIKE
    modifiers = {str(modifier["type"]) for modifier in node.get("modifiers", ()) if not _plain_distinct(modifier)}
    if modifiers and "ORDER_MODIFIER" not in modifiers:
        said = "LIMIT" if "LIMIT_MODIFIER" in modifiers else "DISTINCT ON"
        yield f"use {said} without ORDER BY", "say which rows come first: without it they are any"


def _plain_distinct(modifier: Node) -> bool:
    return modifier["type"] == "DISTINCT_MODIFIER" and not modifier.get("distinct_on_targets")


def _part(kind: str, node: Node) -> Iterator[tuple[str, str]]:
    if kind == "SHOW_REF":
        yield "use the table function SHOW", "name a table of the course"
    elif kind not in _PARTS:
        yield f"use {_words(kind)}", _ALIKE
    elif kind == "JOIN" and node["ref_type"] not in _JOINS:
        yield f"use {_words(node['ref_type'])} JOIN", "join ON what the rows have in common"
    elif node.get("at_clause") or any(pivot.get("pivot_enum") for pivot in node.get("pivots", ())):
        yield f"use {'AT' if node.get('at_clause') else 'PIVOT with a type'}", _ALIKE
    elif kind == "TABLE_FUNCTION":
        yield from _call(node["function"], ("table",))
    if folded(str(node.get("alias", ""))) in _OURS:
        yield f'use the name "{node["alias"]}"', "leave out the _ in front"


def _expression(node: Node, parameters: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    kind, operator = str(node["class"]), str(node["type"])
    if kind not in _EXPRESSIONS or (kind == "OPERATOR" and operator not in _OPERATORS):
        yield f"use {_words(operator)}", _ALIKE
    elif kind == "COLUMN_REF":
        yield from _column([folded(name) for name in node["column_names"]])
    elif kind == "PARAMETER" and node["identifier"] not in parameters:
        yield f"use the parameter ${node['identifier']}", "write a parameter as :name"
    elif kind == "TYPE" and (node.get("schema") or folded(node["type_name"]) not in _TYPES):
        yield f"use the type {node['type_name']}", _ALIKE
    elif kind == "CAST":
        yield from _clock([node["child"]])
    elif kind == "FUNCTION" and "order_bys" in node:
        yield from _call(node, ("scalar", "aggregate"))
    elif kind == "WINDOW":
        yield from _window(node)


def _column(names: list[str]) -> Iterator[tuple[str, str]]:
    if len(names) == 1 and names[0] in _WITHOUT_BRACKETS:
        yield f"use the function {names[0]}", f"{_ALIKE}; a column that is called so is written with its table"
    for name in names:
        if name in _OURS or name.startswith("_:"):
            yield f'use the name "{name}"', "leave out the _ in front"


def _call(node: Node, kinds: tuple[Kind, ...]) -> Iterator[tuple[str, str]]:
    """A function that is called, and what it is called with."""
    name = folded(node["function_name"])
    what = "table function" if kinds == ("table",) else "function"
    function = functions().get(name)
    if node.get("schema") or function is None or not set(kinds) & set(function.kinds):
        name = f"{node['schema']}.{name}" if node.get("schema") else name
        yield f"use the {what} {name}", "name a table of the course" if what != "function" else _instead(name)
        return
    given = [argument["expression"] for argument in node["arguments"]]
    ordered = node["order_bys"]["orders"]
    if not function.takes(len(given), kinds) and not (ordered and function.takes(len(given) + len(ordered), kinds)):
        yield _wrong_number(name, len(given), function), _ALIKE
    elif function.ordered and not ordered:
        yield from _unordered(name, f"{name}(… ORDER BY …)")
    if not node.get("is_operator"):
        yield from _clock(given)


def _window(node: Node) -> Iterator[tuple[str, str]]:
    name = folded(node["function_name"])
    function = functions().get(name)
    given = [argument["expression"] for argument in node["arguments"]]
    count = len(given) + (node.get("offset_expr") is not None) + (node.get("default_expr") is not None)
    ordered = node["orders"] or node.get("arg_orders")
    if node.get("schema") or function is None or not (function.window or function.aggregate):
        yield f"use the function {name}", _instead(name)
    elif not function.takes(count, ("window", "aggregate")):
        yield _wrong_number(name, count, function), _ALIKE
    elif function.ordered and not ordered:
        yield from _unordered(name, "OVER (ORDER BY …)")
    elif not ordered and any(str(node[end]).endswith("_ROWS") for end in ("start", "end")):
        yield from _unordered("ROWS", "OVER (ORDER BY … ROWS …)")


def _unordered(name: str, written: str) -> Iterator[tuple[str, str]]:
    yield f"use {name} without ORDER BY", f"its answer hangs on the order of the rows: {written}, or min and max"


def _wrong_number(name: str, given: int, function: Function) -> str:
    takes = " or ".join(getattr(function, kind) for kind in function.kinds)
    return f"use the function {name} with {given} argument{'s' if given != 1 else ''}, which takes {takes}"


def _clock(values: list[Node]) -> Iterator[tuple[str, str]]:
    for value in values:
        literal = value.get("literal") or {}
        if literal.get("kind") == "STRING" and literal["text"].strip().lower() in _CLOCK_WORDS:
            yield f"use the date '{literal['text']}'", _ALIKE


def _instead(name: str) -> str:
    near = difflib.get_close_matches(name, functions(), n=1, cutoff=0.8)
    return (f'did you mean "{near[0]}"? ' if near else "") + _ALIKE


def _words(kind: str) -> str:
    return kind.replace("OPERATOR_", "").replace("_", " ")
