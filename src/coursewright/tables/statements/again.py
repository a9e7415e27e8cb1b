"""The verb: answer a statement that is asked again and again, each time for another value of one column.

The page of each race asks for the rows `WHERE raceId = :raceId`: to plan that takes the database longer than to do it.
Where such an answer hangs on nothing but the rows of its value, those of all values are found at once and handed out.
That is so for one SELECT from one table, whose rows are made each by itself and stand in an order that its ORDER BY
says; anything else is asked as it stands, and so is a value that has rows between which ORDER BY does not choose.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from coursewright.tables.showing.held import holdable
from coursewright.tables.statements.scopes import Node, folded, nodes
from coursewright.tables.statements.sql import StatementReads
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_ALONE = 8  # values that are asked for one by one, and compared with what is found at once
_MOST = 200_000  # rows of a table that are looked at at once
_LARGEST = 16_000_000  # bytes of them that are kept
_WHOLE = 1 << 31  # what whole numbers are smaller than, of either sign: larger ones are asked for alone
_BY_ROW = frozenset(
    {"BETWEEN", "CASE", "CAST", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION", "OPERATOR", "STAR"}
)
_NOTHING: tuple[tuple[str, Any], ...] = (
    ("group_expressions", []),
    ("group_sets", []),
    ("having", None),
    ("qualify", None),
    ("sample", None),
    ("aggregate_handling", "STANDARD_HANDLING"),
)
_MORE = ("sample", "column_name_alias", "at_clause", "schema_name", "catalog_name")  # what can be said of a table


@dataclass(frozen=True)
class ForAll:
    """A statement for all values of the `parameter` that it is asked with, as the tree of one SELECT.

    Behind its own columns it has the one that is compared, by which its rows are in order, and then `orders`.
    """

    parameter: str
    tree: Node
    column: Node
    orders: Sequence[Node]


def for_all(reading: StatementReads) -> ForAll | None:
    """The statement for all values; None for one whose answers could hang on anything else."""
    node = reading.tree[0]["node"] if len(reading.tree) == 1 else {}
    orders = _orders(node)
    if not _is_plain(node) or orders is None:
        return None
    parts = _parts(node["where_clause"])
    compared = [found for part in parts if (found := _compared(part))]
    asked = sum(each.get("class") == "PARAMETER" for each, _ in nodes(node))
    if len(compared) != 1 or asked != 1:
        return None
    part, column, parameter = compared[0]
    if not _are_columns([column, *(order["expression"] for order in orders)], node["select_list"]):
        return None
    rest = [each for each in parts if each is not part]
    tree = deepcopy({key: each for key, each in node.items() if key not in ("where_clause", "modifiers")})
    tree["where_clause"] = {"class": "CONJUNCTION", "type": "CONJUNCTION_AND", "alias": "", "children": rest}
    if len(rest) < 2:
        tree["where_clause"] = rest[0] if rest else None
    first = {"type": "ORDER_DEFAULT", "null_order": "ORDER_DEFAULT", "expression": column}
    tree["modifiers"] = [{"type": "ORDER_MODIFIER", "orders": [first, *orders]}]
    return ForAll(parameter, tree, column, orders)


def _orders(node: Node) -> list[Any] | None:
    """What a SELECT is in order by; None where it does more with its rows."""
    modifiers = node.get("modifiers")
    if not modifiers:
        return []
    one = modifiers[0]
    return list(one["orders"]) if len(modifiers) == 1 and one["type"] == "ORDER_MODIFIER" else None


def _is_plain(node: Node) -> bool:
    """Whether it is one SELECT from one table with a condition, each row of which is made from one row of the table."""
    table = node.get("from_table", {})
    one = node.get("type") == "SELECT_NODE" and table.get("type") == "BASE_TABLE" and node.get("where_clause")
    if not one or node["cte_map"]["map"] or any(table[key] for key in _MORE):
        return False
    if any(node.get(key) != nothing for key, nothing in _NOTHING):
        return False
    stars = [each for each in node["select_list"] if each["class"] == "STAR"]
    if any(each["replace_list"] or each["rename_list"] or each["columns"] or each["expr"] for each in stars):
        return False
    inside = [
        each for part in (node["select_list"], node["where_clause"]) for each, _ in nodes(part) if "class" in each
    ]
    if sum(each["class"] == "STAR" for each in inside) != len(stars):
        return False
    return all(each["class"] in _BY_ROW or each["class"] in ("PARAMETER", "TYPE") for each in inside) and all(
        _is_by_row(each) for each in inside if each["class"] == "FUNCTION"
    )


def _is_by_row(function: Node) -> bool:
    own = not function["distinct"] and not function["filter"] and not function["order_bys"]["orders"]
    return own and not function["schema"] and str(function["function_name"]).lower() in _functions()


@cache
def _functions() -> frozenset[str]:
    """The functions that make one value from the values of one row, and are called so alone."""
    import duckdb

    asked = """SELECT lower(function_name) FROM duckdb_functions() GROUP BY ALL
               HAVING bool_and(function_type = 'scalar' AND stability = 'CONSISTENT')"""
    with duckdb.connect() as connection:
        return frozenset(name for (name,) in connection.execute(asked).fetchall()) | {"nullif"}


def _parts(condition: Any) -> list[Any]:
    return list(condition["children"]) if condition["type"] == "CONJUNCTION_AND" else [condition]


def _compared(part: Any) -> tuple[Any, Any, str] | None:
    """A condition that a column is equal to a parameter, with the column and the parameter's name."""
    if part["type"] != "COMPARE_EQUAL":
        return None
    sides = {side["class"]: side for side in (part["left"], part["right"])}
    if sides.keys() != {"COLUMN_REF", "PARAMETER"}:
        return None
    return part, sides["COLUMN_REF"], sides["PARAMETER"]["identifier"]


def _are_columns(keys: Sequence[Any], select: Sequence[Any]) -> bool:
    """Whether `keys` are columns of the table, and not what the SELECT calls so."""
    renamed = {folded(each["alias"]) for each in select if each["alias"] and _name(each) != folded(each["alias"])}
    return all(_name(key) and _name(key) not in renamed for key in keys)


def _name(expression: Any) -> str:
    return folded(expression["column_names"][-1]) if expression["class"] == "COLUMN_REF" else ""


@dataclass
class StatementAgain:
    """The answers to one statement while its tables stay what they are: `ask` gives the rows of another one."""

    statement: ForAll
    connection: duckdb.DuckDBPyConnection
    alone: dict[int, pa.Table] = field(default_factory=dict)
    found: pa.Table | None = None
    places: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    given_up: bool = False

    def answer(self, bound: Mapping[str, Any], ask: Callable[[], pa.Table]) -> pa.Table:
        """The rows for the values in `bound`, which `ask` gives if they are to be asked for alone."""
        value = bound[self.statement.parameter]
        if self.given_up or type(value) is not int or abs(value) >= _WHOLE:
            return ask()
        if self.found is None and len(self.alone) < _ALONE:
            self.alone[value] = rows = ask()
            return rows
        if self.found is None:
            self._find()
        if self.found is None:
            return ask()
        start, length = self.places.get(value, (0, 0))
        return ask() if length < 0 else self._rows(start, length)

    def _rows(self, start: int, length: int) -> pa.Table:
        assert self.found is not None  # noqa: S101 - it is asked for afterwards
        return holdable(self.found.slice(start, length))

    def _find(self) -> None:
        """Find the rows of all values, unless they are too many or not what was found before."""
        import duckdb
        import pyarrow as pa

        self.given_up = True
        table = quote(self.statement.tree["from_table"]["table_name"])
        try:
            if self.connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] > _MOST:
                return
            whole = self.connection.sql(self._text()).to_arrow_table()
        except (duckdb.Error, pa.ArrowException):
            return  # what is wrong with a row that nobody has asked for
        *own, key, rank = range(whole.num_columns)
        if whole.nbytes > _LARGEST or not pa.types.is_integer(whole.column(key).type):
            return
        self.found = whole.select(own)
        self.places = dict(_places(whole.column(key).to_pylist(), whole.column(rank).to_pylist(), self.found))
        known = {value: self.places.get(value, (0, 0)) for value in self.alone}
        same = (_same(self._rows(*at), self.alone[value]) for value, at in known.items() if at[1] >= 0)
        if all(same):
            self.given_up = False
        else:
            self.found = None
        self.alone = {}

    def _text(self) -> str:
        """The statement for all values as SQL, with the column that is compared, and the rank of a row in its value."""
        asked = "SELECT json_serialize_sql('SELECT rank() OVER (PARTITION BY a ORDER BY b)')"
        window = json.loads(self._said(asked))["statements"][0]["node"]["select_list"][0]
        rank = {**window, "partitions": [self.statement.column], "orders": self.statement.orders}
        select = [*self.statement.tree["select_list"], self.statement.column, rank]
        tree = {"error": False, "statements": [{"node": {**self.statement.tree, "select_list": select}}]}
        return self._said("SELECT json_deserialize_sql($1::JSON)", json.dumps(tree))

    def _said(self, asked: str, *values: str) -> str:
        return str(self.connection.execute(asked, values).fetchall()[0][0])


def _same(one: pa.Table, other: pa.Table) -> bool:
    """Whether two tables are the same; what is no number is the same as itself."""
    rows = (repr([column.to_pylist() for column in table.columns]) for table in (one, other))
    return bool(one.schema.equals(other.schema)) and next(rows) == next(rows)


def _places(
    values: Sequence[int | None], ranks: Sequence[int], rows: pa.Table
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Where the rows of each value begin, and how many they are; -1 if nothing says in which order they stand."""
    columns: list[list[Any]] = []
    start = 0
    level = False
    for at, value in enumerate(values):
        if at > start and ranks[at] == ranks[at - 1]:
            columns = columns or [column.to_pylist() for column in rows.columns]
            level = level or any(column[at] != column[at - 1] for column in columns)
        if at + 1 == len(values) or values[at + 1] != value:
            if value is not None:
                yield value, (start, -1 if level else at + 1 - start)
            start, level = at + 1, False
