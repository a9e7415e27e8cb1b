"""The choices and conditions of a grammar as parts of a plan, all options planned side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from coursewright.words.columnar.parts import LeadsBack, NotColumnar, Part, Pick, PlanParts, Test, WordList
from coursewright.words.columnar.saves import Rebuild, Saves, SaveStack, Split
from coursewright.words.language import scan
from coursewright.words.language.rules import Alternatives, Cases
from coursewright.words.language.scan import SPECIAL, Rule
from coursewright.words.marks import is_guarded
from coursewright.words.printing.values import has_field
from coursewright.words.rowwise.draw import dealt_place

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar


class Branches:
    """What of a planner branches: `expand` plans a rule at a place."""

    grammar: Grammar
    columns: frozenset[str]
    saves: Saves
    parts: PlanParts
    path: list[tuple[str, int]]
    turns: dict[tuple[int, int], Alternatives]  # what is dealt, for each time that it comes in a text

    def expand(self, rule: Rule, place: int, depth: int) -> Part:
        """The part that a rule becomes."""
        raise NotImplementedError

    def rules(self, symbol: str, rules: Alternatives | Cases, place: int, depth: int) -> Part:
        """What the rules of a symbol become."""
        if (symbol, id(rules)) in self.path:
            raise LeadsBack(f'"{symbol}" leads back to itself')
        self.path.append((symbol, id(rules)))
        if isinstance(rules, Alternatives):
            dealt = self.saves.of(id(rules)).top if rules.dealt else None
            part = (
                self.choice(rules, place, depth, place)
                if dealt is None
                else self.dealt(symbol, rules, place, depth, dealt)
            )
        else:
            tests = tuple(condition for condition, _ in rules.cases)
            for column in (column for test in tests for column in test.columns):
                if column not in self.columns and not has_field(self.columns, column):
                    raise NotColumnar(f'no column called "{column}"')
                self.parts.named.add(column)
            branches = [then for _, then in rules.cases] + [rules.otherwise]
            cases = [partial(self.rules, symbol, then, place, depth) for then in branches]
            part = self.each(lambda parts: Test(tests, parts), cases)
        self.path.pop()
        return part

    def dealt(self, symbol: str, choice: Alternatives, place: int, depth: int, turn: Any) -> Part:
        """One of the texts that a symbol deals: how often it did before in this text may depend on other choices."""
        if isinstance(turn, Split):
            turns = [partial(self.dealt, symbol, choice, place, depth, one) for one in turn.levels]
            return self.each(turn.rebuild, turns)
        self.saves.now[id(choice)] = SaveStack(turn + 1)
        this = self.turns.setdefault((id(choice), turn), replace(choice, turn=turn))
        return self.choice(this, place, depth, dealt_place(symbol))

    def choice(self, choice: Alternatives, place: int, depth: int, chosen_at: int) -> Part:
        """One of the texts of a choice; all that are plain words take one place."""
        plain = [SPECIAL.isdisjoint(text) and not is_guarded(text) for text in choice.texts]
        if sum(plain) < 2 or depth >= self.grammar.max_depth:
            plain = [False] * len(plain)
        others = [
            partial(self.expand, scan.read(text), place, depth + 1)
            for text, is_plain in zip(choice.texts, plain, strict=True)
            if not is_plain
        ]
        if len(others) == len(plain):
            return others[0]() if len(others) == 1 else self.each(lambda parts: Pick(choice, chosen_at, parts), others)
        words = tuple([text if is_plain else "" for text, is_plain in zip(choice.texts, plain, strict=True)])
        listed = self.parts.one(WordList(choice, chosen_at, words))
        if not others:
            return listed
        numbers = accumulate(not is_plain for is_plain in plain)
        option_of = tuple([0 if is_plain else number for number, is_plain in zip(numbers, plain, strict=True)])
        return self.each(lambda parts: Pick(choice, chosen_at, parts, option_of), [lambda: listed, *others])

    def each(self, rebuild: Rebuild, options: Sequence[Callable[[], Part]]) -> Part:
        """The parts of all the options, each planned from the same state, and the states that they leave merged."""
        return self.parts.one(self.saves.branch(rebuild, options))
