"""From an author's formulas to what a part holds of them: text, TeX, and values at points that all of them have.

An author gives a formula as text, in the language that students type, or as an object of SymPy's. It is all the same
afterwards: the text is read by our own grammar, so that the answer can be typed and a browser can work it out too.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

from coursewright.chance import stream
from coursewright.errors import CoursewrightError, MissingPart
from coursewright.questions.marking.expression import FUNCTIONS, NoFormula, Tree, read, value
from coursewright.questions.marking.expression_tex import tex
from coursewright.questions.marking.formula import equal
from coursewright.questions.part import FormulaAnswer

POINTS = 10
_FEWEST = 8
_TRIES = 1000
_LARGEST = 1e12  # beyond it, and within the tolerance, formulas that differ look the same
_DECIMALS = 4

Bounds = Mapping[str, tuple[float, float]]
Samples = tuple[tuple[float, ...], ...]


def formula_answers(
    expressions: Sequence[object], variables: tuple[str, ...], bounds: Bounds
) -> tuple[tuple[FormulaAnswer, ...], Samples]:
    """The answers of a part (with fraction 1 and no feedback, for the caller to replace) and its samples.

    `bounds` has the lowest and the highest value of each variable. The samples hang on the texts of the formulas alone.
    Raises CoursewrightError for a formula that cannot be typed, or where too few points give all of them a value.
    """
    texts = [typed(expression, variables) for expression in expressions]
    trees = [_tree(text, variables) for text in texts]
    samples = _samples(texts, trees, variables, bounds)
    answers = (
        FormulaAnswer(
            expression=text,
            tex=tex(tree),
            results=tuple(value(tree, dict(zip(variables, sample, strict=True))) for sample in samples),
        )
        for text, tree in zip(texts, trees, strict=True)
    )
    return tuple(answers), samples


def formula_answer(expression: object, variables: tuple[str, ...], bounds: Bounds) -> tuple[FormulaAnswer, Samples]:
    """`formula_answers` for a question that has but one."""
    (answer,), samples = formula_answers([expression], variables, bounds)
    return answer, samples


def distinct(right: object, wrong: object, variables: tuple[str, ...], bounds: Bounds) -> bool:
    """Whether marking can tell the formulas apart: whether they differ at some sample.

    For two that it cannot tell apart, `equivalent` says whether they are one formula, or only look it between bounds.
    """
    (one, other), _ = formula_answers([right, wrong], variables, bounds)
    return not all(map(equal, other.results, one.results))


def equivalent(one: object, other: object, variables: tuple[str, ...]) -> bool:
    """Whether SymPy can show that the formulas are equal for all real values. Raises MissingPart without SymPy."""
    try:
        import sympy
    except ModuleNotFoundError:
        raise MissingPart("comparing formulas needs SymPy", hint='pip install "coursewright[formulas]"') from None
    first, second = (_symbolic(_tree(typed(each, variables), variables), sympy) for each in (one, other))
    return bool(sympy.simplify(first - second) == 0)


def typed(expression: object, variables: tuple[str, ...]) -> str:
    """The formula as a student can type it; raises CoursewrightError where that is impossible."""
    text = expression if isinstance(expression, str) else _printed(expression)
    return _written(_tree(text, variables))


def _tree(text: str, variables: tuple[str, ...]) -> Tree:
    try:
        return read(text, variables)
    except NoFormula as error:
        known = f"variables: {', '.join(variables) or 'none'}; functions: {', '.join(sorted(FUNCTIONS))}"
        raise CoursewrightError(f'the formula "{text}" cannot be read: {error}', None, known) from error


def _printed(expression: object) -> str:
    """An object of SymPy's, or a number, as text."""
    if isinstance(expression, float):
        return _decimal(expression)
    if isinstance(expression, int) or not hasattr(expression, "free_symbols"):
        return str(expression)
    from sympy.printing.str import StrPrinter

    class Typed(StrPrinter):  # type: ignore[misc]
        def _print_Exp1(self, _: Any) -> str:  # noqa: N802 - SymPy's name
            return "e"

        def _print_Abs(self, absolute: Any) -> str:  # noqa: N802 - SymPy's name
            return f"abs({self._print(absolute.args[0])})"

        def _print_Float(self, number: Any) -> str:  # noqa: N802 - SymPy's name
            return _decimal(float(number))

    return str(Typed().doprint(expression))


def _decimal(number: float) -> str:
    mantissa, _, exponent = repr(number).partition("e")
    return f"({mantissa}*10**({int(exponent)}))" if exponent else mantissa


_WRITTEN = {"(": "({})", "negative": "-{}", "+": "{} + {}", "-": "{} - {}", "*": "{}*{}", "/": "{}/{}", "^": "{}**{}"}


def _written(tree: Tree) -> str:
    """A tree as text, with every sign that may be left out."""
    return tree.text if not tree.of else _WRITTEN.get(tree.sign, tree.sign + "({})").format(*map(_written, tree.of))


def _samples(texts: list[str], trees: list[Tree], variables: tuple[str, ...], bounds: Bounds) -> Samples:
    if missing := [name for name in variables if name not in bounds]:
        raise CoursewrightError(f'the variable "{missing[0]}" has no bounds', None, 'for instance: "x": (1, 5)')
    chance = stream("formula", *texts)
    found: list[tuple[float, ...]] = []
    for _ in range(_TRIES if variables else 1):
        sample = tuple(round(chance.uniform(*bounds[name]), _DECIMALS) for name in variables)
        values = dict(zip(variables, sample, strict=True))
        results = [value(tree, values) for tree in trees]
        if all(isfinite(result) and abs(result) < _LARGEST for result in results):
            found.append(sample)
        if len(found) == POINTS:
            break
    if len(found) < (_FEWEST if variables else 1):
        between = ", ".join(f"{name} from {bounds[name][0]:g} to {bounds[name][1]:g}" for name in variables)
        formulas = " and ".join(f'"{text}"' for text in texts)
        message = f"{formulas}: no values to compare" + (f", with {between}" if between else "")
        raise CoursewrightError(message, None, "give bounds between which every answer has a real value")
    return tuple(found)


_SYMBOLIC: dict[str, Callable[..., Any]] = {
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
    if tree.sign in _SYMBOLIC:
        return _SYMBOLIC[tree.sign](*parts)
    return getattr(sympy, {"ln": "log", "abs": "Abs"}.get(tree.sign, tree.sign))(*parts)
