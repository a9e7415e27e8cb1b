"""Carries out a plan over a batch of rows: choices with NumPy, text with Polars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from coursewright import chance
from coursewright.words.cells import HOLDS, UNDECIDED, Cells, Coded, Codes, by_distinct, holds
from coursewright.words.marks import FAILED, FILLED, GAP, MARKS, has_gap
from coursewright.words.parts import Cell, Closing, Joined, Modified, Part, Pick, Test, WordList, Words, within
from coursewright.words.rules import Choice
from coursewright.words.slots import LARGEST_POOL, Filled, Index, Pool, Slot, either, fused, written

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar


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
    codes: Codes = field(default_factory=dict)
    gaps: set[str] = field(default_factory=set)  # the columns in which something is missing


class Columns:
    """A plan with the grammar it is of, ready for any number of batches."""

    path = "columns"

    def __init__(self, grammar: Grammar, part: Part, size: int) -> None:
        self.grammar = grammar
        self.part = part
        self.rows = max(_FEWEST, _NUMBERS // size)
        self.cells = Cells(grammar)
        self.told = {one.column for one in within(part) if isinstance(one, Cell)}
        self.reads_texts = any(isinstance(one, Modified | Closing) for one in within(part))  # before they are finished

    def write(self, batch: Batch) -> pl.Series | None:
        """The text of every row, or None if a row breaks a limit or a strict rule: then the row path says which."""
        if self.reads_texts and is_marked(batch.frame, self.told):
            return None
        text = written(self.slots(self.part, batch), len(batch.frame))
        if self.cells.failed and text.str.contains(FAILED, literal=True).any():
            return None
        if batch.gaps and not self.reads_texts and is_marked(batch.frame, self.told):
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
        if isinstance(part, Words | WordList):
            return [_words(part, batch)]
        if isinstance(part, Cell):
            return self._cell(part, batch)
        if isinstance(part, Joined):
            return fused([slot for piece in part.parts for slot in self.slots(piece, batch)])
        if isinstance(part, Modified):
            return self._modified(part, batch)
        if isinstance(part, Closing):
            return self._closing(part, batch)
        options = [self.slots(option, batch) for option in part.options]
        which = tested(part, batch) if isinstance(part, Test) else picked(part, batch)
        if isinstance(part, Test) and rows and which.max() == len(options):  # the row path says what does not compare
            self.cells.failed = True
            options.append([Pool((FAILED,))])
        return either(which, options, rows)

    def _cell(self, cell: Cell, batch: Batch) -> list[Slot]:
        texts = self.cells.texts(batch.frame[cell.column], cell.modifiers, batch.codes)
        if isinstance(texts, Coded):
            return self._filled(texts, cell.missing, batch)
        if not texts.null_count():
            return [Filled(texts)]
        batch.gaps.add(cell.column)
        if isinstance(cell.missing, Words):
            return [Filled(texts.fill_null(cell.missing.text))]
        missing = texts.is_null().to_numpy().astype(np.int32)
        return either(missing, [[Filled(texts.fill_null(""))], self.slots(cell.missing, batch)], len(batch.frame))

    def _filled(self, texts: Coded, missing: Part, batch: Batch) -> list[Slot]:
        """Texts, with what stands for those that are missing."""
        gaps = np.array([text is None for text in texts.results])
        if gaps.any():
            batch.gaps.add("")
        if not gaps.any() or isinstance(missing, Words):
            filler = missing.text if isinstance(missing, Words) else ""
            return [_coded([filler if text is None else text for text in texts.results], texts.index, batch)]
        present = _coded([text or "" for text in texts.results], texts.index, batch)
        which = gaps[texts.index].astype(np.int32)
        return either(which, [[present], self.slots(missing, batch)], len(batch.frame))

    def _modified(self, part: Modified, batch: Batch) -> list[Slot]:
        """Modifiers over a finished text: over the words of a pool once each, over anything else by distinct text."""
        slots = self.slots(part.part, batch)
        if len(slots) == 1 and isinstance(slots[0], Pool):
            pool = slots[0]
            index = np.zeros(len(batch.frame), dtype=np.int32) if pool.index is None else pool.index.numbers
            texts = [self.cells.modified(text, part.modifiers) for text in pool.texts]
            if None not in texts:
                return [Pool(tuple(text or "" for text in texts), pool.index)]
            return self._filled(Coded(texts, index), part.missing, batch)
        whole, memory = written(slots, len(batch.frame)), self.cells.remembered(("text", part.modifiers))
        return self._filled(
            by_distinct(whole, lambda text: self.cells.modified(text, part.modifiers), memory), part.missing, batch
        )

    def _closing(self, part: Closing, batch: Batch) -> list[Slot]:
        """Phrases, row by row without those in which something is missing, and with the words that then belong."""
        rows = len(batch.frame)
        phrases = [self.slots(phrase, batch) for phrase in part.phrases]
        if not batch.gaps:
            return self.slots(part.options[0], batch)
        which = np.zeros(rows, dtype=np.int32)
        for number, slots in enumerate(phrases):
            which |= _gaps(slots, rows).astype(np.int32) << number
        present, index = np.unique(which, return_inverse=True)
        options = [self.slots(part.options[number], batch) for number in present]
        return either(index.astype(np.int32), options, rows)


def _gaps(slots: list[Slot], rows: int) -> NDArray[np.bool_]:
    """In which rows something is missing."""
    found = np.zeros(rows, dtype=np.bool_)
    for slot in slots:
        if isinstance(slot, Pool):
            gaps = np.array([has_gap(text) for text in slot.texts])
            if gaps.any():
                found |= gaps[0] if slot.index is None else gaps[slot.index.numbers]
        else:
            found |= slot.texts.str.contains_any([GAP, FILLED]).to_numpy()
    return found


def is_marked(frame: pl.DataFrame, columns: Iterable[str]) -> bool:
    """Whether there is data in which noncharacters stand that we use ourselves: the row path knows them apart."""
    texts = [name for name in columns if frame.schema[name] == pl.String]
    found = frame.select(pl.col(texts).str.contains_any([*MARKS]).any()) if texts else None
    return found is not None and any(found.row(0))


def _words(part: Words | WordList, batch: Batch) -> Slot:
    if isinstance(part, Words):
        return Pool((part.text,))
    return _listed(part.texts, Index(chosen(part.choice, part.place, batch)))


def _coded(texts: list[str], numbers: NDArray[np.int32], batch: Batch) -> Slot:
    index: Index = batch.known.setdefault(("index", id(numbers)), Index(numbers))
    return _listed(tuple(texts), index)


def _listed(texts: tuple[str, ...], index: Index) -> Slot:
    """A pool if it is small, since pools can be joined beforehand, or else a column."""
    pool = Pool(texts, index)
    return pool if len(texts) <= LARGEST_POOL else Filled(pool.series(len(index.numbers)))


def picked(part: Pick, batch: Batch) -> NDArray[np.int32]:
    """Which option of a pick, row by row."""
    which = chosen(part.choice, part.place, batch)
    return which if part.option_of is None else np.array(part.option_of, dtype=np.int32).take(which)


def chosen(choice: Choice, place: int, batch: Batch) -> NDArray[np.int32]:
    """Which text of a choice, row by row: `rows.Draw.choose` for a whole batch."""
    if (id(choice), place) not in batch.known:
        batch.known[id(choice), place] = _chosen(choice, place, batch)
    found: NDArray[np.int32] = batch.known[id(choice), place]
    return found


def _chosen(choice: Choice, place: int, batch: Batch) -> NDArray[np.int32]:
    options = len(choice.texts)
    if choice.dealt:
        positions = np.arange(batch.start, batch.start + len(batch.frame))
        start = batch.seed ^ place
        return chance.turn_all(start, chance.deal_all(start, positions, options), choice.turn, options)
    return choice.picker.pick_all(chance.mix_all(batch.keys ^ np.uint64(place ^ batch.seed)))


def tested(part: Test, batch: Batch) -> NDArray[np.int32]:
    """Which option of a test, row by row: the first whose condition holds; one more is for what cannot be decided."""
    otherwise = len(part.conditions)
    which = np.full(len(batch.frame), otherwise, dtype=np.int32)
    for number, condition in reversed(list(enumerate(part.conditions))):
        if condition.text not in batch.known:
            batch.known[condition.text] = holds(batch.frame, condition)
        held = batch.known[condition.text]
        which[held == HOLDS] = number
        which[held == UNDECIDED] = otherwise + 1
    return which
