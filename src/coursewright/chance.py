"""The only source of randomness: streams named by text, and a hash that chooses without a state.

A stream is for work that draws many numbers one after another (the variants of a question). The hash is for work in
which the draw for one row must not depend on any other row (text over rows): the same seed, key and place give the
same choice on every machine, in every batch, in scalar Python and in NumPy. Both rest on stable hashes of UTF-8 and
never on Python's `hash()`, which changes from one process to the next.

The mixing function is splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from struct import unpack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_ALL = 0xFFFFFFFFFFFFFFFF
STEP, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def stream(*names: object) -> random.Random:
    """A random number generator of its own for the thing named, say `stream("course", "question", 3)`.

    Equal names give equal numbers for ever; a `/` inside a name does not run into the next one.
    """
    return random.Random("/".join(str(name).replace("%", "%25").replace("/", "%2F") for name in names))  # noqa: S311 - repeatable on purpose


def mix(number: int) -> int:
    """splitmix64 of an integer: 64 well-mixed bits."""
    z = (number + STEP) & _ALL
    z = ((z ^ (z >> 30)) * FIRST) & _ALL
    z = ((z ^ (z >> 27)) * SECOND) & _ALL
    return z ^ (z >> 31)


def mix_all(numbers: Hashes) -> Hashes:
    """`mix` of every number of an array of unsigned 64-bit integers."""
    import numpy as np

    z = numbers + np.uint64(STEP)
    work = z >> np.uint64(30)
    z ^= work
    z *= np.uint64(FIRST)
    np.right_shift(z, np.uint64(27), out=work)
    z ^= work
    z *= np.uint64(SECOND)
    np.right_shift(z, np.uint64(31), out=work)
    z ^= work
    return z


def text_hash(text: str) -> int:
    """64 bits of BLAKE2b over the UTF-8 of a text."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def text_hashes(texts: Iterable[str]) -> list[int]:
    """`text_hash` of each of many texts."""
    made = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts]
    return [*unpack(f"<{len(made)}Q", b"".join(made))]


@lru_cache(maxsize=1024)
def seed_hash(seed: int | str) -> int:
    """The hash of a seed, which may be a number or a text."""
    return text_hash(f"seed {seed}")


def inside(place: int, step: int) -> int:
    """The hash of a place inside another: `step` is the `text_hash` of what names it there."""
    return mix(place ^ step)


def deal(start: int, position: int, options: int) -> int:
    """The option for a position when all are dealt from a shuffled pack, then all again: never one twice in a row.

    `start` is the hash of seed and place. Any position can be asked for by itself: a pack is shuffled by sorting
    hashes, and a first card that repeats the last of the pack before changes place with the second.
    """
    if options <= 2:
        return (position + (start & 1)) % options
    pack, card = divmod(position, options)
    order = _shuffled(start, pack, options)
    if pack and order[0] == _shuffled(start, pack - 1, options)[-1]:
        order[0], order[1] = order[1], order[0]
    return order[card]


def turn(start: int, dealt: int, nth: int, options: int) -> int:
    """The option for the `nth` time (counted from 0) that one text deals, of which the first time gave `dealt`.

    All options come before one comes again, and two positions that differ the first time differ every time: the
    options stand in a shuffled circle, and each time goes as far round it in every position.
    """
    return _round(start, options)[nth % options][dealt] if nth % options else dealt


@lru_cache(maxsize=256)
def _round(start: int, options: int) -> tuple[tuple[int, ...], ...]:
    """For each time, what stands for each option of the first time."""
    circle = sorted(range(options), key=lambda card: mix(start ^ mix(~card & _ALL)))
    at = {card: where for where, card in enumerate(circle)}
    ways = [0, *sorted(range(1, options), key=lambda way: mix(start ^ mix(way) ^ STEP))]
    return tuple(tuple(circle[(at[card] + way) % options] for card in range(options)) for way in ways)


def turn_all(start: int, dealt: NDArray[Any], nth: int, options: int) -> NDArray[Any]:
    """`turn` for every first option of an array."""
    import numpy as np

    return np.array(_round(start, options)[nth % options], dtype=np.int32)[dealt] if nth % options else dealt


def _shuffled(start: int, pack: int, options: int) -> list[int]:
    return sorted(range(options), key=lambda card: mix(start ^ mix(pack * options + card)))


def deal_all(start: int, positions: NDArray[Any], options: int) -> NDArray[Any]:
    """`deal` for every position of an array."""
    import numpy as np

    if options <= 2:
        return ((positions + (start & 1)) % options).astype(np.int32)
    packs, where = np.unique(positions // options, return_inverse=True)
    order = _shuffled_all(start, packs, options)
    before = _shuffled_all(start, np.maximum(packs - 1, 0), options)[:, -1]
    again = (order[:, 0] == before) & (packs > 0)
    order[again, :2] = order[again, 1::-1]
    return np.asarray(order[where, positions % options], dtype=np.int32)


def _shuffled_all(start: int, packs: NDArray[Any], options: int) -> NDArray[Any]:
    import numpy as np

    cards = (packs[:, None] * options + np.arange(options)).astype(np.uint64)
    return np.argsort(mix_all(mix_all(cards) ^ np.uint64(start)), axis=1, kind="stable")
