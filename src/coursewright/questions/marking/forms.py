"""What a formula must look like: expanded, factorised or simplified, as STACK's tests of form mean these words.

The rules look at the formula as it was typed. That it equals the answer is known before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from coursewright.questions.formulas.expression import CONSTANTS, FUNCTIONS, ExpressionTree, bare, value
from coursewright.questions.formulas.polynomial import (
    Polynomial,
    TooMuch,
    content,
    coprime,
    key,
    names,
    plus,
    polynomial,
    times,
    whole,
)

_CALCULATED = 1e6  # a power of whole numbers up to this is worked out in a simplified formula
_ONE: Polynomial = {(): Fraction(1)}


def is_expanded(tree: ExpressionTree) -> bool:
    """Whether no sum is multiplied, divided, subtracted or raised to a whole power, anywhere in it."""
    tree = bare(tree)
    if tree.sign in ("*", "/", "negative", "^") and any(_is_sum(base) for base, power in _powers(tree) if power > 0):
        return False
    if tree.sign in ("*", "/", "^") and any(_is_sum(base) and power < -1 for base, power in _powers(tree)):
        return False
    if tree.sign == "-" and _is_sum(tree.of[1]):
        return False
    return all(map(is_expanded, tree.of))


def _is_sum(tree: ExpressionTree) -> bool:
    return bare(tree).sign in ("+", "-")


def _powers(tree: ExpressionTree, power: int = 1) -> Iterator[tuple[ExpressionTree, int]]:
    """What is multiplied, each with its whole power: below 0 for what is divided by."""
    tree = bare(tree)
    if tree.sign == "negative":
        yield from _powers(tree.of[0], power)
    elif tree.sign in ("*", "/"):
        yield from _powers(tree.of[0], power)
        yield from _powers(tree.of[1], power if tree.sign == "*" else -power)
    elif tree.sign == "^" and (exponent := whole(tree.of[1])) is not None:
        yield from _powers(tree.of[0], power * exponent)
    else:
        yield tree, power


def is_factorised(tree: ExpressionTree, answer: ExpressionTree, least: tuple[int, int]) -> bool:
    """Whether it is a product of factors that cannot be taken apart, polynomials in what the answer is one of.

    `least` says how many irreducible factors the answer has, above and below a line of division. By unique
    factorisation a product of so many polynomials is one of irreducible ones; none may have a common divisor in it.
    """
    try:
        above, below = factors(tree)
    except TooMuch:
        return False
    if not _atoms(tree) <= _atoms(answer):
        return False
    return above >= least[0] and (below == 0 if not least[1] else below >= least[1])


def factors(tree: ExpressionTree) -> tuple[int, int]:
    """How many factors with variables are written above and below a line of division.

    Raises TooMuch where one is no polynomial, or has a number that could stand in front of it.
    """
    above = below = 0
    for base, power in _written(tree):
        if not _variables(base):
            continue
        if _is_sum(base):
            found = polynomial(base)
            if not found.keys() - {()} or content(found) > 1 or _has_division(base):
                raise TooMuch("a number, or a common divisor")
        above, below = above + max(power, 0), below + max(-power, 0)
    return above, below


def _written(tree: ExpressionTree, power: int = 1) -> Iterator[tuple[ExpressionTree, int]]:
    """As `_powers`, but a division below a line of division is none of a factorised formula."""
    tree = bare(tree)
    if tree.sign == "/" and power < 0:
        raise TooMuch("a fraction in a fraction")
    if tree.sign == "negative":
        yield from _written(tree.of[0], power)
    elif tree.sign in ("*", "/"):
        yield from _written(tree.of[0], power)
        yield from _written(tree.of[1], power if tree.sign == "*" else -power)
    elif tree.sign == "^" and (exponent := whole(tree.of[1])) is not None and (exponent >= 0 or power > 0):
        yield from _written(tree.of[0], power * exponent)
    else:
        yield tree, power


def _variables(tree: ExpressionTree) -> frozenset[str]:
    return names(tree) - CONSTANTS.keys()


def _atoms(tree: ExpressionTree) -> frozenset[str]:
    """What varies and is no variable, and no sum, product, quotient or whole power of others: sin(x), 2^x, sqrt(x)."""
    tree = bare(tree)
    if tree.sign in ("+", "-", "*", "/", "negative"):
        return frozenset[str]().union(*map(_atoms, tree.of))
    if tree.sign == "^" and whole(tree.of[1]) is not None:
        return _atoms(tree.of[0])
    return frozenset({key(tree)} if tree.of and _variables(tree) else ())


def _has_division(tree: ExpressionTree) -> bool:
    """Whether something is divided by more than numbers."""
    return (tree.sign == "/" and bool(_variables(tree.of[1]))) or any(map(_has_division, tree.of))


def is_simplified(tree: ExpressionTree, answer: ExpressionTree) -> bool:
    """Whether nothing is left to do: fractions are in lowest terms and not in fractions, like terms are added up,
    numbers and powers of the same thing are multiplied, and no root stands below a line of division.

    No name stands there that the answer has not, and no function where the answer has none.
    """
    if not names(tree) <= names(answer) or (_atoms(tree) and not _atoms(answer)):
        return False
    return _is_plain(tree, above=None)


def _is_plain(tree: ExpressionTree, above: ExpressionTree | None) -> bool:
    tree = bare(tree)
    sign = tree.sign
    if sign in ("+", "-", "negative") and (_is_minus(tree.of[-1]) or any(_is(each, 0) for each in tree.of)):
        return False
    if sign in ("+", "-") and not (above and above.sign in ("+", "-")) and not _terms_differ(tree):
        return False
    if sign in ("*", "/") and not (above and above.sign in ("*", "/")) and not _is_lowest(tree):
        return False
    if sign == "^" and not _is_plain_power(*map(bare, tree.of)):
        return False
    if sign in FUNCTIONS and not names(tree) - {"pi", "e"}:
        below = sign == "sqrt" and not names(tree) and bare(tree.of[0]).sign == "/"
        if below or _is_whole(value(tree, {})):
            return False
    return all(_is_plain(each, tree) for each in tree.of)


def _is_minus(tree: ExpressionTree) -> bool:
    """Whether a minus sign is the first thing in it, as in `-3x`."""
    tree = bare(tree)
    return tree.sign == "negative" or (tree.sign in ("*", "/") and _is_minus(tree.of[0]))


def _is(tree: ExpressionTree, number: float) -> bool:
    return bare(tree).sign == "number" and float(bare(tree).text) == number


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-12 if math.isfinite(number) else False


def _is_plain_power(base: ExpressionTree, exponent: ExpressionTree) -> bool:
    if _is(exponent, 0) or _is(exponent, 1) or _is(base, 0) or _is(base, 1) or base.sign == "^":
        return False
    power = whole(exponent)
    if power is None and not (names(base) | names(exponent)) and (base.sign == "/" or value(exponent, {}) < 0):
        return False  # a root below a line
    if base.sign in ("*", "/"):
        return power is None or not any(_gathered(base).numbers)
    if base.sign == "number" and power is None and not names(exponent):
        return not _is_whole(float(base.text) ** value(exponent, {}))
    if base.sign != "number" or power is None or _is(base, 10):
        return True
    return power > 0 and not (float(base.text).is_integer() and float(base.text) ** min(power, 60) <= _CALCULATED)


def _terms_differ(tree: ExpressionTree) -> bool:
    """Whether no two terms of a sum are alike, and none cancel each other."""
    together: Polynomial = {}
    alike: set[str] = set()
    met: set[object] = set()
    for term, minus in _terms(tree):
        like = repr(sorted(key(base) + f"^{power}" for base, power in _powers(term) if bare(base).sign != "number"))
        if like in alike:
            return False
        alike.add(like)
        try:
            found = polynomial(term)
        except TooMuch:
            continue
        met |= found.keys()
        together = plus(together, times(found, {(): Fraction(-1 if minus else 1)}))
    return met == together.keys()


def _terms(tree: ExpressionTree, minus: bool = False) -> Iterator[tuple[ExpressionTree, bool]]:
    tree = bare(tree)
    if tree.sign in ("+", "-"):
        yield from _terms(tree.of[0], minus)
        yield from _terms(tree.of[1], minus != (tree.sign == "-"))
    elif tree.sign == "negative":
        yield from _terms(tree.of[0], not minus)
    else:
        yield tree, minus


@dataclass
class _Fraction:
    """What is multiplied above and below the line, gathered from a chain of products and quotients."""

    numbers: tuple[list[ExpressionTree], list[ExpressionTree]] = field(default_factory=lambda: ([], []))
    others: tuple[list[ExpressionTree], list[ExpressionTree]] = field(default_factory=lambda: ([], []))
    minuses: int = 0
    plain: bool = True

    def take(self, tree: ExpressionTree, below: int) -> None:
        tree = bare(tree)
        if tree.sign == "negative":
            self.minuses += 1
            self.take(tree.of[0], below)
        elif tree.sign == "*":
            self.plain &= not any(_is(each, number) for each in tree.of for number in (0, 1))
            self.take(tree.of[0], below)
            self.take(tree.of[1], below)
        elif tree.sign == "/":
            self.plain &= not (below or _is(tree.of[0], 0) or _is(tree.of[1], 1))
            self.take(tree.of[0], below)
            self.take(tree.of[1], 1)
        else:
            (self.numbers if tree.sign == "number" else self.others)[below].append(tree)


def _gathered(tree: ExpressionTree) -> _Fraction:
    parts = _Fraction()
    parts.take(tree, 0)
    return parts


def _is_lowest(tree: ExpressionTree) -> bool:
    """Whether a product or quotient has its numbers in one, each thing once, and nothing to cancel."""
    parts = _gathered(tree)
    bases = [key(bare(each.of[0]) if each.sign == "^" else each) for each in (*parts.others[0], *parts.others[1])]
    if not parts.plain or parts.minuses > 1 or max(map(len, parts.numbers)) > 1:
        return False
    if len(set(bases)) < len(bases) or any(_has_root(each) or _is_turned(each) for each in parts.others[1]):
        return False
    if all(parts.numbers) and not all(float(one.text).is_integer() for side in parts.numbers for one in side):
        return False
    try:
        above, below = (
            [polynomial(each) for each in (*numbers, *others)]
            for numbers, others in zip(parts.numbers, parts.others, strict=True)
        )
        if math.gcd(_contents(above), _contents(below)) > 1:
            return False
        return coprime(_product(above), _product(below))
    except TooMuch:
        return True


def _contents(found: list[Polynomial]) -> int:
    return math.prod(map(content, found))


def _product(found: list[Polynomial]) -> Polynomial:
    together = _ONE
    for each in found:
        together = times(together, each)
    return together


def _is_turned(tree: ExpressionTree) -> bool:
    """Whether it is a power below 0, which belongs on the other side of the line."""
    return tree.sign == "^" and (whole(tree.of[1]) or 0) < 0


def _has_root(tree: ExpressionTree) -> bool:
    """Whether a number without names in it has a root."""
    return not names(tree) and any(
        each.sign == "sqrt" or (each.sign == "^" and whole(each.of[1]) is None) for each in _all(tree)
    )


def _all(tree: ExpressionTree) -> Iterator[ExpressionTree]:
    yield tree
    for each in tree.of:
        yield from _all(each)
