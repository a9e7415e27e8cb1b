"""Carries out a plan over a batch of rows: choices with NumPy, text with Polars."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from coursewright import chance
from coursewright.words.columnar.batch import Batch
from coursewright.words.columnar.cells import HOLDS, UNDECIDED, ValuePrinter, holds
from coursewright.words.columnar.coded import ColumnCodes, by_distinct
from coursewright.words.columnar.escapes import ended, finished
from coursewright.words.columnar.groups import ListGroup
from coursewright.words.columnar.parts import (
    ENDS,
    ClosingPhrases,
    ColumnValue,
    Concatenation,
    Each,
    FixedText,
    ModifiedPart,
    Part,
    Pick,
    Plan,
    Test,
    WordList,
    with_words,
    within,
)
from coursewright.words.columnar.slots import LARGEST_POOL, FullColumn, Pool, Slot, WordIndex, either, fused, written
from coursewright.words.language.rules import Alternatives
from coursewright.words.language.scan import SPECIAL
from coursewright.words.marks import FAILED, FILLED, GAP, MARKS, has_gap
from coursewright.words.printing.values import plain, text_of

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar


_NUMBERS = 30_000_000  # rows times parts that are worked on together: each takes a few bytes until a batch is done
_FEWEST = 4096


class Columns:
    """A plan with the grammar it is of, ready for any number of batches."""

    path = "columns"

    def __init__(self, grammar: Grammar, plan: Plan) -> None:
        self.grammar = grammar
        self.plan = plan
        self.part = with_words(plan.part, LARGEST_POOL)
        self.lists: dict[int, pl.Series] = {}  # the words of long lists, by the part
        self.rows = max(_FEWEST, _NUMBERS // plan.size)
        self.cells = ValuePrinter(grammar, escapes=plan.escapes, fails=plan.fails)
        self.told = {one.column for one in within(plan.part) if isinstance(one, ColumnValue | Each)}
        self.reads_texts = any(
            isinstance(one, ModifiedPart | ClosingPhrases) for one in within(plan.part)
        )  # before they are done
        self.cells_told = {one.column for one in within(plan.part) if isinstance(one, ColumnValue)}
        rules = [one.rule for one in within(plan.part) if isinstance(one, Each)]
        self.groups = {id(rule): Columns(grammar, rule) if isinstance(rule, Plan) else rule for rule in rules}
        self.told |= {name for group in self.groups.values() for name in group.told}

    def write(self, batch: Batch) -> pl.Series:
        """The text of every row, of the odd ones whatever."""
        if self.plan.escapes:  # from which signs in values cannot be told
            leave_marked(batch, self.cells_told, SPECIAL)
        if self.reads_texts:
            leave_marked(batch, self.told)
        text = written(self.slots(self.part, batch), len(batch.frame))
        if self.cells.failed:
            batch.leave(text.str.contains(FAILED, literal=True))
        if (batch.gaps or self.cells.unfit) and not self.reads_texts:
            leave_marked(batch, self.told)
        longest = text.str.len_bytes().max() if len(text) else 0
        if isinstance(longest, int) and longest > self.grammar.max_length:
            batch.leave(text.str.len_bytes() > self.grammar.max_length)
        return text

    def slots(self, part: Part, batch: Batch) -> list[Slot]:
        """The slots of a part of the plan, worked out once for a batch."""
        if id(part) not in batch.known:
            batch.known[id(part)] = self._work_out(part, batch)
        known: list[Slot] = batch.known[id(part)]
        return known

    def _work_out(self, part: Part, batch: Batch) -> list[Slot]:
        if isinstance(part, Pick | Test):
            return self._option(part, batch)
        work = self._work[type(part)]
        found: list[Slot] = work(self, part, batch)
        return found

    def _option(self, part: Pick | Test, batch: Batch) -> list[Slot]:
        rows = len(batch.frame)
        options = [self.slots(option, batch) for option in part.options]
        which = tested(part, batch) if isinstance(part, Test) else picked(part, batch)
        if isinstance(part, Test) and rows and which.max() == len(options):  # the row path says what does not compare
            self.cells.failed = True
            options.append([Pool((FAILED,))])
        return either(which, options, rows)

    def _word_list(self, part: WordList, batch: Batch) -> list[Slot]:
        which = chosen(part.choice, part.place, batch)
        if len(part.texts) <= LARGEST_POOL:
            return [Pool(part.texts, WordIndex(which))]
        if id(part) not in self.lists:
            self.lists[id(part)] = pl.Series("", part.texts, dtype=pl.String)
        return [FullColumn(self.lists[id(part)].gather(which))]

    def _joined(self, part: Concatenation, batch: Batch) -> list[Slot]:
        return fused([slot for piece in part.parts for slot in self.slots(piece, batch)])

    def _each(self, part: Each, batch: Batch) -> list[Slot]:
        group = ListGroup(part, self.groups[id(part.rule)], batch)
        texts = group.texts()
        self.cells.failed |= group.cells.failed
        self.cells.unfit |= group.cells.unfit
        if self.plan.escapes:
            batch.leave(texts.str.contains_any(sorted(SPECIAL)))
        return self._filled_texts(texts, part.column, part.missing, batch)

    def _cell(self, cell: ColumnValue, batch: Batch) -> list[Slot]:
        texts = self.cells.texts(batch.frame[cell.column], cell.modifiers, batch.codes)
        if isinstance(texts, ColumnCodes):
            return self._filled(texts, cell.missing, batch)
        return self._filled_texts(texts, cell.column, cell.missing, batch)

    def _filled_texts(self, texts: pl.Series, column: str, missing: Part, batch: Batch) -> list[Slot]:
        """Texts of a column, with what stands for those that are missing."""
        if not texts.null_count():
            return [FullColumn(texts)]
        batch.gaps.add(column)
        if isinstance(missing, FixedText):
            return [FullColumn(texts.fill_null(missing.text))]
        which = texts.is_null().to_numpy().astype(np.int32)
        return either(which, [[FullColumn(texts.fill_null(""))], self.slots(missing, batch)], len(batch.frame))

    def _filled(self, texts: ColumnCodes, missing: Part, batch: Batch) -> list[Slot]:
        """Texts, with what stands for those that are missing."""
        gaps = np.array([text is None for text in texts.results])
        if gaps.any():
            batch.gaps.add("")
        if not gaps.any() or isinstance(missing, FixedText):
            filler = missing.text if isinstance(missing, FixedText) else ""
            return [_coded([filler if text is None else text for text in texts.results], texts.index, batch)]
        present = _coded([text or "" for text in texts.results], texts.index, batch)
        which = gaps[texts.index].astype(np.int32)
        return either(which, [[present], self.slots(missing, batch)], len(batch.frame))

    def _modified(self, part: ModifiedPart, batch: Batch) -> list[Slot]:
        """Modifiers over a finished text: over the words of a pool once each, over anything else by distinct text."""
        slots = self.slots(part.part, batch)
        if set(part.modifiers) <= set(ENDS) and (shown := ended(slots, part.modifiers)) is not None:
            return shown
        if len(slots) == 1 and isinstance(slots[0], Pool):
            pool = slots[0]
            index = np.zeros(len(batch.frame), dtype=np.int32) if pool.index is None else pool.index.numbers
            texts = [self.cells.modified(text, part.modifiers) for text in pool.texts]
            if None not in texts:
                return [Pool(tuple(text or "" for text in texts), pool.index)]
            return self._filled(ColumnCodes(texts, index), part.missing, batch)
        whole, memory = written(slots, len(batch.frame)), self.cells.remembered(("text", part.modifiers))
        if set(part.modifiers) <= set(ENDS) and (done := finished(whole, part.modifiers)) is not None:
            return [FullColumn(done)]
        return self._filled(
            by_distinct(whole, lambda text: self.cells.modified(text, part.modifiers), memory), part.missing, batch
        )

    def _closing(self, part: ClosingPhrases, batch: Batch) -> list[Slot]:
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

    _work: Mapping[type, Callable[..., list[Slot]]] = {
        FixedText: lambda _, part, _batch: [Pool((part.text,))],
        WordList: _word_list,
        ColumnValue: _cell,
        Concatenation: _joined,
        ModifiedPart: _modified,
        ClosingPhrases: _closing,
        Each: _each,
    }


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


def _of_numbers(column: pl.Series) -> bool:
    inner = column.dtype.inner if isinstance(column.dtype, pl.List) else None
    return isinstance(inner, pl.DataType) and inner.is_numeric()


def leave_marked(batch: Batch, columns: Iterable[str], signs: Collection[str] = MARKS) -> None:
    """Leaves the rows to the row path in which data holds signs, such as noncharacters that we use ourselves."""
    marks = sorted(signs)
    for name in columns:
        column = batch.frame[name]
        if isinstance(column.dtype, pl.List) and column.dtype.inner == pl.String:
            batch.leave(column.list.eval(pl.element().str.contains_any(marks)).list.any())
        elif (column.dtype.is_nested() or column.dtype in {pl.Object, pl.Binary}) and not _of_numbers(column):
            printed = pl.Series([text_of(plain(value)) for value in column.to_list()], dtype=pl.String)
            batch.leave(printed.str.contains_any(marks))
    texts = [name for name in columns if batch.frame.schema[name] == pl.String]
    if texts and any(batch.frame.select(pl.col(texts).str.contains_any(marks).any()).row(0)):
        marked = pl.any_horizontal(pl.col(texts).str.contains_any(marks).fill_null(value=False))
        batch.leave(batch.frame.select(marked).to_series())


def _coded(texts: list[str], numbers: NDArray[np.int32], batch: Batch) -> Slot:
    index: WordIndex = batch.known.setdefault(("index", id(numbers)), WordIndex(numbers))
    return _listed(tuple(texts), index)


def _listed(texts: tuple[str, ...], index: WordIndex) -> Slot:
    """A pool if it is small, since pools can be joined beforehand, or else a column."""
    pool = Pool(texts, index)
    return pool if len(texts) <= LARGEST_POOL else FullColumn(pool.series(len(index.numbers)))


def picked(part: Pick, batch: Batch) -> NDArray[np.int32]:
    """Which option of a pick, row by row."""
    which = chosen(part.choice, part.place, batch)
    return which if part.option_of is None else np.array(part.option_of, dtype=np.int32).take(which)


def chosen(choice: Alternatives, place: int, batch: Batch) -> NDArray[np.int32]:
    """Which text of a choice, row by row: `rows.Draw.choose` for a whole batch."""
    if (id(choice), place) not in batch.known:
        batch.known[id(choice), place] = _chosen(choice, place, batch)
    found: NDArray[np.int32] = batch.known[id(choice), place]
    return found


def _chosen(choice: Alternatives, place: int, batch: Batch) -> NDArray[np.int32]:
    options = len(choice.texts)
    if choice.dealt:
        start = batch.seed ^ place
        return chance.turn_all(start, chance.deal_all(start, batch.positions, options), choice.turn, options)
    return choice.picker.pick_all(chance.mix_all(batch.keys() ^ np.uint64(place ^ batch.seed)))


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
