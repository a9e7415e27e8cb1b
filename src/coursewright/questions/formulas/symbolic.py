"""What only computer algebra can say of an author's formulas, by SymPy, before a student sees them."""

from __future__ import annotations

import operator
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from coursewright.errors import MissingPart
from coursewright.questions.formulas.expression import ARITHMETIC, CONSTANTS, ExpressionTree, read
from coursewright.questions.formulas.polynomial import TooMuch, names, polynomial
from coursewright.questions.marking.forms import factors

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
    if find_spec("sympy") is None:
        raise MissingPart('the form "factorised" needs SymPy', hint=_HINT)
    tree = read(text, variables)
    if linear := _linear_factors(tree):
        return linear, 0
    import sympy

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


def _linear_factors(tree: ExpressionTree) -> int:
    """How many factors a formula has, if it is a product of linear ones, which need no computer algebra; else 0."""
    if names(tree) & CONSTANTS.keys():
        return 0
    try:
        above, below = factors(tree)
        found = polynomial(tree)
    except TooMuch:
        return 0
    if any(not atom.isidentifier() for monomial in found for atom, _ in monomial):
        return 0
    degree = max((sum(power for _, power in monomial) for monomial in found), default=0)
    return above if above == degree and not below else 0


def _sympy(message: str) -> Any:
    try:
        import sympy
    except ModuleNotFoundError:
        raise MissingPart(message, hint=_HINT) from None
    return sympy


_SIGNS = ARITHMETIC | {"^": operator.pow}


def _symbolic(tree: ExpressionTree, sympy: Any) -> Any:
    """A tree as an object of SymPy's."""
    if tree.sign == "number":
        return sympy.Rational(tree.text)
    if tree.sign == "name":
        return {"pi": sympy.pi, "e": sympy.E}.get(tree.text) or sympy.Symbol(tree.text, real=True)
    parts = [_symbolic(each, sympy) for each in tree.of]
    if tree.sign in _SIGNS:
        return _SIGNS[tree.sign](*parts)
    return getattr(sympy, {"ln": "log", "abs": "Abs"}.get(tree.sign, tree.sign))(*parts)
