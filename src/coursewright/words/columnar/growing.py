"""Tells grammars that lead back to themselves: all rows of a batch together, level by level.

What a rule becomes is a run of items: fixed words, cells, and symbols, of which each becomes a run of items on the
next level (`items.py`, `tree.py`). A place in the grammar is a hash that differs from row to row, so it is worked out
with the items. What was saved or dealt before is looked up when the items before it are known (`recalling.py`). When
no symbol is left, the items of all levels are put in order, and the text of a row is what stands between two of them
(`closing.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import polars as pl
from numpy.typing import NDArray

from coursewright.words.columnar.batch import Batch
from coursewright.words.columnar.cells import ValuePrinter
from coursewright.words.columnar.closing import ClosingPieces
from coursewright.words.columnar.coded import ColumnCodes
from coursewright.words.columnar.columns import leave_marked
from coursewright.words.columnar.items import RUN, Items
from coursewright.words.columnar.pieces import Pieces
from coursewright.words.columnar.recalling import recall
from coursewright.words.columnar.tables import Tables
from coursewright.words.columnar.tree import ItemTree, PastLimit
from coursewright.words.language.scan import Rule
from coursewright.words.marks import FAILED, GAP

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

_ROWS, _FEWEST = 16_384, 1000


class Growth:
    """A grammar made ready to be grown from a rule, for any number of batches. Raises NotColumnar."""

    rows, path = _ROWS, "levels"

    def __init__(self, grammar: Grammar, start: Rule, columns: Iterable[str]) -> None:
        self.grammar = grammar
        self.cells = ValuePrinter(grammar)
        self.items = Items(grammar, start, columns)
        self.tables = Tables(self.items)
        self.items_a_row = 1.0  # for which there is room at first: as many as there were in the largest batch
        self.told = {column for column, _ in self.items.told}
        self._cells = [*self.items.told]
        self.closes = bool(self.items.kept or self.items.modified or self.items.groups or RUN in self.tables.kinds)

    @property
    def needed(self) -> frozenset[str]:
        """The columns that are told or tested."""
        return self.items.needed

    def write(self, batch: Batch) -> pl.Series | None:
        """The text of every row, or None if a row breaks a limit or a strict rule: then the row path says which."""
        try:
            tree = ItemTree(self, batch)
            recall(tree)
            tree.check_steps()
            self.items_a_row = max(self.items_a_row, tree.count / max(len(batch.frame), _FEWEST))
            text = ClosingPieces(tree, tree.order(), Pieces(self.items.words)).texts()
        except PastLimit:
            return None
        if self.cells.failed:
            batch.leave(text.str.contains(FAILED, literal=True))
        if batch.gaps or self.closes or self.cells.unfit:
            leave_marked(batch, self.told)
        return text

    def missing(self, batch: Batch, cell: int) -> NDArray[Any]:
        """In which rows a cell has no value."""
        known = "missing", cell
        if known not in batch.known:
            texts = self._texts(batch, cell)
            if isinstance(texts, ColumnCodes):
                results = pl.Series("", texts.results, dtype=pl.String)
                batch.known[known] = results.is_null().to_numpy()[texts.index]
            else:
                batch.known[known] = texts.is_null().to_numpy()
        missing: NDArray[Any] = batch.known[known]
        return missing

    def cell_pieces(self, batch: Batch, cell: int, pool: Pieces) -> NDArray[Any]:
        """The number of the text of a cell in each row."""
        if cell not in pool.known:
            coded = self._texts(batch, cell)
            texts = pl.Series("", coded.results, dtype=pl.String) if isinstance(coded, ColumnCodes) else coded
            if texts.null_count():
                batch.gaps.add(self._cells[cell][0])
            numbers = pool.add(texts.fill_null(GAP))
            pool.known[cell] = numbers[coded.index] if isinstance(coded, ColumnCodes) else numbers
        return pool.known[cell]

    def _texts(self, batch: Batch, cell: int) -> ColumnCodes | pl.Series:
        column, modifiers = self._cells[cell]
        known = "grown", column, modifiers
        if known not in batch.known:
            batch.known[known] = self.cells.texts(batch.frame[column], modifiers, batch.codes)
        texts: ColumnCodes | pl.Series = batch.known[known]
        return texts
