"""ORDER BY an expression of what SELECT DISTINCT or a UNION gives, which servers refuse: in a SELECT around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from coursewright.tables.servers.aggregates import is_aggregate
from coursewright.tables.servers.meaning import Meaning

_MOVED = ("order", "limit", "offset", "with_")
_NAME = "selected"
_HINT = "select it too, or say the order in a SELECT around this one"


def ordered_outside(tree: Any, meaning: Meaning, tables: Mapping[str, Mapping[str, Any]]) -> Any:
    """The tree in which such orders stand in a SELECT around; `tables` are the columns of each that it names.

    Raises CoursewrightError with the author's line for an order by what is not selected: which of several rows that
    are told once comes first is nowhere said.
    """
    for node in list(tree.find_all(exp.Select, exp.SetOperation)):
        order = node.args.get("order")
        distinct = isinstance(node, exp.Select) and node.args.get("distinct")
        if not order or not (distinct or isinstance(node, exp.SetOperation)):
            continue
        if distinct and distinct.args.get("on"):
            continue
        keys = [each.this for each in order.expressions]
        if distinct:
            given = _SelectList(node, meaning, _elsewhere(tree, node, tables))
            named = [given.named(key) for key in keys]
        if all(isinstance(key, exp.Column | exp.Literal) for key in keys):
            continue
        if distinct:
            for each, key in zip(order.expressions, named, strict=True):
                each.set("this", key)
        outer = _around(node)
        tree = outer if node is tree else tree
    if meaning.to == "sqlite":
        _write_brackets_out(tree)
    return tree


def _write_brackets_out(tree: Any) -> None:
    """`(SELECT …) UNION (SELECT …)`: SQLite has no brackets there."""
    for node in list(tree.find_all(exp.SetOperation)):
        for side in (node.left, node.right):
            if isinstance(side, exp.Subquery):
                _around(side)


def _elsewhere(tree: Any, select: Any, tables: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The names of columns that are not what `select` itself gives."""
    names = {alias.alias.lower() for alias in tree.find_all(exp.Alias) if alias.parent is not select}
    named = {column.name.lower() for alias in tree.find_all(exp.TableAlias) for column in alias.columns}
    return names | named | {name for columns in tables.values() for name in columns}


class _SelectList:
    """What a SELECT DISTINCT gives, by its names."""

    def __init__(self, select: Any, meaning: Meaning, elsewhere: set[str]) -> None:
        self._meaning, self._elsewhere = meaning, elsewhere
        self._stars = any(each.is_star for each in select.expressions)
        self._values = [
            (each.alias_or_name, each.this if isinstance(each, exp.Alias) else each) for each in select.expressions
        ]

    def named(self, key: Any) -> Any:
        """A key of the order, of the names alone."""
        if isinstance(key, exp.Literal) or (isinstance(key, exp.Column) and not key.table and self._gives(key.name)):
            return key.copy()  # alone, the names of what is selected go before those of columns
        made = key.copy().transform(self._name)
        for node in made.walk():
            if isinstance(node, exp.Select | exp.Window | exp.AggFunc) or is_aggregate(node):
                self._refuse(key, "an expression")
        return made

    def _name(self, node: Any) -> Any:
        for name, value in self._values:
            if node == value or (isinstance(node, exp.Column) and _is_same(node, value)):
                return exp.column(name, quoted=True)
        if not isinstance(node, exp.Column):
            return node
        name = node.name.lower()
        if self._stars and name in self._elsewhere:
            return exp.column(node.name)
        if node.table or not self._gives(name) or name in self._elsewhere:
            self._refuse(node, f'"{node.name}"')
        return node

    def _gives(self, name: str) -> bool:
        return name.lower() in {one.lower() for one, _ in self._values}

    def _refuse(self, node: Any, what: str) -> None:
        self._meaning.refuse(node, f"SELECT DISTINCT in the order of {what}, which is not selected,", _HINT)


def _is_same(column: exp.Column, value: Any) -> bool:
    """Whether two columns are one: of the same name, and of the same table where both say it."""
    if not isinstance(value, exp.Column) or column.name.lower() != value.name.lower():
        return False
    return not column.table or not value.table or column.table.lower() == value.table.lower()


def _around(node: Any) -> Any:
    """A SELECT of all that `node` gives, in its place, with its order and its bounds."""
    moved = {part: node.args[part] for part in _MOVED if node.args.get(part)}
    for part in moved:
        node.set(part, None)
    alias = exp.TableAlias(this=exp.to_identifier(_NAME))
    outer = exp.select(exp.Star())
    node.replace(outer)
    outer.set("from_", exp.From(this=exp.Subquery(this=node.unnest(), alias=alias)))
    for part, value in moved.items():
        outer.set(part, value)
    return outer
