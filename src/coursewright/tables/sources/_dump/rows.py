"""The rows of an INSERT as CSV, found without looking at one sign after the other in Python.

Quotes, brackets and commas are found in a whole piece of the file at once: NumPy tells which of them stand outside
quotes (the parity of the quotes before them, sixty-four signs to a machine word), which gives the shape of the rows;
and with a few signs taken out or put in place of others the piece is CSV, which Arrow reads. The idea is simdjson's
(Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any  # NumPy's, whose exact types say little here
QUOTED, NUMBER, MISSING, HEX, LETTERED, INTRODUCED = range(1, 7)

_MARK, _SPACE = 1, 2
_CLASSES = bytes(_MARK if sign in b"(),;" else _SPACE if sign in b" \t\r\n\f\v" else 0 for sign in range(256))
_SPACES = np.frombuffer(_CLASSES, np.uint8) == _SPACE
_ESCAPED = np.arange(256, dtype=np.uint8)
_ESCAPED[list(b"0bnrtZ")] = list(b"\0\b\n\r\t\x1a")
_FIRST = np.zeros(256, np.uint8)
_FIRST[list(b"0123456789+-.")] = NUMBER
_FIRST[list(b"xXbB")] = LETTERED
_FIRST[ord("'")], _FIRST[ord("_")], _FIRST[list(b"Nn")] = QUOTED, INTRODUCED, MISSING
_INTRODUCERS = (b"_binary ", b"_utf8mb4 ", b"_utf8mb3 ", b"_utf8 ")


class BadRow(Exception):
    """The row that begins at the byte `at` is none; the message says why."""

    def __init__(self, at: int, message: str) -> None:
        self.at, self.message = int(at), message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows found in a piece: as CSV with single quotes, the kind of each value, and where each row begins."""

    csv: Array
    kinds: Array
    starts: Array

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class Found:
    """What a piece holds: its rows, how many of its bytes they are, whether the INSERT ends with them."""

    rows: Rows | None
    length: int
    ended: bool


def find(text: bytes, joins: list[int], joint: int, width: int | None, escapes: bool) -> Found:
    """The whole rows of `width` values that `text` begins with; None passes over them.

    At `joins` one INSERT may end and another begin with the same head: `joint` bytes in all. `escapes` says whether a
    backslash is more than a backslash. Raises BadRow.
    """
    signs = np.frombuffer(text, np.uint8)
    slashes = _slashes(signs) if escapes and b"\\" in text else np.zeros(0, np.intp)
    inside = _inside(signs, slashes)
    seams = np.array(joins, np.intp)
    seams = seams[~inside[seams]]
    behind = (seams[:, None] + np.arange(1, joint)).ravel()
    classes = np.frombuffer(bytearray(text.translate(_CLASSES)), np.uint8)
    classes[behind] = 0
    classes *= ~inside
    marks = np.flatnonzero(classes == _MARK)
    shape = signs[marks]
    shape[np.searchsorted(marks, seams)] = ord(",")
    ends = np.flatnonzero(shape == ord(";"))
    ended = bool(ends.size)
    if ended:
        marks, shape = marks[: ends[0] + 1], shape[: ends[0] + 1]
        shape[-1] = ord(",")
    if width is None:
        rows = np.flatnonzero((shape[1:] == ord(",")) & (shape[:-1] == ord(")")))
        return Found(None, int(marks[rows[-1] + 1]) + 1 if rows.size else 0, ended)
    grid = _grid(marks, shape, width, ended)
    if not len(grid):
        return Found(None, 0, False)
    _refuse_between(signs, grid, seams, joint)
    values = _past_spaces(signs, grid[:, :width] + 1)
    kinds = _kinds(text, signs, values, grid[:, 0])
    length = int(grid[-1, -1]) + 1
    spaces = np.flatnonzero(classes[:length] == _SPACE)
    dropped = (
        behind[behind < length],
        spaces,
        grid[:, 0],
        grid[:, -2],
        *_introducers(text, signs, values, kinds, grid),
    )
    return Found(Rows(_csv(signs[:length].copy(), grid[:, -1], slashes, dropped), kinds, grid[:, 0]), length, ended)


def _slashes(signs: Array) -> Array:
    """Where a backslash stands that is not itself behind one, and has something behind it."""
    slashes = np.flatnonzero(signs == ord("\\"))
    first = np.concatenate([[True], np.diff(slashes) != 1])
    order = np.arange(len(slashes))
    run = np.maximum.accumulate(np.where(first, order, 0))
    active = slashes[(order - run) % 2 == 0]
    return active[active + 1 < len(signs)]


def _inside(signs: Array, slashes: Array) -> Array:
    """Which signs stand inside quotes: those with an odd number of quotes up to them."""
    quotes = np.zeros(-(-len(signs) // 64) * 64, np.bool_)
    np.equal(signs, ord("'"), out=quotes[: len(signs)])
    quotes[slashes + 1] = False
    words = np.packbits(quotes, bitorder="little").view(np.dtype("<u8"))
    for shift in (1, 2, 4, 8, 16, 32):
        words ^= words << np.uint64(shift)
    before = np.bitwise_xor.accumulate(words >> np.uint64(63))
    words[1:] ^= np.uint64(0) - before[:-1]
    return np.unpackbits(words.view(np.uint8), bitorder="little", count=len(signs)).view(np.bool_)


def _grid(marks: Array, shape: Array, width: int, ended: bool) -> Array:
    """Where the brackets and commas of each row stand, and the comma behind it: a row of the array for each."""
    period = width + 2
    count = len(marks) // period
    template = np.full(period, ord(","), np.uint8)
    template[0], template[-2] = b"()"
    good = (shape[: count * period].reshape(count, period) == template).all(axis=1)
    if not good.all() or (ended and count * period < len(marks)):
        first = (count if good.all() else int(good.argmin())) * period
        raise BadRow(marks[first], _misshapen(shape[first:].tobytes(), width))
    return marks[: count * period].reshape(count, period)


def _misshapen(shape: bytes, width: int) -> str:
    row = shape[: shape.find(b")") + 1]
    if not row.startswith(b"(") or row.count(b"(") > 1:
        return "a value is neither a number nor text in single quotes"
    number = row.count(b",") + 1
    if number == width:
        return "something stands behind the row"
    return f"the row has {number} value{'s' * (number != 1)}, not {width}"


def _past_spaces(signs: Array, at: Array) -> Array:
    """The places `at`, each moved on to the first sign that is no white space."""
    while (space := _SPACES[signs[at]]).any():
        at = at + space
    return at


def _refuse_between(signs: Array, grid: Array, seams: Array, joint: int) -> None:
    """Raise BadRow when there is more than white space between rows."""
    closed = _past_spaces(signs, grid[:, -2] + 1)
    opened = grid[:-1, -1] + np.where(np.isin(grid[:-1, -1], seams), joint, 1)
    bad = np.flatnonzero(closed != grid[:, -1])
    if not bad.size:
        bad = np.flatnonzero(_past_spaces(signs, opened) != grid[1:, 0]) + 1
    if bad.size:
        raise BadRow(grid[bad[0], 0], "something stands beside the row")


def _kinds(text: bytes, signs: Array, values: Array, rows: Array) -> Array:
    """Of each value what kind it is, by how it begins."""
    kinds = _FIRST[signs[values]]
    zero = (kinds == NUMBER) & (signs[values] == ord("0"))
    kinds[zero] = np.where(signs[values[zero] + 1] | 0x20 == ord("x"), HEX, NUMBER)
    lettered, missing = kinds == LETTERED, kinds == MISSING
    kinds[lettered] = np.where(signs[values[lettered] + 1] == ord("'"), LETTERED, 0)
    letters = signs[np.minimum(values[missing][:, None] + np.arange(4), len(signs) - 1)]
    same = (letters == list(b"NULL")).all(axis=1) | (letters == list(b"null")).all(axis=1)
    kinds[missing] = np.where(same, MISSING, 0)
    if not kinds.all():
        row, column = np.argwhere(kinds == 0)[0]
        raise BadRow(rows[row], _strange(text, values[row, column]))
    return kinds


def _strange(text: bytes, at: int) -> str:
    word = text[at : at + 30].decode("utf-8", "replace").splitlines()[0]
    return f"this value is neither a number nor text in single quotes: {word}"


def _introducers(text: bytes, signs: Array, values: Array, kinds: Array, grid: Array) -> list[Array]:
    """Where the words stand that name a character set before a text; they say nothing new. The kinds become QUOTED."""
    any_left = bool((kinds == INTRODUCED).any())
    found = []
    for word in _INTRODUCERS if any_left else ():
        left = kinds == INTRODUCED
        near = values[left][:, None] + np.arange(len(word) + 1)
        same = (signs[np.minimum(near, len(signs) - 1)] == list(word + b"'")).all(axis=1)
        found.append(near[same][:, :-1].ravel())
        kinds[left] = np.where(same, QUOTED, INTRODUCED)
    if any_left and (kinds == INTRODUCED).any():
        row, column = np.argwhere(kinds == INTRODUCED)[0]
        raise BadRow(grid[row, 0], _strange(text, values[row, column]))
    return found


def _csv(signs: Array, ends: Array, slashes: Array, dropped: tuple[Array, ...]) -> Array:
    """The piece with a line for each row, no signs at the places `dropped`, and what its escapes stand for."""
    keep = np.ones(len(signs), np.bool_)
    for places in dropped:
        keep[places] = False
    signs[ends] = ord("\n")
    slashes = slashes[slashes + 1 < len(signs)]
    escaped = signs[slashes + 1]
    quote = escaped == ord("'")
    signs[slashes[quote]] = ord("'")  # CSV writes a quote within quotes twice
    keep[slashes[~quote & (escaped != ord("%")) & (escaped != ord("_"))]] = False  # \% and \_ stay as they are
    signs[slashes + 1] = _ESCAPED[escaped]
    return signs[keep]
