"""The verb of this room: one text for each row."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from coursewright import chance
from coursewright.errors import CoursewrightError, MissingPart, Problem, SeveralProblems
from coursewright.words.language import quoting, scan
from coursewright.words.marks import guard_rule
from coursewright.words.printing.values import is_missing, text_of
from coursewright.words.rowwise.trouble import need
from coursewright.words.teller import Teller

if TYPE_CHECKING:
    import polars as pl

    from coursewright.words.columnar.growing import Growth
    from coursewright.words.grammar import Grammar

_LEAST = 16_384  # smaller batches cost more than a second processor gains
_WRONG = frozenset({"unknown-symbol", "unknown-modifier", "unknown-column", "idle-action"})  # for who is strict
_FEW = 200  # so few mappings are told faster one by one than by starting the columnar path


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

    Where a value is missing and nothing stands for it the text is empty, and a MissingValueWarning says so.
    Raises CoursewrightError for that and for unknown symbols and modifiers if the grammar is strict, and for texts past
    its limits; MissingPart where there is no Polars, for all but a list of mappings.
    """
    _refuse_rules(grammar)
    if _one_by_one(rows) and (by is None or not _has_polars()):
        rows = rows if by is None else _grouped(rows, names_of(by))
        teller = replace(_simple(grammar, rule, seed, names_of(key), _named(rows)), first=first)
        texts = [teller.write_one(row, position) for position, row in enumerate(rows)]
        teller.warn()
        return texts
    if not _has_polars():
        raise MissingPart("only a list of dictionaries can be told here: Polars is not installed")
    from coursewright.words.door.frames import grouped, take

    taken = take(rows)
    count = taken.count()
    taken = taken if by is None else grouped(taken, names_of(by))
    teller = replace(ready(grammar, rule, taken.columns, seed=seed, key=names_of(key), rows=count), first=first)
    told = _texts(teller, taken.frame(teller.needed))
    teller.warn()
    return taken.give(told)


def _refuse_rules(grammar: object) -> None:
    if isinstance(grammar, str | Mapping):
        hint = 'make one: Grammar({"origin": "#name#"}), or Grammar.read("grammars/race.json")'
        raise CoursewrightError("these are the rules or the name of a grammar, and no grammar", hint=hint)


def _one_by_one(rows: Any) -> bool:
    """Whether rows are a list of mappings, and few, or there is nothing to tell many together with."""
    if not isinstance(rows, list) or (len(rows) > _FEW and _has_polars()):
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
    from coursewright.words.columnar.columns import Columns
    from coursewright.words.columnar.needed import needed_by_plan, needed_by_rules
    from coursewright.words.columnar.parts import LeadsBack, NotColumnar
    from coursewright.words.columnar.plan import plan
    from coursewright.words.door.fields import columns_of

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
    more = teller.needed | columns_of(planned.named, columns)  # what is not shown, the row path may ask for
    if planned.escapes:  # what is saved may be a rule
        more |= needed_by_rules(grammar, simple.start.text, columns)
    return replace(teller, needed=more, names=tuple(more))


def _alone(teller: Teller, reason: str, columns: Sequence[str]) -> Teller:
    """A teller that tells each row by itself, for a reason."""
    from coursewright.words.columnar.needed import needed_by_rules

    needed = needed_by_rules(teller.grammar, teller.start.text, columns).union(teller.key)
    return replace(teller, reason=reason, needed=needed, names=tuple(needed))


def _together(teller: Teller, told: Collection[str], columns: Sequence[str]) -> Teller:
    """A teller that tells rows together, for which it needs these columns and fields of columns."""
    from coursewright.words.door.fields import columns_of

    needed = columns_of(told, columns).union(teller.key)
    return replace(teller, needed=needed, names=tuple(needed), fields=frozenset(told).difference(columns))


def _growth(grammar: Grammar, start: scan.Rule, columns: Sequence[str]) -> Growth | str:
    """The grammar made ready to be told by levels, or why it cannot be."""
    from coursewright.words.columnar.growing import Growth
    from coursewright.words.columnar.parts import NotColumnar

    try:
        return Growth(grammar, start, columns)
    except NotColumnar as why:
        return str(why)


def _simple(grammar: Grammar, rule: str, seed: int | str, key: Sequence[str], columns: Sequence[str]) -> Teller:
    if key:
        need(key, columns, "key")
    problems = [each for each in _checked(grammar, rule, tuple(columns)) if each.rule in _WRONG]
    if problems and grammar.strict:
        raise SeveralProblems(problems)
    unknown = tuple(each for each in problems if each.rule.startswith("unknown"))
    start = scan.read(guard_rule(quoting.tag(rule)))
    return Teller(grammar, start, chance.seed_hash(seed), tuple(key), names=tuple(columns), unknown=unknown)


@lru_cache(maxsize=64)  # a grammar tells of many tables with the same columns
def _checked(grammar: Grammar, rule: str, columns: tuple[str, ...]) -> tuple[Problem, ...]:
    return tuple(grammar.check(columns, [rule]))


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
