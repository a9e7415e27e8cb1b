"""What was saved and dealt before an item, for all rows of a tree at a time.

What a symbol is that may have been saved hangs on what is saved and forgotten before it, and what is dealt on how often
it was before. Where the items before it are all known, it can be said. What it becomes may save or deal again: then
what comes after it has to wait for the next round.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coursewright import chance
from coursewright.words.columnar.items import CELL, DEALING, FILLED, MODIFIED, SymbolReference
from coursewright.words.columnar.tree import Buds, ItemOrder, ItemTree, Numbers, PastLimit
from coursewright.words.rowwise.choosing import saved_picker
from coursewright.words.rowwise.draw import dealt_place

_ROWS_PER_LAST = 512
_BASE, _NONE = -1, -2


def recall(tree: ItemTree) -> None:
    """Grows a tree until no item waits for what comes before it. Raises PastLimit."""
    live = rows = len(tree.batch.frame)
    while len(tree.waiting.ids):
        waits = np.zeros(rows, dtype=np.bool_)
        waits[tree.waiting.rows] = True
        waiting = int(waits.sum())
        if waiting < rows // _ROWS_PER_LAST:  # to tell the last few by themselves is quicker
            tree.batch.odd[waits] = True
            return
        if waiting <= live // 2:
            live = waiting
            tree.narrow(waits)
        _Round(tree, waits).resolve()
    if tree.growth.grammar.strict and tree.saves:
        _check_forgotten(tree)


class _Round:
    """One look at all items that wait: those are resolved before which everything is known."""

    def __init__(self, tree: ItemTree, waits: Numbers) -> None:
        self.tree, self.tables = tree, tree.tables
        self.waits = waits  # in which rows
        self.order: ItemOrder = tree.order(live=True)

    def resolve(self) -> None:
        """Says what they become, and grows it."""
        tree, waiting = self.tree, self.tree.waiting
        now = self._known(waiting)
        ready = waiting.at(np.flatnonzero(now))
        tree.waiting = waiting.at(np.flatnonzero(~now))
        if not len(tree.tables.reads):
            self._deal(ready)
            return
        reads = ready.deals < 0
        self._deal(ready.at(np.flatnonzero(~reads)))
        self._read(ready.at(np.flatnonzero(reads)))

    def _known(self, buds: Buds) -> Numbers:
        """Whether everything before an item is known: none that may save, forget or deal waits there."""
        where, changes = self.order.starts[buds.ids], np.zeros(len(buds.ids), dtype=np.bool_)
        deals = buds.deals >= 0
        if len(self.tables.dealt_change):
            changes = deals & self.tables.dealt_change[buds.deals * deals]
        if len(self.tables.reads):
            changes |= ~deals & self.tables.reads_change[self.tree.values[buds.ids] * ~deals]
        first = np.full(len(self.waits), self.order.rows[-1], dtype=np.int64)
        np.minimum.at(first, buds.rows[changes], where[changes])
        return where <= first[buds.rows]

    def _deal(self, buds: Buds) -> None:
        """What each of these deals: the texts of a choice come in turn."""
        if not len(buds.ids):
            return
        tree = self.tree
        ids, counters = (np.concatenate(some) for some in zip(*tree.dealt, strict=True))
        turns = np.zeros(tree.count, dtype=np.int32)
        waits = self.waits[tree.rows[ids]]
        for counter in np.unique(self.tables.counter[buds.deals]):
            here = ids[waits & (counters == counter)]
            here = here[self.order.sort(here)]
            turns[here] = np.arange(len(here)) - _firsts(tree.rows[here])
        options = np.zeros(len(buds.ids), dtype=np.int32)
        for number in np.unique(buds.deals):
            here = np.flatnonzero(buds.deals == number)
            options[here] = self._dealt(number, buds.rows[here], turns[buds.ids[here]])
        tree.grow(buds, options)

    def _dealt(self, number: int, rows: Numbers, turns: Numbers) -> Numbers:
        deal, batch = self.tree.items.dealt[number], self.tree.batch
        count, start = len(deal.choice.texts), batch.seed ^ dealt_place(deal.symbol)
        known = "dealt", id(deal.choice)
        if known not in batch.known:
            batch.known[known] = chance.deal_all(start, batch.positions, count)
        first, turns = batch.known[known][rows], turns % count
        dealt = np.zeros(len(rows), dtype=np.int32)
        for turn in np.unique(turns):
            here = np.flatnonzero(turns == turn)
            dealt[here] = chance.turn_all(start, first[here], int(turn), count)
        return dealt + np.int32(deal.option)

    def _read(self, buds: Buds) -> None:
        """What each of these is: saved, or what it is where nothing was."""
        if not len(buds.ids):
            return
        tree = self.tree
        ids, of_targets, signs = (np.concatenate(some) for some in zip(*tree.saves, strict=True))
        before = self.waits[tree.rows[ids]] & (ids < len(self.order.starts))  # not what was found in this round
        ids, of_targets, signs = ids[before], of_targets[before], signs[before]
        numbers = tree.values[buds.ids]
        targets = self.tables.read_target[numbers]
        found = np.full(len(numbers), _NONE, dtype=np.int64)
        for target in np.unique(targets):
            here = np.flatnonzero(targets == target)
            based = tree.items.based[target]
            events = of_targets == target
            found[here] = self._tops(ids[events], signs[events], buds.ids[here], based=based)
        self._refer(buds.at(np.flatnonzero(found >= 0)), found[found >= 0])
        for number in np.unique(numbers[found < 0]):
            read = self.tables.reads[number]
            of_read = numbers == number
            self._base(read, buds.at(np.flatnonzero(of_read & (found == _BASE))))
            self._unknown(read, buds.at(np.flatnonzero(of_read & (found == _NONE))))

    def _tops(self, events: Numbers, signs: Numbers, reads: Numbers, *, based: bool) -> Numbers:
        """For each of the reads of a symbol the item that saved what is on top, or _BASE, or _NONE."""
        ids = np.concatenate([events, reads])
        order = self.order.sort(ids)
        ids, signs = ids[order], np.concatenate([signs, np.zeros(len(reads), dtype=signs.dtype)])[order]
        rows = _firsts(self.tree.rows[ids])
        heights = _heights(signs, rows, int(based))
        if signs.min(initial=0) < 0:  # the last that was saved so high is on top
            again = np.argsort(rows * (heights.max() + 1) + heights, kind="stable")
            order, ids, signs, rows, heights = order[again], ids[again], signs[again], rows[again], heights[again]
        at = np.arange(len(ids))
        begins = np.maximum.accumulate(np.where(_changed(rows) | _changed(heights), at, 0))
        last = np.maximum.accumulate(np.where(signs > 0, at, -1))
        found = np.empty(len(ids), dtype=np.int64)
        found[order] = np.where(last >= begins, ids[last], np.where(heights > 0, _BASE, _NONE))
        return found[len(events) :]

    def _refer(self, buds: Buds, pushes: Numbers) -> None:
        """Notes which of the texts saved an item shows: a choice between them, where there are several."""
        tree = self.tree
        if buds.depths.max(initial=-1) >= tree.growth.grammar.max_depth:
            raise PastLimit
        saved = [written for _, written in tree.items.pushes]
        numbers = tree.values[pushes]
        kept = pushes.copy()
        for number in np.flatnonzero(np.bincount(numbers, minlength=1)):
            written = saved[number]
            here = np.flatnonzero(numbers == number)
            kept[here] -= len(written)
            if len(written) > 1:
                keys = tree.batch.keys()[buds.rows[here]] ^ buds.places[here] ^ np.uint64(tree.batch.seed)
                kept[here] += saved_picker(written).pick_all(chance.mix_all(keys))
        tree.shown.append((buds.ids, kept))

    def _base(self, read: SymbolReference, buds: Buds) -> None:
        """What a symbol is where nothing was saved: a cell, or what its rules say."""
        tree = self.tree
        if read.cell is not None:
            tree.kinds[buds.ids], tree.values[buds.ids] = FILLED if read.fills else CELL, read.cell
            if read.fills:
                gaps = np.flatnonzero(tree.growth.missing(tree.batch, read.cell)[buds.rows])
                tree.grow(buds.at(gaps), np.full(len(gaps), tree.items.missing, dtype=np.int32))
            return
        symbols = np.full(len(buds.ids), read.symbol, dtype=np.int32)
        options = tree.chosen(symbols, buds.rows, buds.places)
        self._show(read, buds, options)

    def _unknown(self, read: SymbolReference, buds: Buds) -> None:
        if len(buds.ids) and self.tree.growth.grammar.strict:
            raise PastLimit
        self._show(read, buds, np.full(len(buds.ids), read.unknown, dtype=np.int32))

    def _show(self, read: SymbolReference, buds: Buds, options: Numbers) -> None:
        """Grows items, modified or not; those whose choice is dealt wait for their turn."""
        tree = self.tree
        tree.kinds[buds.ids] = DEALING if read.modified is None else MODIFIED
        tree.values[buds.ids] = 0 if read.modified is None else read.modified
        late = options < 0
        tree.wait(replace(buds, deals=-2 - options).at(np.flatnonzero(late)))
        tree.grow(buds.at(np.flatnonzero(~late)), options[~late])


def _check_forgotten(tree: ItemTree) -> None:
    """Raises PastLimit if more is forgotten than was saved."""
    order = tree.order()
    ids, targets, signs = (np.concatenate(some) for some in zip(*tree.saves, strict=True))
    for target in np.unique(targets[signs < 0]):
        here = np.flatnonzero(targets == target)
        here = here[order.sort(ids[here])]
        rows = _firsts(tree.rows[ids[here]])
        if (_sums(signs[here], rows) + tree.items.based[target]).min() < 0:
            raise PastLimit


def _changed(numbers: Numbers) -> Numbers:
    """Where a number differs from the one before it."""
    changed: Numbers = np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]
    return changed


def _firsts(rows: Numbers) -> Numbers:
    """For each item the index of the first of its row, in arrays that are in order."""
    firsts: Numbers = np.maximum.accumulate(np.where(_changed(rows), np.arange(len(rows)), 0))
    return firsts


def _heights(signs: Numbers, rows: Numbers, first: int) -> Numbers:
    """How many things are saved after each event, of `first` to begin with; where nothing is, nothing is forgotten."""
    heights: Numbers = _sums(signs, rows) + first
    if signs.min(initial=0) >= 0:
        return heights
    apart = rows * (len(rows) + 2)  # so that the least of one row is not that of another
    lowest: Numbers = np.minimum.accumulate(heights - apart) + apart
    return heights - np.minimum(lowest, 0)


def _sums(signs: Numbers, rows: Numbers) -> Numbers:
    """The sums of signs up to each event of a row."""
    upto = np.cumsum(signs)
    sums: Numbers = upto - (upto - signs)[rows]
    return sums
