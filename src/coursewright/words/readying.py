"""Makes a rule of a grammar ready for rows: checked against their columns, and planned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from coursewright import chance
from coursewright.errors import Problem, SeveralProblems
from coursewright.words.language import quoting, scan
from coursewright.words.marks import guard_rule
from coursewright.words.rowwise.trouble import need
from coursewright.words.teller import Teller

if TYPE_CHECKING:
    from coursewright.words.columnar.growing import Growth
    from coursewright.words.grammar import Grammar

_WRONG = frozenset({"unknown-symbol", "unknown-modifier", "unknown-column", "idle-action"})  # for who is strict
FEW = 200  # so few mappings are told faster one by one than by starting the columnar path


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

    checked = simple(grammar, rule, seed, key, columns)
    if rows is not None and rows <= FEW:
        return _alone(checked, "so few rows need no plan", columns)
    try:
        planned = plan(grammar, checked.start.text, columns, *(() if rows is None else (rows,)))
    except NotColumnar as why:
        grown = _growth(grammar, checked.start, columns)
        if not isinstance(grown, str):
            return _together(replace(checked, columns=grown, reason=str(why)), grown.needed, columns)
        return _alone(checked, f"{why}, and {grown}" if isinstance(why, LeadsBack) else str(why), columns)
    teller = _together(replace(checked, columns=Columns(grammar, planned)), needed_by_plan(planned), columns)
    more = teller.needed | columns_of(planned.named, columns)  # what is not shown, the row path may ask for
    if planned.escapes:  # what is saved may be a rule
        more |= needed_by_rules(grammar, checked.start.text, columns)
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


def simple(grammar: Grammar, rule: str, seed: int | str, key: Sequence[str], columns: Sequence[str]) -> Teller:
    """A rule of a grammar, checked for rows with these columns and not planned: for rows told one by one."""
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
