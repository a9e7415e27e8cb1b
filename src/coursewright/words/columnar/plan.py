"""Works out, before there is a row, what the text of every row is made of: a plan of column operations.

The grammar is walked once, as `rows.Writer` walks it for one row, but with every choice taken at the same time. What
was saved under a choice is remembered as depending on it. A grammar that cannot be walked so, because it leads back
to itself say, raises `NotColumnar` with the reason, and is told row by row with the same text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from coursewright import chance
from coursewright.words.columnar.branches import Branches
from coursewright.words.columnar.parts import (
    AGAIN,
    AS_TEXT,
    FINISHED,
    LARGEST,
    ColumnValue,
    Each,
    FixedText,
    HoldsEscapes,
    LeadsBack,
    ModifiedPart,
    NotColumnar,
    Part,
    Pick,
    Plan,
    PlanParts,
    Test,
    check_modifiers,
    closings,
    joined,
)
from coursewright.words.columnar.saves import DATA, EMPTY, SavedTexts, Saves, SaveStack, Split, Symbol
from coursewright.words.language import quoting, scan
from coursewright.words.language.phrases import Phrases
from coursewright.words.language.rules import Alternatives
from coursewright.words.language.scan import SPECIAL, Action, Modifier, Rule, Tag, unescape
from coursewright.words.marks import END, FAILED, FILLED, GAP, is_guarded
from coursewright.words.printing.values import has_field
from coursewright.words.rowwise.draw import IF_MISSING, ROOT
from coursewright.words.rowwise.writer import EACH, MISSING

if TYPE_CHECKING:
    from coursewright.words.columnar.growing import Growth
    from coursewright.words.grammar import Grammar

_SMALL = 200  # a plan of so many places is quicker than a handful of rows
_MOST_PHRASES = 5  # side by side: each doubles what can be told


def plan(grammar: Grammar, text: str, columns: Iterable[str], rows: int = LARGEST) -> Plan:
    """The plan of a text for so many rows with these columns. Raises NotColumnar."""
    known, most = frozenset(columns), min(LARGEST, max(_SMALL, rows))
    try:
        return _Planner(grammar, known, PlanParts(most)).plan(text)
    except HoldsEscapes:
        return _Planner(grammar, known, PlanParts(most), escapes=True).plan(text)


class _Planner(Branches):
    def __init__(
        self,
        grammar: Grammar,
        columns: frozenset[str],
        parts: PlanParts,
        rules_of_groups: tuple[str, ...] = (),
        *,
        escapes: bool = False,
    ) -> None:
        self.grammar = grammar
        self.columns = columns
        self.saves = Saves(self.base)
        self.path: list[tuple[str, int]] = []
        self.raw = 0  # above 0 while text is being saved or modified: then an escape cannot be resolved yet
        self.held = 0  # above 0 while something may still stand for what is missing: it is saved, modified, in a phrase
        self.unseen = 0  # above 0 while text is made that is not shown
        self.turns: dict[tuple[int, int], Alternatives] = {}  # what is dealt, for each time that it comes in a text
        self.parts = parts
        self.one = parts.one
        self.escapes = escapes
        self.fails = False
        self.groups: dict[str, Plan | Growth] = {}
        self.rules_of_groups = rules_of_groups  # those told for each row of a group that this is within

    def plan(self, text: str) -> Plan:
        """The plan of a text. Raises NotColumnar."""
        if self.escapes and self.grammar.escape:
            raise NotColumnar("there are escapes in text that is saved or modified, and in the values")
        try:
            part = self.expand(scan.read(text), ROOT, 0)
        except RecursionError:
            raise NotColumnar("it is nested too deeply") from None
        return Plan(part, self.parts.size, self.escapes, self.fails, frozenset(self.parts.named))

    def modified(self, part: Part, modifiers: tuple[Modifier, ...], missing: Part) -> Part:
        """A part with modifiers, applied as far inside as they can be: words once, cells once per value.

        Not inside the escape of a cell: what an author's rule wrote is modified as it was written, escapes included.
        What is missing stays so, whatever stands for it, unless a modifier says otherwise.
        """
        if isinstance(part, Pick | Test):
            options = tuple(self.modified(option, modifiers, missing) for option in part.options)
            return self.one(replace(part, options=options))
        if isinstance(part, ColumnValue) and not self.grammar.escape and not self.escapes:
            return self.one(ColumnValue(part.column, (*part.modifiers, AS_TEXT, *modifiers), part.missing))
        return self.one(ModifiedPart(part, modifiers, missing))

    def expand(self, rule: Rule, place: int, depth: int) -> Part:
        if depth > self.grammar.max_depth:
            raise NotColumnar("it is nested too deeply")
        if rule.errors and self.grammar.strict:
            raise NotColumnar(f'"{rule.text}" cannot be read')
        parts: list[Part] = []
        for part in rule.parts:
            if isinstance(part, str):
                parts.append(FixedText(self.shown(part)))
            elif isinstance(part, Tag):
                parts.append(self.tag(part, chance.inside(place, part.step), depth))
            elif isinstance(part, Phrases):
                parts.append(self.closing(part, place, depth))
            else:
                self.act(part, chance.inside(place, part.step), depth)
        return self.one(joined(parts))

    def closing(self, group: Phrases, place: int, depth: int) -> Part:
        if len(group.phrases) > _MOST_PHRASES:
            raise NotColumnar(f"more than {_MOST_PHRASES} phrases that may vanish stand side by side")
        self.held += 1
        phrases = [self.expand(one.rule, chance.inside(place, one.step), depth) for one in group.phrases]
        self.held -= 1
        return closings(group, phrases, self.shown, self.one)

    def shown(self, text: str) -> str:
        if self.raw and not self.escapes and not SPECIAL.isdisjoint(text):
            raise HoldsEscapes
        if is_guarded(text) or (len(text) - len(text.rstrip("\\"))) % 2:
            raise NotColumnar(f'"{text}" holds a backslash at its end, or a noncharacter')
        return text if self.raw else unescape(text)

    def tag(self, tag: Tag, place: int, depth: int) -> Part:
        if tag.problem:
            raise NotColumnar(tag.problem)
        for action in tag.actions:
            self.act(action, chance.inside(place, action.step), depth)
        part = self.told(tag, self.saves.of(tag.symbol).top, place, depth)
        for action in tag.actions:
            if action.kind == "push":
                self.pop(action.target)
        return part

    def told(self, tag: Tag, level: Any, place: int, depth: int) -> Part:
        """What a tag becomes where its symbol is what `level` says."""
        if isinstance(level, Split):
            return self.each(level.rebuild, [partial(self.told, tag, one, place, depth) for one in level.levels])
        symbol = "undefined" if tag.symbol is None else tag.symbol
        if tag.modifiers:
            self.known(tag)
        if level is DATA:
            part = self.cell(symbol, tag.modifiers, place, depth)
            if self.escapes and not self.raw and any(name in self.grammar.modifiers for name, _ in tag.modifiers):
                return self.modified(part, (FINISHED,), self.one(FixedText("")))
            return part
        if not tag.modifiers:
            return self.use(symbol, level, place, depth)
        if any(name == EACH for name, _ in tag.modifiers):
            raise NotColumnar(f'"{tag.raw}" tells each row of what is no column')
        self.raw += 1
        self.held += 1
        part = self.use(symbol, level, place, depth)
        self.held -= 1
        self.raw -= 1
        ends = (FINISHED,) if self.escapes and not self.raw else ()
        return self.modified(part, (*tag.modifiers, *ends), self.gap(place, depth))

    def known(self, tag: Tag) -> None:
        check_modifiers(self.grammar, tag.modifiers, literal=tag.literal)
        own = [modifier.name for modifier in tag.modifiers if modifier.name in self.grammar.modifiers]
        if self.raw and own and not self.escapes:
            raise HoldsEscapes
        if tag.literal and (own or self.escapes):
            raise NotColumnar(f'there are signs of the grammar in the arguments of "#{tag.raw}#"')

    def base(self, symbol: Symbol) -> SaveStack:
        """What a symbol is where nothing was saved; how often a choice, by its identity, was dealt."""
        if isinstance(symbol, int):
            return SaveStack(0)
        if symbol in self.columns:
            return SaveStack(DATA)
        if isinstance(symbol, str) and symbol not in self.grammar.compiled and has_field(self.columns, symbol):
            return SaveStack(DATA)
        rules = self.grammar.compiled.get(symbol) if symbol is not None else None
        return EMPTY if rules is None else SaveStack(rules)

    def cell(self, symbol: str, modifiers: tuple[Modifier, ...], place: int, depth: int) -> Part:
        self.parts.named.add(symbol)
        at = next((at for at, (name, arguments) in enumerate(modifiers) if name == EACH and arguments), None)
        if EACH in self.grammar.modifiers or not any(name == EACH for name, _ in modifiers):
            return self.one(ColumnValue(symbol, modifiers, self.gap(place, depth)))
        if at is None or any(name == EACH for name, _ in modifiers[at + 1 :]):
            raise NotColumnar("it tells each row of a group of something else than rows")
        plan = self.group(modifiers[at].arguments[0])
        return self.one(Each(symbol, modifiers[:at], plan, place, modifiers[at + 1 :], self.gap(place, depth)))

    def group(self, rule: str) -> Plan | Growth:
        """What tells a rule for each row of a group: of a text by itself."""
        if rule in self.rules_of_groups:
            raise NotColumnar(f'"{rule}" leads back to itself')
        if rule not in self.groups:
            self.groups[rule] = self.made(rule)
        return self.groups[rule]

    def made(self, rule: str) -> Plan | Growth:
        within = (*self.rules_of_groups, rule)
        try:
            try:
                return _Planner(self.grammar, self.columns, self.parts, within).plan(quoting.tag(rule))
            except HoldsEscapes:
                return _Planner(self.grammar, self.columns, self.parts, within, escapes=True).plan(quoting.tag(rule))
        except LeadsBack:
            from coursewright.words.columnar.growing import Growth

            grown = Growth(self.grammar, scan.read(quoting.tag(rule)), self.columns)
            self.parts.named |= grown.needed
            return grown

    def gap(self, place: int, depth: int) -> Part:
        """What stands for a missing value: marked as such where something else still may."""
        rules = self.grammar.compiled.get(MISSING)
        if rules is None or MISSING in self.columns or any(name == MISSING for name, _ in self.path):
            return self.one(FixedText(GAP))
        before = dict(self.saves.now)
        default = self.use(MISSING, rules, chance.inside(place, IF_MISSING), depth)
        if self.saves.now != before:
            raise NotColumnar(f'the rule "{MISSING}" saves something')
        return self.one(joined([FixedText(FILLED), default, FixedText(END)])) if self.held else default

    def use(self, symbol: str, level: Any, place: int, depth: int) -> Part:
        if level is None:
            if self.grammar.strict and not self.held and not self.unseen:
                self.fails = True
                return FixedText(FAILED)
            if self.grammar.strict or not SPECIAL.isdisjoint(symbol):
                raise NotColumnar(f'nothing is called "{symbol}"')
            return FixedText(f"(({symbol}))")
        if isinstance(level, SavedTexts):
            parts = tuple(map(self.read_again, level.parts)) if self.escapes else level.parts
            choice = Alternatives(level.written, written=level.written)
            return parts[0] if len(parts) == 1 else self.one(Pick(choice, place, parts))
        return self.rules(symbol, level, place, depth)

    def read_again(self, part: Part) -> Part:
        """What was saved, where it is shown: read as a rule, in which only text may stand."""
        return self.modified(part, (AGAIN,) if self.raw else (AGAIN, FINISHED), self.one(FixedText("")))

    def act(self, action: Action, place: int, depth: int) -> None:
        if action.kind == "run":
            self.unseen += 1
            self.expand(scan.read(action.target), place, depth + 1)
            self.unseen -= 1
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
            self.saves.push(action.target, SavedTexts(parts, action.rules))

    def pop(self, target: str) -> None:
        if self.grammar.strict and self.saves.of(target).may_be_empty:
            raise NotColumnar(f'nothing is saved as "{target}"')
        self.saves.pop(target)
