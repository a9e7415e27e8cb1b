"""Tells grammars that lead back to themselves: all rows of a batch together, level by level.

What a rule becomes is a run of items: fixed words, cells, and symbols, of which each becomes a run of items on the
next level. A place in the grammar is a hash that differs from row to row, so it is worked out with the items. When no
symbol is left, the items of all levels are put in order, and the text of a row is what stands between two of them. A
grammar that saves, has phrases that vanish, or "no repeat", raises `NotColumnar`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from coursewright import chance
from coursewright.words import scan
from coursewright.words.cells import Cells
from coursewright.words.coded import Coded, by_distinct
from coursewright.words.columns import Batch, leave_marked, tested
from coursewright.words.marks import FAILED, GAP, is_guarded
from coursewright.words.parts import NotColumnar, Test, check_modifiers
from coursewright.words.pieces import Pieces, between
from coursewright.words.rows import EACH, MISSING, ROOT, STEPS_PER_LENGTH
from coursewright.words.rules import Choice, RuleSet, choices_of, conditions_of
from coursewright.words.scan import SPECIAL, Modifier, Rule, Tag
from coursewright.words.values import has_field

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

_WORDS, _CELL, _SYMBOL, _MODIFIED = range(4)
_MOST_ITEMS = 20_000_000  # of a batch: a grammar that doubles without end is left to the row path to stop
_ROWS = 16_384


class _PastLimit(Exception):
    """A limit, or values that do not compare: the row path says which."""


@dataclass(frozen=True, eq=False)
class _Level:
    """Items side by side, and where the run of each symbol of the level above begins among them."""

    kinds: NDArray[Any]
    values: NDArray[Any]
    rows: NDArray[Any]
    places: NDArray[Any]
    bounds: NDArray[Any]

    @property
    def symbols(self) -> NDArray[Any]:
        """Where the symbols stand that become a run of the next level."""
        return np.flatnonzero(self.kinds == _SYMBOL)


class Growth:
    """A grammar made ready to be grown from a rule, for any number of batches."""

    rows, path = _ROWS, "levels"

    def __init__(self, grammar: Grammar, start: Rule, columns: Iterable[str]) -> None:
        if MISSING in grammar.compiled:
            raise NotColumnar(f'there is a rule "{MISSING}"')
        self.grammar = grammar
        self.columns = frozenset(columns)
        self.cells = Cells(grammar)
        self.words: dict[str, int] = {}
        self.told: dict[tuple[str, tuple[Modifier, ...]], int] = {}
        self.modified: dict[tuple[int, tuple[Modifier, ...]], int] = {}
        self.symbols: dict[str, int] = {}
        self.rules: list[RuleSet] = []
        self.first_option: dict[int, int] = {}  # of a choice, by its identity
        self.escaped = False
        runs = [self._items(start)]
        for rules in self.rules:  # grows while symbols are found
            for choice in choices_of(rules):
                if choice.dealt:
                    raise NotColumnar('there is a "no repeat" in it')
                self.first_option[id(choice)] = len(runs)
                runs += [self._items(scan.read(text)) for text in choice.texts]
        if self.modified and (self.escaped or any(name in grammar.modifiers for name in self._modifiers())):
            raise NotColumnar("it modifies what may hold an escape")
        items = np.array([item for run in runs for item in run] or [(0, 0, 0)], dtype=np.uint64)
        self.kinds, self.values = items[:, 0].astype(np.int8), items[:, 1].astype(np.int64)
        self.steps = items[:, 2]
        self.lengths = np.array([len(run) for run in runs])
        self.starts = np.cumsum(self.lengths) - self.lengths

    @property
    def needed(self) -> frozenset[str]:
        """The columns that are told or tested."""
        tests = {name for rules in self.rules for condition in conditions_of(rules) for name in condition.columns}
        return frozenset(tests.union(column for column, _ in self.told))

    def _modifiers(self) -> set[str]:
        return {modifier.name for _, modifiers in self.modified for modifier in modifiers}

    def _items(self, rule: Rule) -> list[tuple[int, int, int]]:
        if rule.errors and self.grammar.strict:
            raise NotColumnar(f'"{rule.text}" cannot be read')
        return [self._item(part) for part in rule.parts]

    def _item(self, part: Any) -> tuple[int, int, int]:
        if isinstance(part, str):
            if is_guarded(part) or (len(part) - len(part.rstrip("\\"))) % 2:
                raise NotColumnar(f'"{part}" holds a backslash at its end, or a noncharacter')
            self.escaped = self.escaped or not SPECIAL.isdisjoint(part)
            return _WORDS, _number(self.words, scan.unescape(part)), 0
        if not isinstance(part, Tag) or part.actions or part.problem:
            raise NotColumnar("it saves something, or has phrases that may vanish")
        symbol = "undefined" if part.symbol is None else part.symbol
        check_modifiers(self.grammar, part.modifiers, literal=part.literal)
        if any(name == EACH for name, _ in part.modifiers):
            raise NotColumnar("it tells each row of a group")
        if part.symbol in self.columns or (symbol not in self.grammar.compiled and has_field(self.columns, symbol)):
            return _CELL, _number(self.told, (symbol, part.modifiers)), 0
        if part.symbol not in self.grammar.compiled:
            if self.grammar.strict or part.modifiers or not SPECIAL.isdisjoint(symbol):
                raise NotColumnar(f'nothing is called "{symbol}"')
            return _WORDS, _number(self.words, f"(({symbol}))"), 0
        if symbol not in self.symbols:
            self._tested(symbol)
            self.rules.append(self.grammar.compiled[symbol])
        number = _number(self.symbols, symbol)
        if part.modifiers:
            return _MODIFIED, _number(self.modified, (number, part.modifiers)), part.step
        return _SYMBOL, number, part.step

    def _tested(self, symbol: str) -> None:
        for condition in conditions_of(self.grammar.compiled[symbol]):
            for name in condition.columns:
                if name not in self.columns and not has_field(self.columns, name):
                    raise NotColumnar(f'no column called "{name}"')

    def write(self, batch: Batch) -> pl.Series | None:
        """The text of every row, or None if a row breaks a limit or a strict rule: then the row path says which."""
        rows = np.arange(len(batch.frame))
        places = np.full(len(rows), ROOT, dtype=np.uint64)
        try:
            text = self._texts(batch, np.zeros(len(rows), dtype=np.int64), rows, places, 0)
        except _PastLimit:
            return None
        if self.cells.failed:
            batch.leave(text.str.contains(FAILED, literal=True))
        if batch.gaps or self.modified:
            leave_marked(batch, {column for column, _ in self.told})
        return text

    def _texts(
        self, batch: Batch, options: NDArray[Any], rows: NDArray[Any], places: NDArray[Any], depth: int
    ) -> pl.Series:
        """What options chosen for rows, at places in the grammar, become."""
        levels: list[_Level] = []
        items = 0
        while not levels or len(rows):
            if depth + len(levels) > self.grammar.max_depth:
                raise _PastLimit
            level = self._level(options, rows, places)
            levels.append(level)
            items += len(level.kinds)
            if items > _MOST_ITEMS:
                raise _PastLimit
            symbols = level.symbols
            rows, places = level.rows[symbols], level.places[symbols]
            options = self._options(batch, level.values[symbols], rows, places)
        self._count_steps(batch, levels)
        pieces, bounds = self._in_order(batch, levels, depth)
        text = between(pieces, bounds)
        longest = text.str.len_bytes().max() if len(text) else 0
        if not isinstance(longest, int) or longest > self.grammar.max_length:
            raise _PastLimit
        return text

    def _level(self, options: NDArray[Any], rows: NDArray[Any], places: NDArray[Any]) -> _Level:
        lengths = self.lengths[options]
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        owner = np.repeat(np.arange(len(options)), lengths)
        item = (self.starts[options] - bounds[:-1])[owner] + np.arange(bounds[-1])
        inside = chance.mix_all(places[owner] ^ self.steps[item])
        return _Level(self.kinds[item], self.values[item], rows[owner], inside, bounds)

    def _count_steps(self, batch: Batch, levels: list[_Level]) -> None:
        """A row may take so many steps, in all that is told of it."""
        most = self.grammar.max_length * STEPS_PER_LENGTH // 10
        if self.modified or sum(len(level.bounds) for level in levels) > most:
            taken = np.concatenate([level.rows[level.kinds >= _SYMBOL] for level in levels])
            steps = batch.known.get("steps", 1) + np.bincount(taken, minlength=len(batch.frame))
            batch.known["steps"] = steps
            if steps.max(initial=0) > most:
                raise _PastLimit

    def _options(self, batch: Batch, symbols: NDArray[Any], rows: NDArray[Any], places: NDArray[Any]) -> NDArray[Any]:
        options = np.zeros(len(symbols), dtype=np.int64)
        for symbol in np.unique(symbols):
            here = np.flatnonzero(symbols == symbol)
            options[here] = self._chosen(batch, self.rules[symbol], rows[here], places[here])
        return options

    def _chosen(self, batch: Batch, rules: RuleSet, rows: NDArray[Any], places: NDArray[Any]) -> NDArray[Any]:
        """The option of each row at a place: `rows.Writer._rules` for all of them."""
        if isinstance(rules, Choice):
            first = self.first_option[id(rules)]
            if len(rules.texts) == 1:
                return np.full(len(rows), first)
            hashed = chance.mix_all(batch.keys()[rows] ^ places ^ np.uint64(batch.seed))
            return rules.picker.pick_all(hashed).astype(np.int64) + first
        if id(rules) not in batch.known:
            batch.known[id(rules)] = tested(Test(tuple(condition for condition, _ in rules.cases), ()), batch)
        which = batch.known[id(rules)][rows]
        if which.max(initial=0) > len(rules.cases):  # values that do not compare
            raise _PastLimit
        if len(which) and which.max() > len(rules.cases):
            raise _PastLimit  # values that do not compare
        options = np.zeros(len(rows), dtype=np.int64)
        for number, then in enumerate([*(then for _, then in rules.cases), rules.otherwise]):
            here = np.flatnonzero(which == number)
            options[here] = self._chosen(batch, then, rows[here], places[here])
        return options

    def _in_order(self, batch: Batch, levels: list[_Level], depth: int) -> tuple[pl.Series, NDArray[Any]]:
        """All pieces of text in order, and where the run of each root begins and ends among them."""
        upto: list[NDArray[Any]] = []
        for level, below in zip(reversed(levels), [None, *reversed(levels)], strict=False):
            counts = np.ones(len(level.kinds), dtype=np.int64)
            if below is not None:
                counts[level.symbols] = np.diff(upto[-1][below.bounds])
            upto.append(np.concatenate([[0], np.cumsum(counts)]))
        upto.reverse()
        pool = Pieces(self.words)
        pieces = np.zeros(upto[0][-1], dtype=np.int64)
        start = upto[0][:-1]
        for number, (level, sums) in enumerate(zip(levels, upto, strict=True)):
            if number:
                above = levels[number - 1]
                begins = start[above.symbols] - sums[level.bounds[:-1]]
                start = np.repeat(begins, np.diff(level.bounds)) + sums[:-1]
            leaves = np.flatnonzero(level.kinds != _SYMBOL)
            pieces[start[leaves]] = self._pieces(batch, level, depth + number, pool)[leaves]
        return pool.gather(pieces), upto[0][levels[0].bounds]

    def _pieces(self, batch: Batch, level: _Level, depth: int, pool: Pieces) -> NDArray[Any]:
        found = level.values.copy()
        for (column, modifiers), number in self.told.items():
            here = np.flatnonzero((level.kinds == _CELL) & (level.values == number))
            if len(here):
                found[here] = self._cell(batch, column, modifiers, pool)[level.rows[here]]
        for (symbol, modifiers), number in self.modified.items():
            here = np.flatnonzero((level.kinds == _MODIFIED) & (level.values == number))
            if len(here):
                rows, places = level.rows[here], level.places[here]
                options = self._options(batch, np.full(len(here), symbol), rows, places)
                texts = self._texts(batch, options, rows, places, depth + 1)
                memory = self.cells.remembered(("text", modifiers))
                coded = by_distinct(texts, lambda text: self.cells.modified(text, modifiers), memory)  # noqa: B023 - called at once
                found[here] = pool.add(_filled(coded.series(pl.String), "", batch))[: len(here)]
        return found

    def _cell(self, batch: Batch, column: str, modifiers: tuple[Modifier, ...], pool: Pieces) -> NDArray[Any]:
        known = "grown", column, modifiers
        if known not in batch.known:
            batch.known[known] = self.cells.texts(batch.frame[column], modifiers, batch.codes)
        texts = batch.known[known]
        if known not in pool.known:
            if isinstance(texts, Coded):
                results = pl.Series("", texts.results, dtype=pl.String)
                pool.known[known] = pool.add(_filled(results, column, batch))[texts.index]
            else:
                pool.known[known] = pool.add(_filled(texts, column, batch))
        return pool.known[known]


def _number(known: dict[Any, int], name: Any) -> int:
    return known.setdefault(name, len(known))


def _filled(texts: pl.Series, column: str, batch: Batch) -> pl.Series:
    if texts.null_count():
        batch.gaps.add(column)
    return texts.fill_null(GAP)
