"""Carries out a plan over a batch of rows: choices with NumPy, text with Polars."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from coursewright import chance
from coursewright.words.cells import Cells, Coded, by_distinct, holds
from coursewright.words.parts import Cell, Joined, Modified, Part, Pick, Test, Words
from coursewright.words.rules import Choice
from coursewright.words.slots import LARGEST_POOL, Filled, Index, Pool, Slot, either, fused, written
from coursewright.words.values import FAILED

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar
    from coursewright.words.scan import Modifier


_NUMBERS = 30_000_000  # rows times parts that are worked on together: each takes a few bytes until a batch is done
_FEWEST = 4096


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows that are told together: their values, the hashes of their keys, and the position of the first."""

    frame: pl.DataFrame
    keys: NDArray[Any]
    seed: int
    start: int
    known: dict[Any, Any] = field(default_factory=dict)


class Columns:
    """A plan with the grammar it is of, ready for any number of batches."""

    def __init__(self, grammar: Grammar, part: Part, size: int) -> None:
        self.grammar = grammar
        self.part = part
        self.rows = max(_FEWEST, _NUMBERS // size)
        self.cells = Cells(grammar)

    def write(self, batch: Batch) -> pl.Series | None:
        """The text of every row, or None if a row breaks a limit or a strict rule: then the row path says which."""
        text = written(self.slots(self.part, batch), len(batch.frame))
        if self.cells.failed and text.str.contains(FAILED, literal=True).any():
            return None
        longest = text.str.len_bytes().max() if len(text) else 0
        return text if isinstance(longest, int) and longest <= self.grammar.max_length else None

    def slots(self, part: Part, batch: Batch) -> list[Slot]:
        """The slots of a part of the plan, worked out once for a batch."""
        if id(part) not in batch.known:
            batch.known[id(part)] = self._work_out(part, batch)
        known: list[Slot] = batch.known[id(part)]
        return known

    def _work_out(self, part: Part, batch: Batch) -> list[Slot]:
        rows = len(batch.frame)
        if isinstance(part, Words):
            return [Pool((part.text,))]
        if isinstance(part, Cell):
            return self._cell(part, batch)
        if isinstance(part, Joined):
            return fused([slot for piece in part.parts for slot in self.slots(piece, batch)])
        if isinstance(part, Modified):
            return [self._modified(self.slots(part.part, batch), part.modifiers, rows)]
        options = [self.slots(option, batch) for option in part.options]
        which = chosen(part.choice, part.place, batch) if isinstance(part, Pick) else tested(part, batch)
        return either(which, options, rows)

    def _cell(self, cell: Cell, batch: Batch) -> list[Slot]:
        rows = len(batch.frame)
        texts = self.cells.texts(batch.frame[cell.column], cell.modifiers)
        if isinstance(texts, Coded):
            gaps = np.array([text is None for text in texts.results])
            if not gaps.any() or isinstance(cell.missing, Words):
                filler = cell.missing.text if isinstance(cell.missing, Words) else ""
                return [_coded([filler if text is None else text for text in texts.results], texts.index)]
            missing = gaps[texts.index]
            present = _coded([text or "" for text in texts.results], texts.index)
        elif not texts.null_count():
            return [Filled(texts)]
        else:
            missing, present = texts.is_null().to_numpy(), Filled(texts.fill_null(""))
        return either(missing.astype(np.int32), [[present], self.slots(cell.missing, batch)], rows)

    def _modified(self, slots: list[Slot], modifiers: tuple[Modifier, ...], rows: int) -> Slot:
        """Modifiers over a finished text: over the words of a pool once each, over anything else by distinct text."""
        if len(slots) == 1 and isinstance(slots[0], Pool):
            return Pool(tuple([self.cells.text(text, modifiers) or "" for text in slots[0].texts]), slots[0].index)
        coded = by_distinct(written(slots, rows), lambda text: self.cells.text(text, modifiers) or "", {})
        return _coded(coded.results, coded.index)


def _coded(texts: list[str], index: NDArray[np.int32]) -> Slot:
    """A pool if it is small, since pools can be joined beforehand, or else a column."""
    if len(texts) <= LARGEST_POOL:
        return Pool(tuple(texts), Index(index))
    return Filled(pl.Series("", texts, dtype=pl.String).gather(index))


def chosen(choice: Choice, place: int, batch: Batch) -> NDArray[np.int32]:
    """Which text of a choice, row by row: `rows.Draw.choose` for a whole batch."""
    options = len(choice.texts)
    if choice.dealt:
        positions = np.arange(batch.start, batch.start + len(batch.frame))
        return chance.deal_all(batch.seed ^ place, positions, options)
    return choice.picker.pick_all(chance.mix_all(batch.keys ^ np.uint64(place ^ batch.seed)))


def tested(part: Test, batch: Batch) -> NDArray[np.int32]:
    """Which option of a test, row by row: the first whose condition holds."""
    which = np.full(len(batch.frame), len(part.conditions), dtype=np.int32)
    for number, condition in reversed(list(enumerate(part.conditions))):
        if condition.text not in batch.known:
            batch.known[condition.text] = holds(batch.frame, condition)
        which[batch.known[condition.text]] = number
    return which
