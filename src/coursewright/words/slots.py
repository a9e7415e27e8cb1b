"""Text of many rows as a few slots side by side: words from a small pool, and columns.

Everything that only ever says fixed words, however many choices led to it, ends as one pool and an index per row. A
choice between phrases with columns in them is aligned, words with words and columns with columns, so that a row's
text is put together once, at the end, from as few pieces as a plain template has.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Index = NDArray[np.int32]
_LARGEST_POOL = 4096


@dataclass(frozen=True, eq=False)
class Pool:
    """Words: of row i it is `texts[index[i]]`, or the only text there is."""

    texts: list[str]
    index: Index | None = None

    def series(self, rows: int) -> pl.Series:
        """The words row by row."""
        words = pl.Series("", self.texts, dtype=pl.String)
        return (
            pl.repeat(self.texts[0], rows, dtype=pl.String, eager=True)
            if self.index is None
            else words.gather(self.index)
        )


@dataclass(frozen=True, eq=False)
class Filled:
    """A column of text without gaps."""

    texts: pl.Series


Slot = Pool | Filled
NONE = Pool([""])


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
    return len(left.texts) * len(right.texts) <= _LARGEST_POOL


def _side_by_side(left: Pool, right: Pool) -> Pool:
    texts = [a + b for a, b in product(left.texts, right.texts)]
    if left.index is None:
        return Pool(texts, right.index)
    if right.index is None:
        return Pool(texts, left.index)
    return Pool(texts, left.index * np.int32(len(right.texts)) + right.index)


def either(which: Index, options: list[list[Slot]], rows: int) -> list[Slot]:
    """The slots of option `which[i]` in row i."""
    split = [_alternating(option, rows) for option in options]
    longest = max((columns for _, columns in split), key=len)
    placed = [_placed(words, columns, longest) for words, columns in split]
    out: list[Slot] = []
    for at in range(len(longest) + 1):
        out.append(_either_words(which, [words[at] for words, _ in placed]))
        if at < len(longest):
            out.append(_either_columns(which, [columns[at] for _, columns in placed], rows))
    return fused([slot for slot in out if slot is not NONE])


def _alternating(slots: list[Slot], rows: int) -> tuple[list[Pool], list[pl.Series]]:
    """Words, column, words, …, words: one more of words than of columns."""
    words, columns = [NONE], []
    for slot in fused(slots):
        if isinstance(slot, Pool) and words[-1] is NONE:
            words[-1] = slot
            continue
        columns.append(slot.series(rows) if isinstance(slot, Pool) else slot.texts)
        words.append(NONE)
    return words, columns


def _placed(
    words: list[Pool], columns: list[pl.Series], longest: list[pl.Series]
) -> tuple[list[Pool], list[pl.Series | None]]:
    """One option stretched to the longest one; a column goes beside itself if the order allows it."""
    at, places = 0, []
    for column in columns:
        found = next((here for here in range(at, len(longest)) if longest[here] is column), None)
        if found is None:
            places = list(range(len(columns)))
            break
        places.append(found)
        at = found + 1
    all_words, all_columns = [NONE] * (len(longest) + 1), [None] * len(longest)
    all_words[0] = words[0] if not places or places[0] == 0 else NONE
    stretched: list[pl.Series | None] = list(all_columns)
    before = words[0]
    for place, column, after in zip(places, columns, words[1:], strict=True):
        all_words[place], stretched[place], before = before, column, after
        all_words[place + 1] = before
    if not places:
        all_words[0] = before
    return all_words, stretched


def _either_words(which: Index, pools: list[Pool]) -> Pool:
    known: dict[str, int] = {}
    numbers = [np.array([known.setdefault(text, len(known)) for text in pool.texts], dtype=np.int32) for pool in pools]
    texts = list(known)
    if len(texts) == 1:
        return Pool(texts) if texts[0] else NONE
    index = np.array([number[0] for number in numbers], dtype=np.int32)[which]
    for option, (pool, number) in enumerate(zip(pools, numbers, strict=True)):
        if pool.index is not None:
            chosen = which == option
            index[chosen] = number[pool.index[chosen]]
    return Pool(texts, index)


def _either_columns(which: Index, columns: list[pl.Series | None], rows: int) -> Slot:
    distinct: list[pl.Series | None] = []
    numbers = []
    for column in columns:
        at = next((at for at, other in enumerate(distinct) if other is column), None)
        if at is None:
            at = len(distinct)
            distinct.append(column)
        numbers.append(at)
    if len(distinct) == 1 and distinct[0] is not None:
        return Filled(distinct[0])
    source = np.array(numbers, dtype=np.int64)[which]
    series = [pl.Series("", [""], dtype=pl.String) if column is None else column.alias("") for column in distinct]
    starts = np.cumsum([0, *(len(one) for one in series)])[:-1]
    steps = np.array([0 if column is None else 1 for column in distinct], dtype=np.int64)
    index = starts[source] + steps[source] * np.arange(rows)
    return Filled(pl.concat(series, rechunk=True).gather(index))


def written(slots: list[Slot], rows: int) -> pl.Series:
    """The text of every row."""
    pieces = fused(slots)
    if not pieces:
        return NONE.series(rows)
    if len(pieces) == 1:
        piece = pieces[0]
        return piece.series(rows) if isinstance(piece, Pool) else piece.texts
    columns: list[Any] = []
    for piece in pieces:
        if isinstance(piece, Filled):
            columns.append(pl.lit(piece.texts))
        elif piece.index is None:
            columns.append(pl.lit(piece.texts[0]))
        else:
            columns.append(pl.lit(piece.series(rows)))
    return pl.select(pl.concat_str(columns).alias("text")).to_series()
