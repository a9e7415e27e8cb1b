"""Columns with missing values or empty texts in rules that say nothing of them, found before a row shows it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursewright.errors import Problem
from coursewright.words.language import clauses, scan
from coursewright.words.language.checks import actions_of, tags_of, texts_of
from coursewright.words.language.rules import Alternatives, Cases, RuleSet
from coursewright.words.language.scan import Tag
from coursewright.words.printing.values import is_missing
from coursewright.words.rowwise.trouble import stand_in
from coursewright.words.rowwise.writer import EACH, MISSING

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

_Tested = frozenset[str]


@dataclass(frozen=True, slots=True)
class _RuleVisit:
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
    for at, text, tag in _shown(grammar, start, _unguarded):
        if tag.symbol in ({*missing, *each} if at.one_by_one else missing):
            yield _problem(grammar, at.name, text, str(tag.symbol))


def emptied(grammar: Grammar, empty: Collection[str], start: Iterable[str]) -> Iterator[Problem]:
    """Each column of those with `empty` texts that texts from `start` on tell without a condition on it.

    An empty text is a text: neither `.or` nor a phrase nor the rule `missing` says anything of it.
    """
    for at, text, tag in _shown(grammar, start, tags_of):
        if tag.symbol in empty:
            message = f'the column "{tag.symbol}" has empty texts, which are not missing values, in "{text}"'
            hint = (
                f'read them as missing: missing = [""], or write a condition: {clauses.written(str(tag.symbol))} = ""'
            )
            yield Problem(message, grammar.where(at.name, text), hint, "empty-text")


def remarks(
    grammar: Grammar,
    missing: Collection[str],
    start: Iterable[str] = ("origin",),
    each: Collection[str] = (),
    *,
    empty: Collection[str] = (),
) -> list[str]:
    """What `unfilled` and `emptied` find, a line for each."""
    starts = list(start)
    found = dict.fromkeys([*unfilled(grammar, missing, starts, each), *emptied(grammar, empty, starts)])
    return [f"{problem.where}: {problem.message}; {problem.hint}" for problem in found]


def _unguarded(text: scan.Rule) -> Iterator[Tag]:
    """The tags of a text for whose missing values nothing stands in it."""
    for part in text.parts:
        if isinstance(part, Tag) and not any(modifier.name == "or" for modifier in part.modifiers):
            yield part


def _shown(
    grammar: Grammar, start: Iterable[str], tags: Callable[[scan.Rule], Iterable[Tag]]
) -> Iterator[tuple[_RuleVisit, str, Tag]]:
    """Those `tags` of each text told from `start` on of which no condition asks on the way there."""
    saved = _saved(grammar)
    waiting = [_RuleVisit(name) for name in start]
    seen = set(waiting)
    while waiting:
        at = waiting.pop()
        for choice, known in _all_choices(grammar, saved, at):
            for text in choice.texts:
                for tag in (tag for tag in tags(scan.read(text)) if tag.symbol not in known):
                    if tag.symbol not in saved:
                        yield at, text, tag
                    here = {replace(led, tested=known) for led in _led_to(tag, at)} - seen
                    seen |= here
                    waiting += here


def symbols(grammar: Grammar) -> Iterator[str]:
    """What the tags of a grammar name."""
    for rules in grammar.compiled.values():
        yield from (str(tag.symbol) for text in texts_of(rules) for tag in tags_of(scan.read(text)))


def missing_in_groups(rows: Any, by: Sequence[str], columns: Iterable[str]) -> set[str]:
    """Those of the `columns` of rows that hold nothing but missing values in some group."""
    from coursewright.words.door.frames import grouped, take

    lists = grouped(take(rows), by).frame(columns)
    return {name for name in lists.columns if any(map(is_missing, lists[name].to_list()))}


def _saved(grammar: Grammar) -> dict[str, list[str]]:
    """What is saved anywhere, by its name."""
    saved: dict[str, list[str]] = {}
    for rules in grammar.compiled.values():
        for action in (action for text in texts_of(rules) for action in actions_of(scan.read(text))):
            saved.setdefault(action.target, []).extend(action.rules)
    return saved


def _all_choices(
    grammar: Grammar, saved: Mapping[str, Sequence[str]], at: _RuleVisit
) -> Iterator[tuple[Alternatives, _Tested]]:
    if at.name in saved:
        yield Alternatives(tuple(saved[at.name])), at.tested
    if at.name in grammar.compiled:
        yield from _choices(grammar.compiled[at.name], at.tested)


def _choices(rules: RuleSet, tested: _Tested) -> Iterator[tuple[Alternatives, _Tested]]:
    """Every choice with the columns that conditions have asked about by then."""
    if not isinstance(rules, Cases):
        yield rules, tested
        return
    for condition, then in rules.cases:
        tested |= frozenset(condition.columns)
        yield from _choices(then, tested)
    yield from _choices(rules.otherwise, tested)


def _led_to(tag: Tag, at: _RuleVisit) -> Iterator[_RuleVisit]:
    yield replace(at, name=str(tag.symbol))
    for modifier in tag.modifiers:
        if modifier.name == EACH and modifier.arguments:
            yield _RuleVisit(modifier.arguments[0], one_by_one=True)


def _problem(grammar: Grammar, rule: str, text: str, column: str) -> Problem:
    message = f'the column "{column}" has missing values, and nothing stands for them in "{text}"'
    return Problem(message, grammar.where(rule, text), stand_in(column), "missing-value")
