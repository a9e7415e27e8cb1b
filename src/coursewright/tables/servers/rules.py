"""Rewritings of DuckDB's SQL that are the same for several servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


def mean_of_doubles(node: exp.Expr) -> exp.Expr:
    """A mean has all its digits."""
    from sqlglot import exp

    if isinstance(node, exp.Avg) and not isinstance(node.this, exp.Cast | exp.Distinct):
        return exp.Avg(this=exp.cast(node.this.copy(), "double"))
    return node


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
