"""Grammars whose texts are Markdown, and may hold HTML: no value of a row may stand where it is more than text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coursewright.errors import Problem, SeveralProblems
from coursewright.pages.text.raw_html import HtmlPosition, standings
from coursewright.words import Grammar
from coursewright.words.language import Phrases, Rule, Tag, actions_of, read, texts_of

_UNSEEN = HtmlPosition("nobody looks where this address leads", "write its beginning, for instance https://, before it")


def refuse_in_tags(grammar: Grammar) -> None:
    """Raise SeveralProblems for each tag that puts a value where HTML takes it for more than text."""
    rules = {name: list(_rules(texts_of(own))) for name, own in grammar.compiled.items()}
    ours = _without_values(rules)
    if problems := [each for name in rules for rule in rules[name] for each in _wrong(grammar, name, rule, ours)]:
        raise SeveralProblems(problems)


def _rules(texts: Iterable[str]) -> Iterator[Rule]:
    """The rules as they were read, and those that are saved in them."""
    for rule in map(read, texts):
        yield rule
        for action in actions_of(rule):
            yield from _rules(action.rules)


def _without_values(rules: dict[str, list[Rule]]) -> frozenset[str]:
    """The rules that hold nothing but what their author wrote, through whatever rules they go."""
    ours = frozenset(rules)
    while True:
        left = frozenset(
            name for name in ours if all(tag.symbol in ours for rule in rules[name] for tag in _tags(rule.parts))
        )
        if left == ours:
            return ours
        ours = left


def _tags(parts: Iterable[object]) -> Iterator[Tag]:
    return (part for part in _flat(parts) if isinstance(part, Tag))


def _flat(parts: Iterable[object]) -> Iterator[str | Tag]:
    """Text and tags, those of phrases among them, in their order."""
    for part in parts:
        if isinstance(part, str | Tag):
            yield part
        elif isinstance(part, Phrases):
            for words, phrase in zip(part.words, (*part.phrases, None), strict=True):
                yield words
                yield from _flat(phrase.rule.parts) if phrase else ()


def _wrong(grammar: Grammar, name: str, rule: Rule, ours: frozenset[str]) -> Iterator[Problem]:
    text, holes, tags = "", [], []
    for part in _flat(rule.parts):
        if isinstance(part, Tag) and part.symbol not in ours:
            holes.append((len(text), len(text) + 1))
            tags.append(part)
        text += part if isinstance(part, str) else "x"
    for tag, found in zip(tags, standings(text, holes), strict=True):
        how = _UNSEEN if found.is_unseen else found
        if how.wrong:
            message = f"#{tag.raw}# cannot stand there: {how.wrong}"
            yield Problem(message, grammar.where(name, rule.text), how.hint)
