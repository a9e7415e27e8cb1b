"""How each kind of node of a statement's tree is said; `said.toml` has the functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlglot import exp

from coursewright.tables.servers import aggregates, casts, comparisons, dates, patterns
from coursewright.tables.servers.comparisons import CONDITIONS
from coursewright.tables.servers.kinds import (
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    NULL,
    TEXT,
    TIMESTAMP,
    decimal,
    is_number,
    kind_of,
    kind_of_value,
)
from coursewright.tables.servers.meaning import Meaning, Meant
from coursewright.tables.servers.said import said

_OPERATORS = {
    "Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "IntDiv": "//", "Mod": "%", "DPipe": "||", "Pow": "power",
}  # fmt: skip


def _operator(meaning: Meaning, node: Any, sign: str) -> Meant:
    if sign in "+-" and (made := dates.moved(meaning, node)):
        return made
    left, right = meaning.mean(node.this), meaning.mean(node.expression)
    if sign == "||":
        return meaning.call(node, sign, *(casts.to_text(meaning, node, each) for each in (left, right)))
    if sign == "-" and left[1] == right[1] == DATE:
        return meaning.call(node, "days", left, right)
    if sign in "+-" and left[1] == DATE and right[1] == INTEGER:
        number = right if sign == "+" else meaning.call(node, "neg", right)
        return meaning.call(node, "later", left, number)
    if sign == "/" and _is_divisor(node.expression) and is_number(left[1]):
        double = {"postgres": "DOUBLE PRECISION", "sqlite": "REAL"}.get(meaning.to, "DOUBLE")
        return said(f"(CAST({{0}} AS {double}) / {{1}})", left[0], right[0]), DOUBLE
    return meaning.call(node, sign, left, right)


# What stands alone


def _is_divisor(node: Any) -> bool:
    """A number that is written out, and is not 0: nothing can go wrong with it."""
    return isinstance(node, exp.Literal) and not node.is_string and float(node.name) != 0


def _column(meaning: Meaning, node: exp.Column) -> Meant:
    kind, own = meaning.columns(node)
    ways = {TEXT: meaning.own_text, DOUBLE: meaning.own_double} if own else {}
    return (said(ways[kind], node) if ways.get(kind, "{0}") != "{0}" else node), kind


def _literal(meaning: Meaning, node: exp.Literal) -> Meant:
    if node.is_string:
        return meaning.settled(node, TEXT)
    text = node.name
    if "e" in text.lower():
        return (said("CAST({0} AS DOUBLE PRECISION)", node) if meaning.to == "postgres" else node), DOUBLE
    return node, decimal(len(text.partition(".")[2])) if "." in text else INTEGER


def _placeholder(meaning: Meaning, node: exp.Placeholder) -> Meant:
    kind = kind_of_value(meaning.values.get(node.name))
    if kind == DOUBLE and meaning.to == "postgres":
        return said("CAST({0} AS DOUBLE PRECISION)", node), kind
    return meaning.settled(node, kind) if kind == TEXT else (node, kind)


def _parameter(meaning: Meaning, node: exp.Parameter) -> Meant:
    return _placeholder(meaning, exp.Placeholder(this=node.name))


def _null(_meaning: Meaning, node: exp.Null) -> Meant:
    return node, NULL


def _boolean(_meaning: Meaning, node: exp.Boolean) -> Meant:
    return node, BOOLEAN


def _paren(meaning: Meaning, node: exp.Paren) -> Meant:
    inner, kind = meaning.mean(node.this)
    return said("({0})", inner), kind


def _neg(meaning: Meaning, node: exp.Neg) -> Meant:
    return meaning.call(node, "neg", meaning.mean(node.this))


def _subquery(meaning: Meaning, node: exp.Subquery) -> Meant:
    kind = meaning.subqueries[id(node.this)]
    if meaning.to != "sqlite" or _limit(node.this) == "1":
        return node, kind
    name = exp.column(node.this.named_selects[0], quoted=True)
    return said("(SELECT coursewright_only({0}) FROM {1})", name, node), kind  # it would take the first of several rows


def _limit(query: Any) -> str:
    limit = query.args.get("limit")
    return limit.expression.name if limit is not None else ""


# Choices


def _case(meaning: Meaning, node: exp.Case) -> Meant:
    subject = node.this
    branches = node.args["ifs"]
    default = node.args.get("default")
    values, kind = meaning.together(node, [*(each.args["true"] for each in branches), default or exp.null()])
    conditions = [
        comparisons.compare(meaning, each, "=", meaning.again(subject), each.this)[0]
        if subject
        else meaning.truth(each.this)
        for each in branches
    ]
    parts = [part for pair in zip(conditions, values[:-1], strict=True) for part in pair]
    whens = " ".join(f"WHEN {{{2 * at}}} THEN {{{2 * at + 1}}}" for at in range(len(branches)))
    made = said(f"CASE {whens} ELSE {{{len(parts)}}} END", *parts, values[-1])
    return meaning.settled(made, kind) if kind == TEXT else (made, kind)


def _cast(meaning: Meaning, node: exp.Cast) -> Meant:
    return casts.cast(meaning, node, kind_of(node.to.sql(dialect="duckdb")), attempt=False)


def _trycast(meaning: Meaning, node: exp.TryCast) -> Meant:
    return casts.cast(meaning, node, kind_of(node.to.sql(dialect="duckdb")), attempt=True)


def _extract(meaning: Meaning, node: exp.Extract) -> Meant:
    return dates.part(meaning, node, node.name, node.expression)


def _strposition(meaning: Meaning, node: Any) -> Meant:
    return meaning.call(node, "strpos", meaning.mean(node.this), meaning.mean(node.args["substr"]))


def _substring(meaning: Meaning, node: exp.Substring) -> Meant:
    given = [node.this, node.args.get("start"), node.args.get("length")]
    return meaning.call(node, "substr", *(meaning.mean(each) for each in given if each))


def _trim(meaning: Meaning, node: exp.Trim) -> Meant:
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(node.text("position").upper(), "trim")
    return meaning.call(node, name, meaning.mean(node.this))


def _anonymous(meaning: Meaning, node: exp.Anonymous) -> Meant:
    name, given = node.name.lower(), node.expressions
    if special := _SPECIAL.get(name):
        return special(meaning, node, name, given)
    if name.startswith("regexp_"):
        return patterns.regexp(meaning, node, name, given)
    if aggregates.is_aggregate(node):
        return aggregates.aggregate(meaning, node)
    if name == "round" and len(given) == 2:
        return casts.round_to(meaning, node, *given)
    return meaning.call(node, name, *(meaning.mean(each) for each in given))


def _chosen(meaning: Meaning, node: Any, name: str, given: list[Any]) -> Meant:
    values, kind = meaning.together(node, given)
    return meaning.call(node, name, *((each, kind) for each in values))


def _concatenated(meaning: Meaning, node: Any, name: str, given: list[Any]) -> Meant:
    return meaning.call(node, name, *(casts.to_text(meaning, node, meaning.mean(each)) for each in given))


def _split(meaning: Meaning, node: Any, name: str, given: list[Any]) -> Meant:
    if len(given) != 3 or not given[1].is_string or not given[1].name:
        meaning.disagree(node, f"{name} at something that is not written out")
    return meaning.call(node, name, *map(meaning.mean, given))


def _if(meaning: Meaning, node: Any, name: str, given: list[Any]) -> Meant:
    if len(given) != 3:
        meaning.disagree(node, f"{name} with {len(given)} arguments")
    return _case(meaning, exp.Case(ifs=[exp.If(this=given[0], true=given[1])], default=given[2]))


def _coalesce(meaning: Meaning, node: exp.Coalesce) -> Meant:
    return _chosen(meaning, node, "coalesce", [node.this, *node.expressions])  # the column that USING names


def _extreme(meaning: Meaning, node: Any, name: str, given: list[Any]) -> Meant:
    """The greatest of what is there: a missing value does not count, which not every server has by itself."""
    values, kind = meaning.together(node, given)
    if kind not in (TEXT, DATE, TIMESTAMP, NULL) and not is_number(kind):
        meaning.disagree(node, f"{name} of {kind}")
    if len(values) == 1:
        return values[0], kind
    if meaning.to == "postgres":
        made = said(f"{name.upper()}({{*}})", *values)
        return meaning.settled(made, kind) if kind == TEXT else (made, kind)
    function = {"greatest": "MAX", "least": "MIN"}[name] if meaning.to == "sqlite" else name.upper()
    turned = [
        f"COALESCE({', '.join(f'{{{(at + step) % len(values)}}}' for step in range(len(values)))})"
        for at in range(len(values))
    ]
    return said(f"{function}({', '.join(turned)})", *values), kind


def _interval(meaning: Meaning, node: exp.Interval) -> Meant:
    return meaning.refuse(node)


def _window(meaning: Meaning, node: exp.Window) -> Meant:
    return aggregates.window(meaning, node)


def _filter(meaning: Meaning, node: exp.Filter) -> Meant:
    return aggregates.aggregate(meaning, node)


def _query(meaning: Meaning, node: Any) -> Meant:
    return node, meaning.subqueries[id(node)]


def _operated(sign: str, meaning: Meaning, node: Any) -> Meant:
    return _operator(meaning, node, sign)


# Functions whose arguments have to do with each other, or are no values.
_SPECIAL: dict[str, Callable[[Meaning, Any, str, list[Any]], Meant]] = {
    **dict.fromkeys(("date_trunc", "datetrunc", "date_part", "datepart"), dates.function),
    **dict.fromkeys(("date_diff", "datediff", "strftime"), dates.function),
    **dict.fromkeys(("greatest", "least"), _extreme),
    **dict.fromkeys(("coalesce", "ifnull", "nullif"), _chosen),
    **dict.fromkeys(("concat", "concat_ws"), _concatenated),
    "if": _if,
    "split_part": _split,
    "columns": lambda meaning, node, _name, _given: meaning.refuse(node, "COLUMNS(…)"),
    "substring": lambda meaning, node, _name, given: meaning.call(node, "substr", *map(meaning.mean, given)),
}

# Every kind of node that may stand in an expression.
WAYS: dict[str, Callable[[Meaning, Any], Meant]] = {
    **{name: partial(_operated, sign) for name, sign in _OPERATORS.items()},
    **CONDITIONS,
    **dict.fromkeys(("Select", "Union", "Intersect", "Except"), _query),
    "Column": _column,
    "Literal": _literal,
    "Placeholder": _placeholder,
    "Parameter": _parameter,
    "Null": _null,
    "Boolean": _boolean,
    "Paren": _paren,
    "Neg": _neg,
    "Subquery": _subquery,
    "Case": _case,
    "Cast": _cast,
    "TryCast": _trycast,
    "Extract": _extract,
    "StrPosition": _strposition,
    "Substring": _substring,
    "Trim": _trim,
    "Anonymous": _anonymous,
    "Coalesce": _coalesce,
    "Interval": _interval,
    "Window": _window,
    "Filter": _filter,
}
