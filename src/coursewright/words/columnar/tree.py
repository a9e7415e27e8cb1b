"""The items of a batch: how each of them becomes a run of others, for all rows at a time, and in which order they are.

Items have numbers in the order in which they are found, level by level. What a symbol becomes that was saved, or that
deals, hangs on what comes before it in the text: such items wait until all others are known (`recalling.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursewright import chance
from coursewright.words.columnar.batch import Batch
from coursewright.words.columnar.columns import tested
from coursewright.words.columnar.items import FILLED, GROUP, KEPT, MODIFIED, PHRASE, POP, PUSH, READ, RUN, SYMBOL
from coursewright.words.columnar.parts import Test
from coursewright.words.language.rules import Alternatives, RuleSet
from coursewright.words.rowwise.draw import ROOT
from coursewright.words.rowwise.writer import STEPS_PER_LENGTH

if TYPE_CHECKING:
    from coursewright.words.columnar.growing import Growth

_MOST_ITEMS = 20_000_000  # of a batch: a grammar that doubles without end is left to the row path to stop
_OWN = np.ones(RUN + 1, dtype=np.bool_)  # kinds of which one piece of text is the item itself
_OWN[[SYMBOL, PHRASE]] = False
_FEW = 16  # one in so many: they are sorted faster than looked for
Numbers = NDArray[Any]


class PastLimit(Exception):
    """A limit, or what a strict grammar refuses: the row path says which."""


@dataclass(frozen=True, slots=True, eq=False)
class Buds:
    """Items that become runs: their numbers, rows, places, how deep they are, what is closed around them.

    `deals` is the number of the choice that an item deals, or -1.
    """

    ids: Numbers
    rows: Numbers
    places: Numbers
    depths: Numbers
    scopes: Numbers
    deals: Numbers

    def at(self, which: Numbers) -> Buds:
        """Some of them."""
        return Buds(*(getattr(self, one.name)[which] for one in fields(self)))

    def beside(self, other: Buds) -> Buds:
        """These and others, which were found later."""
        pairs = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return Buds(*map(np.concatenate, pairs))


class ItemTree:
    """The items of a batch, all of whose rows begin with option 0."""

    def __init__(self, growth: Growth, batch: Batch) -> None:
        self.growth, self.batch = growth, batch
        self.tables, self.items = growth.tables, growth.items
        rows = len(batch.frame)
        self.count = self.taken = 0  # items, and steps in all
        self.most = growth.grammar.max_length * STEPS_PER_LENGTH // 10
        room = int(growth.items_a_row * rows) + 1
        self.kinds = np.empty(room, dtype=np.int8)
        self.values, self.rows, self.scopes = (np.empty(room, dtype=np.int32) for _ in range(3))
        self.runs: list[Run] = []
        self.live = self.runs  # in rows in which items wait
        self.saves: list[tuple[Numbers, Numbers, Numbers]] = []  # items, what they save or forget, and which of both
        self.dealt: list[tuple[Numbers, Numbers]] = []  # items, and what they deal
        self.shown: list[tuple[Numbers, Numbers]] = []  # items, and which saved item each of them shows
        self.ordered = False, 0, ItemOrder(*[self.rows[:0]] * 3)  # of live rows alone, after so many runs
        none = np.full(rows, -1, dtype=np.int32)
        zeros, places = np.zeros(rows, dtype=np.int32), np.full(rows, ROOT, dtype=np.uint64)
        roots = Buds(none, np.arange(rows, dtype=np.int32), places, zeros - 1, none, none)
        self.waiting = roots.at(np.arange(0))
        self.grow(roots, zeros)

    def grow(self, buds: Buds, options: Numbers) -> None:
        """Makes runs of items for which an option is known, and of all that they lead to; some are left waiting."""
        while len(buds.ids):
            found = self._add(buds, options)
            options, deals = self._options(found)
            known = options >= 0
            late = np.flatnonzero(~known & ((deals >= 0) | (self.kinds[found.ids] == READ)))
            if len(late):
                self.wait(replace(found, deals=deals).at(late))
            here = np.flatnonzero(known)
            buds, options = (found, options) if len(here) == len(known) else (found.at(here), options[here])

    def wait(self, buds: Buds) -> None:
        """Leaves items until what comes before them is known."""
        self.waiting = self.waiting.beside(buds)
        deals = np.flatnonzero(buds.deals >= 0)
        self.dealt.append((buds.ids[deals], self.tables.counter[buds.deals[deals]]))

    def _add(self, buds: Buds, options: Numbers) -> Buds:
        """The items of options, and which of them become runs themselves."""
        tables = self.tables
        lengths = tables.lengths[options]
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        start, size = self.count, int(bounds[-1])
        self.taken += len(options)
        if self.taken > self.most * len(self.batch.frame):
            raise PastLimit
        self._make_room(start + size)
        owners = np.repeat(np.arange(len(options)), lengths)
        item = np.arange(size) + (tables.starts[options] - bounds[:-1])[owners]
        kinds, here = tables.kinds[item], slice(start, start + size)
        self.kinds[here], self.values[here], self.rows[here] = kinds, tables.values[item], buds.rows[owners]
        run = Run(buds.ids, buds.rows, here, bounds)
        self.runs.append(run)
        if self.live is not self.runs:
            self.live.append(run)
        if self.items.targets:
            self._note_saves(np.flatnonzero((kinds == PUSH) | (kinds == POP)) + start)
        grows = np.flatnonzero(kinds >= FILLED)
        first, owner = item[grows], owners[grows]
        places = chance.mix_all(buds.places[owner] ^ tables.steps[0][first]) if len(grows) else buds.places[:0]
        for step in range(1, tables.deepest):
            deeper = np.flatnonzero(tables.counts[first] > step)
            places[deeper] = chance.mix_all(places[deeper] ^ tables.steps[step][first[deeper]])
        kind = self.kinds[buds.ids] if start else np.full(len(options), SYMBOL, dtype=np.int8)
        depths = buds.depths + (kind != PHRASE) * (kind != FILLED)
        if depths.max(initial=0) > self.growth.grammar.max_depth:
            raise PastLimit
        scopes = buds.scopes
        if self.growth.closes:
            phrase = kind == PHRASE
            scopes = np.where(kind >= GROUP, buds.ids, scopes)
            scopes = np.where(phrase, buds.ids - tables.headers[options], scopes)
            self.scopes[start + grows] = scopes[owner]
        none = np.full(len(grows), -1, dtype=np.int32)
        ids = (start + grows).astype(np.int32)
        return Buds(ids, buds.rows[owner], places, depths[owner], scopes[owner], none)

    def _make_room(self, count: int) -> None:
        if count > _MOST_ITEMS:
            raise PastLimit
        self.count = count
        if count > len(self.kinds):
            more = max(count, 2 * len(self.kinds)) - len(self.kinds)
            for name in ("kinds", "values", "rows", "scopes"):
                array = getattr(self, name)
                setattr(self, name, np.concatenate([array, np.empty(more, dtype=array.dtype)]))

    def _note_saves(self, ids: Numbers) -> None:
        pushes = self.kinds[ids] == PUSH
        values = self.values[ids]
        targets = values.copy()
        targets[pushes] = self.tables.push_target[values[pushes]]
        self.saves.append((ids.astype(np.int32), targets, np.where(pushes, 1, -1)))

    def _options(self, buds: Buds) -> tuple[Numbers, Numbers]:
        """The option that each item becomes, or -1, and the number of what it deals, or -1."""
        kinds, values = self.kinds[buds.ids], self.values[buds.ids]
        options = np.full(len(kinds), -1, dtype=np.int32)
        present = np.flatnonzero(np.bincount(kinds, minlength=1))
        for kind in present:
            here = slice(None) if len(present) == 1 else np.flatnonzero(kinds == kind)
            if kind in {PHRASE, KEPT, RUN}:
                options[here] = values[here]
            elif kind == FILLED:
                options[here] = np.where(self._missing(values[here], buds.rows[here]), self.items.missing, -1)
            elif kind not in {GROUP, READ}:
                symbols = self.tables.symbol_of[values[here]] if kind == MODIFIED else values[here]
                options[here] = self.chosen(symbols, buds.rows[here], buds.places[here])
        return options, np.where(options < -1, -2 - options, -1).astype(np.int32)

    def _missing(self, cells: Numbers, rows: Numbers) -> Numbers:
        """Where a cell has no value."""
        missing = np.zeros(len(cells), dtype=np.bool_)
        for cell in np.flatnonzero(np.bincount(cells, minlength=1)):
            here = np.flatnonzero(cells == cell)
            missing[here] = self.growth.missing(self.batch, int(cell))[rows[here]]
        return missing

    def chosen(self, symbols: Numbers, rows: Numbers, places: Numbers) -> Numbers:
        """The option of each of these symbols in a row, at a place; of what is dealt -2 less its number."""
        options = np.zeros(len(symbols), dtype=np.int32)
        present = np.flatnonzero(np.bincount(symbols, minlength=1))
        for symbol in present:
            _, rules, under = self.items.rules[symbol]
            if len(present) == 1:
                return self._chosen(rules, rows, places, under=under)
            here = np.flatnonzero(symbols == symbol)
            options[here] = self._chosen(rules, rows[here], places[here], under=under)
        return options

    def _chosen(self, rules: RuleSet, rows: Numbers, places: Numbers, *, under: bool) -> Numbers:
        """The option of each row at a place: `rows.Writer._rules` for all of them."""
        if isinstance(rules, Alternatives):
            return self._choice(rules, rows, places, under=under)
        known = self.batch.known
        if id(rules) not in known:
            known[id(rules)] = tested(Test(tuple(condition for condition, _ in rules.cases), ()), self.batch)
        which = known[id(rules)][rows]
        options = np.zeros(len(rows), dtype=np.int32)
        for number, then in enumerate([*(then for _, then in rules.cases), rules.otherwise]):
            here = np.flatnonzero(which == number)
            options[here] = self._chosen(then, rows[here], places[here], under=under)
        if which.max(initial=0) > len(rules.cases):  # values that do not compare
            self.growth.cells.failed = True
            options[which > len(rules.cases)] = self.items.failed
        return options

    def _choice(self, choice: Alternatives, rows: Numbers, places: Numbers, *, under: bool) -> Numbers:
        first = self.items.first_option[id(choice), under]
        if (id(choice), under) in self.items.deals:
            return np.full(len(rows), -2 - self.items.deals[id(choice), under], dtype=np.int32)
        if len(choice.texts) == 1:
            return np.full(len(rows), first, dtype=np.int32)
        hashed = chance.mix_all(self.batch.keys()[rows] ^ places ^ np.uint64(self.batch.seed))
        picked: Numbers = choice.picker.pick_all(hashed) + np.int32(first)
        return picked

    def order(self, *, live: bool = False) -> ItemOrder:
        """Where each item stands in the text, of all that are known so far, or of those in rows that wait."""
        runs = self.live if live else self.runs
        if self.ordered[:2] == (live and runs is not self.runs, len(runs)):
            return self.ordered[2]
        sizes, starts = np.empty((2, self.count), dtype=np.int32)
        sums = []
        for run in runs:
            sizes[run.items] = _OWN[self.kinds[run.items]]
        for run in reversed(runs):
            upto = np.concatenate([[0], np.cumsum(sizes[run.items])])
            sums.append(upto)
            if run is not runs[0]:
                sizes[run.owners] += np.diff(upto[run.bounds])
        for run, upto in zip(runs, reversed(sums), strict=True):
            begins = np.zeros(len(run.owners), dtype=np.int64)
            if run is not runs[0]:
                begins = starts[run.owners] + _OWN[self.kinds[run.owners]] - upto[run.bounds[:-1]]
            starts[run.items] = upto[:-1] + np.repeat(begins, np.diff(run.bounds))
        order = ItemOrder(starts, sizes, sums[-1][runs[0].bounds])
        self.ordered = live and runs is not self.runs, len(runs), order
        return order

    def narrow(self, rows: Numbers) -> None:
        """Takes only some rows for live; `rows` says which."""
        self.live = [run.of_rows(rows) for run in self.live]
        self.ordered = False, 0, self.ordered[2]

    def check_steps(self) -> None:
        """A row may take so many steps, in all that is told of it. Raises PastLimit."""
        taken = [run.rows for run in self.runs] + [self.rows[ids] for ids, _ in self.shown]
        if sum(map(len, taken)) > self.most and np.bincount(np.concatenate(taken)).max(initial=0) > self.most:
            raise PastLimit


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Items side by side, between two bounds those of each owner, which is in one of the rows."""

    owners: Numbers
    rows: Numbers
    items: slice | Numbers
    bounds: Numbers

    def of_rows(self, rows: Numbers) -> Run:
        """What of them is in some rows: `rows` says which."""
        here, sizes = rows[self.rows], np.diff(self.bounds)
        items = np.arange(self.items.start, self.items.stop) if isinstance(self.items, slice) else self.items
        bounds = np.concatenate([[0], np.cumsum(sizes[here])])
        return Run(self.owners[here], self.rows[here], items[np.repeat(here, sizes)], bounds)


@dataclass(frozen=True, slots=True, eq=False)
class ItemOrder:
    """Where items begin, counted in pieces of text from the first row on, how many pieces they take, and rows begin."""

    starts: Numbers
    sizes: Numbers
    rows: Numbers

    def sort(self, ids: Numbers) -> Numbers:
        """What puts different items in order that are no symbols or phrases: `np.argsort` of where they begin."""
        starts = self.starts[ids]
        if len(ids) < self.rows[-1] // _FEW:
            return np.argsort(starts)
        places = np.full(self.rows[-1], -1, dtype=np.int32)
        places[starts] = np.arange(len(ids))
        return places[places >= 0]
