"""Which of several texts a row gets: a choice that changes for few rows when the list of texts does.

Each text bids for a row with a number that depends on the row's hash and the text alone, and the highest bid wins
(rendezvous hashing; Thaler and Ravishankar, 1998). A text that is added takes its share of rows from all others, and
changes nothing else; where a text stands in the list does not matter. Bidding costs a multiplication for each text, so
a long list is searched from the top of a binary tree instead, by the bits of the texts' hashes: at each fork as many
rows go to a side as there are texts on it. Only whole numbers are compared: the choice is the same on every machine, in
scalar Python and in NumPy (docs/decisions/0015-choices-that-stay.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, Any

from coursewright.chance import mix, mix_all, text_hash, text_hashes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from coursewright.words.columnar.descending import Descent

    Hashes = NDArray[np.uint64]

MOST_BIDS = 64  # beyond it the tree is faster
_HALF, WHOLE, _BITS, _ALL = 32, 1 << 32, 64, (1 << 64) - 1
BID = WHOLE - MOST_BIDS  # the last bits of a bid say whose it is
FORKS = tuple(mix(bit) | 1 for bit in range(_BITS))
_LARGEST = 1 << 31  # the sum of all weights in a tree


@dataclass(frozen=True)
class Bids:
    """A choice by the highest bid; a text has as many bids as its weight has units.

    The last bid of a weight that is no whole number of units counts in a share of the rows only (`counts`, of 2**32);
    where it does not, all bid again.
    """

    factors: tuple[int, ...]
    options: tuple[int, ...]
    counts: tuple[int, ...]

    def pick(self, hashed: int) -> int:
        """The option for a hash."""
        while True:
            low = hashed & (WHOLE - 1)
            best = max([(low * factor & BID) | bid for bid, factor in enumerate(self.factors)]) % MOST_BIDS
            if hashed >> _HALF < self.counts[best]:
                return self.options[best]
            hashed = mix(hashed)

    def pick_all(self, hashed: Hashes) -> NDArray[Any]:
        """The option for every hash of an array."""
        import numpy as np

        best = self._best(hashed)
        if min(self.counts) < WHOLE:
            counts, half = np.array(self.counts, dtype=np.uint64), np.uint64(_HALF)
            rows = np.flatnonzero(hashed >> half >= counts[best])
            hashed = hashed[rows]
            while len(rows):
                hashed = mix_all(hashed)
                best[rows] = found = self._best(hashed)
                lost = hashed >> half >= counts[found]
                rows, hashed = rows[lost], hashed[lost]
        return self._numbers.take(best)

    @cached_property
    def _numbers(self) -> NDArray[np.int32]:
        import numpy as np

        return np.array(self.options, dtype=np.int32)

    def _best(self, hashed: Hashes) -> NDArray[Any]:
        import numpy as np

        low = hashed.astype(np.uint32)
        best, work = np.zeros_like(low), np.empty_like(low)
        for bid, factor in enumerate(self.factors):
            np.multiply(low, np.uint32(factor), out=work)
            work &= np.uint32(BID)
            work |= np.uint32(bid)
            np.maximum(best, work, out=best)
        best &= np.uint32(MOST_BIDS - 1)
        return best.astype(np.intp)


@dataclass(frozen=True)
class ChoiceTree:
    """A choice by descending through the hashes of the texts, in order, bit by bit; `upto` sums their weights."""

    hashes: tuple[int, ...]
    options: tuple[int, ...]
    upto: tuple[int, ...]

    def pick(self, hashed: int) -> int:
        """The option for a hash."""
        low, high, bit = 0, len(self.hashes), _BITS
        while high - low > 1:
            bit -= 1
            side = 1 << bit
            fork = bisect_left(self.hashes, (self.hashes[low] | side) >> bit << bit, low, high)
            left = ((self.upto[fork] - self.upto[low]) << _HALF) // (self.upto[high] - self.upto[low])
            if (hashed * FORKS[bit] & _ALL) >> _HALF < left:
                high = fork
            else:
                low = fork
        return self.options[low]

    def pick_all(self, hashed: Hashes) -> NDArray[Any]:
        """The option for every hash of an array."""
        return self._descent.options(hashed)

    @cached_property
    def _descent(self) -> Descent:
        from coursewright.words.columnar.descending import Descent

        return Descent(self.hashes, self.upto, FORKS, self.options)

    @cached_property
    def nodes(self) -> tuple[NDArray[Any], NDArray[Any], int]:
        """The forks of the tree, level by level: of 2**32 rows, how many go left; and where both sides lead.

        A side leads to the number of another fork, or to the complement of the number of a text. Then how many levels
        there are.
        """
        import numpy as np

        hashes, upto = np.array(self.hashes, dtype=np.uint64), np.array(self.upto, dtype=np.int64)
        low, high = np.array([0]), np.array([len(hashes)])
        shares, children, first = [], [], 0
        for bit in range(_BITS - 1, -1, -1):
            first += len(low)
            side = np.uint64(1 << bit)
            fork = np.searchsorted(hashes, (hashes[low] | side) & ~(side - np.uint64(1)))
            shares.append(((upto[fork] - upto[low]) << _HALF) // (upto[high] - upto[low]))
            lows, highs = np.stack([low, fork], axis=1).ravel(), np.stack([fork, high], axis=1).ravel()
            forks = highs - lows > 1
            children.append(np.where(forks, first + np.cumsum(forks) - 1, ~lows))
            low, high = lows[forks], highs[forks]
            if not len(low):
                break
        return np.concatenate(shares).astype(np.uint64), np.concatenate(children), len(shares)


def picker(texts: Sequence[str], weights: Sequence[float] | None = None) -> Bids | ChoiceTree:
    """The choice among texts, as likely as their weights; a text that is there twice is twice as likely.

    An option is the number of a text, of the first of those that are alike. The weights are not negative.
    """
    if weights is None and len(texts) > MOST_BIDS and len(set(texts)) == len(texts):
        return _even_tree(texts)
    options: dict[str, int] = {}
    shares: dict[str, int | Fraction] = {}
    for number, text in enumerate(texts):
        share = 1 if weights is None else Fraction(weights[number])
        if share:
            options.setdefault(text, number)
            shares[text] = shares.get(text, 0) + share
    unit = _unit(tuple(shares.values()))
    made = [(text_hash(text), option, shares[text]) for text, option in options.items()]
    return _tree(sorted(made)) if unit is None else _bids(sorted(made), unit)


@lru_cache(maxsize=1024)
def saved_picker(written: tuple[str, ...]) -> Bids | ChoiceTree:
    """The choice among what an action saved, by what was written: two alike may have become different texts."""
    seen: Counter[str] = Counter()
    names = []
    for text in written:
        seen[text] += 1
        names.append(f"{seen[text]} {text}")
    return picker(names)


def _unit(shares: Sequence[int | Fraction]) -> Fraction | None:
    """The weight of one bid, a power of two so that it seldom changes; None if there would be too many bids."""
    if len(shares) > MOST_BIDS:
        return None
    unit, total = Fraction(1), Fraction(sum(shares))
    while any((share / unit).denominator > 1 for share in shares) and 2 * total / unit + len(shares) <= MOST_BIDS:
        unit /= 2
    while sum(ceil(share / unit) for share in shares) > MOST_BIDS:
        unit *= 2
    return unit if 2 * total >= unit * len(shares) else None


def _bids(options: Sequence[tuple[int, int, int | Fraction]], unit: Fraction) -> Bids:
    factors, numbers, counts = [], [], []
    for hashed, option, share in options:
        units = share / unit
        for nth in range(ceil(units)):
            factors.append(mix(hashed ^ mix(nth)) >> _HALF | 1)
            numbers.append(option)
            counts.append(int(min(units - nth, Fraction(1)) * WHOLE))
    return Bids(tuple(factors), tuple(numbers), tuple(counts))


def _tree(options: Sequence[tuple[int, int, int | Fraction]]) -> ChoiceTree:
    total = sum(share for _, _, share in options)
    weights = [int(share) for _, _, share in options]
    if total >= _LARGEST or any(share.denominator > 1 for _, _, share in options):
        weights = [max(1, int(share * Fraction(_LARGEST, 2) / total)) for _, _, share in options]
    hashes, numbers, _ = zip(*options, strict=True)
    return ChoiceTree(hashes, numbers, tuple(accumulate(weights, initial=0)))


def _even_tree(texts: Sequence[str]) -> ChoiceTree:
    """The tree of texts that are all different and equally likely: `_tree`, quicker for the longest lists."""
    hashes = text_hashes(texts)
    numbers = sorted(range(len(hashes)), key=hashes.__getitem__)
    return ChoiceTree(tuple([hashes[number] for number in numbers]), tuple(numbers), tuple(range(len(hashes) + 1)))
