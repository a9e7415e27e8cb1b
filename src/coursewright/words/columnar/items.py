"""What each text of a grammar becomes: a run of items, fixed words, cells, symbols and what is saved, by numbers.

An option is one text, read once. The items of an option that become runs themselves lead to other options: a symbol
to those of its rules, a phrase or what is saved to one of its own. `growing.py` grows all rows from these tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursewright.words import marks
from coursewright.words.columnar.parts import NotColumnar, check_modifiers
from coursewright.words.language import scan
from coursewright.words.language.phrases import Phrases
from coursewright.words.language.rules import Alternatives, RuleSet, choices_of, conditions_of
from coursewright.words.language.scan import SPECIAL, Action, Modifier, Rule, Tag
from coursewright.words.marks import is_guarded
from coursewright.words.printing.values import has_field
from coursewright.words.rowwise.draw import IF_MISSING
from coursewright.words.rowwise.writer import EACH, MISSING

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

# Words and cells are text; saving and forgetting are none. From FILLED on an item may become a run; from GROUP on it
# is closed when the text in it is known. FILLED is a cell for which the rule `missing` may stand, DEALING a symbol
# that may deal, READ a symbol that may have been saved, KEPT what is saved, RUN what is told for its actions alone.
WORDS, CELL, PUSH, POP, FILLED, SYMBOL, PHRASE, DEALING, GROUP, READ, MODIFIED, KEPT, RUN = range(13)
NOTHING = 0  # the words ""
_MOST_PHRASES = 60  # side by side: the numbers of those that vanish are bits

Item = tuple[int, int, tuple[int, ...]]  # its kind, a number, and the steps that lead to its place


@dataclass(frozen=True, slots=True)
class SymbolReference:
    """A symbol that may have been saved, and what it is where it was not: a cell, a symbol, or words in brackets."""

    target: int
    cell: int | None
    symbol: int | None
    unknown: int  # an option
    modified: int | None  # with its modifiers, if it has any
    fills: bool  # whether the rule `missing` may stand for it


@dataclass(frozen=True, slots=True)
class Deal:
    """A choice that is dealt, the symbol that deals it, and its first option."""

    choice: Alternatives
    symbol: str
    option: int


@dataclass(frozen=True, slots=True)
class PhraseGroup:
    """Phrases side by side, the words before them, and those that each begins with where a capital letter is due."""

    phrases: Phrases
    before: int
    capitals: tuple[int, ...]


class Items:
    """The options of a grammar that can be reached from a rule. Raises NotColumnar for what only the row path can."""

    def __init__(self, grammar: Grammar, start: Rule, columns: Iterable[str]) -> None:
        self.grammar = grammar
        self.columns = frozenset(columns)
        self.fills = MISSING in grammar.compiled and MISSING not in self.columns
        self.words: dict[str, int] = {"": NOTHING}
        self.told: dict[tuple[str, tuple[Modifier, ...]], int] = {}
        self.symbols: dict[tuple[str, bool], int] = {}  # by name, and whether within the rule `missing`
        self.rules: list[tuple[str, RuleSet, bool]] = []
        self.modified: dict[tuple[int, tuple[Modifier, ...]], int] = {}
        self.first_option: dict[tuple[int, bool], int] = {}  # of a choice, by its identity
        self.deals: dict[tuple[int, bool], int] = {}
        self.dealt: list[Deal] = []
        self.targets = {name: at for at, name in enumerate(dict.fromkeys(self._saved(start)))}
        self.based = [self._is_cell(name) or name in grammar.compiled for name in self.targets]
        self.pushes: dict[tuple[int, tuple[str, ...]], int] = {}
        self.reads: dict[SymbolReference, int] = {}
        self.groups: list[PhraseGroup] = []
        self.waiting: list[tuple[Rule | list[Item], bool]] = []
        self.headers: dict[int, int] = {}  # of the option of a phrase: how far before it its group begins
        self.kept: set[int] = set()  # the options that are saved
        self.lost: dict[int, int] = {}  # signs of words that no reader sees, but that count while a text is made
        self.escaped: set[int] = set()  # the options with an escape in them
        self.runs: list[list[Item]] = []
        self.option(start, under=False)
        self.failed = self.option([(WORDS, self._number(marks.FAILED), ())], under=False)
        self.missing = self._missing() if self.fills else -1
        while len(self.runs) < len(self.waiting):  # grows while options are found
            rule, under = self.waiting[len(self.runs)]
            self.runs.append(self._items(rule, under=under) if isinstance(rule, Rule) else rule)

    def option(self, rule: Rule | list[Item], *, under: bool) -> int:
        """The number of one more option; what is `under` the rule `missing` is filled by nothing."""
        self.waiting.append((rule, under))
        return len(self.waiting) - 1

    @property
    def needed(self) -> frozenset[str]:
        """The columns that are told or tested."""
        tests = {name for _, rules, _ in self.rules for test in conditions_of(rules) for name in test.columns}
        return frozenset(tests.union(column for column, _ in self.told))

    def options_of(self, symbol: int) -> list[int]:
        """The options of a symbol."""
        _, rules, under = self.rules[symbol]
        firsts = [(self.first_option[id(choice), under], len(choice.texts)) for choice in choices_of(rules)]
        return [first + at for first, count in firsts for at in range(count)]

    def may_deal(self, symbol: int) -> bool:
        """Whether a symbol deals, under some condition at least."""
        return any(_is_dealt(choice) for choice in choices_of(self.rules[symbol][1]))

    def _saved(self, start: Rule) -> Iterator[str]:
        texts = [text for rules in self.grammar.compiled.values() for one in choices_of(rules) for text in one.texts]
        for rule in (start, *map(scan.read, texts)):
            yield from _targets(rule)

    def _number(self, text: str) -> int:
        return self.words.setdefault(text, len(self.words))

    def _missing(self) -> int:
        """The option that stands for a cell whose value is missing."""
        symbol = self._symbol(MISSING, under=True)
        kind = DEALING if self.may_deal(symbol) else SYMBOL
        begin, end = (WORDS, self._number(marks.FILLED), ()), (WORDS, self._number(marks.END), ())
        return self.option([begin, (kind, symbol, (IF_MISSING,)), end], under=True)

    def _items(self, rule: Rule, *, under: bool) -> list[Item]:
        if rule.errors and self.grammar.strict:
            raise NotColumnar(f'"{rule.text}" cannot be read')
        found: list[Item] = []
        for part in rule.parts:
            if isinstance(part, str):
                found.append((WORDS, self._shown(part), ()))
            elif isinstance(part, Tag):
                found += self._tag(part, under=under)
            elif isinstance(part, Phrases):
                found += self._group(part, under=under)
            else:
                found += self._action(part, (), under=under)
        return found

    def _shown(self, text: str) -> int:
        if is_guarded(text) or (len(text) - len(text.rstrip("\\"))) % 2:
            raise NotColumnar(f'"{text}" holds a backslash at its end, or a noncharacter')
        if not SPECIAL.isdisjoint(text):
            self.escaped.add(len(self.runs))
        shown = scan.unescape(text)
        number = self._number(shown)
        if lost := len(text) - len(shown):
            self.lost[number] = max(self.lost.get(number, 0), lost)
        return number

    def _group(self, group: Phrases, *, under: bool) -> list[Item]:
        if len(group.phrases) > _MOST_PHRASES:
            raise NotColumnar(f"more than {_MOST_PHRASES} phrases that may vanish stand side by side")
        capitals = []
        found: list[Item] = [(GROUP, len(self.groups), ())]  # and the words before them
        for number, phrase in enumerate(group.phrases):
            first = phrase.rule.parts[0] if phrase.rule.parts else ""
            if phrase.first.islower() and not isinstance(first, str):
                raise NotColumnar(f'the phrase "{phrase.rule.text}" begins with another phrase')
            capital = first[:1].upper() + first[1:] if isinstance(first, str) else ""
            capitals.append(self._shown(capital))
            option = self.option(phrase.rule, under=under)
            self.headers[option] = 1 + 2 * number
            found += [(PHRASE, option, (phrase.step,)), (WORDS, self._shown(group.words[number + 1]), ())]
        self.groups.append(PhraseGroup(group, self._shown(group.words[0]), tuple(capitals)))
        return found

    def _tag(self, tag: Tag, *, under: bool) -> list[Item]:
        if tag.problem:
            raise NotColumnar(tag.problem)
        found = [item for action in tag.actions for item in self._action(action, (tag.step,), under=under)]
        found.append(self._told(tag, under=under))
        return found + [(POP, self.targets[one.target], ()) for one in tag.actions if one.kind == "push"]

    def _action(self, action: Action, steps: tuple[int, ...], *, under: bool) -> list[Item]:
        steps = (*steps, action.step)
        if action.kind == "pop":
            return [(POP, self.targets[action.target], ())]
        if action.kind == "run":
            return [(RUN, self.option(scan.read(action.target), under=under), steps)]
        kept = [self.option(scan.read(text), under=under) for text in action.rules]
        self.kept.update(kept)
        push = self.targets[action.target], action.rules
        number = self.pushes.setdefault(push, len(self.pushes))
        return [*((KEPT, option, (*steps, nth)) for nth, option in enumerate(kept)), (PUSH, number, ())]

    def _told(self, tag: Tag, *, under: bool) -> Item:
        symbol, steps = "undefined" if tag.symbol is None else tag.symbol, (tag.step,)
        check_modifiers(self.grammar, tag.modifiers, literal=tag.literal)
        if any(name == EACH for name, _ in tag.modifiers):
            raise NotColumnar("it tells each row of a group")
        if tag.symbol in self.targets:
            return READ, self._read(symbol, tag.modifiers, under=under), steps
        if self._is_cell(symbol):
            number = _numbered(self.told, (symbol, tag.modifiers))
            return FILLED if self.fills and not under else CELL, number, steps
        if symbol not in self.grammar.compiled or tag.symbol is None:
            if self.grammar.strict or tag.modifiers or not SPECIAL.isdisjoint(symbol):
                raise NotColumnar(f'nothing is called "{symbol}"')
            return WORDS, self._number(f"(({symbol}))"), ()
        number = self._symbol(symbol, under=under)
        if tag.modifiers:
            return MODIFIED, self._modified(number, tag.modifiers), steps
        return DEALING if self.may_deal(number) else SYMBOL, number, steps

    def _is_cell(self, symbol: str) -> bool:
        return symbol in self.columns or (symbol not in self.grammar.compiled and has_field(self.columns, symbol))

    def _read(self, symbol: str, modifiers: tuple[Modifier, ...], *, under: bool) -> int:
        if not SPECIAL.isdisjoint(symbol):
            raise NotColumnar(f'nothing is called "{symbol}"')
        is_cell = self._is_cell(symbol)
        rules = not is_cell and symbol in self.grammar.compiled
        number = self._symbol(symbol, under=under) if rules else None
        unknown = self.option([(WORDS, self._number(f"(({symbol}))"), ())], under=under)
        read = SymbolReference(
            self.targets[symbol],
            _numbered(self.told, (symbol, modifiers)) if is_cell else None,
            number,
            unknown,
            self._modified(-1 if number is None else number, modifiers) if modifiers else None,
            self.fills and not under,
        )
        return self.reads.setdefault(read, len(self.reads))

    def _modified(self, symbol: int, modifiers: tuple[Modifier, ...]) -> int:
        return _numbered(self.modified, (symbol, modifiers))

    def _symbol(self, symbol: str, *, under: bool) -> int:
        """The number of a symbol, whose rules become options."""
        under = under or symbol == MISSING
        if (symbol, under) not in self.symbols:
            rules = self.grammar.compiled[symbol]
            for condition in conditions_of(rules):
                for name in condition.columns:
                    if name not in self.columns and not has_field(self.columns, name):
                        raise NotColumnar(f'no column called "{name}"')
            self.symbols[symbol, under] = len(self.rules)
            self.rules.append((symbol, rules, under))
            for choice in choices_of(rules):
                self.first_option[id(choice), under] = len(self.waiting)
                self.waiting += [(scan.read(text), under) for text in choice.texts]
                if _is_dealt(choice):
                    self.deals[id(choice), under] = len(self.dealt)
                    self.dealt.append(Deal(choice, symbol, self.first_option[id(choice), under]))
        return self.symbols[symbol, under]


def _is_dealt(choice: Alternatives) -> bool:
    return choice.dealt and len(choice.texts) > 1


def _numbered(known: dict[Any, int], name: Any) -> int:
    return known.setdefault(name, len(known))


def _targets(rule: Rule) -> Iterator[str]:
    """What a rule saves or forgets, also inside actions and phrases."""
    for part in rule.parts:
        if isinstance(part, Phrases):
            for phrase in part.phrases:
                yield from _targets(phrase.rule)
        actions = part.actions if isinstance(part, Tag) else (part,) if isinstance(part, Action) else ()
        for action in actions:
            if action.kind != "run":
                yield action.target
            for text in (action.target,) if action.kind == "run" else action.rules:
                yield from _targets(scan.read(text))
