"""Text of many rows as a few slots side by side: words from a small pool, and columns.

Everything that only ever says fixed words, however many choices led to it, ends as one pool and an index per row. A
choice between phrases with columns in them is aligned, words with words and columns with columns, so that a row's
text is put together once, at the end, from as few pieces as a plain template has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

LARGEST_POOL = 1024
_REMEMBERED = 128
Texts = tuple[str, ...]


class WordIndex:
    """Which word of a pool each row has; pools that were chosen from together share one, and it is combined once."""

    def __init__(self, numbers: NDArray[np.int32]) -> None:
        self.numbers = numbers
        self._beside: dict[tuple[int, int], tuple[WordIndex, WordIndex]] = {}

    def beside(self, other: WordIndex, width: int) -> WordIndex:
        """The index into all pairs of a word here and a word there, of which there are `width`."""
        known = self._beside.get((id(other), width))
        if known is None:
            known = WordIndex(self.numbers * np.int32(width) + other.numbers), other
            self._beside[id(other), width] = known
        return known[0]


@dataclass(frozen=True, eq=False)
class Pool:
    """Words: of row i it is `texts[index.numbers[i]]`, or the only text there is."""

    texts: Texts
    index: WordIndex | None = None

    def series(self, rows: int) -> pl.Series:
        """The words row by row."""
        if self.index is None:
            return pl.repeat(self.texts[0], rows, dtype=pl.String, eager=True)
        return _series(self.texts).gather(self.index.numbers)


@dataclass(frozen=True, eq=False)
class FullColumn:
    """A column of text without gaps."""

    texts: pl.Series


Slot = Pool | FullColumn
NONE = Pool(("",))


def fused(slots: list[Slot]) -> list[Slot]:
    """Slots in which no two pools stand side by side, unless together they would be too large."""
    out: list[Slot] = []
    for slot in slots:
        if isinstance(slot, Pool) and out and isinstance(out[-1], Pool) and _fit(out[-1], slot):
            out[-1] = _side_by_side(out[-1], slot)
        else:
            out.append(slot)
    return out


def _fit(left: Pool, right: Pool) -> bool:
    if left.index is right.index:  # of one column: their words go together one by one
        return True
    return len(left.texts) * len(right.texts) <= LARGEST_POOL


def _side_by_side(left: Pool, right: Pool) -> Pool:
    if left.index is right.index:
        return Pool(tuple([one + other for one, other in zip(left.texts, right.texts, strict=True)]), left.index)
    texts = _pairs(left.texts, right.texts)
    if left.index is None:
        return Pool(texts, right.index)
    if right.index is None:
        return Pool(texts, left.index)
    return Pool(texts, left.index.beside(right.index, len(right.texts)))


# What is made of words alone comes up again in the next batch and the next text, so it is remembered.


@lru_cache(maxsize=_REMEMBERED)
def _series(texts: Texts) -> pl.Series:
    return pl.Series("", texts, dtype=pl.String)


@lru_cache(maxsize=_REMEMBERED)
def _pairs(left: Texts, right: Texts) -> Texts:
    return tuple([a + b for a, b in product(left, right)])


@lru_cache(maxsize=_REMEMBERED)
def _numbered(pools: tuple[tuple[Texts, bool], ...]) -> tuple[Texts, NDArray[np.int32]]:
    """The different texts of some pools, and for each pool and each of its texts the number of that text.

    A pool that has the same text in every row, marked with True, has its number everywhere.
    """
    known: dict[str, int] = {}
    numbers = [[known.setdefault(text, len(known)) for text in texts] for texts, _ in pools]
    table = np.zeros((len(pools), max(map(len, numbers))), dtype=np.int32)
    for option, (number, (_, same)) in enumerate(zip(numbers, pools, strict=True)):
        table[option, : len(number)] = number
        if same:
            table[option] = number[0]
    return tuple(known), table


def either(which: NDArray[np.int32], options: list[list[Slot]], rows: int) -> list[Slot]:
    """The slots of option `which[i]` in row i."""
    if all(option is options[0] for option in options):
        return options[0]
    split = [_alternating(option) for option in options]
    longest = max((columns for _, columns in split), key=len)
    placed = [_placed(words, columns, longest) for words, columns in split]
    out: list[Slot] = []
    for at in range(len(longest) + 1):
        out.append(_either_words(which, [words[at] for words, _ in placed]))
        if at < len(longest):
            out.append(_either_columns(which, [columns[at] for _, columns in placed], rows))
    return fused([slot for slot in out if slot is not NONE])


def _alternating(slots: list[Slot]) -> tuple[list[Pool], list[Slot]]:
    """Words, column, words, …, words; a second pool in a row stands in the place of a column."""
    words: list[Pool] = [NONE]
    columns: list[Slot] = []
    for slot in fused(slots):
        if isinstance(slot, Pool) and words[-1] is NONE:
            words[-1] = slot
        else:
            columns.append(slot)
            words.append(NONE)
    return words, columns


def _placed(words: list[Pool], columns: list[Slot], longest: list[Slot]) -> tuple[list[Pool], list[Slot]]:
    """One option stretched to the longest one; a column goes beside itself if the order allows it."""
    at = 0
    places: list[int] = []
    for column in columns:
        found = next((here for here in range(at, len(longest)) if _alike(longest[here], column)), None)
        if found is None:
            places = list(range(len(columns)))
            break
        places.append(found)
        at = found + 1
    all_words = [NONE] * (len(longest) + 1)
    stretched: list[Slot] = [NONE] * len(longest)
    all_words[places[0] if places else 0] = words[0]
    for place, column, after in zip(places, columns, words[1:], strict=True):
        stretched[place] = column
        all_words[place + 1] = after
    return all_words, stretched


def _alike(one: Slot, other: Slot) -> bool:
    if isinstance(one, Pool) and isinstance(other, Pool):
        return one.index is other.index
    return isinstance(one, FullColumn) and isinstance(other, FullColumn) and one.texts is other.texts


def _either_words(which: NDArray[np.int32], pools: list[Pool]) -> Pool:
    if all(pool is pools[0] for pool in pools):
        return pools[0]
    texts, table = _numbered(tuple((pool.texts, pool.index is None) for pool in pools))
    if len(texts) == 1:
        return Pool(texts) if texts[0] else NONE
    indexes = {id(pool.index): pool.index for pool in pools if pool.index is not None}
    found = table[:, 0][which] if len(indexes) != 1 else None
    for index in indexes.values():
        looked_up = table.ravel().take(which * np.int32(table.shape[1]) + index.numbers)
        ours = np.array([pool.index is index or pool.index is None for pool in pools])
        found = looked_up if found is None else np.where(ours[which], looked_up, found)
    return pools[0] if found is None else Pool(texts, WordIndex(found))


def _either_columns(which: NDArray[np.int32], columns: list[Slot], rows: int) -> Slot:
    pools = [column for column in columns if isinstance(column, Pool)]
    if len(pools) == len(columns):
        return _either_words(which, pools)
    distinct: list[Slot] = []
    numbers = []
    for column in columns:
        at = next((at for at, other in enumerate(distinct) if other is column or _same(other, column)), None)
        if at is None:
            at = len(distinct)
            distinct.append(column)
        numbers.append(at)
    if len(distinct) == 1:
        return distinct[0]
    source = np.array(numbers, dtype=np.int32)[which]
    found = _column(distinct[0], rows)
    for at, column in enumerate(distinct[1:], 1):
        found = _column(column, rows).zip_with(pl.Series(source == at), found)
    return FullColumn(found)


def _column(slot: Slot, rows: int) -> pl.Series:
    return slot.texts if isinstance(slot, FullColumn) else slot.series(rows)


def _same(one: Slot, other: Slot) -> bool:
    return isinstance(one, FullColumn) and isinstance(other, FullColumn) and one.texts is other.texts


def written(slots: list[Slot], rows: int) -> pl.Series:
    """The text of every row."""
    pieces = fused(slots)
    if not pieces:
        return NONE.series(rows)
    if len(pieces) == 1:
        piece = pieces[0]
        return piece.series(rows) if isinstance(piece, Pool) else piece.texts
    columns = [_expression(piece) for piece in pieces]
    whole = columns[0] + columns[1] if len(columns) == 2 else pl.concat_str(columns)  # of two, `+` is a third quicker
    return pl.select(whole.alias("text")).to_series()


def _expression(piece: Slot) -> pl.Expr:
    if isinstance(piece, FullColumn):
        return pl.lit(piece.texts)
    if piece.index is None:
        return pl.lit(piece.texts[0])
    return pl.lit(_series(piece.texts)).gather(pl.lit(pl.Series(piece.index.numbers)))
