"""How near the value of a response must come to the answer's, so that each term of the answer counts.

A number alone does not say it: the 5 of `299792458*t + 5` is far below a millionth of the whole. So the answer is
compared with what it would be with a slip in it, a term left out for instance, and the nearest slip sets the measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from functools import cached_property
from itertools import islice
from math import floor, isfinite, log10, nan

from coursewright.questions.formulas.expression import (
    CONSTANTS,
    ExpressionTree,
    Working,
    apply,
    value,
    worked_out,
    working,
)

RELATIVE = 1e-6  # of the value, or of what the nearest slip changes
ROUNDED = 0.501  # of one in the last place of a number, a half and what is half in binary
NOISE = 1e-11  # of the size: nearer than that, rounding looks like a difference
SEEN = 1e-6  # of the size: a slip that changes so much is seen well
_ERROR = 4e-15  # of the size: what rounding and other libraries of functions may change
_STEP = 1e-6  # for a slope
_DIGITS = 12  # of a stored value
_LARGEST = 1e200  # of a size
_SMALLEST = (
    1e-250  # of a value on the way: what is below it is lost, and how a formula is written decides which piece is
)
_MOST_SLIPS = 60
_LONGEST = 2000  # digits of a number
_LONG = 6  # digits of a number whose last one is less than a millionth
_POWERS = 60  # the largest whole exponent whose power is a product

Values = Mapping[str, float]


@dataclass(frozen=True)
class Slip:
    """A formula with a mistake in it; an `absolute` one has lost a sign, and shows where something is below 0.

    A response may be off by `share` of what the slip changes.
    """

    tree: ExpressionTree
    absolute: bool = False
    share: float = RELATIVE
    whole: bool = False  # a whole number counted on by one, which matters however long it is

    @cached_property
    def _working(self) -> Working:
        return working(self.tree)

    def value(self, values: Values) -> float:
        """Its value; NaN where it has none."""
        return worked_out(self._working, values)


def slips(tree: ExpressionTree, variables: Sequence[str]) -> tuple[Slip, ...]:
    """What a formula may be taken for: 0, its absolute value, itself with a term dropped, with a sign changed, with |x|
    for x."""
    whole = ExpressionTree("(", (tree,))
    names = [name for name in variables if name in names_in(tree)]
    absolute = [
        ExpressionTree("abs", (tree,)),
        *(_with(tree, name, ExpressionTree("abs", (ExpressionTree("name", (), name),))) for name in names),
    ]
    edited = (
        ExpressionTree("number", (), "0"),
        ExpressionTree("negative", (whole,)),
        *islice(_edited(tree), _MOST_SLIPS),
    )
    return (*map(Slip, edited), *(Slip(each, absolute=True) for each in absolute))


def last_digits(tree: ExpressionTree) -> tuple[Slip, ...]:
    """The formula with a number in it greater by one in its last place: half of that is what rounding it means."""
    counted = islice(_counted_on(tree), _MOST_SLIPS)
    return tuple(Slip(each, share=ROUNDED, whole=whole) for each, whole in counted)


def _counted_on(tree: ExpressionTree) -> Iterator[tuple[ExpressionTree, bool]]:
    if tree.sign == "number":
        number = Decimal(tree.text)
        if len(number.as_tuple().digits) >= _LONG:
            last = Decimal(1).scaleb(int(number.as_tuple().exponent))
            with localcontext(prec=_LONGEST):
                yield replace(tree, text=str(number + last)), tree.text.isdecimal()
    for number_of, each in enumerate(tree.of):
        for changed, whole in _counted_on(each):
            yield replace(tree, of=(*tree.of[:number_of], changed, *tree.of[number_of + 1 :])), whole


def names_in(tree: ExpressionTree) -> frozenset[str]:
    """The variables of a formula."""
    own = {tree.text} if tree.sign == "name" and tree.text not in CONSTANTS else set()
    return frozenset(own).union(*map(names_in, tree.of))


def _with(tree: ExpressionTree, name: str, instead: ExpressionTree) -> ExpressionTree:
    if tree.sign == "name":
        return instead if tree.text == name else tree
    return replace(tree, of=tuple(_with(each, name, instead) for each in tree.of))


def _edited(tree: ExpressionTree) -> Iterator[ExpressionTree]:
    """The formula with one sum in it changed."""
    if tree.sign in ("+", "-"):
        left, right = tree.of
        yield left
        yield right if tree.sign == "+" else ExpressionTree("negative", (ExpressionTree("(", (right,)),))
        yield ExpressionTree("+" if tree.sign == "-" else "-", tree.of)
    for number, each in enumerate(tree.of):
        for edited in _edited(each):
            closed = ExpressionTree("(", (edited,)) if each.sign in ("+", "-") and edited.sign != "(" else edited
            yield replace(tree, of=(*tree.of[:number], closed, *tree.of[number + 1 :]))


def sized(tree: ExpressionTree, values: Values) -> tuple[float, float]:
    """The value of a formula, and the size of what it is put together from: of `x - 1` the sum of |x| and 1.

    The size is what errors of rounding are a share of, in this or in any other way to write the formula. Both are NaN
    where the formula has no value.
    """
    try:
        found, size = _sized(tree, values)
    except (ArithmeticError, ValueError):
        return nan, nan
    return (found, size) if isfinite(size) and size < _LARGEST else (nan, nan)


def _sized(tree: ExpressionTree, values: Values) -> tuple[float, float]:
    if not tree.of:
        found = value(tree, values)
        return found, abs(found)
    parts = [_sized(each, values) for each in tree.of]
    of = [found for found, _ in parts]
    found = apply(tree.sign, *of)
    if abs(found) < _SMALLEST and tree.sign not in ("+", "-") and all(of):
        raise ArithmeticError(found)
    if tree.sign in ("(", "negative"):
        return found, parts[0][1]
    if tree.sign in ("+", "-"):
        return found, parts[0][1] + parts[1][1]
    if tree.sign == "*":
        return found, parts[0][1] * parts[1][1]
    if tree.sign == "^" and of[1].is_integer() and 0 < of[1] <= _POWERS:
        return found, parts[0][1] ** of[1]
    return found, max(abs(found), sum(_moved(tree.sign, of, found, number, parts) for number in range(len(of))))


def _moved(sign: str, of: list[float], found: float, number: int, parts: list[tuple[float, float]]) -> float:
    """How far the value moves when one of the parts moves by its size, by the slope."""
    here, size = parts[number]
    if sign in ("factorial", "abs") or not size:
        return size if sign == "abs" else 0.0
    step = _STEP * (abs(here) or size)
    for moved in (here + step, here - step):
        try:
            return abs(apply(sign, *of[:number], moved, *of[number + 1 :]) - found) / step * size
        except (ArithmeticError, ValueError):
            continue  # at the end of where the function has values
    return 0.0


@dataclass(frozen=True, slots=True)
class SampleValue:
    """A formula at a sample: its value, how near to it counts as equal, and by what each slip changes it."""

    value: float
    near: float
    size: float
    gaps: tuple[float, ...]

    def sees(self, number: int) -> bool:
        """Whether the slip of that number is far from the value, or has none."""
        return not self.gaps[number] <= SEEN * self.size


def seen(tree: ExpressionTree, values: Values, others: Sequence[Slip], *, exact: bool = False) -> SampleValue | None:
    """The formula at a sample; None where it has no value, and where machines may differ about its last digit.

    `exact` takes the latter: a formula of whole numbers, or of none, has no other sample to be compared at.
    """
    found, size = sized(tree, values)
    if not isfinite(found):
        return None
    stored = _rounded(found, size)
    error = size * _ERROR
    if not exact and not stored == _rounded(found - error, size) == _rounded(found + error, size):
        return None
    gaps = tuple(abs(other.value(values) - found) for other in others)
    told = [
        (other.share, gap)
        for other, gap in zip(others, gaps, strict=True)
        if gap > (0 if other.whole else 100 * NOISE * size)
    ]
    slipped = [RELATIVE * gap for share, gap in told if share == RELATIVE]
    slipped += [RELATIVE * abs(found)] if abs(found) > 100 * NOISE * size else []
    near = min([min(slipped, default=0.0), *(share * gap for share, gap in told if share != RELATIVE)])
    near = max(near, NOISE * size)
    return SampleValue(stored, float(f"{near:.1e}"), size, gaps)


def _rounded(number: float, size: float) -> float:
    """Rounded to so many digits of the size: another machine, or a browser, has the same."""
    return round(number, _DIGITS - 1 - floor(log10(size))) + 0.0 if size else number


def differs(tree: ExpressionTree, slip: Slip, values: Values) -> bool:
    """Whether a slip changes the value at all, and be it by little more than rounding could."""
    found, size = sized(tree, values)
    return isfinite(found) and not abs(slip.value(values) - found) <= _ERROR * size
