"""Works out, before there is a row, what the text of every row is made of: a plan of column operations.

The grammar is walked once, as `rows.Writer` walks it for one row, but with every choice taken at the same time. What
was saved under a choice is remembered as depending on it. A grammar that cannot be walked so, because it leads back
to itself say, raises `NotColumnar` with the reason, and is told row by row with the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from coursewright import chance
from coursewright.words import scan
from coursewright.words.draw import dealt_place
from coursewright.words.marks import END, FILLED, GAP, is_guarded
from coursewright.words.parts import (
    AS_TEXT,
    CAPITAL,
    LARGEST,
    Cell,
    Closing,
    Modified,
    NotColumnar,
    Part,
    Parts,
    Pick,
    Test,
    WordList,
    Words,
    check_modifiers,
    joined,
)
from coursewright.words.phrases import Phrases, closed
from coursewright.words.rows import IF_MISSING, MISSING, ROOT
from coursewright.words.rules import Cases, Choice
from coursewright.words.saves import DATA, UNCERTAIN, Rebuild, Saved, Saves, Split, merged
from coursewright.words.scan import SPECIAL, Action, Modifier, Rule, Tag, unescape
from coursewright.words.values import has_field

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

_SMALL = 200  # a plan of so many places is quicker than a handful of rows
_MOST_PHRASES = 5  # side by side: each doubles what can be told


def plan(grammar: Grammar, text: str, columns: Iterable[str], rows: int = LARGEST) -> tuple[Part, int]:
    """The plan of a text for so many rows with these columns, and how many places it has. Raises NotColumnar."""
    planner = _Planner(grammar, frozenset(columns), Parts(min(LARGEST, max(_SMALL, rows))))
    try:
        return planner.expand(scan.read(text), ROOT, 0), planner.parts.size
    except RecursionError:
        raise NotColumnar("it is nested too deeply") from None


class _Planner:
    def __init__(self, grammar: Grammar, columns: frozenset[str], parts: Parts) -> None:
        self.grammar = grammar
        self.columns = columns
        self.saved: Saves = {}
        self.path: list[tuple[str, int]] = []
        self.raw = 0  # above 0 while text is being saved or modified: then an escape cannot be resolved yet
        self.held = 0  # above 0 while something may still stand for what is missing: it is saved, modified, in a phrase
        self.turns: dict[tuple[int, int], Choice] = {}  # what is dealt, for each time that it comes in a text
        self.parts = parts
        self.one = parts.one

    def modified(self, part: Part, modifiers: tuple[Modifier, ...], missing: Part) -> Part:
        """A part with modifiers, applied as far inside as they can be: words once, cells once per value.

        Not inside the escape of a cell: what an author's rule wrote is modified as it was written, escapes included.
        What is missing stays so, whatever stands for it, unless a modifier says otherwise.
        """
        if isinstance(part, Pick | Test):
            options = tuple(self.modified(option, modifiers, missing) for option in part.options)
            return self.one(replace(part, options=options))
        if isinstance(part, Cell) and not self.grammar.escape:
            return self.one(Cell(part.column, (*part.modifiers, AS_TEXT, *modifiers), part.missing))
        return self.one(Modified(part, modifiers, missing))

    def expand(self, rule: Rule, place: int, depth: int) -> Part:
        if depth > self.grammar.max_depth:
            raise NotColumnar("it is nested too deeply")
        if rule.errors and self.grammar.strict:
            raise NotColumnar(f'"{rule.text}" cannot be read')
        parts: list[Part] = []
        for part in rule.parts:
            if isinstance(part, str):
                parts.append(Words(self.shown(part)))
            elif isinstance(part, Tag):
                parts.append(self.tag(part, chance.inside(place, part.step), depth))
            elif isinstance(part, Phrases):
                parts.append(self.closing(part, place, depth))
            else:
                self.act(part, chance.inside(place, part.step), depth)
        return self.one(joined(parts))

    def closing(self, group: Phrases, place: int, depth: int) -> Part:
        """What is told of phrases side by side, for every set of them that may vanish."""
        if len(group.phrases) > _MOST_PHRASES:
            raise NotColumnar(f"more than {_MOST_PHRASES} phrases that may vanish stand side by side")
        self.held += 1
        phrases = [self.expand(one.rule, chance.inside(place, one.step), depth) for one in group.phrases]
        self.held -= 1
        options = []
        for which in range(1 << len(phrases)):
            left = closed(group, frozenset(number for number in range(len(phrases)) if which >> number & 1))
            parts: list[Part] = [Words(self.shown(left.words[0]))]
            told = [number for number in range(len(phrases)) if not which >> number & 1]
            for number, after in zip(told, left.words[1:], strict=True):
                phrase = phrases[number]
                if number in left.capitals:
                    phrase = self.one(Modified(phrase, (CAPITAL,), self.one(Words(""))))
                parts += [phrase, Words(self.shown(after))]
            options.append(self.one(joined(parts)))
        return self.one(Closing(tuple(phrases), tuple(options)))

    def shown(self, text: str) -> str:
        if self.raw and not SPECIAL.isdisjoint(text):
            raise NotColumnar(f'there is an escape or a stray sign in "{text}", which is saved or modified')
        if is_guarded(text) or (len(text) - len(text.rstrip("\\"))) % 2:
            raise NotColumnar(f'"{text}" holds a backslash at its end, or a noncharacter')
        return unescape(text)

    def tag(self, tag: Tag, place: int, depth: int) -> Part:
        if tag.problem:
            raise NotColumnar(tag.problem)
        for action in tag.actions:
            self.act(action, chance.inside(place, action.step), depth)
        symbol = "undefined" if tag.symbol is None else tag.symbol
        known = self.levels(tag.symbol)
        level = known[-1] if known else None
        if level is DATA:
            self.known(tag)
            part = self.cell(symbol, tag.modifiers, place, depth)
        elif tag.modifiers:
            self.known(tag)
            self.raw += 1
            self.held += 1
            part = self.use(symbol, level, place, depth)
            self.held -= 1
            part = self.modified(part, tag.modifiers, self.gap(place, depth))
            self.raw -= 1
        else:
            part = self.use(symbol, level, place, depth)
        for action in tag.actions:
            if action.kind == "push":
                self.pop(action.target)
        return part

    def known(self, tag: Tag) -> None:
        check_modifiers(self.grammar, tag.modifiers, literal=tag.literal)
        own = [modifier.name for modifier in tag.modifiers if modifier.name in self.grammar.modifiers]
        if (self.raw or tag.literal) and own:
            raise NotColumnar(f"the modifier .{own[0]} may write grammar")

    def levels(self, symbol: str | int | None) -> tuple[Any, ...]:
        """What is saved as a symbol, the last on top; or how often a choice, by its identity, was dealt."""
        if symbol in self.saved:
            return self.saved[symbol]
        if isinstance(symbol, int):
            return (0,)
        if symbol in self.columns:
            return (DATA,)
        if isinstance(symbol, str) and symbol not in self.grammar.compiled and has_field(self.columns, symbol):
            raise NotColumnar(f'"{symbol}" is a field of a struct')
        rules = self.grammar.compiled.get(symbol) if symbol is not None else None
        return () if rules is None else (rules,)

    def cell(self, symbol: str, modifiers: tuple[Modifier, ...], place: int, depth: int) -> Part:
        return self.one(Cell(symbol, modifiers, self.gap(place, depth)))

    def gap(self, place: int, depth: int) -> Part:
        """What stands for a missing value: marked as such where something else still may."""
        rules = self.grammar.compiled.get(MISSING)
        if rules is None or MISSING in self.columns or any(name == MISSING for name, _ in self.path):
            return self.one(Words(GAP))
        before = self.saved
        self.saved = dict(before)
        default = self.use(MISSING, rules, chance.inside(place, IF_MISSING), depth)
        if self.saved != before:
            raise NotColumnar(f'the rule "{MISSING}" saves something')
        self.saved = before
        return self.one(joined([Words(FILLED), default, Words(END)])) if self.held else default

    def use(self, symbol: str, level: Any, place: int, depth: int) -> Part:
        if level is None:
            if self.grammar.strict or not SPECIAL.isdisjoint(symbol):
                raise NotColumnar(f'nothing is called "{symbol}"')
            return Words(f"(({symbol}))")
        if level is UNCERTAIN:
            raise NotColumnar(f'whether "{symbol}" is saved depends on a choice')
        if level is DATA:
            return self.cell(symbol, (), place, depth)
        if isinstance(level, Saved):
            if len(level.parts) == 1:
                return level.parts[0]
            choice = Choice(level.written, written=level.written)
            return self.one(Pick(choice, place, level.parts))
        if isinstance(level, Split):
            return self.each(level.rebuild, [partial(self.use, symbol, one, place, depth) for one in level.levels])
        return self.rules(symbol, level, place, depth)

    def rules(self, symbol: str, rules: Choice | Cases, place: int, depth: int) -> Part:
        if (symbol, id(rules)) in self.path:
            raise NotColumnar(f'"{symbol}" leads back to itself')
        self.path.append((symbol, id(rules)))
        if isinstance(rules, Choice):
            dealt = self.levels(id(rules))[-1] if rules.dealt else None
            part = (
                self.choice(rules, place, depth, place)
                if dealt is None
                else self.dealt(symbol, rules, place, depth, dealt)
            )
        else:
            tests = tuple(condition for condition, _ in rules.cases)
            for column in (column for test in tests for column in test.columns):
                if column not in self.columns:
                    raise NotColumnar(f'no column called "{column}"')
            branches = [then for _, then in rules.cases] + [rules.otherwise]
            cases = [partial(self.rules, symbol, then, place, depth) for then in branches]
            part = self.each(lambda parts: Test(tests, parts), cases)
        self.path.pop()
        return part

    def dealt(self, symbol: str, choice: Choice, place: int, depth: int, turn: Any) -> Part:
        """One of the texts that a symbol deals: how often it did before in this text may depend on other choices."""
        if isinstance(turn, Split):
            turns = [partial(self.dealt, symbol, choice, place, depth, one) for one in turn.levels]
            return self.each(turn.rebuild, turns)
        self.saved[id(choice)] = (turn + 1,)
        this = self.turns.setdefault((id(choice), turn), replace(choice, turn=turn))
        return self.choice(this, place, depth, dealt_place(symbol))

    def choice(self, choice: Choice, place: int, depth: int, chosen_at: int) -> Part:
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
        listed = self.one(WordList(choice, chosen_at, words))
        if not others:
            return listed
        numbers = accumulate(not is_plain for is_plain in plain)
        option_of = tuple([0 if is_plain else number for number, is_plain in zip(numbers, plain, strict=True)])
        return self.each(lambda parts: Pick(choice, chosen_at, parts, option_of), [lambda: listed, *others])

    def each(self, rebuild: Rebuild, options: Sequence[Callable[[], Part]]) -> Part:
        """The parts of all the options, each planned from the same state, and the states that they leave merged."""
        before, parts, after = self.saved, [], []
        for option in options:
            self.saved = dict(before)
            parts.append(option())
            after.append(self.saved)
        self.saved = merged(rebuild, after, self.base)
        return self.one(rebuild(tuple(parts)))

    def base(self, symbol: str | int | None) -> tuple[Any, ...]:
        kept, self.saved = self.saved, {}
        levels = self.levels(symbol)
        self.saved = kept
        return levels

    def act(self, action: Action, place: int, depth: int) -> None:
        if action.kind == "run":
            self.expand(scan.read(action.target), place, depth + 1)
        elif action.kind == "pop":
            self.pop(action.target)
        else:
            self.raw += 1
            self.held += 1
            parts = tuple(
                self.expand(scan.read(text), chance.inside(place, nth), depth + 1)
                for nth, text in enumerate(action.rules)
            )
            self.raw -= 1
            self.held -= 1
            self.saved[action.target] = (*self.levels(action.target), Saved(parts, action.rules))

    def pop(self, target: str) -> None:
        levels = self.levels(target)
        if not levels and self.grammar.strict:
            raise NotColumnar(f'nothing is saved as "{target}"')
        if levels and levels[-1] is UNCERTAIN:
            raise NotColumnar(f'whether "{target}" is saved depends on a choice')
        if levels or target in self.saved:
            self.saved[target] = levels[:-1]
