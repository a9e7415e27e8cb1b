"""The rows of an INSERT as CSV, found without looking at one sign after the other in Python.

Where brackets and commas stand outside quotes gives the shape of the rows; with a few signs taken out or put in place
of others the piece is CSV, which Arrow reads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coursewright.tables.sources._dump.signs import Array, PieceSigns, is_end, outside, past_spaces

QUOTED, NUMBER, MISSING, HEX, LETTERED, INTRODUCED = range(1, 7)

_ESCAPED = np.arange(256, dtype=np.uint8)
_ESCAPED[list(b"0bnrtZ")] = list(b"\0\b\n\r\t\x1a")
_FIRST = np.zeros(256, np.uint8)
_FIRST[list(b"0123456789+-.")] = NUMBER
_FIRST[list(b"xXbB")] = LETTERED
_FIRST[ord("'")], _FIRST[ord("_")], _FIRST[list(b"Nn")] = QUOTED, INTRODUCED, MISSING
_INTRODUCERS = (b"_binary ", b"_utf8mb4 ", b"_utf8mb3 ", b"_utf8 ")


class BadRow(Exception):
    """The row that begins at the byte `at` is none; the message says why."""

    def __init__(self, at: int, message: str, hint: str = "") -> None:
        self.at, self.message, self.hint = int(at), message, hint
        super().__init__(message)


class CommentInRows(Exception):
    """A comment begins at the byte `at`, among the rows."""

    def __init__(self, at: int) -> None:
        self.at = at
        super().__init__(at)


@dataclass(frozen=True, slots=True)
class DumpRows:
    """Rows found in a piece: as CSV with single quotes, the kind of each value, and where each row begins.

    `slash` is where the first backslash stands that says something of the sign behind it.
    """

    csv: Array
    kinds: Array
    starts: Array
    slash: int | None = None

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class PieceContent:
    """What a piece holds: its rows, how many of its bytes they are, whether the INSERT ends with them."""

    rows: DumpRows | None
    length: int
    ended: bool


def find(text: bytes, joins: list[int], joint: int, width: int | None, escapes: bool) -> PieceContent:
    """The whole rows of `width` values that `text` begins with; None passes over them.

    At `joins` one INSERT may end and another begin with the same head: `joint` bytes in all. `escapes` says whether a
    backslash is more than a backslash. Raises BadRow, and CommentInRows if there is a comment among them.
    """
    signs = outside(text, joins, joint, escapes)
    marks, shape = signs.marks, signs.shape
    ends = np.flatnonzero(shape == ord(";"))
    if signs.remark is not None and (not ends.size or signs.remark < marks[ends[0]]):
        raise CommentInRows(signs.remark)
    if ended := bool(ends.size):
        marks, shape = marks[: ends[0] + 1], shape[: ends[0] + 1]
        shape[-1] = ord(",")
    if width is None:
        rows = np.flatnonzero((shape[1:] == ord(",")) & (shape[:-1] == ord(")")))
        return PieceContent(None, _after(marks[rows[-1] + 1], signs.seams, joint) if rows.size else 0, ended)
    grid = _grid(marks, shape, width, ended)
    if not len(grid):
        return PieceContent(None, 0, False)
    _refuse_between(signs, grid, joint)
    values = past_spaces(signs.all, grid[:, :width] + 1)
    kinds = _kinds(text, signs.all, values, grid[:, 0])
    introducers = _introducers(text, signs.all, values, kinds, grid)
    length = _after(grid[-1, -1], signs.seams, joint)
    _refuse_loose_quotes(signs, int(grid[-1, -1]), kinds, grid)
    slash = int(signs.slashes[0]) if signs.slashes.size and signs.slashes[0] < length else None
    return PieceContent(DumpRows(_csv(signs, length, grid, introducers), kinds, grid[:, 0], slash), length, ended)


def _after(separator: Array, seams: Array, joint: int) -> int:
    """Where the row after `separator` begins, or may."""
    return int(separator) + (joint if separator in seams else 1)


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


def _refuse_between(signs: PieceSigns, grid: Array, joint: int) -> None:
    """Raise BadRow when there is more than white space between rows."""
    closed = past_spaces(signs.all, grid[:, -2] + 1)
    opened = grid[:-1, -1] + np.where(np.isin(grid[:-1, -1], signs.seams), joint, 1)
    bad = np.flatnonzero(closed != grid[:, -1])
    if not bad.size:
        bad = np.flatnonzero(past_spaces(signs.all, opened) != grid[1:, 0]) + 1
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


def _refuse_loose_quotes(signs: PieceSigns, length: int, kinds: Array, grid: Array) -> None:
    """Raise BadRow unless every text begins and ends where its value does."""
    text, quotes = signs.all, signs.quotes[: np.searchsorted(signs.quotes, length)]
    opening, closing = quotes[::2], quotes[1::2]
    opening = opening[text[opening - 1] != ord("'")]  # two quotes in a row are one quote within a text
    closed = is_end(text[past_spaces(text, closing + 1)]) | (text[closing + 1] == ord("'"))
    texts = ((kinds == QUOTED) | (kinds == LETTERED)).sum(axis=1)
    found = np.diff(np.searchsorted(opening, np.append(grid[:, 0], length)))
    if (found != texts).any() or not closed.all():
        at = grid[(found != texts).argmax(), 0] if closed.all() else closing[closed.argmin()]
        row = np.searchsorted(grid[:, 0], at, "right") - 1
        raise BadRow(grid[row, 0], "a value is neither a number nor text in single quotes")


def _csv(signs: PieceSigns, length: int, grid: Array, introducers: list[Array]) -> Array:
    """The first `length` signs with a line for each row, without what is not of a value, and with escapes resolved."""
    text, keep = signs.all[:length].copy(), np.ones(length, np.bool_)
    for places in (signs.behind, signs.spaces, grid[:, 0], grid[:, -2], *introducers):
        keep[places[places < length]] = False
    text[grid[:, -1]] = ord("\n")
    slashes = signs.slashes[signs.slashes + 1 < length]
    escaped = text[slashes + 1]
    quote = escaped == ord("'")
    text[slashes[quote]] = ord("'")  # CSV writes a quote within quotes twice
    keep[slashes[~quote & (escaped != ord("%")) & (escaped != ord("_"))]] = False  # \% and \_ stay as they are
    text[slashes + 1] = _ESCAPED[escaped]
    return text[keep]
