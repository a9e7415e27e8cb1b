"""The texts of a tree: its pieces in order, and what is saved, modified or in a phrase closed as soon as it is known.

An item is closed when all that is closed within it is: its text is then known. What is saved is shown where it is read,
and leaves nothing where it stands; a phrase in which something is missing leaves nothing either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from coursewright.words.columnar.coded import by_distinct
from coursewright.words.columnar.items import (
    CELL,
    FILLED,
    GROUP,
    KEPT,
    MODIFIED,
    NOTHING,
    READ,
    RUN,
    WORDS,
    PhraseGroup,
)
from coursewright.words.columnar.pieces import Pieces, between
from coursewright.words.columnar.tree import ItemOrder, ItemTree, Numbers, PastLimit
from coursewright.words.language import scan
from coursewright.words.language.phrases import closed
from coursewright.words.marks import GAP

_MOST_BYTES = 1 << 28  # of texts that are made at a time


class ClosingPieces:
    """The pieces of a tree, which change while items are closed."""

    def __init__(self, tree: ItemTree, order: ItemOrder, pool: Pieces) -> None:
        self.tree, self.order, self.pool = tree, order, pool
        self.starts = order.starts
        self.ends = order.starts + order.sizes
        self.longest = tree.growth.grammar.max_length
        self.pieces = self._leaves()
        self.shown = self.pieces  # what ever was a piece: for how long a text may have been
        self.given = np.zeros(tree.count, dtype=np.int32)  # to each item that shows something saved: its text
        self.reads, self.sources = np.zeros((2, 0), dtype=np.int32)  # these items, and what they show
        if tree.shown:
            reads, sources = (np.concatenate(some) for some in zip(*tree.shown, strict=True))
            in_order = np.argsort(sources, kind="stable")
            self.reads, self.sources = reads[in_order], sources[in_order]

    def texts(self) -> pl.Series:
        """The text of every row. Raises PastLimit."""
        closers = np.flatnonzero(self.tree.kinds[: self.tree.count] >= GROUP)
        if len(closers):
            self.shown = self.pieces.copy()
            self._close_all(closers)
        bounds = self.order.rows
        lengths = self.pool.lengths().copy()
        for number, lost in self.tree.items.lost.items():
            lengths[number] += lost
        may_be_long = lengths.max() * np.diff(bounds).max(initial=0) > self.longest
        if may_be_long and np.diff(_upto(lengths[self.shown])[bounds]).max() > self.longest:
            raise PastLimit
        there = self.pieces != NOTHING
        return between(self.pool.gather(self.pieces[there]), _upto(there)[bounds])

    def _leaves(self) -> Numbers:
        tree, pieces = self.tree, np.zeros(self.order.rows[-1], dtype=np.int32)
        kinds, values = tree.kinds[: tree.count], tree.values[: tree.count]
        words = np.flatnonzero(kinds == WORDS)
        pieces[self.starts[words]] = values[words]
        groups = np.flatnonzero(kinds == GROUP)
        pieces[self.starts[groups]] = tree.tables.before[values[groups]]
        cells = np.flatnonzero((kinds == CELL) | (kinds == FILLED))
        for cell in np.flatnonzero(np.bincount(values[cells], minlength=1)):
            here = cells[values[cells] == cell]
            pieces[self.starts[here]] = tree.growth.cell_pieces(tree.batch, int(cell), self.pool)[tree.rows[here]]
        if tree.items.fills:
            filled = np.flatnonzero((kinds == FILLED) & (self.order.sizes > 1))
            pieces[self.starts[filled]] = NOTHING
        return pieces

    def _close_all(self, closers: Numbers) -> None:
        """Closes what waits for nothing, and then what waited for that alone, until all is closed."""
        scopes = self.tree.scopes
        waits_for = np.bincount(scopes[closers] + 1, minlength=self.tree.count + 1)[1:]
        waits_for[self.reads] += 1
        once = np.zeros(self.tree.count, dtype=np.int32)
        ready = closers[waits_for[closers] == 0]
        while len(ready):
            self.freed = [scopes[ready]]
            self._close(ready)
            freed = np.concatenate(self.freed)
            freed = freed[freed >= 0]
            np.subtract.at(waits_for, freed, 1)
            ready = freed[waits_for[freed] == 0]
            once[ready] = at = np.arange(len(ready))
            ready = ready[once[ready] == at]

    def _close(self, ids: Numbers) -> None:
        kinds = self.tree.kinds[ids]
        for kind, close in self._work.items():
            here = ids[kinds == kind]
            if len(here):
                close(self, here)

    def _blank(self, ids: Numbers) -> None:
        self.pieces[_spread(self.starts[ids], self.ends[ids])] = NOTHING

    def _keep(self, ids: Numbers) -> None:
        """Gives what is saved to the items that show it."""
        begins, ends = np.searchsorted(self.sources, ids, "left"), np.searchsorted(self.sources, ids, "right")
        used = np.flatnonzero(ends > begins)
        kept, begins, ends = ids[used], begins[used], ends[used]
        reads = self.reads[_spread(begins, ends)]
        self.given[reads] = np.repeat(self._joined(self.starts[kept], self.ends[kept]), ends - begins)
        self.freed.append(reads)
        self._blank(ids)

    def _modify(self, ids: Numbers) -> None:
        texts = self._joined(self.starts[ids] + 1, self.ends[ids])
        self._blank(ids)
        self._put(ids, self._modified(ids, texts, self.tree.values[ids]))

    def _recall(self, ids: Numbers) -> None:
        """Shows what was saved."""
        texts = self.given[ids]
        modified = self.tree.tables.read_modified[self.tree.values[ids]]
        some = np.flatnonzero(modified >= 0)
        texts[some] = self._modified(ids[some], texts[some], modified[some])
        self._put(ids, texts)

    def _put(self, ids: Numbers, texts: Numbers) -> None:
        self.pieces[self.starts[ids]] = self.shown[self.starts[ids]] = texts

    def _joined(self, begins: Numbers, ends: Numbers) -> Numbers:
        """The numbers of the texts from each beginning to the end that belongs to it. Raises PastLimit."""
        pieces = self.pieces[_spread(begins, ends)]
        bounds = _upto(ends - begins)
        there = pieces != NOTHING
        counts = np.diff(_upto(there)[bounds])
        found = np.diff(_upto(pieces)[bounds])  # the piece itself, where there is one alone
        many = np.flatnonzero(counts > 1)
        if len(many):
            parts = pieces[there & np.repeat(counts > 1, np.diff(bounds))]
            bounds = _upto(counts[many])
            upto = _upto(self.pool.lengths()[parts])[bounds]
            if upto[-1] > _MOST_BYTES or np.diff(upto).max() > self.longest:
                raise PastLimit
            found[many] = self.pool.add(between(self.pool.gather(parts), bounds))
        return found

    def _modified(self, ids: Numbers, texts: Numbers, which: Numbers) -> Numbers:
        """The numbers of texts after modifiers."""
        tree, made = self.tree, texts.copy()
        cells, batch = tree.growth.cells, tree.batch
        kinds = [modifiers for _, modifiers in tree.items.modified]
        for number in np.flatnonzero(np.bincount(which, minlength=1)):
            modifiers, here = kinds[number], np.flatnonzero(which == number)
            distinct, index = _distinct(texts[here], self.pool.size)
            memory = cells.remembered(("text", modifiers))
            done = by_distinct(self.pool.gather(distinct), lambda text: cells.modified(text, modifiers), memory)  # noqa: B023 - called at once
            results = done.series(pl.String)
            if results.null_count():
                batch.gaps.add("")
                if tree.items.fills:  # what the rule `missing` says then is for the row path
                    batch.odd[tree.rows[ids[here[results.is_null().to_numpy()[index]]]]] = True
            made[here] = self.pool.add(results.fill_null(GAP))[index]
        return made

    def _join(self, ids: Numbers) -> None:
        """Phrases side by side: those in which something is missing vanish, and the words around them close up."""
        if not self.tree.batch.gaps:
            return
        numbers = self.tree.values[ids]
        for number in np.flatnonzero(np.bincount(numbers, minlength=1)):
            here = ids[numbers == number]
            group = self.tree.items.groups[number]
            gone = np.zeros(len(here), dtype=np.int64)
            for phrase in range(len(group.phrases.phrases)):
                gone |= self._gaps(here + 1 + 2 * phrase).astype(np.int64) << phrase
            for which in np.unique(gone[gone > 0]):
                self._vanish(here[gone == which], group, int(which))

    def _gaps(self, phrases: Numbers) -> Numbers:
        """In which phrases something is missing; the words after each begin where it ends."""
        begins, ends = self.starts[phrases], self.starts[phrases + 1]
        found: Numbers = np.diff(_upto(self.pool.gaps()[self.pieces[_spread(begins, ends)]])[_upto(ends - begins)]) > 0
        return found

    def _vanish(self, ids: Numbers, group: PhraseGroup, which: int) -> None:
        gone = frozenset(number for number in range(len(group.phrases.phrases)) if which >> number & 1)
        left = closed(group.phrases, gone)
        if any((len(text) - len(text.rstrip("\\"))) % 2 for text in left.words):
            raise PastLimit
        words = map(self.pool.number, map(scan.unescape, left.words))
        self.pieces[self.starts[ids]] = next(words)
        for number, capital in enumerate(group.capitals):
            begins, after = self.starts[ids + 1 + 2 * number], self.starts[ids + 2 + 2 * number]
            if number in gone:
                self.pieces[_spread(begins, after + 1)] = NOTHING
                continue
            self.pieces[after] = next(words)
            if number in left.capitals:
                self.pieces[begins] = capital

    _work: Mapping[int, Callable[[ClosingPieces, Numbers], None]] = {
        RUN: _blank,
        KEPT: _keep,
        MODIFIED: _modify,
        READ: _recall,
        GROUP: _join,
    }


def _distinct(numbers: Numbers, most: int) -> tuple[Numbers, Numbers]:
    """The different ones of some numbers, and which of them each is."""
    there = np.zeros(most, dtype=np.bool_)
    there[numbers] = True
    distinct = np.flatnonzero(there)
    which = np.zeros(most, dtype=np.int32)
    which[distinct] = np.arange(len(distinct))
    return distinct, which[numbers]


def _upto(sizes: Numbers) -> Numbers:
    """Where things of these sizes begin and end that are side by side."""
    upto: Numbers = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    return upto


def _spread(begins: Numbers, ends: Numbers) -> Numbers:
    """All numbers from each beginning up to the end that belongs to it."""
    sizes = ends - begins
    upto = _upto(sizes)
    spread: Numbers = np.arange(upto[-1]) + np.repeat(begins - upto[:-1], sizes)
    return spread
