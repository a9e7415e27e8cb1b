"""The rules of one symbol: texts to choose from, with weights, in turn, or by conditions on the row.

    "verb":     ["won", "took"]                                          any of them, equally likely
    "verb":     {"won": 3, "took": 1}                                    as likely as its weight
    "verb":     {"no repeat": ["won", "took", "claimed"]}                never the same for two rows in a row
    "position": {"pos = 1": "won", "pos <= 3": "#podium#", "otherwise": "finished #pos.ordinal#"}

Of conditions the first that holds decides, and what belongs to it may be any of these forms again
(docs/decisions/0003-conditions-in-grammars.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coursewright.words.language import clauses
from coursewright.words.language.conditions import Condition, Get
from coursewright.words.marks import guard_rule
from coursewright.words.printing.values import text_of
from coursewright.words.rowwise.choosing import Bids, ChoiceTree, picker, saved_picker

OTHERWISE, NO_REPEAT = "otherwise", "no repeat"
_DEEPEST = 10
_HALF = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Alternatives:
    """Texts of which one is chosen; `weights` if they are not equally likely, `dealt` if not twice in a text.

    `turn` is how often it was dealt in the text before. `written` is what they were in the grammar, where they have
    been made of something since: it decides the choice.
    """

    texts: tuple[str, ...]
    weights: tuple[float, ...] | None = None
    dealt: bool = False
    written: tuple[str, ...] | None = None
    turn: int = 0

    @cached_property
    def picker(self) -> Bids | ChoiceTree:
        """What chooses by a hash."""
        if self.written is not None:
            return saved_picker(self.written)
        return picker(self.texts, self.weights)

    def select(self, get: Get) -> Alternatives:  # noqa: ARG002 - as `Cases.select`
        """Itself, whatever the row."""
        return self


@dataclass(frozen=True, slots=True)
class Cases:
    """Conditions with what belongs to each; `otherwise` is what is left, at worst a choice of nothing."""

    cases: tuple[tuple[Condition, Alternatives | Cases], ...]
    otherwise: Alternatives | Cases

    def select(self, get: Get) -> Alternatives:
        """The choice for a row: that of the first condition that holds."""
        for condition, then in self.cases:
            if condition.holds(get):
                return then.select(get)
        return self.otherwise.select(get)


RuleSet = Alternatives | Cases
NOTHING = Alternatives(("",))


class BadRules(ValueError):
    """Rules in none of the forms; the remedy goes with the message."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def compile_rules(raw: Any, depth: int = 0) -> RuleSet:
    """The rules of a symbol from what a grammar's file or dictionary holds. Raises BadRules."""
    if depth > _DEEPEST:
        raise BadRules(f"conditions are nested more than {_DEEPEST} deep", "give the inner ones a rule of their own")
    if isinstance(raw, Mapping):
        return _from_mapping(raw, depth)
    if isinstance(raw, list | tuple):
        return Alternatives(tuple(_text(item) for item in raw)) if raw else NOTHING
    return Alternatives((_text(raw),))


def _from_mapping(raw: Mapping[Any, Any], depth: int) -> RuleSet:
    if NO_REPEAT in raw:
        options = raw[NO_REPEAT]
        if len(raw) > 1 or not isinstance(options, list | tuple) or not options:
            raise BadRules(f'"{NO_REPEAT}" stands alone and holds a list of texts', 'write {"no repeat": ["…", "…"]}')
        return Alternatives(tuple(_text(option) for option in options), dealt=True)
    weighed = [isinstance(value, int | float) and not isinstance(value, bool) for value in raw.values()]
    if all(weighed) and OTHERWISE not in raw:
        return _weighted(raw)
    if any(weighed):
        raise BadRules(
            "a number stands where a text is needed",
            'write the number as text ("5"), or give every entry a weight and none a condition',
        )
    cases = [(_condition(key), compile_rules(value, depth + 1)) for key, value in raw.items() if key != OTHERWISE]
    return Cases(tuple(cases), compile_rules(raw.get(OTHERWISE, ""), depth + 1))


def _weighted(raw: Mapping[Any, float]) -> Alternatives:
    if any(weight < 0 or not math.isfinite(weight) for weight in raw.values()) or not any(raw.values()):
        raise BadRules("weights are numbers from 0 up, and one at least is above 0")
    return Alternatives(tuple(_text(text) for text in raw), weights=tuple(raw.values()))


def _condition(text: Any) -> Condition:
    _refuse_half_characters(str(text))
    try:
        return clauses.read(str(text))
    except ValueError as error:
        raise BadRules(
            f'the condition "{text}" cannot be read: {error}',
            'conditions look like: pos <= 3, team = "Ferrari" and not retired, time is missing',
        ) from None


def _text(raw: Any) -> str:
    if isinstance(raw, Mapping | list | tuple):
        raise BadRules("a list of rules holds texts, not lists or maps", "give the inner part a rule of its own")
    text = "" if raw is None else raw if isinstance(raw, str) else text_of(raw)
    _refuse_half_characters(text)
    return guard_rule(text)


def _refuse_half_characters(text: str) -> None:
    """JSON can write one half of a surrogate pair alone, which no file and no column of text can hold."""
    if not text.isascii() and (half := _HALF.search(text)):
        raise BadRules(
            f"\\u{ord(half[0]):04x} is half a character",
            "write the character itself, or both its halves: \\ud83c\\udfc1",
        )


def choices_of(rules: RuleSet) -> Iterator[Alternatives]:
    """Every choice in a symbol's rules, whatever its condition."""
    if isinstance(rules, Alternatives):
        yield rules
        return
    for _, then in rules.cases:
        yield from choices_of(then)
    yield from choices_of(rules.otherwise)


def conditions_of(rules: RuleSet) -> Iterator[Condition]:
    """Every condition in a symbol's rules."""
    if isinstance(rules, Cases):
        for condition, then in rules.cases:
            yield condition
            yield from conditions_of(then)
        yield from conditions_of(rules.otherwise)
