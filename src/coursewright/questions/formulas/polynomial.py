"""Formulas as polynomials with rational coefficients: enough algebra to say what form a formula has.

Whatever is no number and no sum, product or whole power of others is an atom, by its `key`: a name, `sin(x)`, `2^x`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, prod

from coursewright.questions.formulas.expression import ExpressionTree, bare, value

Monomial = tuple[tuple[str, int], ...]  # atoms with their powers, sorted
Polynomial = dict[Monomial, Fraction]

_MOST_TERMS = 2000
_MOST_BITS = 4000  # of a coefficient
_MOST_POWER = 60
_PRIMES = (10007, 10009, 10037, 10039, 10061, 10067, 10069, 10079, 10091, 10093, 10099, 10103)


class TooMuch(ValueError):
    """No polynomial, or one too large to look at."""


def key(tree: ExpressionTree) -> str:
    """A text that two formulas share when they differ in brackets and the order of terms and factors only."""
    tree = bare(tree)
    if not tree.of:
        return repr(float(tree.text)) if tree.sign == "number" else tree.text
    parts = [key(each) for each in tree.of]
    return f"{tree.sign}({','.join(sorted(parts) if tree.sign in ('+', '*') else parts)})"


def whole(tree: ExpressionTree) -> int | None:
    """The whole number that an exponent is; None for any other."""
    if names(tree):
        return None
    found = value(tree, {})
    return int(found) if found.is_integer() and abs(found) < 1e6 else None


def names(tree: ExpressionTree) -> frozenset[str]:
    """All names in a formula, constants too."""
    own = {tree.text} if tree.sign == "name" else set()
    return frozenset(own).union(*map(names, tree.of))


def polynomial(tree: ExpressionTree) -> Polynomial:  # noqa: PLR0911 - a table of signs
    """The formula multiplied out. Raises TooMuch where it is divided by more than a number or too long."""
    tree = bare(tree)
    if tree.sign == "number":
        return _without_zeros({(): _bounded(Fraction(tree.text))})
    if tree.sign == "negative":
        return times(polynomial(tree.of[0]), {(): Fraction(-1)})
    if tree.sign in ("+", "-"):
        left, right = map(polynomial, tree.of)
        return plus(left, right if tree.sign == "+" else times(right, {(): Fraction(-1)}))
    if tree.sign == "*":
        return times(*map(polynomial, tree.of))
    if tree.sign == "/":
        below = polynomial(tree.of[1])
        if list(below) != [()]:
            raise TooMuch("divided by more than a number")
        return times(polynomial(tree.of[0]), {(): 1 / below[()]})
    if tree.sign == "^" and (power := whole(tree.of[1])) is not None and 0 <= power <= _MOST_POWER:
        found: Polynomial = {(): Fraction(1)}
        base = polynomial(tree.of[0])
        for _ in range(power):
            found = times(found, base)
        return found
    return {((key(tree), 1),): Fraction(1)}


def plus(one: Polynomial, other: Polynomial) -> Polynomial:
    """The sum."""
    found = dict(one)
    for monomial, coefficient in other.items():
        found[monomial] = _bounded(found.get(monomial, Fraction(0)) + coefficient)
    return _without_zeros(found)


def times(one: Polynomial, other: Polynomial) -> Polynomial:
    """The product. Raises TooMuch for one that is too long."""
    if len(one) * len(other) > _MOST_TERMS:
        raise TooMuch("too many terms")
    found: Polynomial = {}
    for left, by in one.items():
        for right, with_ in other.items():
            powers: dict[str, int] = {}
            for atom, power in (*left, *right):
                powers[atom] = powers.get(atom, 0) + power
            monomial = tuple(sorted(powers.items()))
            found[monomial] = _bounded(found.get(monomial, Fraction(0)) + by * with_)
    return _without_zeros(found)


def _bounded(number: Fraction) -> Fraction:
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > _MOST_BITS:
        raise TooMuch("too large a number")
    return number


def _without_zeros(found: Polynomial) -> Polynomial:
    return {monomial: coefficient for monomial, coefficient in found.items() if coefficient}


def content(found: Polynomial) -> int:
    """What divides all coefficients: their greatest common divisor, or 1 where one is no whole number."""
    if not found or any(coefficient.denominator != 1 for coefficient in found.values()):
        return 1
    return gcd(*(coefficient.numerator for coefficient in found.values()))


def coprime(one: Polynomial, other: Polynomial) -> bool:
    """Whether no polynomial divides both. Of several atoms all but one are given values, twice: chance cannot lie."""
    atoms = sorted({atom for found in (one, other) for monomial in found for atom, _ in monomial})
    for atom in atoms:
        shared = [
            _divides_both(*(_in_one(found, atom, dict(zip(atoms, primes, strict=False))) for found in (one, other)))
            for primes in (_PRIMES, _PRIMES[::-1])
        ]
        if all(shared) and len(atoms) <= len(_PRIMES):
            return False
    return True


def _in_one(found: Polynomial, atom: str, values: Mapping[str, int]) -> list[Fraction]:
    """The coefficients by the powers of one atom, the lowest first, the others having values."""
    powers = dict[int, Fraction]()
    for monomial, coefficient in found.items():
        number = coefficient * prod(values[name] ** by for name, by in monomial if name != atom)
        power = dict(monomial).get(atom, 0)
        powers[power] = powers.get(power, Fraction(0)) + number
    return _trimmed([powers.get(power, Fraction(0)) for power in range(max(powers, default=0) + 1)])


def _trimmed(coefficients: Sequence[Fraction]) -> list[Fraction]:
    found = list(coefficients)
    while found and not found[-1]:
        found.pop()
    return found


def _divides_both(one: list[Fraction], other: list[Fraction]) -> bool:
    """Whether two polynomials of one atom have a divisor that is more than a number (Euclid)."""
    while other:
        rest = list(one)
        while len(rest) >= len(other):
            share = rest[-1] / other[-1]
            shift = len(rest) - len(other)
            rest = _trimmed([c - share * other[at - shift] if at >= shift else c for at, c in enumerate(rest[:-1])])
        one, other = other, rest
    return len(one) > 1
