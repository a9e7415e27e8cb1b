"""A rule of a grammar made ready for rows, and how it writes their texts: together, or one by one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from coursewright.words.door.keys import row_key, row_keys
from coursewright.words.language import scan
from coursewright.words.marks import END, FILLED, GAP, UNFIT
from coursewright.words.rowwise.draw import Draw
from coursewright.words.rowwise.steps import Step
from coursewright.words.rowwise.trouble import (
    MissingValue,
    MissingValueWarning,
    NotToldWarning,
    RowError,
    gap_said,
    row_name,
    unfit_said,
    warn_unknown,
)
from coursewright.words.rowwise.writer import RowWriter

if TYPE_CHECKING:
    import polars as pl

    from coursewright.errors import Problem
    from coursewright.words.columnar.columns import Columns
    from coursewright.words.columnar.growing import Growth
    from coursewright.words.grammar import Grammar

BATCH = 65_536


@dataclass(frozen=True, slots=True)
class RowWithoutText:
    """A row without a text, or without a part of it, and how many there were in all of its batch."""

    position: int
    row: str
    why: MissingValue | RowError
    count: int = 1


@dataclass(frozen=True, eq=False)
class Teller:
    """A rule of a grammar made ready for rows with certain columns.

    `reason` is why it is told row by row, if it is; `needed` are the columns without which no row can be told; `gaps`
    collects the rows that have no text because something is missing; `fields` are the fields of structs among what is
    needed. `unknown` is what the grammar names that does not exist, `unfit` the rows with values that it cannot modify.
    `first` is the number that messages give the first row, and `part` what they say after it, if it is one of a part.
    """

    grammar: Grammar
    start: scan.Rule
    seed: int
    key: tuple[str, ...]
    columns: Columns | Growth | None = None
    reason: str = ""
    names: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    gaps: list[RowWithoutText] = field(default_factory=list)
    unknown: tuple[Problem, ...] = ()
    unfit: list[RowWithoutText] = field(default_factory=list)
    first: int = 0
    part: str = ""

    @property
    def path(self) -> str:
        """How rows are told: by "columns", by "levels" or by "rows"."""
        return "rows" if self.columns is None else self.columns.path

    @property
    def rows(self) -> int:
        """How many rows are told together at most: fewer if the plan has many parts."""
        return BATCH if self.columns is None else min(BATCH, self.columns.rows)

    def write(self, frame: pl.DataFrame, start: int = 0) -> pl.Series:
        """The texts of rows of a frame, of which the first has the position `start` in the whole."""

        if len(frame) > self.rows:
            import polars as pl

            pieces = [self.write(frame.slice(at, self.rows), start + at) for at in range(0, len(frame), self.rows)]
            return pl.concat(pieces, rechunk=False)
        columns = self.columns
        if columns is not None and len(frame) and (texts := self._together(columns, frame, start)) is not None:
            return texts.alias("text")
        return self.write_each(frame.iter_rows(named=True), start)

    def _together(self, columns: Columns | Growth, frame: pl.DataFrame, start: int) -> pl.Series | None:
        """The texts of rows told together, only the odd ones row by row; None if all have to be."""
        import numpy as np

        from coursewright.words.columnar.batch import Batch
        from coursewright.words.door.fields import with_fields

        positions = np.arange(start, start + len(frame))
        keys = cache(lambda: row_keys(frame, self.key, start))
        batch = Batch(with_fields(frame, self.fields), keys, self.seed, positions, self.fields)
        texts = columns.write(batch)
        if texts is None:
            return None
        odd = np.flatnonzero(batch.odd)
        texts = texts.scatter(odd, "") if len(odd) else texts
        if batch.gaps and (texts := self._without_gaps(texts, frame, start)) is None:
            return None
        texts = self._without_unfit(texts, frame, start) if columns.cells.unfit else texts
        if not len(odd):
            return texts
        return texts.scatter(odd, [self.write_one(frame.row(at, named=True), start + at) for at in odd.tolist()])

    def write_each(self, records: Iterator[Mapping[str, Any]], start: int = 0) -> pl.Series:
        """The texts of mappings, one by one."""
        import polars as pl

        written = [self.write_one(record, position) for position, record in enumerate(records, start)]
        return pl.Series("text", written, dtype=pl.String)

    def write_one(self, record: Mapping[str, Any], position: int, trace: list[Step] | None = None) -> str:
        """The text of one mapping; `trace` collects the rules that fired."""
        text, row, writer = self._told(record, position, trace)
        if writer.unfit:
            self.unfit.append(RowWithoutText(position, row(), writer.unfit))
        if writer.gap:
            self.gaps.append(RowWithoutText(position, row(), writer.gap))
        return text

    def _told(
        self, record: Mapping[str, Any], position: int, trace: list[Step] | None = None
    ) -> tuple[str, Callable[[], str], RowWriter]:
        """The text of one mapping, how messages name it, and what wrote it."""
        if len(record) < len(self.names):
            record = {**dict.fromkeys(self.names), **record}  # what only other rows have is missing here

        def row() -> str:
            return row_name(record, self.key, self.first + position) + self.part

        writer = RowWriter(self.grammar, record, Draw(row_key(record, self.key, position), self.seed, position), trace)
        try:
            return writer.write(self.start), row, writer
        except RowError as error:
            problem = error.problem
            raise RowError(f"{problem.message}: {row()}", problem.where, problem.hint) from None

    def _without_gaps(self, texts: pl.Series, frame: pl.DataFrame, start: int) -> pl.Series | None:
        """Texts as the reader sees them: none where there is a gap; None if a strict grammar must stop there."""
        import polars as pl

        shown = texts.str.contains(GAP, literal=True)
        if count := int(shown.sum()):
            if self.grammar.strict:
                return None
            first = shown.arg_max() or 0
            _, row, writer = self._told(frame.row(first, named=True), start + first)
            if writer.gap:
                self.gaps.append(RowWithoutText(start + first, row(), writer.gap, count))
            texts = pl.select(pl.when(shown).then(pl.lit("")).otherwise(texts)).to_series()
        return texts.str.replace_many([GAP, FILLED, END], [""] * 3)

    def _without_unfit(self, texts: pl.Series, frame: pl.DataFrame, start: int) -> pl.Series:
        """Texts as the reader sees them, of which it is noted what a modifier did not take, and in how many."""
        unfit = texts.str.contains(UNFIT, literal=True)
        if not (count := int(unfit.sum())):
            return texts
        first = unfit.arg_max() or 0
        _, row, writer = self._told(frame.row(first, named=True), start + first)
        if writer.unfit:
            self.unfit.append(RowWithoutText(start + first, row(), writer.unfit, count))
        return texts.str.replace_all(UNFIT, "", literal=True)

    def warn(self) -> None:
        """Says which rows have no text, for want of a value, and what does not exist that the grammar names."""
        warn_unknown(self.unknown, stacklevel=3)
        for said, kind in self.said():
            warnings.warn(said, kind, stacklevel=3)

    def said(self) -> Iterator[tuple[str, type[UserWarning]]]:
        """What there is to say of the rows that were told, and as which warning."""
        if self.unfit:
            yield unfit_said(*_first(self.unfit)), NotToldWarning
        if self.gaps:
            yield gap_said(*_first(self.gaps)), MissingValueWarning


def _first(rows: list[RowWithoutText]) -> tuple[Any, str]:
    """Why the first of some rows is untold, and the rows in words."""
    first = min(rows, key=lambda told: told.position)
    more = sum(told.count for told in rows) - 1
    return first.why, first.row + (f" and {more:,} more" if more else "")
