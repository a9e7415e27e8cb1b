"""Choosing the points at which formulas are compared: where the right answer has a value, and where slips show.

Variables are drawn from their ranges. Where a slip changes next to nothing, as leaving out the 5 of `299792458*t + 5`
does for a `t` of 1, smaller and larger values are tried until it shows, unless the author has said what the range is.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from math import isfinite, nan, prod
from random import Random
from typing import NamedTuple

from coursewright.chance import stream
from coursewright.questions.formulas.expression import ExpressionTree, value
from coursewright.questions.marking.nearness import RELATIVE, SampleValue, Slip, last_digits, seen, slips

POINTS = 10
_MOST_POINTS = 16
_FEWEST = 8
_TRIES = 1000
_SIGNS = 100  # tries for a place where something is below 0, each of them cheap
_FURTHER = 200  # tries for slips that do not show
_SHOWN = 2  # times that a slip shows is enough
_ENUMERATED = 500  # points of whole numbers, all tried; and
_KEPT = 24  # so few are all kept: whether a response has a value at 0 must not hang on chance
_FAR, _FARTHEST = 12, 30  # powers of ten: most are of the former

Sample = tuple[float, ...]


class _Unsure(Exception):
    """A value whose last stored digit another machine may round otherwise."""


class Range(NamedTuple):
    """Where a variable is tried; one that is `given` by the author is kept to, and a `whole` one has whole numbers."""

    low: float
    high: float
    whole: bool = False
    given: bool = True


REAL = Range(-5, 5, given=False)
WHOLE = Range(-10, 10, whole=True, given=False)


def choose(
    trees: Sequence[ExpressionTree], variables: tuple[str, ...], ranges: tuple[Range, ...], texts: Sequence[str]
) -> tuple[tuple[Sample, ...], tuple[tuple[SampleValue | None, ...], ...]]:
    """The samples, and each formula there (None where it has no value, which the first never has none of).

    No samples where the first formula has a value at too few points. They hang on `texts` alone.
    """
    looked = _SlipSearch(trees, variables, exact=all(one.whole for one in ranges))
    chance = stream("formula", *texts)
    few = _FEWEST
    points = prod(int(one.high) - int(one.low) + 1 for one in ranges) if looked.exact else _ENUMERATED + 1
    if points <= _ENUMERATED:
        few = max(1, min(_FEWEST, points // 3))
        looked.all = points <= _KEPT
        everywhere = list(product(*(range(int(one.low), int(one.high) + 1) for one in ranges)))
        chance.shuffle(everywhere)
        for sample in everywhere:
            looked.look(tuple(map(float, sample)))
    else:
        for _ in range(_TRIES):
            if len(looked.samples) >= POINTS:
                break
            looked.look(tuple(_drawn(chance, one) for one in ranges))
        for _ in range(_SIGNS):
            looked.look_for_signs(tuple(_drawn(chance, one) for one in ranges))
        for _ in range(_FURTHER):
            if len(looked.samples) >= POINTS and not looked.unseen:
                break
            looked.look(_farther(chance, ranges))
    if len(looked.samples) < few:
        return (), ()
    return tuple(looked.samples), tuple(zip(*looked.rows, strict=True))


@dataclass
class _SlipSearch:
    """The points so far, and which slips of the first formula they have not shown yet."""

    trees: Sequence[ExpressionTree]
    variables: tuple[str, ...]
    exact: bool
    samples: list[Sample] = field(default_factory=list)
    rows: list[list[SampleValue | None]] = field(default_factory=list)
    met: set[int] = field(default_factory=set)
    all: bool = False

    def __post_init__(self) -> None:
        self.slips = [
            (
                *slips(tree, self.variables),
                *(Slip(other) for other in self.trees if other is not tree),
                *last_digits(tree),
            )
            for tree in self.trees
        ]
        self.first = Slip(self.trees[0])
        # A lost sign may change nothing wherever there are values: it is looked for once it has made a difference.
        sought = (number for number, slip in enumerate(self.slips[0]) if not slip.absolute and slip.share == RELATIVE)
        self.unseen = dict.fromkeys(sought, _SHOWN)

    def look(self, sample: Sample) -> None:
        """Take the point if the first formula has a value there, and more points or this one are of use."""
        values = dict(zip(self.variables, sample, strict=True))
        first = seen(self.trees[0], values, self.slips[0], exact=self.exact)
        if first is None or sample in self.samples:
            return
        for number, slip in enumerate(self.slips[0]):
            if slip.absolute and number not in self.met and first.gaps[number] > 0:
                self.met.add(number)
                self.unseen[number] = 1
        shown = [number for number in self.unseen if first.sees(number)]
        if not self.all and len(self.samples) >= (_MOST_POINTS if shown else POINTS):
            return
        with suppress(_Unsure):
            row = [first, *(self._other(number, values) for number in range(1, len(self.trees)))]
            self.samples.append(sample)
            self.rows.append(row)
            self._count(shown)

    def look_for_signs(self, sample: Sample) -> None:
        """Take the point if the first formula differs there from one that has lost a sign, which no point has shown."""
        values = dict(zip(self.variables, sample, strict=True))
        lost = [slip for number, slip in enumerate(self.slips[0]) if slip.absolute and number not in self.met]
        here = self.first.value(values) if lost else nan
        if isfinite(here) and any(slip.value(values) != here for slip in lost):
            self.look(sample)

    def _count(self, shown: Sequence[int]) -> None:
        for one in shown:
            self.unseen[one] -= 1
            if not self.unseen[one]:
                del self.unseen[one]

    def _other(self, number: int, values: dict[str, float]) -> SampleValue | None:
        """Another formula at a point; None where it has no value. Raises _Unsure where machines may differ about it."""
        tree = self.trees[number]
        found = seen(tree, values, self.slips[number], exact=self.exact)
        if not found and isfinite(value(tree, values)):
            raise _Unsure
        return found


def _drawn(chance: Random, one: Range) -> float:
    if one.whole:
        return float(chance.randint(int(one.low), int(one.high)))
    return float(f"{chance.uniform(one.low, one.high):.12g}")


def _farther(chance: Random, ranges: tuple[Range, ...]) -> Sample:
    """Values of other sizes: any, for variables without a range of their author's; else those that are in it."""
    most = _FAR if chance.random() < 2 / 3 else _FARTHEST
    together = chance.randint(-most, most) if chance.random() < 1 / 3 else None
    found = []
    for one in ranges:
        power = chance.randint(-most, most) if together is None else together
        tried = float(f"{chance.choice('+-')}{chance.uniform(1, 10):.8f}e{power}")
        if one.whole or (one.given and not one.low <= tried <= one.high):
            tried = _drawn(chance, one)
        found.append(tried)
    return tuple(found)
