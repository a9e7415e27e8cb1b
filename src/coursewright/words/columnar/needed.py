"""Which columns the texts of a grammar can need: no others are converted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from coursewright.words.columnar.parts import ColumnValue, Each, Plan, within
from coursewright.words.language.rules import choices_of, conditions_of
from coursewright.words.language.scan import SPECIAL

if TYPE_CHECKING:
    from coursewright.words.columnar.growing import Growth
    from coursewright.words.grammar import Grammar


def needed_by_plan(plan: Plan | Growth) -> frozenset[str]:
    """The columns, and fields of structs, in a plan."""
    if not isinstance(plan, Plan):
        return plan.needed
    found: set[str] = set()
    for part in within(plan.part):
        found |= {part.column} if isinstance(part, ColumnValue | Each) else set()
        found |= needed_by_plan(part.rule) if isinstance(part, Each) else set()
        found.update(column for condition in getattr(part, "conditions", ()) for column in condition.columns)
    return frozenset(found)


def needed_by_rules(grammar: Grammar, start: str, columns: Iterable[str]) -> frozenset[str]:
    """The columns whose names stand anywhere in the rules: all of them, if rules may be made while a text is told."""
    texts = [start]
    for rules in grammar.compiled.values():
        texts += [text for choice in choices_of(rules) for text in choice.texts if not SPECIAL.isdisjoint(text)]
        texts += [name for condition in conditions_of(rules) for name in condition.columns]
    written = "\n".join(texts)
    if grammar.modifiers or "\\" in written:
        return frozenset(columns)
    return frozenset(column for column in columns if column in written)
