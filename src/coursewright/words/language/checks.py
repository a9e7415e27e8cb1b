"""What is wrong with a grammar, found without a row: each a Problem with its place and remedy.

Rules of these checks: `empty-rule`, `unknown-symbol`, `unknown-modifier`, `unknown-column`, `unreadable-rule`,
`never-fires`, `no-end`, `hidden-rule`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from coursewright.errors import Problem, did_you_mean
from coursewright.words.language import quoting, scan
from coursewright.words.language.conditions import Condition
from coursewright.words.language.phrases import Phrases
from coursewright.words.language.rules import Cases, RuleSet, choices_of, conditions_of
from coursewright.words.language.scan import Action, Rule, Tag
from coursewright.words.printing.comparing import Incomparable
from coursewright.words.printing.values import has_field
from coursewright.words.rowwise.writer import EACH, MISSING

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

OF_A_TEXT = "of this text"  # what a text is called that is no rule of the grammar's


def check_grammar(grammar: Grammar, columns: Iterable[str] | None, start: Iterable[str]) -> list[Problem]:
    """Every problem of a grammar for rows with these columns (None: not known), for texts that begin with `start`."""
    known = None if columns is None else set(columns)
    starts = list(start)
    texts = [(name, scan.read(text)) for name, rules in grammar.compiled.items() for text in texts_of(rules)]
    saved = {action.target for _, rule in texts for action in actions_of(rule)}
    problems = [
        *_empty(grammar),
        *_unreadable(grammar, texts),
        *_unknown_symbols(grammar, texts, known, saved, starts),
        *_unknown_modifiers(grammar, texts),
        *_unknown_columns(grammar, known),
        *_never_fires(grammar, starts, saved),
        *_no_end(grammar, saved | (known or set())),
        *_hidden(grammar, known or set()),
    ]
    return list(dict.fromkeys(problems))


def texts_of(rules: RuleSet) -> Iterator[str]:
    """Every text that a symbol may become."""
    for choice in choices_of(rules):
        yield from choice.texts


def parts_of(rule: Rule) -> Iterator[Tag | Action]:
    """Every tag and action of a rule, also those inside actions and phrases."""
    for part in rule.parts:
        if isinstance(part, Tag):
            yield part
            for action in part.actions:
                yield from _inside(action)
        elif isinstance(part, Action):
            yield from _inside(part)
        elif isinstance(part, Phrases):
            for phrase in part.phrases:
                yield from parts_of(phrase.rule)


def _inside(action: Action) -> Iterator[Tag | Action]:
    yield action
    for text in (action.target,) if action.kind == "run" else action.rules:
        yield from parts_of(scan.read(text))


def tags_of(rule: Rule) -> Iterator[Tag]:
    """Every tag of a rule, also those inside actions and phrases."""
    return (part for part in parts_of(rule) if isinstance(part, Tag))


def actions_of(rule: Rule) -> Iterator[Action]:
    """Everything that a rule saves."""
    return (part for part in parts_of(rule) if isinstance(part, Action) and part.kind == "push")


def _empty(grammar: Grammar) -> Iterator[Problem]:
    hint = 'a text that starts with # needs quotes in YAML; for no text at all write ""'
    for name, raw in grammar.rules.items():
        if raw is None or raw == [] or (isinstance(raw, list | tuple) and None in raw):
            yield Problem(f'rule "{name}" is empty', grammar.where(str(name)), hint, "empty-rule")


def _unreadable(grammar: Grammar, texts: list[tuple[str, Rule]]) -> Iterator[Problem]:
    hint = "write \\# or \\[ for the sign itself (in JSON \\\\# and \\\\[)"
    for name, rule in texts:
        inner = [scan.read(text) for action in actions_of(rule) for text in action.rules]
        errors = [error for one in (rule, *inner) for error in one.errors]
        errors += [tag.problem for tag in tags_of(rule) if tag.problem]
        errors += ["empty tag" for tag in tags_of(rule) if not tag.symbol and not tag.problem and not errors]
        if errors:
            message = f'"{rule.text}" cannot be read: {errors[0][:1].lower()}{errors[0][1:]}'
            yield Problem(message, grammar.where(name, rule.text), hint, "unreadable-rule")


def _unknown_symbols(
    grammar: Grammar, texts: list[tuple[str, Rule]], columns: set[str] | None, saved: set[str], starts: list[str]
) -> Iterator[Problem]:
    available = saved.union(grammar.compiled, columns or ())
    kind = "column or rule" if columns else "rule"
    for name in starts:
        if name not in available:
            hint = did_you_mean(name, available)
            yield Problem(f'no {kind} called "{name}"', grammar.where(""), hint, "unknown-symbol")
    available.discard(OF_A_TEXT)
    for name, rule in texts if columns is not None else ():
        for tag in tags_of(rule):
            for symbol in _named(tag) if tag.symbol else ():
                if symbol not in available and not has_field(columns or (), symbol):
                    hint = did_you_mean(symbol, available)
                    where = grammar.where(name, rule.text)
                    yield Problem(f'no {kind} called "{symbol}"', where, hint, "unknown-symbol")


def _unknown_modifiers(grammar: Grammar, texts: list[tuple[str, Rule]]) -> Iterator[Problem]:
    available = {"or", EACH, *grammar.all_modifiers}
    for name, rule in texts:
        for modifier in (modifier for tag in tags_of(rule) for modifier in tag.modifiers):
            if modifier.name not in available:
                wrong: tuple[str, ...] = f'no modifier called "{modifier.name}"', did_you_mean(modifier.name, available)
            else:
                wrong = _misused(grammar, modifier)
            if wrong:
                yield Problem(wrong[0], grammar.where(name, rule.text), wrong[1], "unknown-modifier")


def _misused(grammar: Grammar, modifier: scan.Modifier) -> tuple[str, str] | tuple[()]:
    if modifier.name not in grammar.all_modifiers or modifier.name in grammar.modifiers:
        return ()
    if reason := getattr(grammar.all_modifiers[modifier.name], "lacking", ""):
        message, _, hint = reason.partition(": ")
        return f"the modifier .{modifier.name} cannot be used: {message}", hint
    signature = inspect.signature(grammar.all_modifiers[modifier.name])
    try:
        signature.bind("", *modifier.arguments)
    except TypeError:
        places = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY
        names = [name for name, parameter in signature.parameters.items() if parameter.kind in places][1:]
        takes = f"write .{modifier.name}({','.join(names)})" if names else f"write .{modifier.name} without brackets"
        return f"the modifier .{modifier.name} does not take ({','.join(modifier.arguments)})", takes
    return ()


def _unknown_columns(grammar: Grammar, columns: set[str] | None) -> Iterator[Problem]:
    for name, rules in grammar.compiled.items() if columns is not None else ():
        for condition in conditions_of(rules):
            for column in condition.columns:
                if column not in (columns or ()) and not has_field(columns or (), column):
                    hint = did_you_mean(column, columns or ()) or "conditions are about the columns of a row"
                    where = grammar.where(name, condition.text)
                    yield Problem(f'no column called "{column}" for "{condition.text}"', where, hint, "unknown-column")


def _never_fires(grammar: Grammar, starts: list[str], saved: set[str]) -> Iterator[Problem]:
    for name, rules in grammar.compiled.items():
        yield from _never_within(grammar, name, rules)
    reached = led_to(grammar, starts)
    if not reached:
        return
    for name in grammar.compiled:
        if name not in reached and name not in saved:
            hint = f"use it as #{quoting.written(name)}# in a rule, or remove it"
            yield Problem(f'rule "{name}" can never fire', grammar.where(name), hint, "never-fires")


def led_to(grammar: Grammar, starts: Iterable[str]) -> set[str]:
    """The rules by which texts that begin with one of the `starts` may be told; none, if there is no such rule."""
    reached = set(starts) & set(grammar.compiled)
    if not reached:
        return reached
    reached |= {MISSING} & set(grammar.compiled)
    waiting = list(reached)
    while waiting:
        for text in texts_of(grammar.compiled[waiting.pop()]):
            found = {name for tag in tags_of(scan.read(text)) for name in _named(tag)} & set(grammar.compiled)
            waiting += found - reached
            reached |= found
    return reached


def _named(tag: Tag) -> list[str]:
    """The rules that a tag leads to."""
    told = [modifier.arguments[0] for modifier in tag.modifiers if modifier.name == EACH and modifier.arguments]
    return [str(tag.symbol), *told]


def _never_within(grammar: Grammar, name: str, rules: RuleSet) -> Iterator[Problem]:
    for choice in choices_of(rules):
        for text, weight in zip(choice.texts, choice.weights or (), strict=False):
            if weight == 0:
                hint = "give it a weight above 0, or remove it"
                yield Problem(
                    f'"{text}" has weight 0 and can never fire', grammar.where(name, text), hint, "never-fires"
                )
        if choice.dealt and any(first == second for first, second in pairwise(sorted(choice.texts))):
            hint = "remove the second one: what is dealt in turn has no weights"
            yield Problem('"no repeat" holds a text twice', grammar.where(name), hint, "never-fires")
    if isinstance(rules, Cases):
        yield from _never_holds(grammar, name, rules)


def _never_holds(grammar: Grammar, name: str, rules: Cases) -> Iterator[Problem]:
    seen: set[str] = set()
    for condition, then in rules.cases:
        plain = " ".join(condition.text.split())
        wrong: tuple[str, ...] = ()
        if not condition.columns and not _holds(condition):
            wrong = "never holds", "name a column in it, or remove it"
        elif plain in seen:
            wrong = "is there twice", "the first of the two decides: remove the second"
        if wrong:
            where = grammar.where(name, condition.text)
            yield Problem(f'the condition "{condition.text}" {wrong[0]}', where, wrong[1], "never-fires")
        seen.add(plain)
        if isinstance(then, Cases):
            yield from _never_holds(grammar, name, then)


def _holds(condition: Condition) -> bool:
    """Whether a condition on no column is true."""
    try:
        return condition.holds(lambda _: None)
    except Incomparable:
        return False


def _no_end(grammar: Grammar, given: set[str]) -> Iterator[Problem]:
    """Symbols all of whose rules lead back to themselves: the least set that ends is grown until it stays."""
    ending = {name for name in given if name not in grammar.compiled}
    growing = True
    while growing:
        more = {
            name
            for name, rules in grammar.compiled.items()
            if name not in ending
            and any(
                all(tag.symbol not in grammar.compiled or tag.symbol in ending for tag in tags_of(scan.read(text)))
                for text in texts_of(rules)
            )
        }
        ending |= more
        growing = bool(more)
    for name in grammar.compiled:
        if name not in ending and name not in given:
            hint = "give it a rule that does not lead back to it"
            yield Problem(
                f'rule "{name}" has no end: each of its texts leads back to it', grammar.where(name), hint, "no-end"
            )


def _hidden(grammar: Grammar, columns: set[str]) -> Iterator[Problem]:
    for name in grammar.compiled:
        if name in columns:
            hint = f"rename the rule, or the column: while both are there #{quoting.written(name)}# is the column"
            yield Problem(f'the column "{name}" hides the rule "{name}"', grammar.where(name), hint, "hidden-rule")
