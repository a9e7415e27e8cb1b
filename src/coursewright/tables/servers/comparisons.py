"""Comparisons and conditions, as each server says them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlglot import exp

from coursewright.tables.servers import dates, patterns
from coursewright.tables.servers.kinds import BOOLEAN, NULL, OTHER, common
from coursewright.tables.servers.meaning import Meaning, Meant
from coursewright.tables.servers.said import said

_COMPARED = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


def compare(meaning: Meaning, node: Any, sign: str, left: Any, right: Any) -> Meant:
    """A comparison of two values of one kind."""
    if isinstance(left, exp.Tuple) or isinstance(right, exp.Tuple):
        return dates.rows_compared(meaning, node, sign, left, right)
    (left, right), kind = meaning.together(node, [left, right])
    if kind == OTHER or (kind == BOOLEAN and sign not in ("=", "<>")):
        meaning.disagree(node, f"a comparison of {kind}s")
    return said(f"({{0}} {sign} {{1}})", left, right), BOOLEAN


def _and(meaning: Meaning, node: exp.And) -> Meant:
    return said("({0} AND {1})", meaning.truth(node.this), meaning.truth(node.expression)), BOOLEAN


def _or(meaning: Meaning, node: exp.Or) -> Meant:
    return said("({0} OR {1})", meaning.truth(node.this), meaning.truth(node.expression)), BOOLEAN


def _not(meaning: Meaning, node: exp.Not) -> Meant:
    return said("(NOT {0})", meaning.truth(node.this)), BOOLEAN


def _is(meaning: Meaning, node: exp.Is) -> Meant:
    meant, kind = meaning.mean(node.this)
    wanted = node.expression
    if isinstance(wanted, exp.Boolean) and kind not in (BOOLEAN, NULL):
        meaning.refuse(node, f"{kind} as a condition", "compare it with something")
    if not isinstance(wanted, exp.Null | exp.Boolean):
        meaning.refuse(node)
    return said("({0} IS {1})", meant, wanted), BOOLEAN


def _nullsafeneq(meaning: Meaning, node: Any) -> Meant:
    (left, right), _ = meaning.together(node, [node.this, node.expression])
    ways = {"sqlite": "({0} IS NOT {1})", "mysql": "(NOT ({0} <=> {1}))"}
    return said(ways.get(meaning.to, "({0} IS DISTINCT FROM {1})"), left, right), BOOLEAN


def _nullsafeeq(meaning: Meaning, node: Any) -> Meant:
    return said("(NOT {0})", _nullsafeneq(meaning, node)[0]), BOOLEAN


def _between(meaning: Meaning, node: exp.Between) -> Meant:
    (value, low, high), kind = meaning.together(node, [node.this, node.args["low"], node.args["high"]])
    if kind == OTHER:
        meaning.refuse(node)
    return said("({0} BETWEEN {1} AND {2})", value, low, high), BOOLEAN


def _in(meaning: Meaning, node: exp.In) -> Meant:
    if query := node.args.get("query"):
        value, kind = meaning.mean(node.this)
        if common(kind, meaning.subqueries[id(query.this)]) in (None, OTHER):
            meaning.refuse(node, f"{kind} in a query that gives another kind")
        return said("({0} IN {1})", value, query), BOOLEAN
    if not node.expressions:
        meaning.refuse(node, "IN with something else than a list or a query")
    (value, *listed), _ = meaning.together(node, [node.this, *node.expressions])
    places = ", ".join(f"{{{number}}}" for number in range(1, len(listed) + 1))
    return said(f"({{0}} IN ({places}))", value, *listed), BOOLEAN


def _exists(_meaning: Meaning, node: exp.Exists) -> Meant:
    return node, BOOLEAN


def _like(meaning: Meaning, node: exp.Like) -> Meant:
    return patterns.like(meaning, node, node.this, node.expression), BOOLEAN


def _ilike(meaning: Meaning, node: exp.ILike) -> Meant:
    return patterns.like(meaning, node, node.this, node.expression, small=True), BOOLEAN


def _escape(meaning: Meaning, node: exp.Escape) -> Meant:
    inner = node.this
    sign = node.expression
    if not isinstance(inner, exp.Like) or not sign.is_string or sign.name == "\\" or len(sign.name) != 1:
        meaning.refuse(node, "this ESCAPE")
    text = [patterns.text_of(meaning, inner, each) for each in (inner.this, inner.expression)]
    return said("({0} LIKE {1} ESCAPE {2})", *text, sign), BOOLEAN


def _compared(sign: str, meaning: Meaning, node: Any) -> Meant:
    return compare(meaning, node, sign, node.this, node.expression)


CONDITIONS: dict[str, Callable[[Meaning, Any], Meant]] = {
    **{name: partial(_compared, sign) for name, sign in _COMPARED.items()},
    "And": _and,
    "Or": _or,
    "Not": _not,
    "Is": _is,
    "NullSafeNEQ": _nullsafeneq,
    "NullSafeEQ": _nullsafeeq,
    "Between": _between,
    "In": _in,
    "Exists": _exists,
    "Like": _like,
    "ILike": _ilike,
    "Escape": _escape,
}
