"""What only computer algebra can say of an author's formulas, by SymPy, before a student sees them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from coursewright.errors import MissingPart
from coursewright.questions.marking.expression import Tree, read
from coursewright.questions.marking.forms import factors
from coursewright.questions.marking.polynomial import TooMuch

_HINT = 'pip install "coursewright[formulas]"'


def equivalent(one: str, other: str, variables: tuple[str, ...]) -> bool:
    """Whether SymPy can show that the formulas are equal for all real values. Raises MissingPart without SymPy."""
    sympy = _sympy("comparing formulas needs SymPy")
    first, second = (_symbolic(read(each, variables), sympy) for each in (one, other))
    return bool(sympy.simplify(first - second) == 0)


@lru_cache(maxsize=1024)
def irreducible_factors(text: str, variables: tuple[str, ...]) -> tuple[int, int]:
    """How many irreducible factors with variables a formula has over the rational numbers, each as often as it is
    there: above and below a line of division. Raises MissingPart without SymPy.

    Where an author's answer has more, with roots in them perhaps, it is theirs that count.
    """
    sympy = _sympy('the form "factorised" needs SymPy')
    tree = read(text, variables)
    try:
        fraction = sympy.fraction(sympy.cancel(sympy.together(_symbolic(tree, sympy))))
        above, below = (
            int(sum(power for factor, power in sympy.factor_list(side)[1] if factor.free_symbols)) for side in fraction
        )
    except sympy.PolynomialError:
        above, below = 1, 0
    try:
        typed = factors(tree)
    except TooMuch:
        typed = (0, 0)
    return (max(above, typed[0]), below) if typed[1] == below else (above, below)


def _sympy(message: str) -> Any:
    try:
        import sympy
    except ModuleNotFoundError:
        raise MissingPart(message, hint=_HINT) from None
    return sympy


_SIGNS: dict[str, Callable[..., Any]] = {
    "(": operator.pos,
    "negative": operator.neg,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
}


def _symbolic(tree: Tree, sympy: Any) -> Any:
    """A tree as an object of SymPy's."""
    if tree.sign == "number":
        return sympy.Rational(tree.text)
    if tree.sign == "name":
        return {"pi": sympy.pi, "e": sympy.E}.get(tree.text) or sympy.Symbol(tree.text, real=True)
    parts = [_symbolic(each, sympy) for each in tree.of]
    if tree.sign in _SIGNS:
        return _SIGNS[tree.sign](*parts)
    return getattr(sympy, {"ln": "log", "abs": "Abs"}.get(tree.sign, tree.sign))(*parts)
