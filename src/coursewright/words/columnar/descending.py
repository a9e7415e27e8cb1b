"""How many rows at a time descend through a tree of texts' hashes: `choosing.Tree.pick` for arrays.

The forks of the first levels are numbered by the sides that lead to them, so that no table says which one is next: a
fork costs one look-up and six plain operations. Below, a row goes straight to the bit at which its last texts part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_HALF, _BITS = np.uint64(32), 64
_PIECE = 32_768  # hashes that are taken through the tree together: all of it stays in the processor's cache
# Of a tree that are taken to be whole: each doubles its tables, and below the least one floats hold hashes exactly.
_LEAST_LEVELS, _MOST_LEVELS = 12, 16


class _Forks(NamedTuple):
    """Forks of a tree: of 2**32 rows, how many go left, what their hashes are multiplied by, and where both sides lead.

    A side leads to the number of another fork, or to the complement of the number of a text.
    """

    shares: Hashes
    factors: Hashes
    children: NDArray[Any]


class Descent:
    """A tree made ready: `hashes` are those of its texts, in order, `upto` sums their weights.

    `forks` is what a hash is multiplied by at a fork, for each bit; `options` are what the texts lead to.
    """

    def __init__(
        self, hashes: Sequence[int], upto: Sequence[int], forks: Sequence[int], options: Sequence[int]
    ) -> None:
        self._options = np.array(options, dtype=np.int32)
        self._hashes, self._upto = np.array(hashes, dtype=np.uint64), np.array(upto, dtype=np.int64)
        self._factors = np.array(forks, dtype=np.uint64)
        levels = min(max(_LEAST_LEVELS, len(hashes).bit_length()), _MOST_LEVELS)  # they bring most rows to their text
        self._top = [self._limits(level) for level in range(levels)]
        self._ends, self._below = self._beneath(levels)

    def options(self, hashed: Hashes) -> NDArray[np.int32]:
        """The option for every hash of an array."""
        found = np.empty(len(hashed), dtype=np.int32)
        room = np.empty((3, min(_PIECE, len(hashed))), dtype=np.uint64)
        for start in range(0, len(hashed), _PIECE):
            texts = self._texts(hashed[start : start + _PIECE], room)
            self._options.take(texts, out=found[start : start + _PIECE], mode="clip")
        return found

    def _texts(self, hashed: Hashes, room: Hashes) -> NDArray[Any]:
        """The number of the text for some hashes, for which there is room three times."""
        at = self._ends.take(self._sides(hashed, room))
        rows = np.flatnonzero(at >= 0)
        here, hashed = at.take(rows), hashed.take(rows)
        while len(rows):
            right = (hashed * self._below.factors.take(here)) >> _HALF >= self._below.shares.take(here)
            here = self._below.children.take(2 * here + right)
            at[rows] = here
            on = np.flatnonzero(here >= 0)
            rows, here, hashed = rows.take(on), here.take(on), hashed.take(on)
        return np.asarray(~at)

    def _sides(self, hashed: Hashes, room: Hashes) -> NDArray[Any]:
        """Which sides rows go at the first forks, a bit for each: 1 is left."""
        sides, limit, work = room[:, : len(hashed)]
        sides[:] = 0
        for level, limits in enumerate(self._top):
            np.multiply(hashed, self._factors[_BITS - 1 - level], out=work)
            np.right_shift(work, _HALF, out=work)
            limits.take(sides.view(np.int64), out=limit, mode="clip")
            np.subtract(limit, work, out=limit)
            np.right_shift(limit, _HALF, out=sides)
        return np.asarray(sides.view(np.int64))

    def _limits(self, level: int) -> Hashes:
        """For the sides that led to each fork of a level, a number whose upper half tells the sides that lead on.

        That is when 32 bits of the row's hash have been taken from it: where they are less than the share that goes
        left, the last bit stays 1.
        """
        shares = self._share(*self._bounds(level))[::-1]
        sides = np.arange(len(shares), dtype=np.uint64)
        return np.asarray((((sides << np.uint64(1)) + np.uint64(1)) << _HALF) + shares - np.uint64(1))

    def _bounds(self, level: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Of each fork of a level that is whole: the first text, the first on the right, and the end."""
        starts = np.arange(1 << (level + 1), dtype=np.uint64) << np.uint64(_BITS - 1 - level)
        bounds = np.append(np.searchsorted(self._hashes, starts), len(self._hashes))
        return bounds[:-1:2], bounds[1::2], bounds[2::2]

    def _share(self, low: NDArray[Any], fork: NDArray[Any], high: NDArray[Any]) -> Hashes:
        """Of 2**32 rows, how many go left."""
        upto = self._upto
        whole = np.maximum(upto[high] - upto[low], 1)  # to a fork without texts nobody comes
        return np.asarray(((upto[fork] - upto[low]) << 32) // whole, dtype=np.uint64)

    def _beneath(self, levels: int) -> tuple[NDArray[Any], _Forks]:
        """Where the first levels lead, and the forks below them, each at the bit at which its texts part."""
        low, _, high = self._bounds(levels)
        ends, forks = _numbered(low, high, 0)
        low, high = low[forks], high[forks]
        made = [_Forks(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.intp))]
        while len(low):
            _, bits = np.frexp((self._hashes[low] ^ self._hashes[high - 1]).astype(np.float64))
            bits = bits - 1  # of the first in which the hashes differ
            side = np.uint64(1) << bits.astype(np.uint64)
            fork = np.searchsorted(self._hashes, (self._hashes[low] | side) & ~(side - np.uint64(1)))
            lows, highs = np.stack([low, fork], axis=1).ravel(), np.stack([fork, high], axis=1).ravel()
            children, forks = _numbered(lows, highs, sum(len(one.shares) for one in made) + len(low))
            made.append(_Forks(self._share(low, fork, high), self._factors[bits], children))
            low, high = lows[forks], highs[forks]
        return ends[::-1].copy(), _Forks(*map(np.concatenate, zip(*made, strict=True)))


def _numbered(low: NDArray[Any], high: NDArray[Any], first: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where sides with these texts lead, if the number of the first fork is `first`; and which lead to forks."""
    forks = high - low > 1
    return np.where(forks, first + np.cumsum(forks) - 1, ~low), forks
