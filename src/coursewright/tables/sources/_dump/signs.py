"""Which signs of a piece of a dump stand outside quotes, for the whole piece at once.

The parity of the quotes before a sign says whether it is inside; it is worked out for sixty-four signs in one machine
word. The idea is simdjson's (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

_COMMENT = re.compile(rb"#|/\*|--(?=[\s\x00-\x1f]|\Z)")
Array = Any  # NumPy's, whose exact types say little here
_MARK, _SPACE, _REMARK = 1, 2, 3
_CLASS_OF = {
    **dict.fromkeys(b"(),;", _MARK),
    **dict.fromkeys(b" \t\r\n\f\v", _SPACE),
    **dict.fromkeys(b"/-#", _REMARK),
}
_CLASSES = bytes(_CLASS_OF.get(sign, 0) for sign in range(256))
_SPACES = np.frombuffer(_CLASSES, np.uint8) == _SPACE
_ENDS = np.frombuffer(_CLASSES, np.uint8) == _MARK


@dataclass(frozen=True, slots=True)
class PieceSigns:
    """A piece: its signs, the brackets, commas and semicolons outside quotes, white space there, quotes, backslashes.

    `shape` are the signs at `marks`, with a comma for a semicolon at a seam: where an INSERT ends and the next has the
    same head, of which `behind` are the places. `remark` is where the first comment begins, if there is one: what is
    behind it may be anything.
    """

    all: Array
    marks: Array
    shape: Array
    spaces: Array
    quotes: Array
    slashes: Array
    seams: Array
    behind: Array
    remark: int | None


def outside(text: bytes, joins: list[int], joint: int, escapes: bool) -> PieceSigns:
    """What of `text` stands outside quotes; of `joins`, where `joint` signs join two INSERTs, those that do as well."""
    signs = np.frombuffer(text, np.uint8)
    slashes = _slashes(signs) if escapes and b"\\" in text else np.zeros(0, np.intp)
    quotes, inside = _quotes(signs, slashes)
    seams = np.array(joins, np.intp)
    seams = seams[~inside[seams]]
    behind = (seams[:, None] + np.arange(1, joint)).ravel()
    classes = np.frombuffer(bytearray(text.translate(_CLASSES)), np.uint8)
    classes[behind] = 0
    classes *= ~inside
    marks = np.flatnonzero(classes == _MARK)
    shape = signs[marks]
    shape[np.searchsorted(marks, seams)] = ord(",")
    spaces = np.flatnonzero(classes == _SPACE)
    remark = _remark(text, np.flatnonzero(classes == _REMARK))
    return PieceSigns(signs, marks, shape, spaces, np.flatnonzero(quotes), slashes, seams, behind, remark)


def _remark(text: bytes, places: Array) -> int | None:
    """The first of the places at which a comment begins, most of them being a minus sign."""
    for at in places[np.frombuffer(text, np.uint8)[np.minimum(places + 1, len(text) - 1)] < ord("0")].tolist():
        if _COMMENT.match(text, at):
            return int(at)
    return None


def is_end(signs: Array) -> Array:
    """Whether each sign is one that a value ends before."""
    return _ENDS[signs]


def past_spaces(signs: Array, at: Array) -> Array:
    """The places `at`, each moved on to the first sign that is no white space."""
    while (space := _SPACES[signs[at]]).any():
        at = at + space
    return at


def _slashes(signs: Array) -> Array:
    """Where a backslash stands that is not itself behind one, and has something behind it."""
    slashes = np.flatnonzero(signs == ord("\\"))
    first = np.concatenate([[True], np.diff(slashes) != 1])
    order = np.arange(len(slashes))
    run = np.maximum.accumulate(np.where(first, order, 0))
    active = slashes[(order - run) % 2 == 0]
    return active[active + 1 < len(signs)]


def _quotes(signs: Array, slashes: Array) -> tuple[Array, Array]:
    """Which signs are quotes, and which stand inside quotes: those with an odd number of them before."""
    quotes = np.zeros(-(-len(signs) // 64) * 64, np.bool_)
    np.equal(signs, ord("'"), out=quotes[: len(signs)])
    quotes[slashes + 1] = False
    words = np.packbits(quotes, bitorder="little").view(np.dtype("<u8"))
    for shift in (1, 2, 4, 8, 16, 32):
        words ^= words << np.uint64(shift)
    before = np.bitwise_xor.accumulate(words >> np.uint64(63))
    words[1:] ^= np.uint64(0) - before[:-1]
    return quotes, np.unpackbits(words.view(np.uint8), bitorder="little", count=len(signs)).view(np.bool_)
