"""Casts that could read a clock, in finders that are written in a server's own SQL.

PostgreSQL takes the texts now, today, tomorrow and yesterday for a date, and SQLite now, wherever a text becomes one:
a text that is put together, or that a column holds, too. Said in DuckDB's SQL, a cast takes only what looks like a
date. In a server's own, which is nobody's to change, a date is made of what cannot be such a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from coursewright.tables.statements import Node, folded, nodes

# The databases in whose own SQL no text is a clock.
WITHOUT = frozenset({"duckdb", "mysql"})
HINT = "leave out `dialect`: in DuckDB's SQL a date is only what is written as one"
WORD = re.compile(r"\b(now|today|tomorrow|yesterday)\b", re.IGNORECASE)
_WRITTEN = re.compile(r"[\d\s:.,+-]*T?[\d\s:.,+-]*Z?|epoch|-?infinity")
_MOMENT = re.compile(r"date|time|abstime", re.IGNORECASE)
_MADE = frozenset({
    *("strptime", "make_date", "make_time", "make_timestamp", "make_timestamptz", "to_timestamp"),
    *("to_years", "to_months", "to_weeks", "to_days", "to_hours", "to_minutes", "to_seconds"),
})  # fmt: skip
_OF_ALL = frozenset({"min", "max", "coalesce", "greatest", "least", "+", "-"})
_NUMBERS = re.compile(
    r"(u?(tiny|small|big|huge)?int|integer|decimal|numeric|real|double|float|interval|bool)", re.IGNORECASE
)


def casts_of_texts(tree: Any, kinds: Mapping[str, str]) -> Iterator[tuple[Node, str]]:
    """The casts of a statement to dates and times of what may be a word for one, and to which types.

    `kinds` are the types of the columns that it can name, by their folded names.
    """
    named = {name for node, _ in nodes(tree) for name in _given(node)}
    sure = {name for name, kind in kinds.items() if _MOMENT.match(kind) and name not in named}
    for node, _ in nodes(tree):
        if node.get("class") == "CAST" and (wanted := _moment(node["type_expr"])) and not _is_sure(node["child"], sure):
            yield node, wanted


def _given(node: Node) -> Iterator[str]:
    """The names that a part of a statement gives to columns."""
    alias, itself = str(node.get("alias", "")), node.get("column_names", ("",))[-1]
    aliases = [alias] if "class" in node and folded(alias) != folded(itself) else []
    clauses = [name for one in node.get("cte_map", {}).get("map", ()) for name in one["value"].get("aliases", ())]
    yield from map(folded, [*aliases, *clauses, *node.get("column_name_alias", ())])


def _moment(kind: Node) -> str:
    """The type, if it is one of a date or a time, or has one in it."""
    if _MOMENT.match(str(kind.get("type_name", ""))):
        return str(kind["type_name"])
    return next((found for inner in kind.get("children", ()) if (found := _moment(inner))), "")


def _is_sure(node: Node | None, sure: Iterable[str]) -> bool:
    """Whether a value is no word for a moment, whatever the rows hold."""
    kind, name = (node.get("class"), folded(str(node.get("function_name", "")))) if node else ("CONSTANT", "")
    if node is None or kind == "CONSTANT":
        literal = (node or {}).get("literal") or {}
        return literal.get("kind") != "STRING" or _WRITTEN.fullmatch(str(literal["text"])) is not None
    if kind == "COLUMN_REF":
        return folded(node["column_names"][-1]) in sure
    if kind == "CAST":  # which is looked at itself, if it is to a date
        return bool(_moment(node["type_expr"])) or _NUMBERS.match(str(node["type_expr"].get("type_name"))) is not None
    return name in _MADE or (bool(values := _values(node, name)) and all(_is_sure(each, sure) for each in values))


def _values(node: Node, name: str) -> list[Node | None]:
    """Those of which a value is one, or is made by adding; none where it is made otherwise."""
    given = [argument["expression"] for argument in node.get("arguments", ())]
    if node.get("class") == "CASE":
        return [*(check["then_expr"] for check in node["case_checks"]), node["else_expr"]]
    if node.get("type") == "OPERATOR_COALESCE":
        return [*node["children"]]
    return given[-1:] if name == "date_trunc" else given if name in _OF_ALL else []
