"""Columns with missing values in rules that say nothing of them, found before a row shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursewright.errors import Problem
from coursewright.words import scan
from coursewright.words.checks import actions_of, tags_of, texts_of
from coursewright.words.rows import EACH, MISSING
from coursewright.words.rules import Cases, Choice, RuleSet
from coursewright.words.scan import Tag
from coursewright.words.trouble import stand_in
from coursewright.words.values import is_missing

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

_Tested = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Told:
    """A rule that is told: what conditions have asked about by then, and whether it is that of one row of a group."""

    name: str
    tested: _Tested = frozenset()
    one_by_one: bool = False


def unfilled(
    grammar: Grammar, missing: Collection[str], start: Iterable[str], each: Collection[str] = ()
) -> Iterator[Problem]:
    """Each column of those with `missing` values that texts from `start` on tell without saying what stands for them.

    That is said by `.or`, by a phrase around it, by a condition on the column on the way there, or by a rule `missing`.
    Where texts are those of groups, `each` are the columns with missing values in the rows of a group.
    """
    if MISSING in grammar.compiled:
        return
    saved = _saved(grammar)
    waiting = [_Told(name) for name in start]
    seen = set(waiting)
    while waiting:
        at = waiting.pop()
        columns = {*missing, *each} if at.one_by_one else missing
        for choice, known in _all_choices(grammar, saved, at):
            for text in choice.texts:
                for tag in (part for part in scan.read(text).parts if isinstance(part, Tag)):
                    if any(modifier.name == "or" for modifier in tag.modifiers) or tag.symbol in known:
                        continue
                    if tag.symbol in columns and tag.symbol not in saved:
                        yield _problem(grammar, at.name, text, str(tag.symbol))
                    here = {replace(led, tested=known) for led in _led_to(tag, at)} - seen
                    seen |= here
                    waiting += here


def remarks(
    grammar: Grammar, missing: Collection[str], start: Iterable[str] = ("origin",), each: Collection[str] = ()
) -> list[str]:
    """What `unfilled` finds, a line for each."""
    found = dict.fromkeys(unfilled(grammar, missing, start, each))
    return [f"{problem.where}: {problem.message}; {problem.hint}" for problem in found]


def symbols(grammar: Grammar) -> Iterator[str]:
    """What the tags of a grammar name."""
    for rules in grammar.compiled.values():
        yield from (str(tag.symbol) for text in texts_of(rules) for tag in tags_of(scan.read(text)))


def missing_in_groups(rows: Any, by: Sequence[str], columns: Iterable[str]) -> set[str]:
    """Those of the `columns` of rows that hold nothing but missing values in some group."""
    from coursewright.words.frames import grouped, take

    lists = grouped(take(rows), by).frame(columns)
    return {name for name in lists.columns if any(map(is_missing, lists[name].to_list()))}


def _saved(grammar: Grammar) -> dict[str, list[str]]:
    """What is saved anywhere, by its name."""
    saved: dict[str, list[str]] = {}
    for rules in grammar.compiled.values():
        for action in (action for text in texts_of(rules) for action in actions_of(scan.read(text))):
            saved.setdefault(action.target, []).extend(action.rules)
    return saved


def _all_choices(grammar: Grammar, saved: Mapping[str, Sequence[str]], at: _Told) -> Iterator[tuple[Choice, _Tested]]:
    if at.name in saved:
        yield Choice(tuple(saved[at.name])), at.tested
    if at.name in grammar.compiled:
        yield from _choices(grammar.compiled[at.name], at.tested)


def _choices(rules: RuleSet, tested: _Tested) -> Iterator[tuple[Choice, _Tested]]:
    """Every choice with the columns that conditions have asked about by then."""
    if not isinstance(rules, Cases):
        yield rules, tested
        return
    for condition, then in rules.cases:
        tested |= frozenset(condition.columns)
        yield from _choices(then, tested)
    yield from _choices(rules.otherwise, tested)


def _led_to(tag: Tag, at: _Told) -> Iterator[_Told]:
    yield replace(at, name=str(tag.symbol))
    for modifier in tag.modifiers:
        if modifier.name == EACH and modifier.arguments:
            yield _Told(modifier.arguments[0], one_by_one=True)


def _problem(grammar: Grammar, rule: str, text: str, column: str) -> Problem:
    message = f'the column "{column}" has missing values, and nothing stands for them in "{text}"'
    return Problem(message, grammar.where(rule, text), stand_in(column), "missing-value")
