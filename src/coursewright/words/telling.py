"""The verb of this room: one text for each row."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.words.printing.values import is_missing, text_of
from coursewright.words.readying import FEW, names_of, ready, simple
from coursewright.words.rowwise.trouble import need
from coursewright.words.teller import Teller

if TYPE_CHECKING:
    import polars as pl

    from coursewright.words.grammar import Grammar

_LEAST = 16_384  # smaller batches cost more than a second processor gains


def tell(
    grammar: Grammar,
    rows: Any,
    rule: str = "origin",
    *,
    seed: int | str = 0,
    key: str | Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    first: int = 0,
) -> Any:
    """The text of each row, every column being a symbol.

    `rows` is a pandas, Polars or PyArrow table, a DuckDB relation, or a list of mappings; the answer is a Series,
    array, relation or list of the same kind, in the same order and with the same index. `rule` is the one that a text
    begins with. The choices made for a row depend on `seed` and on its `key`, one or several columns, or its position
    when none is named; only rules under "no repeat" also look at the position. With `by` there is one text for each
    group of rows, and every other column is the list of its values in the group. Messages number rows from `first` on.

    Rows in a cluster are told there, when they are asked for, as they would be here. A Dask DataFrame gives a Series of
    its index and divisions: where positions count, a partition waits until all before it are read and counted, and
    for `by` it has to be divided by that column. A Spark DataFrame and a Ray Dataset give their rows with a column
    `text`; as their rows have no positions, they need a `key`, and go with neither `by` nor "no repeat".

    Where a value is missing and nothing stands for it the text is empty, and a MissingValueWarning says so.
    Raises CoursewrightError for that and for unknown symbols and modifiers if the grammar is strict, and for texts past
    its limits; MissingPart where there is no Polars, for all but a list of mappings.
    """
    _refuse_rules(grammar)
    if _clustered(rows):
        from coursewright.words.clusters import Errand, tell_there

        return tell_there(Errand(grammar, rule, seed, names_of(key), names_of(by), first), rows)
    texts, teller = _told_here(grammar, rows, rule, seed=seed, key=names_of(key), by=names_of(by), first=first)
    teller.warn()
    return texts


def _told_here(
    grammar: Grammar, rows: Any, rule: str, *, seed: int | str, key: Sequence[str], by: Sequence[str], first: int
) -> tuple[Any, Teller]:
    """The texts of rows that lie in this process, and who told them."""
    if _one_by_one(rows) and (not by or not _has_polars()):
        rows = _grouped(rows, by) if by else rows
        teller = replace(simple(grammar, rule, seed, key, _named(rows)), first=first)
        return [teller.write_one(row, position) for position, row in enumerate(rows)], teller
    if not _has_polars():
        raise MissingPart("only a list of dictionaries can be told here: Polars is not installed")
    from coursewright.words.door.frames import grouped, take

    taken = take(rows)
    count = taken.count()
    taken = grouped(taken, by) if by else taken
    teller = replace(ready(grammar, rule, taken.columns, seed=seed, key=key, rows=count), first=first)
    return taken.give(_texts(teller, taken.frame(teller.needed))), teller


def _refuse_rules(grammar: object) -> None:
    if isinstance(grammar, str | Mapping):
        hint = 'make one: Grammar({"origin": "#name#"}), or Grammar.read("grammars/race.json")'
        raise CoursewrightError("these are the rules or the name of a grammar, and no grammar", hint=hint)


def _clustered(rows: Any) -> bool:
    """Whether rows lie in the parts of a cluster, which tells them when they are asked for."""
    return type(rows).__module__.partition(".")[0] in {"dask", "pyspark", "ray"}


def _one_by_one(rows: Any) -> bool:
    """Whether rows are a list of mappings, and few, or there is nothing to tell many together with."""
    if not isinstance(rows, list) or (len(rows) > FEW and _has_polars()):
        return False
    return all(isinstance(row, Mapping) for row in rows)


def _named(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is named in any of some mappings."""
    return list(dict.fromkeys(name for row in rows for name in row))


def _grouped(rows: Sequence[Mapping[str, Any]], by: Sequence[str]) -> list[dict[str, Any]]:
    """One mapping for each group, in the order in which groups first appear: every other value is a list."""
    names = _named(rows)
    need(by, names, "by")
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        values = (row.get(name) for name in by)
        same = tuple(None if is_missing(value) else value for value in values)
        groups.setdefault(tuple(v if isinstance(v, Hashable) else text_of(v) for v in same), []).append(row)
    return [
        {name: group[0].get(name) if name in by else [row.get(name) for row in group] for name in names}
        for group in groups.values()
    ]


@cache
def _has_polars() -> bool:
    """Whether rows can be told together, which takes Polars: the browser's Python has none."""
    return find_spec("polars") is not None


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
