"""The small language of formulas: read into a tree, worked out, and looked at. Nothing in it can run anything.

    sum     = product (("+" | "-") product)*
    product = signed (("*" | "/") signed | power)*      a power behind another thing is multiplied: 2x, x y, 2(x+1)
    signed  = ("+" | "-") signed | power
    power   = atom "!"? (("^" | "**") signed)?          from the right: 2^3^2 is 2^9, and -x^2 is -(x^2)
    atom    = number | name | function "(" sum ")" | "(" sum ")"

A name of several letters is a variable, or else a product of variables of one letter each. Multiplying without a sign
binds as multiplying with one does: 1/2x is x/2. `log` and `ln` are to the base e. n! is factorial(n), which whole
numbers from 0 have.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coursewright.questions.marking.letters import tidy

_LONGEST = 2000
_DEEPEST = 60
_LARGEST_FACTORIAL = 170  # the next is more than a float can hold


def _factorial(number: float) -> float:
    if not 0 <= number <= _LARGEST_FACTORIAL or number != int(number):
        raise ValueError(number)
    return float(math.factorial(int(number)))


FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "sqrt")},
    "ln": math.log,
    "abs": abs,
    "factorial": _factorial,
}
SIGNS = ("+", "-", "*", "/", "^", "**", "!")
ARITHMETIC: dict[str, Callable[..., Any]] = {
    "(": operator.pos,
    "negative": operator.neg,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_WORKED: Mapping[str, Callable[..., float]] = {**FUNCTIONS, **ARITHMETIC, "^": math.pow}
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}
_TYPED = str.maketrans({"\u2212": "-", "×": "*", "·": "*"})
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|[-+*/^()!]))"
)


@dataclass(frozen=True, slots=True)
class ExpressionTree:
    """A sign or the name of a function, with what it is of; a `number` or `name` has its text and nothing under it.

    `sign` is one of + - * / ^ ( (a bracket), "negative", "number", "name", or the name of a function.
    """

    sign: str
    of: tuple[ExpressionTree, ...] = ()
    text: str = ""


class NoFormula(ValueError):
    """The text is not a formula of these variables."""


def read(text: str, variables: tuple[str, ...]) -> ExpressionTree:
    """The tree of a formula. Raises NoFormula, whatever the text is."""
    text = tidy(text)
    if len(text) > _LONGEST:
        raise NoFormula(f"more than {_LONGEST:,} signs")
    tokens = tuple(_tokens(text.translate(_TYPED), variables))
    reading = _ExpressionParser(tokens)
    tree = reading.sum(0)
    if reading.at < len(tokens):
        raise NoFormula(f'"{tokens[reading.at][1]}" is not expected')
    return tree


def _tokens(text: str, variables: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise NoFormula(f'"{text[at:].strip()[:1]}" means nothing')
        at = found.end()
        if found["name"]:
            yield from _names(found["name"], variables, calls=text[at:].lstrip().startswith("("))
        else:
            yield ("number", found["number"]) if found["number"] else ("sign", found["sign"].replace("**", "^"))


def _names(name: str, variables: tuple[str, ...], calls: bool) -> Iterator[tuple[str, str]]:
    known = {*variables, *CONSTANTS}
    if name in variables or name in CONSTANTS:
        yield "name", name
    elif name in FUNCTIONS:
        if not calls:
            raise NoFormula(f'"{name}" is a function: {name}(…)')
        yield "function", name
    elif known.issuperset(name):
        yield from (("name", letter) for letter in name)
    else:
        raise NoFormula(f'"{name}" means nothing')


@dataclass
class _ExpressionParser:
    """The recursive descent; `depth` is how many brackets, signs and powers there are around."""

    tokens: tuple[tuple[str, str], ...]
    at: int = 0

    def next(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, *signs: str) -> str:
        kind, text = self.next()
        if kind != "sign" or text not in signs:
            return ""
        self.at += 1
        return text

    def sum(self, depth: int) -> ExpressionTree:
        tree = self.product(depth)
        while sign := self.take("+", "-"):
            tree = ExpressionTree(sign, (tree, self.product(depth)))
        return tree

    def product(self, depth: int) -> ExpressionTree:
        tree = self.signed(depth)
        while True:
            if sign := self.take("*", "/"):
                tree = ExpressionTree(sign, (tree, self.signed(depth)))
            elif self.next()[0] in ("number", "name", "function") or self.next()[1] == "(":
                tree = ExpressionTree("*", (tree, self.power(depth)), "implicit")
            else:
                return tree

    def signed(self, depth: int) -> ExpressionTree:
        if depth > _DEEPEST:
            raise NoFormula("too deep")
        if sign := self.take("+", "-"):
            tree = self.signed(depth + 1)
            return tree if sign == "+" else ExpressionTree("negative", (tree,))
        return self.power(depth)

    def power(self, depth: int) -> ExpressionTree:
        tree = self.atom(depth)
        if self.take("!"):
            tree = ExpressionTree("factorial", (tree,), "!")
        return ExpressionTree("^", (tree, self.signed(depth + 1))) if self.take("^") else tree

    def atom(self, depth: int) -> ExpressionTree:
        kind, text = self.next()
        self.at += 1
        if kind in ("number", "name"):
            return ExpressionTree(kind, (), text)
        if kind == "function":
            return ExpressionTree(text, (self.atom(depth).of[0],))
        if text != "(":
            raise NoFormula(f'"{text}" is not expected' if text else "the end is not expected")
        tree = self.sum(depth + 1)
        if not self.take(")"):
            raise NoFormula("a bracket is not closed")
        return ExpressionTree("(", (tree,))


def value(tree: ExpressionTree, values: Mapping[str, float]) -> float:
    """The value of a formula; NaN where it, or any piece of it, has no real one or none that a float can hold."""
    return worked_out(working(tree), values)


Working = Callable[[Mapping[str, float]], float]


def worked_out(work: Working, values: Mapping[str, float]) -> float:
    """What `value` says, of a formula that `working` has made ready to be worked out often."""
    try:
        return work(values)
    except (ArithmeticError, ValueError):
        return math.nan


def working(tree: ExpressionTree) -> Working:
    """The formula as a function of the values of its variables, which raises ArithmeticError or ValueError."""
    name, sign = tree.text, tree.sign
    if sign == "number":
        number = float(name)
        return lambda _: _finite(number)
    if sign == "name":
        constant = CONSTANTS.get(name, math.nan)
        return lambda values: values.get(name, constant)
    parts = [working(each) for each in tree.of]
    if sign == "(":
        return parts[0]
    work, isfinite, first, last = _WORKED[sign], math.isfinite, parts[0], parts[-1]

    def of_one(values: Mapping[str, float]) -> float:
        found = work(first(values))
        if not isfinite(found):
            raise OverflowError(found)
        return found

    def of_two(values: Mapping[str, float]) -> float:
        found = work(first(values), last(values))
        if not isfinite(found):
            raise OverflowError(found)
        return found

    return of_two if len(parts) > 1 else of_one


def apply(sign: str, *of: float) -> float:
    """What a sign or a function makes of numbers. Raises ArithmeticError or ValueError where that is no number."""
    return _finite(_WORKED[sign](*of))


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise OverflowError(number)
    return number


def signs(tree: ExpressionTree) -> frozenset[str]:
    """The signs and the names of functions that a formula uses; a product without a sign has none."""
    named = {"negative": "-", "number": "", "name": "", "(": ""}
    own = "" if tree.text == "implicit" else sign_of(named.get(tree.sign, tree.sign))
    return frozenset({own} - {""}).union(*map(signs, tree.of))


def sign_of(name: str) -> str:
    """One name for signs and functions that are the same: ** is ^, ! is factorial, and ln is log."""
    return {"**": "^", "!": "factorial", "ln": "log"}.get(name, name)


def bare(tree: ExpressionTree) -> ExpressionTree:
    """The formula without brackets around the whole of it."""
    return bare(tree.of[0]) if tree.sign == "(" else tree


_WRITTEN = {"(": "({})", "negative": "-{}", "+": "{} + {}", "-": "{} - {}", "*": "{}*{}", "/": "{}/{}", "^": "{}**{}"}


def written(tree: ExpressionTree) -> str:
    """A tree as text, with every sign that may be left out."""
    return tree.text if not tree.of else _WRITTEN.get(tree.sign, tree.sign + "({})").format(*map(written, tree.of))
