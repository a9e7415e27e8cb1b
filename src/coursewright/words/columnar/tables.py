"""The items of all options of a grammar as arrays, and what an option may lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from coursewright.words.columnar.items import (
    DEALING,
    FILLED,
    KEPT,
    MODIFIED,
    PHRASE,
    POP,
    PUSH,
    READ,
    RUN,
    SYMBOL,
    Item,
    Items,
    SymbolReference,
)
from coursewright.words.columnar.parts import NotColumnar


class Tables:
    """Arrays of the kinds, numbers and steps of items, option by option. Raises NotColumnar."""

    def __init__(self, items: Items) -> None:
        self.items = items
        flat = [item for run in items.runs for item in run]
        self.kinds = np.array([kind for kind, _, _ in flat], dtype=np.int8)
        self.values = np.array([value for _, value, _ in flat], dtype=np.int32)
        self.counts = np.array([len(steps) for _, _, steps in flat], dtype=np.int8)
        self.deepest = int(self.counts.max(initial=0))
        steps = [[*steps, *[0] * (self.deepest - len(steps))] for _, _, steps in flat]
        self.steps = np.array(steps, dtype=np.uint64).reshape(len(flat), self.deepest).T.copy()
        self.lengths = np.array([len(run) for run in items.runs], dtype=np.int32)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.headers = np.array([items.headers.get(option, 0) for option in range(len(items.runs))], dtype=np.int32)
        self.symbol_of = np.array([symbol for symbol, _ in items.modified], dtype=np.int32)
        self.push_target = np.array([target for target, _ in items.pushes], dtype=np.int32)
        self.before = np.array([group.before for group in items.groups], dtype=np.int32)
        self.reads = [*items.reads]
        self.read_target = np.array([read.target for read in self.reads], dtype=np.int32)
        self.read_modified = np.array([-1 if read.modified is None else read.modified for read in self.reads], np.int32)
        counters: dict[int, int] = {}
        self.counter = np.array([counters.setdefault(id(deal.choice), len(counters)) for deal in items.dealt], np.int32)
        self.leads = [set(self._led(run)) for run in items.runs]
        self._check()
        changing = {option for option, run in enumerate(items.runs) if any(map(self._changes, run))}
        dealt = [range(deal.option, deal.option + len(deal.choice.texts)) for deal in items.dealt]
        # What comes after these is known only when they are: they may save, forget or deal.
        self.dealt_change = np.array([not changing.isdisjoint(self.reach(some)) for some in dealt], dtype=np.bool_)
        self.reads_change = np.array([self._reads_change(read, changing) for read in self.reads], dtype=np.bool_)

    def reach(self, options: Iterable[int]) -> set[int]:
        """The options that some options lead to, and they themselves; among them is ~symbol for each symbol."""
        waiting = [*options]
        found = set(waiting)
        while waiting:
            one = waiting.pop()
            more = (self.leads[one] if one >= 0 else set(self.items.options_of(~one))) - found
            found |= more
            waiting += more
        return found

    def _led(self, run: list[Item]) -> Iterator[int]:
        for kind, value, _ in run:
            if kind in {PHRASE, KEPT, RUN}:
                yield value
            elif kind == FILLED:
                yield self.items.missing
            elif kind == READ:
                yield from self._read_options(self.reads[value])
            elif kind in {SYMBOL, DEALING, MODIFIED}:
                yield ~int(self.symbol_of[value]) if kind == MODIFIED else ~value

    def _read_options(self, read: SymbolReference) -> list[int]:
        missing = [self.items.missing] if read.cell is not None and read.fills else []
        return [*missing, *([] if read.symbol is None else [~read.symbol])]

    def _reads_change(self, read: SymbolReference, changing: set[int]) -> bool:
        deals = read.symbol is not None and self.items.may_deal(read.symbol)
        return deals or not changing.isdisjoint(self.reach(self._read_options(read)))

    def _changes(self, item: Item) -> bool:
        kind, value, _ = item
        return kind in {PUSH, POP, DEALING} or (kind == MODIFIED and self.items.may_deal(int(self.symbol_of[value])))

    def _check(self) -> None:
        """Saved text is read again, and modified text is shown: neither may hold an escape."""
        items, own = self.items, self.items.grammar.modifiers
        symbols = {symbol for symbol, _ in items.modified} - {-1}
        raw = items.kept.union(~symbol for symbol in symbols)
        modified = {modifier.name for _, modifiers in items.modified for modifier in modifiers}
        told = {modifier.name for _, modifiers in items.told for modifier in modifiers} if items.kept else set()
        if self.reach(raw) & items.escaped or any(name in own for name in modified | told):
            raise NotColumnar("it saves or modifies what may hold an escape")
