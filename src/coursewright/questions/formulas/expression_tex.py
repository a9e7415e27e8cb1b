"""A formula as TeX, brackets as they were typed but for those that a fraction, a root or a power makes needless."""

from __future__ import annotations

import re

from coursewright.questions.formulas.expression import ExpressionTree

_GREEK = re.compile(
    "alpha|beta|[gG]amma|[dD]elta|epsilon|zeta|eta|[tT]heta|iota|kappa|[lL]ambda|mu|nu|[xX]i|[pP]i|rho|[sS]igma|tau"
    "|[uU]psilon|[pP]hi|chi|[pP]si|[oO]mega"
)
_NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "log": "ln"}
_WRITTEN = {"(": "\\left({}\\right)", "negative": "-{}", "+": "{} + {}", "-": "{} - {}"}
_WRITTEN |= {"exp": "e^{{{}}}", "sqrt": "\\sqrt{{{}}}", "abs": "\\left|{}\\right|"}


def tex(tree: ExpressionTree) -> str:
    """The formula as TeX without dollars."""
    if not tree.of:
        return _number(tree.text) if tree.sign == "number" else _name(tree.text)
    if tree.sign == "/":
        return "\\frac{{{}}}{{{}}}".format(*map(_inner, tree.of))
    if tree.sign == "^":
        return _power(tree.of[0], _inner(tree.of[1]))
    if tree.sign == "factorial":
        return f"{_whole(tree.of[0])}!"
    parts = [tex(each) for each in tree.of]
    if tree.sign == "*":  # two numbers side by side would be one
        return ("\\cdot " if re.match(r"[-0-9.]", parts[1]) else " ").join(parts)
    function = f"\\{_NAMES.get(tree.sign, tree.sign)}\\left({{}}\\right)"
    return _WRITTEN.get(tree.sign, function).format(*parts)


def _number(text: str) -> str:
    """A number; one with a power of ten as people write it, since e is a letter in TeX."""
    mantissa, _, power = text.lower().partition("e")
    return f"{mantissa} \\times 10^{{{int(power)}}}" if power else mantissa


def _round(inner: str) -> str:
    return f"\\left({inner}\\right)"


def _inner(tree: ExpressionTree) -> str:
    return tex(tree.of[0] if tree.sign == "(" else tree)


def _name(name: str) -> str:
    letters, digits = re.fullmatch(r"(.*?)_?(\d*)", name).groups()  # type: ignore[union-attr]  # any text fits the pattern
    written = (
        f"\\{letters}" if _GREEK.fullmatch(letters) else letters if len(letters) == 1 else f"\\mathrm{{{letters}}}"
    )
    return f"{written}_{{{digits}}}" if digits else written


def _power(base: ExpressionTree, exponent: str) -> str:
    if base.sign in ("sin", "cos", "tan"):
        return f"\\{base.sign}^{{{exponent}}}{_round(tex(base.of[0]))}"
    return f"{_whole(base)}^{{{exponent}}}"


def _whole(tree: ExpressionTree) -> str:
    """In brackets, unless nothing can come between it and what stands behind."""
    alone = tree.sign in ("name", "(") or (tree.sign == "number" and "e" not in tree.text.lower())
    return tex(tree) if alone else _round(tex(tree))
