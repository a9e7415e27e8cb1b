"""From an author's formulas to what a part holds of them: text, TeX, and values at the points where they are compared.

An author gives a formula as text, in the language that students type, or as an object of SymPy's. It is all the same
afterwards: the text is read by our own grammar, so that the answer can be typed and a browser can work it out too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.questions.formulas.expression import FUNCTIONS, ExpressionTree, NoFormula, read, written
from coursewright.questions.formulas.expression_tex import tex
from coursewright.questions.marking.choosing import Range, choose
from coursewright.questions.marking.formula import fits
from coursewright.questions.part import FormulaAnswer

Ranges = Mapping[str, Range | tuple[float, float]]
Samples = tuple[tuple[float, ...], ...]
_Made = tuple[tuple[FormulaAnswer, ...], Samples]


def formula_answers(expressions: Sequence[object], variables: tuple[str, ...], ranges: Ranges) -> _Made:
    """The answers of a part (with fraction 1 and no feedback, for the caller to replace) and its samples.

    `ranges` has the lowest and the highest value of each variable. The samples hang on the texts of the formulas alone.
    Raises CoursewrightError for a formula that cannot be typed, or where the first one has a value at too few points.
    """
    if missing := [name for name in variables if name not in ranges]:
        raise CoursewrightError(f'the variable "{missing[0]}" has no bounds', None, 'for instance: "x": (1, 5)')
    texts = tuple(typed(expression, variables) for expression in expressions)
    return _made(texts, variables, tuple(Range(*ranges[name]) for name in variables))


@lru_cache(maxsize=4096)  # more than most questions have variants
def _made(texts: tuple[str, ...], variables: tuple[str, ...], ranges: tuple[Range, ...]) -> _Made:
    trees = [_tree(text, variables) for text in texts]
    samples, seen = choose(trees, variables, ranges, texts)
    if not samples:
        raise _no_values(texts[0], variables, ranges)
    answers = (
        FormulaAnswer(
            expression=text,
            tex=tex(tree),
            results=tuple(each.value if each else None for each in row),
            near=tuple(each.near if each else 0.0 for each in row),
        )
        for text, tree, row in zip(texts, trees, seen, strict=True)
    )
    return tuple(answers), samples


def _no_values(text: str, variables: tuple[str, ...], ranges: tuple[Range, ...]) -> CoursewrightError:
    between = ", ".join(f"{name} from {one.low:g} to {one.high:g}" for name, one in zip(variables, ranges, strict=True))
    message = f'"{text}": no values to compare' + (f", with {between}" if between else "")
    return CoursewrightError(message, None, "give bounds between which the right answer has a real value")


def distinct(right: object, wrong: object, variables: tuple[str, ...], ranges: Ranges) -> bool:
    """Whether marking can tell the formulas apart: whether they differ at some sample.

    Of two that it cannot tell apart, `symbolic.equivalent` says whether they are one formula, or only look it.
    """
    (one, other), _ = formula_answers([right, wrong], variables, ranges)
    return not fits(other.results, one)


def typed(expression: object, variables: tuple[str, ...]) -> str:
    """The formula as a student can type it; raises CoursewrightError where that is impossible."""
    text = expression if isinstance(expression, str) else _printed(expression)
    return written(_tree(text, variables))


def _tree(text: str, variables: tuple[str, ...]) -> ExpressionTree:
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

    class TypedPrinter(StrPrinter):  # type: ignore[misc]  # SymPy has no types
        def _print_Exp1(self, _: Any) -> str:  # noqa: N802 - SymPy's name
            return "e"

        def _print_Abs(self, absolute: Any) -> str:  # noqa: N802 - SymPy's name
            return f"abs({self._print(absolute.args[0])})"

        def _print_Float(self, number: Any) -> str:  # noqa: N802 - SymPy's name
            return _decimal(float(number))

    return str(TypedPrinter().doprint(expression))


def _decimal(number: float) -> str:
    mantissa, _, exponent = repr(number).partition("e")
    return f"({mantissa}*10**({int(exponent)}))" if exponent else mantissa
