"""Aggregates and windows."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from coursewright.tables.servers.casts import to_text
from coursewright.tables.servers.kinds import DATE, OTHER, TEXT, TIMESTAMP, is_number
from coursewright.tables.servers.meaning import Meaning, Meant
from coursewright.tables.servers.said import UNTRIED, entries, said

_NO_FILTER = ("mysql", "spark")  # Spark has none over windows
_JOINED = ("string_agg", "group_concat", "listagg")


def is_aggregate(node: Any) -> bool:
    """Whether a call is of an aggregate."""
    name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
    entry = entries().get(name) or entries().get(f"{name}:integer")
    return name in (*_JOINED, "count_if", "countif") or bool(entry and entry.aggregate)


def aggregate(meaning: Meaning, node: Any, over: Any = None) -> Meant:
    """An aggregate, with FILTER perhaps, over a window perhaps."""
    condition = None
    call = node
    if isinstance(node, exp.Filter):
        call, condition = node.this, meaning.truth(node.expression.this)
    if not is_aggregate(call):
        meaning.refuse(call, "FILTER of this" if condition else f"{call.name or type(call).__name__} here")
    name = call.name.lower()
    if name in ("count_if", "countif"):
        condition = _both(condition, meaning.truth(call.expressions[0]))
        return meaning.call(
            call, "count", _chosen(meaning, said("1"), condition, OTHER), over=_over(meaning, condition, over)
        )
    if name in _JOINED:
        return _joined(meaning, call, condition, over)
    given = list(call.expressions)
    distinct = bool(given) and isinstance(given[0], exp.Distinct)
    if distinct:
        given = given[0].expressions
    if any(isinstance(each, exp.Order) for each in given) or len(given) > 1:
        meaning.disagree(call, f"{name} with an order" if len(given) == 1 else f"{name} of several values")
    if given and isinstance(given[0], exp.Star):
        given = []
    if name == "count" and not given:
        one = (
            _chosen(meaning, said("1"), condition, OTHER)
            if meaning.to in _NO_FILTER and condition
            else (said("*"), OTHER)
        )
        return meaning.call(call, "count", one, over=_over(meaning, condition, over))
    meant = [meaning.mean(each) for each in given]
    chosen = [_chosen(meaning, value, condition, kind) for value, kind in meant]
    if distinct and over is not None:
        meaning.refuse(call, "DISTINCT over a window")
    return meaning.call(call, name, *chosen, distinct=distinct, over=_over(meaning, condition, over))


def _both(one: Any, other: Any) -> Any:
    return other if one is None else said("({0} AND {1})", one, other)


def _chosen(meaning: Meaning, value: Any, condition: Any, kind: Any) -> Meant:
    """A value that is only there where a condition holds, for servers without FILTER."""
    if condition is None or meaning.to not in _NO_FILTER:
        return value, kind
    return said("CASE WHEN {0} THEN {1} END", condition, value), kind


def _over(meaning: Meaning, condition: Any, over: Any) -> Any:
    """What follows a call: FILTER, OVER."""
    parts = []
    if condition is not None and meaning.to not in _NO_FILTER:
        parts.append(said("FILTER (WHERE {0})", condition))
    if over is not None:
        parts.append(over)
    return said(" ".join(f"{{{at}}}" for at in range(len(parts))), *parts) if parts else None


def _joined(meaning: Meaning, call: Any, condition: Any, over: Any) -> Meant:
    """`string_agg(text, separator ORDER BY …)`."""
    value, *rest = call.expressions
    ordered = next((each for each in call.expressions if isinstance(each, exp.Order)), None)
    if over is not None or ordered is None or len(ordered.expressions) > 1 or len(rest) > 1:
        meaning.disagree(call, f"{call.name.lower()} without an order of one value inside its brackets")
    if value is ordered:
        value = ordered.this
    if isinstance(value, exp.Distinct) and len(value.expressions) == 2:
        rest = [value.expressions[1]]
    separator = ordered.this if rest and rest[0] is ordered else rest[0] if rest else exp.Literal.string(",")
    if not separator.is_string:
        meaning.disagree(call, f"{call.name.lower()} with a separator that is not written out")
    distinct = isinstance(value, exp.Distinct)
    value = value.expressions[0] if distinct else value
    by = ordered.expressions[0]
    if by.args.get("nulls_first"):
        meaning.refuse(call, "NULLS FIRST in an aggregate")
    text, _ = _chosen(meaning, to_text(meaning, call, meaning.mean(value))[0], condition, TEXT)
    key, kind = meaning.mean(by.this)
    if kind not in (TEXT, DATE, TIMESTAMP) and not is_number(kind):
        meaning.disagree(call, f"an order of {kind}")
    if distinct and meaning.to in ("postgres", *UNTRIED) and key.sql() != text.sql():
        meaning.disagree(call, "string_agg(DISTINCT …) in another order than its own")
    falling, after = bool(by.args.get("desc")), _over(meaning, condition, None)
    return _list_of_texts(meaning, (text, separator, key), after, falling=falling, distinct=distinct)


def _list_of_texts(meaning: Meaning, parts: tuple[Any, ...], after: Any, *, falling: bool, distinct: bool) -> Meant:
    """Texts in an order with a separator between them; `parts` are the text, the separator and the key."""
    way, inner = " DESC" if falling else "", "DISTINCT " if distinct else ""
    if meaning.to == "sqlite":
        return said(
            f"coursewright_join({{0}}, {{1}}, {{2}}, {int(falling)}, {int(distinct)})", *parts, over=after
        ), TEXT
    if meaning.to in UNTRIED:
        order = f"WITHIN GROUP (ORDER BY {{2}}{way} NULLS LAST)"
        return said(f"LISTAGG({inner}{{0}}, {{1}}) {order}", *parts, over=after), TEXT
    if meaning.to == "postgres":
        made = said(f"STRING_AGG({inner}{{0}}, {{1}} ORDER BY {{2}}{way} NULLS LAST)", *parts, over=after)
        return meaning.settled(said("{0}", made), TEXT)
    return said(f"GROUP_CONCAT({inner}{{0}} ORDER BY {{2}} IS NULL, {{2}}{way} SEPARATOR {{1}})", *parts), TEXT


def window(meaning: Meaning, node: Any) -> Meant:
    """A function over a window."""
    call = node.this
    if node.args.get("alias") or node.args.get("first") is False:
        meaning.refuse(node, "a window with a name")
    if isinstance(call, exp.IgnoreNulls | exp.RespectNulls):
        meaning.refuse(call)
    over = _window_of(meaning, node)
    if is_aggregate(call) or isinstance(call, exp.Filter):
        return aggregate(meaning, call, over)
    name = call.name.lower() if isinstance(call, exp.Anonymous) else ""
    entry = entries().get(name)
    if entry is None or not entry.window:
        meaning.disagree(call, f"{name or type(call).__name__} over a window")
    if name in ("lag", "lead") and len(call.expressions) > 1 and not call.expressions[1].is_int:
        meaning.disagree(call, f"{name} by a count that is not written out")
    return meaning.call(call, name, *(meaning.mean(each) for each in call.expressions), over=over)


def _window_of(meaning: Meaning, node: Any) -> Any:
    parts: list[Any] = []
    texts: list[str] = []
    if by := node.args.get("partition_by"):
        values = [meaning.mean(each) for each in by]
        texts.append("PARTITION BY " + ", ".join(f"{{{len(parts) + at}}}" for at in range(len(values))))
        parts += [value for value, _ in values]
    if order := node.args.get("order"):
        keys = [order_key(meaning, each) for each in order.expressions]
        texts.append("ORDER BY " + ", ".join(f"{{{len(parts) + at}}}" for at in range(len(keys))))
        parts += keys
    if frame := node.args.get("spec"):
        texts.append(_frame(meaning, node, frame))
    return said(f"OVER ({' '.join(texts)})", *parts)


def order_key(meaning: Meaning, node: Any, meant: Any = None) -> Any:
    """A key of ORDER BY; missing values come last where the author does not say otherwise."""
    if meaning.to == "spark" and meant is None and node.find(exp.Window):
        meaning.refuse(node, "a window in an order", "select it in a WITH clause, and say ORDER BY its name after it")
    value, kind = meant or meaning.mean(node.this)
    if kind == OTHER:
        meaning.disagree(node, "an order of this")
    falling = " DESC" if node.args.get("desc") else ""
    first = bool(node.args.get("nulls_first"))
    if meaning.to == "mysql":
        return said(f"{{0}} IS {'NOT ' if first else ''}NULL, {{0}}{falling}", value)
    return said(f"{{0}}{falling} NULLS {'FIRST' if first else 'LAST'}", value)


def _frame(meaning: Meaning, node: Any, frame: Any) -> str:
    kind = frame.text("kind").upper()
    if frame.args.get("exclude"):
        meaning.refuse(node, "EXCLUDE in a window")
    if kind not in ("ROWS", "RANGE", "GROUPS") or (kind == "GROUPS" and meaning.to in ("mysql", "spark")):
        meaning.refuse(node, f"a frame of {kind}")
    ends = []
    for end in ("start", "end"):
        bound, side = frame.args.get(end), frame.text(f"{end}_side").upper()
        if isinstance(bound, str) or bound is None:
            ends.append(f"{bound or 'CURRENT ROW'} {side}".strip())
            continue
        if kind == "RANGE" or not bound.is_int:
            meaning.refuse(node, f"a frame of {kind} by a distance")
        ends.append(f"{bound.name} {side}")
    return f"{kind} BETWEEN {ends[0]} AND {ends[1]}"


def say_groups(tree: Any, meaning: Meaning) -> None:
    """Write what a SELECT is grouped by as the server says it."""
    if group := tree.args.get("group"):
        group.set("expressions", [meaning.mean(each)[0] for each in group.expressions])


def name_in_order(tree: Any, columns: frozenset[str]) -> None:
    """Write out what names of what is selected stand for in expressions of ORDER BY.

    There the `columns` of tables go first: only one that is selected under its own name is meant by that. What is
    selected with DISTINCT may be ordered by itself alone.
    """
    values = (
        (each.alias_or_name.lower(), each.this if isinstance(each, exp.Alias) else each) for each in tree.expressions
    )
    own = {
        name: value
        for name, value in values
        if (isinstance(value, exp.Column) and value.name.lower() == name)
        or (name not in columns and not tree.args.get("distinct"))
    }
    for each in tree.args["order"].expressions if tree.args.get("order") else ():
        if isinstance(each.this, exp.Column):
            continue
        for column in list(each.find_all(exp.Column)):
            if not column.table and column.name.lower() in own:
                column.replace(exp.paren(own[column.name.lower()].copy()))
