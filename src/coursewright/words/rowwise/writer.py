"""Writes the text of one row by walking through the grammar: the path that can do everything.

The columnar path (`words/columnar`) gives the same text faster for the grammars that it can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from coursewright import chance
from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.words.language import quoting, scan
from coursewright.words.language.phrases import Phrases, told
from coursewright.words.language.rules import Alternatives, RuleSet
from coursewright.words.language.scan import Action, Modifier, Rule, Tag
from coursewright.words.marks import FAILED, GAP, around_gaps, filled, finish, guard, has_gap, has_signs, is_guarded
from coursewright.words.printing import modifiers
from coursewright.words.printing.comparing import Incomparable
from coursewright.words.printing.values import has_field, is_missing, item_of, value_of
from coursewright.words.rowwise import trouble
from coursewright.words.rowwise.draw import IF_MISSING, ROOT, Draw
from coursewright.words.rowwise.steps import Step
from coursewright.words.rowwise.trouble import MissingValue, RowError

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar
    from coursewright.words.printing.modifiers import Modify

MISSING, EACH = "missing", "each"
_DATA, _DEFAULT = object(), Tag(MISSING, MISSING, (), (), IF_MISSING)
STEPS_PER_LENGTH = 5  # a grammar that doubles without end is stopped although it writes nothing


class RowWriter:
    """The state while one text is written: the saved symbols and the budget."""

    def __init__(
        self, grammar: Grammar, values: Mapping[str, Any], draw: Draw, trace: list[Step] | None = None
    ) -> None:
        self.grammar = grammar
        self.values = values
        self.draw = draw
        self.trace = trace
        self.saved: dict[str, list[Any]] = {}
        self.turns: dict[int, int] = {}  # how often a choice was dealt in this text, by its identity
        self.path: list[str] = []
        self.unseen = 0  # above 0 while text is made that may never be shown
        self.held = 0  # above 0 while text is made for modifiers
        self.failed: CoursewrightError | None = None
        self.gaps: list[MissingValue] = []  # missing values that nothing stands for
        self.gap: MissingValue | None = None  # the one for which there is no text
        self.failures: list[tuple[str, RowError]] = []  # what each modifier left that could not be applied
        self.unfit: RowError | None = None  # the first of them that is shown
        self.inside: MissingValue | None = None  # the one for which `each` made nothing
        self.budget = grammar.max_length * STEPS_PER_LENGTH // 10

    def write(self, rule: Rule) -> str:
        """The finished text of a rule; where there would be a gap, none, or an error if the grammar is strict."""
        text = self._written(rule)
        if self.gap and self.grammar.strict:
            raise RowError(*self.gap.problem)
        return text

    def _written(self, rule: Rule) -> str:
        try:
            text = self._expand(rule, ROOT, 0)
        except RecursionError:
            self._too_deep()
        if self.failed and FAILED in text:
            raise self.failed
        if GAP in text:
            self.gap = next((gap for gap in self.gaps if gap.shown), self.gaps[-1])
            text = ""
        self.unfit = trouble.first_shown(self.failures, text := finish(text))
        return text

    def _expand(self, rule: Rule, place: int, depth: int) -> str:
        self.budget -= 1
        if self.budget < 0:
            self._too_long()
        if depth > self.grammar.max_depth:
            self._too_deep()
        if rule.errors and self.grammar.strict:
            message = f'"{rule.text}" cannot be read: {rule.errors[0].lower()}'
            self._fail(message, "write \\# or \\[ for the sign itself")
        written = []
        for part in rule.parts:
            if isinstance(part, str):
                written.append(part)
            elif isinstance(part, Tag):
                written.append(self._tag(part, chance.inside(place, part.step), depth))
            elif isinstance(part, Action):
                self._act(part, chance.inside(place, part.step), depth)
            else:
                written.append(self._phrases(part, place, depth))
        text = "".join(written)
        if len(text) > self.grammar.max_length:
            self._too_long()
        return text

    def _phrases(self, group: Phrases, place: int, depth: int) -> str:
        self.unseen += 1
        texts = [self._expand(one.rule, chance.inside(place, one.step), depth) for one in group.phrases]
        self.unseen -= 1
        return told(group, texts, frozenset(number for number, text in enumerate(texts) if has_gap(text)))

    def _tag(self, tag: Tag, place: int, depth: int) -> str:
        if tag.problem:
            self._fail(tag.problem, tag.remedy)
        for action in tag.actions:
            self._act(action, chance.inside(place, action.step), depth)
        level = self._level(tag.symbol)
        if level is _DATA:
            text = self._data(tag, place, depth)
            self.inside = None
        else:
            self.held += bool(tag.modifiers)
            text = self._rules(tag, level, place, depth)
            if tag.modifiers:
                text = self._modified_text(text, tag, place, depth)
                self.held -= 1
        for action in tag.actions:
            if action.kind == "push":
                self._pop(action.target)
        return text

    def _level(self, symbol: str | None) -> Any:
        if symbol in self.saved:
            return self.saved[symbol][-1] if self.saved[symbol] else None
        if symbol in self.values or (symbol not in self.grammar.compiled and has_field(self.values, symbol or "")):
            return _DATA
        return self.grammar.compiled.get(symbol) if symbol is not None else None

    def _rules(self, tag: Tag, level: RuleSet | None, place: int, depth: int) -> str:
        symbol = "undefined" if tag.symbol is None else tag.symbol
        if level is None:
            return self._unknown(symbol)
        self.path.append(symbol)
        try:
            choice = level.select(self._value)
        except Incomparable as error:
            failed = self._stop_if_shown(str(error), error.hint)
            self.path.pop()
            return failed
        if choice.dealt:
            turn = self.turns[id(choice)] = self.turns.get(id(choice), -1) + 1
            chosen = self.draw.deal(choice, symbol, turn)
        else:
            chosen = self.draw.choose(choice, place)
        text = choice.texts[chosen]
        at = len(self.trace) if self.trace is not None else 0
        written = self._expand(scan.read(text), place, depth + 1)
        if self.trace is not None:
            self.trace.insert(at, Step(depth, symbol, finish(text), finish(written)))
        self.path.pop()
        return written

    def _value(self, column: str) -> Any:
        """The value of a column for a condition."""
        if column not in self.values and not has_field(self.values, column):
            self._fail(f'no column called "{column}"', did_you_mean(column, self.values))
        return value_of(self.values, column)

    def _data(self, tag: Tag, place: int, depth: int) -> str:
        value = value_of(self.values, str(tag.symbol))
        text = "" if is_missing(value) else self.grammar.text_of(value)
        signs = has_signs(text)
        if tag.modifiers:
            value = self._modified(value, tag, place)
            signs = signs or tag.literal or tag.has(EACH)
            text = "" if is_missing(value) else self.grammar.text_of(value)
        if self.trace is not None:
            self.trace.append(Step(depth, str(tag.symbol), "a column", text))
        if is_missing(value):
            return self._missing(tag, place, depth)
        if self.grammar.escape and not tag.has(EACH):
            return guard(self.grammar.escape(text))
        return guard(text) if signs or not tag.modifiers else text

    def _missing(self, tag: Tag, place: int, depth: int) -> str:
        """What stands for a missing value in the text in the making."""
        rules = self.grammar.compiled.get(MISSING)
        if rules is None or MISSING in self.values or MISSING in self.path:
            gap = self.inside or MissingValue(str(tag.symbol), self._where(), shown=False)
            self.gaps.append(replace(gap, shown=not (self.held or self.unseen)))
            return GAP
        return filled(self._rules(_DEFAULT, rules, chance.inside(place, IF_MISSING), depth))

    def _modified_text(self, text: str, tag: Tag, place: int, depth: int) -> str:
        def work(text: str | None) -> str | None:
            data = text is not None and (is_guarded(text) or tag.literal)
            value = self._modified(finish(text) if data and text else text, tag, place)
            if is_missing(value):
                return None
            made = self.grammar.text_of(value)
            return guard(made) if data or tag.literal or tag.has(EACH) else made

        made = around_gaps(text, work)
        return self._missing(tag, place, depth) if made is None else made

    def _modified(self, value: Any, tag: Tag, place: int) -> Any:
        for modifier in tag.modifiers:
            value = self._modify(value, modifier, tag, place)
            if isinstance(value, str) and len(value) > self.grammar.max_length:
                self._too_long()
        return value

    def _modify(self, value: Any, modifier: Modifier, tag: Tag, place: int) -> Any:
        name, arguments = modifier
        modify = self.grammar.all_modifiers.get(name)
        if name == "or" and modify is None:
            return ",".join(arguments) if is_missing(value) else value
        if name == EACH and modify is None and arguments and (isinstance(value, list | tuple) or is_missing(value)):
            return self._each(len(value), arguments[0], place) if isinstance(value, list | tuple) else None
        if modify is None:
            if self.grammar.strict:
                self._fail(f'no modifier called "{name}"', did_you_mean(name, self.grammar.all_modifiers))
            return f"{'' if is_missing(value) else self.grammar.text_of(value)}((.{name}))"
        failed = self.failed and isinstance(value, str) and FAILED in value
        if failed or (is_missing(value) and not (isinstance(value, list | tuple) and name in modifiers.OF_LISTS)):
            return value if failed else None
        return self._applied(modify, modifier, value, tag)

    def _applied(self, modify: Modify, modifier: Modifier, value: Any, tag: Tag) -> Any:
        try:
            return modifiers.apply(modify, modifier.name, value, modifier.arguments)
        except ValueError as error:
            said = f"the modifier .{modifier.name} cannot be applied to #{quoting.written(str(tag.symbol))}#: {error}"
            if self.grammar.strict:
                return self._stop_if_shown(said)
            left = f"{self.grammar.text_of(value)}((.{modifier.name}))"
            self.failures.append((left, RowError(said, self._where())))
            return left

    def _each(self, count: int, rule: str, place: int) -> list[str] | None:
        """A rule for each row of a group; where there would be a gap in one of the texts, all are missing."""
        texts = []
        for at in range(count):
            draw = Draw(chance.mix(self.draw.key ^ place ^ chance.mix(at)), self.draw.seed, at)
            writer = RowWriter(self.grammar, item_of(self.values, at, count), draw)
            texts.append(writer._written(scan.read(quoting.tag(rule))))
            self.failures += writer.failures
            if writer.gap:
                self.inside = writer.gap
                return None
        return texts

    def _act(self, action: Action, place: int, depth: int) -> None:
        self.unseen += 1
        if action.kind == "run":
            self._expand(scan.read(action.target), place, depth + 1)
        elif action.kind == "pop":
            self._pop(action.target)
        else:
            rules = enumerate(map(scan.read, action.rules))
            texts = [self._expand(rule, chance.inside(place, nth), depth + 1) for nth, rule in rules]
            self._levels(action.target).append(Alternatives(tuple(texts), written=action.rules))
        self.unseen -= 1

    def _levels(self, target: str) -> list[Any]:
        if target not in self.saved:
            base = self._level(target)
            self.saved[target] = [] if base is None else [base]
        return self.saved[target]

    def _pop(self, target: str) -> None:
        levels = self._levels(target)
        if levels:
            levels.pop()
        elif self.grammar.strict:
            self._fail(f'nothing is saved as "{target}" that could be forgotten', f"remove one [{target}:POP]")

    def _unknown(self, symbol: str) -> str:
        if self.grammar.strict:
            known = [*self.grammar.compiled, *self.values, *self.saved]
            self._fail(*trouble.unknown_symbol(symbol, symbol in self.saved, bool(self.values), known))
        return f"(({symbol}))"

    def _too_deep(self) -> NoReturn:
        self._fail(*trouble.too_deep(self.path[-1] if self.path else "origin", self.grammar.max_depth))

    def _too_long(self) -> NoReturn:
        self._fail(*trouble.too_long(self.grammar.max_length))

    def _stop_if_shown(self, message: str, hint: str = "") -> str:
        """Stops, unless the text is only saved: then it stops when, and if, the text is shown."""
        error = RowError(message, self._where(), hint)
        if not self.unseen:
            raise error
        self.failed = self.failed or error
        return FAILED

    def _fail(self, message: str, hint: str = "") -> NoReturn:
        raise CoursewrightError(message, self._where(), hint)

    def _where(self) -> Place:
        """The rule that is being written."""
        return self.grammar.where(self.path[-1] if self.path else "")
