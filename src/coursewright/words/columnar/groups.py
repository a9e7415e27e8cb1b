"""Tells a rule for each item of the lists in a batch: the items become rows of a batch of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from coursewright import chance
from coursewright.words.columnar import lists
from coursewright.words.columnar.batch import Batch
from coursewright.words.columnar.coded import by_distinct
from coursewright.words.columnar.needed import needed_by_plan
from coursewright.words.columnar.parts import Each
from coursewright.words.door import intake
from coursewright.words.marks import END, FILLED, GAP, UNFIT
from coursewright.words.printing.values import column_of, is_missing

if TYPE_CHECKING:
    from coursewright.words.columnar.columns import Columns
    from coursewright.words.columnar.growing import Growth

_NO_COLUMN = "\ufdd6 rows"


class ListGroup:
    """The lists of a batch for each of whose items a rule is told: `rows.Writer._each` for all rows."""

    def __init__(self, part: Each, columns: Columns | Growth, batch: Batch) -> None:
        self.part = part
        self.columns = columns
        self.batch = batch
        self.grammar = columns.grammar
        self.cells = columns.cells
        self.absent = np.zeros(len(batch.frame), dtype=np.bool_)  # where a value is missing instead of a list
        self.lengths = self._lengths()
        self.owner = np.repeat(np.arange(len(self.lengths)), self.lengths)
        self.at = np.arange(len(self.owner)) - (np.cumsum(self.lengths) - self.lengths)[self.owner]

    def _lengths(self) -> NDArray[np.int64]:
        """How many items the list of each row has."""
        column, rows = self.batch.frame[self.part.column], len(self.batch.frame)
        if isinstance(column.dtype, pl.List) and not self.part.before:
            self.absent = column.is_null().to_numpy(writable=True)
            return column.list.len().fill_null(0).to_numpy().astype(np.int64)
        coded = by_distinct(column, lambda value: self.cells.value(value, self.part.before), {})
        lengths = np.zeros(len(coded.results), dtype=np.int64)
        absent, odd = np.zeros((2, len(coded.results)), dtype=np.bool_)
        for number, value in enumerate(coded.results):
            if isinstance(value, list | tuple):
                lengths[number] = len(value)
            else:
                absent[number], odd[number] = is_missing(value), not is_missing(value)
        if rows:
            self.absent = absent[coded.index]
            self.batch.odd[odd[coded.index]] = True
            lengths = lengths[coded.index]
        return lengths

    def texts(self) -> pl.Series:
        """The text of each row, null where it is missing."""
        items = self._items()
        modifier = lists.printed_by(self.part.after, self.grammar)
        if modifier is None:
            bounds, told = np.cumsum(self.lengths) - self.lengths, items.to_list()
            values = (
                None if absent else told[start : start + length]
                for absent, start, length in zip(self.absent, bounds, self.lengths, strict=True)
            )
            made_of = [self.cells.text(value, self.part.after, is_data=True) for value in values]
            return pl.Series("", made_of, dtype=pl.String)
        texts, rest = lists.told(items, self.lengths, modifier), self.part.after[1:]
        if rest:
            memory = self.cells.remembered(("each", self.part.after))
            made = by_distinct(texts, lambda text: self.cells.text(text, rest, is_data=True), memory)
            texts = made.series(pl.String)
        if self.absent.any():
            nothing = self.cells.text(None, self.part.after, is_data=True)
            texts = texts.scatter(np.flatnonzero(self.absent), nothing)
        return texts

    def _items(self) -> pl.Series:
        """The text of every item."""
        names = sorted(needed_by_plan(self.part.rule))
        pieces = []
        places = []
        for items in self._alike(names):
            pieces += list(self._told(names, items))
            places.append(items)
        if not pieces:
            return pl.Series("", [], dtype=pl.String)
        texts = pl.concat(pieces)
        return texts if len(places) == 1 else texts.gather(np.argsort(np.concatenate(places)))

    def _alike(self, names: list[str]) -> Iterator[NDArray[Any]]:
        """The items of all rows in which the same columns are lists as long as the group's."""
        rows = self.lengths > 0
        agree = np.stack([self._agrees(name) for name in names] or [rows], axis=1)[rows]
        if not len(agree) or (agree == agree[0]).all():
            yield np.arange(len(self.owner))
            return
        kinds, kind = np.unique(agree, axis=0, return_inverse=True)
        of_items = np.repeat(kind.ravel(), self.lengths[rows])
        for number in range(len(kinds)):
            yield np.flatnonzero(of_items == number)

    def _agrees(self, name: str) -> NDArray[np.bool_]:
        """In which rows a column, or the one that a field is of, is a list as long as the group's."""
        frame = self.batch.frame
        column = frame[self._column(name)]
        if isinstance(column.dtype, pl.List):
            counts = column.list.len().fill_null(-1).to_numpy()
        elif column.dtype == pl.Object:
            values = column.to_list()
            counts = np.array([len(value) if isinstance(value, list | tuple) else -1 for value in values])
        else:
            return np.zeros(len(frame), dtype=np.bool_)
        agree: NDArray[np.bool_] = counts == self.lengths
        return agree

    def _column(self, name: str) -> str:
        """The column that a name stands for, which may be that of a field; nested structs are as their own columns."""
        plain = [column for column in self.batch.frame.columns if column not in self.batch.fields]
        return name if name in plain else column_of(plain, name) or name

    def _told(self, names: list[str], items: NDArray[Any]) -> Iterator[pl.Series]:
        whole = len(items) == len(self.owner)
        owner, at = (self.owner, self.at) if whole else (self.owner[items], self.at[items])

        @cache
        def keys() -> NDArray[Any]:
            mixed = self.batch.keys()[owner] ^ np.uint64(self.part.place) ^ chance.mix_all(at.astype(np.uint64))
            return chance.mix_all(mixed)

        frame = self._frame(names, owner, at)
        for start in range(0, len(items), self.columns.rows):
            here = slice(start, start + self.columns.rows)
            piece = frame.slice(start, self.columns.rows)
            batch = Batch(piece, partial(_some, keys, here), self.batch.seed, at[here], fields=self.batch.fields)
            yield self._finished(self.columns.write(batch), batch, owner[here])

    def _finished(self, texts: pl.Series | None, batch: Batch, owner: NDArray[Any]) -> pl.Series:
        """The texts of items: a group with an odd or unfit one is told by the row path, one with a gap is missing."""
        if texts is None:
            self.batch.odd[owner] = True
            return pl.repeat("", len(owner), dtype=pl.String, eager=True)
        if batch.gaps:
            gone = texts.str.contains(GAP, literal=True).to_numpy()
            self.absent[owner[gone]] = True
            texts = texts.str.replace_many([GAP, FILLED, END], [""] * 3)
        if self.cells.unfit:
            batch.leave(texts.str.contains(UNFIT, literal=True))
        self.batch.odd[owner[batch.odd]] = True
        return texts

    def _frame(self, names: list[str], owner: NDArray[Any], at: NDArray[Any]) -> pl.DataFrame:
        if not names:
            return pl.DataFrame({_NO_COLUMN: pl.repeat(None, len(owner), eager=True)})
        rows = owner[at == 0]
        columns = []
        for name in names:
            column = self.batch.frame[name]
            if not len(rows) or not self._agrees(name)[rows[0]]:
                columns.append(_gathered(column, owner))
            elif column.dtype == pl.Object:
                values = column.to_list()
                columns.append(intake.objects(name, [_present(item) for row in rows for item in values[row]]))
            else:
                columns.append((column if len(rows) == len(column) else column.gather(rows)).explode())
        return intake.of_polars(pl.DataFrame(columns))


def _some(keys: Callable[[], NDArray[Any]], which: slice) -> NDArray[Any]:
    return keys()[which]


def _gathered(column: pl.Series, rows: NDArray[Any]) -> pl.Series:
    if column.dtype != pl.Object:
        return column.gather(rows)
    values = column.to_list()
    return intake.objects(column.name, [values[row] for row in rows])


def _present(item: Any) -> Any:
    return None if is_missing(item) else item
