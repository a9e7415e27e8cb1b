"""Which columns the texts of a grammar can need: no others are converted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from coursewright.words.parts import Cell, Part, Words
from coursewright.words.rules import choices_of, conditions_of
from coursewright.words.scan import SPECIAL

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar


def needed_by_plan(part: Part) -> frozenset[str]:
    """The columns in a plan."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting: list[Part] = [part]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, Words):
            continue
        seen.add(id(one))
        if isinstance(one, Cell):
            found.add(one.column)
            waiting.append(one.missing)
            continue
        found.update(column for condition in getattr(one, "conditions", ()) for column in condition.columns)
        for name in ("options", "parts"):
            waiting += getattr(one, name, ())
        waiting += [one.part] if hasattr(one, "part") else []
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
