"""Columns with missing values in rules that say nothing of them, found before a row shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from coursewright.errors import Problem
from coursewright.words import scan
from coursewright.words.rows import EACH, MISSING
from coursewright.words.rules import Cases, Choice, RuleSet
from coursewright.words.scan import Tag
from coursewright.words.trouble import stand_in

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

_Tested = frozenset[str]


def unfilled(grammar: Grammar, missing: Collection[str], start: Iterable[str]) -> Iterator[Problem]:
    """Each column of those with `missing` values that texts from `start` on tell without saying what stands for them.

    That is said by `.or`, by a phrase around it, by a condition on the column on the way there, or by a rule `missing`.
    """
    if MISSING in grammar.compiled:
        return
    waiting: list[tuple[str, _Tested]] = [(name, frozenset()) for name in start]
    seen = set(waiting)
    while waiting:
        name, tested = waiting.pop()
        for choice, known in _choices(grammar.compiled[name], tested) if name in grammar.compiled else ():
            for text in choice.texts:
                for tag in (part for part in scan.read(text).parts if isinstance(part, Tag)):
                    if any(modifier.name == "or" for modifier in tag.modifiers) or tag.symbol in known:
                        continue
                    if tag.symbol in missing:
                        yield _problem(grammar, name, text, str(tag.symbol))
                    here = {(led, known) for led in _led_to(tag)} - seen
                    seen |= here
                    waiting += here


def _choices(rules: RuleSet, tested: _Tested) -> Iterator[tuple[Choice, _Tested]]:
    """Every choice with the columns that conditions have asked about by then."""
    if not isinstance(rules, Cases):
        yield rules, tested
        return
    for condition, then in rules.cases:
        tested |= frozenset(condition.columns)
        yield from _choices(then, tested)
    yield from _choices(rules.otherwise, tested)


def _led_to(tag: Tag) -> list[str]:
    told = [modifier.arguments[0] for modifier in tag.modifiers if modifier.name == EACH and modifier.arguments]
    return [str(tag.symbol), *told]


def _problem(grammar: Grammar, rule: str, text: str, column: str) -> Problem:
    message = f'the column "{column}" has missing values, and nothing stands for them in "{text}"'
    return Problem(message, grammar.where(rule, text), stand_in(column), "missing-value")
