"""The verb of this room: one text for each row."""

from __future__ import annotations

import os
import warnings
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from coursewright import chance
from coursewright.errors import SeveralProblems
from coursewright.words import scan
from coursewright.words.draw import Draw
from coursewright.words.keys import row_key, row_keys
from coursewright.words.marks import END, FILLED, GAP, guard_rule
from coursewright.words.rows import Writer
from coursewright.words.steps import Step
from coursewright.words.trouble import Gap, MissingValueWarning, RowError, row_name

if TYPE_CHECKING:
    import polars as pl

    from coursewright.words.columns import Columns
    from coursewright.words.grammar import Grammar
    from coursewright.words.growing import Growth

BATCH = 65_536
_LEAST = 16_384  # smaller batches cost more than a second processor gains
_FEW = 200  # so few mappings are told faster one by one than by starting the columnar path


@dataclass(frozen=True, slots=True)
class Untold:
    """A row without a text, and how many there were in all of its batch."""

    position: int
    row: str
    gap: Gap
    count: int = 1


@dataclass(frozen=True, eq=False)
class Teller:
    """A rule of a grammar made ready for rows with certain columns.

    `reason` is why it is told row by row, if it is; `needed` are the columns without which no row can be told; `gaps`
    collects the rows that have no text because something is missing; `fields` are the fields of structs among what is
    needed.
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
    gaps: list[Untold] = field(default_factory=list)

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

        from coursewright.words.columns import Batch
        from coursewright.words.fields import with_fields

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
        if len(record) < len(self.names):
            record = {**dict.fromkeys(self.names), **record}  # what only other rows have is missing here
        writer = Writer(self.grammar, record, Draw(row_key(record, self.key, position), self.seed, position), trace)
        try:
            text = writer.write(self.start)
        except RowError as error:
            problem = error.problem
            message = f"{problem.message}: {row_name(record, self.key, position)}"
            raise RowError(message, problem.where, problem.hint) from None
        if writer.gap:
            self.gaps.append(Untold(position, row_name(record, self.key, position), writer.gap))
        return text

    def _without_gaps(self, texts: pl.Series, frame: pl.DataFrame, start: int) -> pl.Series | None:
        """Texts as the reader sees them: none where there is a gap; None if a strict grammar must stop there."""
        import polars as pl

        shown = texts.str.contains(GAP, literal=True)
        if count := int(shown.sum()):
            if self.grammar.strict:
                return None
            first = shown.arg_max() or 0
            self.write_one(frame.row(first, named=True), start + first)
            self.gaps[-1] = replace(self.gaps[-1], count=count)
            texts = pl.select(pl.when(shown).then(pl.lit("")).otherwise(texts)).to_series()
        return texts.str.replace_many([GAP, FILLED, END], [""] * 3)

    def warn(self) -> None:
        """Says which rows have no text, for want of a value."""
        if self.gaps:
            first = min(self.gaps, key=lambda told: told.position)
            more = sum(told.count for told in self.gaps) - 1
            rows = first.row + (f" and {more:,} more" if more else "")
            message, where, hint = first.gap.problem
            said = f"{message}, so there is no text: {rows}\n  --> {where}\nhint: {hint}"
            warnings.warn(said, MissingValueWarning, stacklevel=3)


def tell(
    grammar: Grammar,
    rows: Any,
    rule: str = "origin",
    *,
    seed: int | str = 0,
    key: str | Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
) -> Any:
    """The text of each row, every column being a symbol.

    `rows` is a pandas, Polars or PyArrow table, a DuckDB relation, or a list of mappings; the answer is a Series,
    array, relation or list of the same kind, in the same order and with the same index. `rule` is the one that a text
    begins with. The choices made for a row depend on `seed` and on its `key`, one or several columns, or its position
    when none is named; only rules under "no repeat" also look at the position. With `by` there is one text for each
    group of rows, and every other column is the list of its values in the group.

    Where a value is missing and nothing stands for it the text is empty, and a MissingValueWarning says so.
    Raises CoursewrightError for that and for unknown symbols and modifiers if the grammar is strict, and for texts past
    its limits.
    """
    if isinstance(rows, list) and len(rows) <= _FEW and by is None and all(isinstance(row, Mapping) for row in rows):
        columns = list(dict.fromkeys(name for row in rows for name in row))
        teller = _simple(grammar, rule, seed, names_of(key), columns)
        texts = [teller.write_one(row, position) for position, row in enumerate(rows)]
        teller.warn()
        return texts
    from coursewright.words.frames import grouped, take

    taken = take(rows)
    count = taken.count()
    if by is not None:
        taken = grouped(taken, names_of(by))
    teller = ready(grammar, rule, taken.columns, seed=seed, key=names_of(key), rows=count)
    told = _texts(teller, taken.frame(teller.needed))
    teller.warn()
    return taken.give(told)


def ready(
    grammar: Grammar,
    rule: str,
    columns: Sequence[str],
    *,
    seed: int | str = 0,
    key: Sequence[str] = (),
    rows: int | None = None,
) -> Teller:
    """A rule of a grammar, checked and planned for rows with these columns, of which there are so many (None: many)."""
    from coursewright.words.columns import Columns
    from coursewright.words.needed import needed_by_plan, needed_by_rules
    from coursewright.words.parts import LeadsBack, NotColumnar
    from coursewright.words.plan import plan

    simple = _simple(grammar, rule, seed, key, columns)
    if rows is not None and rows <= _FEW:
        return _alone(simple, "so few rows need no plan", columns)
    try:
        planned = plan(grammar, simple.start.text, columns, *(() if rows is None else (rows,)))
    except NotColumnar as why:
        grown = _growth(grammar, simple.start, columns)
        if not isinstance(grown, str):
            return _together(replace(simple, columns=grown, reason=str(why)), grown.needed, columns)
        return _alone(simple, f"{why}, and {grown}" if isinstance(why, LeadsBack) else str(why), columns)
    teller = _together(replace(simple, columns=Columns(grammar, planned)), needed_by_plan(planned), columns)
    if planned.escapes:  # what is saved may be a rule, for the row path
        more = teller.needed | needed_by_rules(grammar, simple.start.text, columns)
        return replace(teller, needed=more, names=tuple(more))
    return teller


def _alone(teller: Teller, reason: str, columns: Sequence[str]) -> Teller:
    """A teller that tells each row by itself, for a reason."""
    from coursewright.words.needed import needed_by_rules

    needed = needed_by_rules(teller.grammar, teller.start.text, columns).union(teller.key)
    return replace(teller, reason=reason, needed=needed, names=tuple(needed))


def _together(teller: Teller, told: Collection[str], columns: Sequence[str]) -> Teller:
    """A teller that tells rows together, for which it needs these columns and fields of columns."""
    from coursewright.words.fields import columns_of

    needed = columns_of(told, columns).union(teller.key)
    return replace(teller, needed=needed, names=tuple(needed), fields=frozenset(told).difference(columns))


def _growth(grammar: Grammar, start: scan.Rule, columns: Sequence[str]) -> Growth | str:
    """The grammar made ready to be told by levels, or why it cannot be."""
    from coursewright.words.growing import Growth
    from coursewright.words.parts import NotColumnar

    try:
        return Growth(grammar, start, columns)
    except NotColumnar as why:
        return str(why)


def _simple(grammar: Grammar, rule: str, seed: int | str, key: Sequence[str], columns: Sequence[str]) -> Teller:
    if key:
        from coursewright.words.frames import need

        need(key, columns, "key")
    if grammar.strict and (problems := _unknown(grammar, rule, tuple(columns))):
        raise SeveralProblems(problems)
    start = scan.read(guard_rule(f"#{rule}#"))
    return Teller(grammar, start, chance.seed_hash(seed), tuple(key), names=tuple(columns))


@lru_cache(maxsize=64)  # a grammar tells of many tables with the same columns
def _unknown(grammar: Grammar, rule: str, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(problem for problem in grammar.check(columns, [rule]) if problem.rule.startswith("unknown"))


def names_of(names: str | Sequence[str] | None) -> tuple[str, ...]:
    """The columns that a key or a group is named by: one, several or none."""
    return () if names is None else (names,) if isinstance(names, str) else tuple(names)


def _texts(teller: Teller, frame: pl.DataFrame) -> pl.Series:
    import polars as pl

    size = min(teller.rows, max(_LEAST, -(-len(frame) // workers())))
    if len(frame) <= size:
        return teller.write(frame)
    starts = range(0, len(frame), size)
    return pl.concat(list(in_order(lambda start: teller.write(frame.slice(start, size), start), starts)), rechunk=False)


def workers() -> int:
    """How many batches are told at a time."""
    return os.cpu_count() or 1


def in_order(work: Callable[[Any], pl.Series], items: Iterable[Any]) -> Iterator[pl.Series]:
    """What `work` gives for each item, in the order of the items, a few of them at a time on all processors."""
    waiting: deque[Future[pl.Series]] = deque()
    with ThreadPoolExecutor(workers()) as pool:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > workers():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
