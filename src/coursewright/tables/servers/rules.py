"""Rules that several servers share: what DuckDB's SQL means, said so that another server means it too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

_NUMBER = r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$"
_DAY = r"^\s*[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])\s*$"  # of those that every month has


def guarded_cast(node: exp.Expr, matches: Callable[[exp.Expr, exp.Expr], exp.Expr]) -> exp.Expr:
    """`TRY_CAST` to a number, for servers without it: only what reads as one is cast."""
    from sqlglot import exp

    if not isinstance(node, exp.TryCast):
        return node
    kind = node.args["to"].this
    numbers = {*exp.DataType.INTEGER_TYPES, *exp.DataType.REAL_TYPES}
    text = exp.cast(node.this.copy(), "text")
    if kind not in numbers:
        return node
    value: exp.Expr = exp.cast(text.copy(), "double")
    if kind in exp.DataType.INTEGER_TYPES:
        value = exp.Round(this=value)
    cast = exp.Cast(this=value, to=node.args["to"].copy())
    return exp.Case(ifs=[exp.If(this=matches(text, exp.Literal.string(_NUMBER)), true=cast)])


def mean_of_doubles(node: exp.Expr) -> exp.Expr:
    """A mean has all its digits."""
    from sqlglot import exp

    if isinstance(node, exp.Avg) and not isinstance(node.this, exp.Cast | exp.Distinct):
        return exp.Avg(this=exp.cast(node.this.copy(), "double"))
    return node


def true_division(node: exp.Expr) -> exp.Expr:
    """A quotient has all its digits."""
    from sqlglot import exp

    if isinstance(node, exp.Div) and not isinstance(node.this, exp.Cast):
        return exp.Div(this=exp.cast(exp.paren(node.this.copy()), "double"), expression=node.expression.copy())
    return node


def days_between_dates(node: exp.Expr) -> exp.Expr:
    """The difference of two dates, where both say that they are dates, in days."""
    from sqlglot import exp

    if not isinstance(node, exp.Sub):
        return node
    if not all(isinstance(side, exp.Cast) and side.is_type("date") for side in (node.this, node.expression)):
        return node
    return exp.DateDiff(this=node.this.copy(), expression=node.expression.copy(), unit=exp.var("DAY"))


def moved(node: exp.Expr) -> tuple[exp.Expr, exp.Expr, str] | None:
    """A date that an interval is added to: the date, how many of which unit; None for anything else."""
    from sqlglot import exp

    if not isinstance(node, exp.Add | exp.Sub):
        return None
    number, unit = _interval(node.expression)
    if number is None:
        return None
    if isinstance(node, exp.Sub):
        number = exp.Neg(this=exp.paren(number))
    return node.this.copy(), number, unit


def _interval(node: exp.Expr) -> tuple[exp.Expr | None, str]:
    """How many of which unit an interval has: `INTERVAL 1 DAY`, or a number times one."""
    from sqlglot import exp

    if isinstance(node, exp.Interval) and node.this is not None and node.args.get("unit"):
        number = node.this.copy()
        return (exp.Literal.number(number.name) if number.is_string else number), node.text("unit").upper()
    if isinstance(node, exp.Mul):
        for one, other in ((node.this, node.expression), (node.expression, node.this)):
            number, unit = _interval(one)
            if number is not None:
                return exp.Mul(this=exp.paren(other.copy()), expression=exp.paren(number)), unit
    return None, ""


def filtered(node: exp.Expr) -> exp.Expr:
    """`count(*) FILTER (WHERE …)`: of a value that is only there where the condition holds."""
    from sqlglot import exp

    if not isinstance(node, exp.Filter) or not isinstance(node.this, exp.AggFunc):
        return node
    condition, function = node.expression.this.copy(), node.this.copy()
    inner = function.this
    distinct = isinstance(inner, exp.Distinct)
    value = inner.expressions[0] if distinct else inner
    one = exp.Literal.number(1) if isinstance(value, exp.Star) else value.copy()
    chosen: exp.Expr = exp.Case(ifs=[exp.If(this=condition, true=one)])
    function.set("this", exp.Distinct(expressions=[chosen]) if distinct else chosen)
    return function


def rows_of_selects(node: exp.Expr) -> exp.Expr:
    """`(VALUES …) AS t(a, b)`: SELECTs one after another, whose first names the columns."""
    from sqlglot import exp

    if not isinstance(node, exp.Values) or not node.args.get("alias") or not node.args["alias"].columns:
        return node
    names = [column.name for column in node.args["alias"].columns]
    rows = [
        exp.select(*(
            exp.alias_(value.copy(), name, quoted=True)
            for value, name in zip(getattr(row, "expressions", None) or [row], names, strict=True)
        ))
        for row in node.expressions
    ]  # fmt: skip
    union: exp.Expr = rows[0]
    for row in rows[1:]:
        union = exp.union(union, row, distinct=False)
    return exp.Subquery(this=union, alias=exp.TableAlias(this=node.args["alias"].this.copy()))
