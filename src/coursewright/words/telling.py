"""The verb of this room: one text for each row."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursewright import chance
from coursewright.errors import SeveralProblems
from coursewright.words import scan
from coursewright.words.keys import row_key, row_keys
from coursewright.words.rows import Draw, Step, Writer
from coursewright.words.values import guard_rule

if TYPE_CHECKING:
    import polars as pl

    from coursewright.words.columns import Columns
    from coursewright.words.grammar import Grammar

BATCH = 65_536
_LEAST = 16_384  # smaller batches cost more than a second processor gains
_FEW = 200  # so few mappings are told faster one by one than by starting the columnar path


@dataclass(frozen=True, eq=False)
class Teller:
    """A rule of a grammar made ready for rows with certain columns.

    `reason` is why it is told row by row, if it is; `needed` are the columns without which no row can be told.
    """

    grammar: Grammar
    start: scan.Rule
    seed: int
    key: tuple[str, ...]
    columns: Columns | None = None
    reason: str = ""
    names: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()

    @property
    def rows(self) -> int:
        """How many rows are told together at most: fewer if the plan has many parts."""
        return BATCH if self.columns is None else min(BATCH, self.columns.rows)

    def write(self, frame: pl.DataFrame, start: int = 0) -> pl.Series:
        """The texts of rows of a frame, of which the first has the position `start` in the whole."""
        from coursewright.words.columns import Batch

        if len(frame) > self.rows:
            import polars as pl

            pieces = [self.write(frame.slice(at, self.rows), start + at) for at in range(0, len(frame), self.rows)]
            return pl.concat(pieces, rechunk=False)
        if self.columns is not None and len(frame):
            texts = self.columns.write(Batch(frame, row_keys(frame, self.key, start), self.seed, start))
            if texts is not None:
                return texts.alias("text")
        return self.write_each(frame.iter_rows(named=True), start)

    def write_each(self, records: Iterator[Mapping[str, Any]], start: int = 0) -> pl.Series:
        """The texts of mappings, one by one."""
        import polars as pl

        written = [self.write_one(record, position) for position, record in enumerate(records, start)]
        return pl.Series("text", written, dtype=pl.String)

    def write_one(self, record: Mapping[str, Any], position: int, trace: list[Step] | None = None) -> str:
        """The text of one mapping; `trace` collects the rules that fired."""
        if len(record) < len(self.names):
            record = {**dict.fromkeys(self.names), **record}  # what only other rows have is missing here
        draw = Draw(row_key(record, self.key, position), self.seed, position)
        return Writer(self.grammar, record, draw, trace).write(self.start)


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

    Raises CoursewrightError for unknown symbols and modifiers if the grammar is strict, and for texts past its limits.
    """
    if isinstance(rows, list) and len(rows) <= _FEW and by is None and all(isinstance(row, Mapping) for row in rows):
        columns = list(dict.fromkeys(name for row in rows for name in row))
        teller = _simple(grammar, rule, seed, _names(key), columns)
        return [teller.write_one(row, position) for position, row in enumerate(rows)]
    from coursewright.words.frames import grouped, take

    taken = take(rows)
    if by is not None:
        taken = grouped(taken, _names(by))
    teller = ready(grammar, rule, taken.columns, seed=seed, key=_names(key))
    return taken.give(_texts(teller, taken.frame(teller.needed)))


def ready(
    grammar: Grammar, rule: str, columns: Sequence[str], *, seed: int | str = 0, key: Sequence[str] = ()
) -> Teller:
    """A rule of a grammar, checked and planned for rows with these columns."""
    from coursewright.words.columns import Columns
    from coursewright.words.needed import needed_by_plan, needed_by_rules
    from coursewright.words.plan import NotColumnar, plan

    simple = _simple(grammar, rule, seed, key, columns)
    try:
        part, size = plan(grammar, simple.start.text, columns)
    except NotColumnar as why:
        needed = needed_by_rules(grammar, simple.start.text, columns).union(key)
        return replace(simple, reason=str(why), needed=needed, names=tuple(needed))
    needed = needed_by_plan(part).union(key)
    return replace(simple, columns=Columns(grammar, part, size), needed=needed, names=tuple(needed))


def _simple(grammar: Grammar, rule: str, seed: int | str, key: Sequence[str], columns: Sequence[str]) -> Teller:
    if key:
        from coursewright.words.frames import need

        need(key, columns, "key")
    if grammar.strict and (problems := _unknown(grammar, rule, columns)):
        raise SeveralProblems(problems)
    start = scan.read(guard_rule(f"#{rule}#"))
    return Teller(grammar, start, chance.seed_hash(seed), tuple(key), names=tuple(columns))


def _unknown(grammar: Grammar, rule: str, columns: Sequence[str]) -> list[Any]:
    return [problem for problem in grammar.check(columns, [rule]) if problem.rule.startswith("unknown")]


def _names(names: str | Sequence[str] | None) -> tuple[str, ...]:
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
