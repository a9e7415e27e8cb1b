"""Reads the text of a rule: plain text, tags (`#symbol.modifier#`) and actions (`[key:rule]`).

The scanner decides exactly as the one of the JavaScript library `tracery-grammar` 2.8 does, its surprises included
(docs/concepts/words.md lists them): `#` counts only outside brackets, of several backslashes in one stretch of text
only the last survives, every `.` in a tag starts a modifier and every `,` in an action a rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from coursewright.chance import text_hash
from coursewright.words.language import quoting
from coursewright.words.language.phrases import MARK, Phrase, Phrases, gathered

TEXT, TAG, ACTION = 0, 1, 2
SPECIAL = frozenset("#[]\\")
_PHRASE = f"[{MARK}"
_ARGUMENTS = re.compile(r"\(([^)]+)\)")


class RuleSection(NamedTuple):
    """A stretch of a rule: its kind (`TEXT`, `TAG` or `ACTION`) and the text in it, without the signs around it."""

    kind: int
    raw: str


class Modifier(NamedTuple):
    """A modifier in a tag: its name and its arguments."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """`[target:rule,rule]` saves, `[target:POP]` forgets, `[target]` expands `target` for its actions alone.

    What stands behind a second colon is `lost`, as in JavaScript.
    """

    kind: str
    target: str
    rules: tuple[str, ...]
    step: int
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """`#[actions]symbol.modifier#`; `symbol` is None in an empty tag, `step` hashes the place in the rule."""

    raw: str
    symbol: str | None
    modifiers: tuple[Modifier, ...]
    actions: tuple[Action, ...]
    step: int
    literal: bool = False  # a quoted argument holds a sign of the grammar, which is none there
    problem: str = ""
    remedy: str = "put the action in front: #[key:rule]symbol#"

    def has(self, name: str) -> bool:
        """Whether one of its modifiers is called `name`."""
        return any(modifier.name == name for modifier in self.modifiers)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule read: texts, tags, actions and phrases that may vanish, in order, and what is wrong with them."""

    text: str
    parts: tuple[str | Tag | Action | Phrases, ...]
    errors: tuple[str, ...] = ()


class _Scanner:
    """One pass over a text. The state is what the JavaScript scanner keeps, and where the outermost `[` stands.

    With `quotes`, names and arguments in quotes are passed over; `inside` says that all of the text is in a tag.
    """

    def __init__(self, text: str, *, quotes: bool = False, inside: bool = False) -> None:
        self.text = text
        self.passed = quoting.stretches(text, inside=inside) if quotes else {}
        self.opened = 0
        self.sections: list[RuleSection] = []
        self.errors: list[str] = []
        self.depth = 0
        self.in_tag = False
        self.start = 0
        self.kept = ""  # the text before the last backslash
        self.backslash: int | None = None

    def cut(self, end: int, kind: int) -> None:
        if end <= self.start and kind != TEXT:
            self.errors.append(f"{self.start}: empty {'tag' if kind == TAG else 'action'}")
        raw = self.text[self.start : end]
        if kind == ACTION and _PHRASE in self.text[self.opened - 1 : end]:
            raw = self.text[self.opened : end]  # as it is written: it is read again, and JavaScript has no phrases
        elif self.backslash is not None:
            raw = self.kept + "\\" + self.text[self.backslash + 1 : end]
        self.sections.append(RuleSection(kind, raw))
        self.backslash, self.kept = None, ""

    def run(self) -> None:
        escaped, end = False, 0
        for at, char in enumerate(self.text):
            end = self.passed.get(at, end)
            if at < end:
                continue
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
                self.kept += self.text[self.start : at]
                self.start, self.backslash = at + 1, at
            elif char in "[]":
                self.bracket(at, char)
            elif char == "#" and self.depth == 0:
                self.hash(at)
        if self.start < len(self.text):
            self.cut(len(self.text), TEXT)
        unclosed = ["Unclosed tag"] * self.in_tag
        self.errors += unclosed + ["Too many ["] * (self.depth > 0) + ["Too many ]"] * (self.depth < 0)

    def bracket(self, at: int, char: str) -> None:
        outermost = self.depth == 0 and not self.in_tag
        self.depth += 1 if char == "[" else -1
        if char == "[" and outermost:
            self.text_before(at)
            self.opened = at + 1
        elif char == "]" and self.depth == 0 and not self.in_tag:
            self.cut(at, ACTION)
            self.start = at + 1

    def hash(self, at: int) -> None:
        if self.in_tag:
            self.cut(at, TAG)
            self.start = at + 1
        else:
            self.text_before(at)
        self.in_tag = not self.in_tag

    def text_before(self, at: int) -> None:
        if self.start < at:
            self.cut(at, TEXT)
        self.start = at + 1


def scan(text: str) -> tuple[list[RuleSection], list[str]]:
    """The sections of a rule, and the errors in the words of the JavaScript library."""
    return _run(_Scanner(text))


def _run(scanner: _Scanner) -> tuple[list[RuleSection], list[str]]:
    scanner.run()
    return [section for section in scanner.sections if section.kind != TEXT or section.raw], scanner.errors


@lru_cache(maxsize=8192)
def read(text: str) -> Rule:
    """A rule read and numbered: a second `#animal#` in one rule is another place than the first."""
    if not SPECIAL.intersection(text):
        return Rule(text, (text,) if text else ())
    sections, errors = _run(_Scanner(text, quotes=True))
    seen: dict[str, int] = {}
    parts: list[str | Tag | Action | Phrase] = []
    for section in sections:
        if section.kind == TEXT:
            parts.append(section.raw)
        elif section.kind == TAG:
            parts.append(_tag(section.raw, seen))
        elif section.raw.startswith(MARK):
            rule = read(section.raw[len(MARK) :])
            parts.append(Phrase(rule, _step(_PHRASE, seen)))
            errors += rule.errors
        else:
            parts.append(_action(section.raw, seen))
    return Rule(text, tuple(gathered(parts)), tuple(errors))


def read_modifier(text: str) -> Modifier:
    """`replace(a,b)` as name and arguments; brackets that hold nothing stay part of the name, as in JavaScript."""
    if text.find("(") > 0 and (quoted := quoting.bracketed(text, text.index("("))) and quoted.end() == len(text):
        return Modifier(text[: text.index("(")], quoting.arguments(quoted[0]))
    if text.find("(") > 0 and (found := _ARGUMENTS.search(text)):
        return Modifier(text[: text.index("(")], tuple(found[1].split(",")))
    return Modifier(text)


def _step(name: str, seen: dict[str, int]) -> int:
    nth = seen[name] = seen.get(name, 0) + 1
    return text_hash(f"{nth} {name}")


def _tag(raw: str, seen: dict[str, int]) -> Tag:
    sections, _ = _run(_Scanner(raw, quotes=True, inside=True))
    texts = [section.raw for section in sections if section.kind == TEXT]
    inner: dict[str, int] = {}
    actions = tuple(_action(section.raw, inner) for section in sections if section.kind != TEXT)
    if not texts:
        return Tag(raw, None, (), actions, _step("", seen))
    symbol, modifiers = _named(texts[0])
    quoted = "".join(map(quoting.within, modifiers))
    problem = f'the tag "#{raw}#" has text on both sides of an action' if len(texts) > 1 else ""
    if any(action.target.startswith(MARK) for action in actions):
        problem, remedy = f'the tag "#{raw}#" has a phrase in it', "put the phrase around the tag: [? … #symbol# …]"
        return Tag(raw, None, (), (), _step("", seen), problem=problem, remedy=remedy)
    literal = not SPECIAL.isdisjoint(quoted)
    return Tag(raw, symbol, tuple(map(read_modifier, modifiers)), actions, _step(symbol, seen), literal, problem)


def _named(text: str) -> tuple[str, list[str]]:
    """The name in a tag and its modifiers: cut at every full stop, but not at those in quotes."""
    symbol, *modifiers = quoting.split(text, ".", inside=True)
    found = quoting.named(symbol)
    return found[1] if found and found.end() == len(symbol) else symbol, modifiers


def _action(raw: str, seen: dict[str, int]) -> Action:
    target, *rest = quoting.split(raw, ":")
    step = _step(f"[{target}", seen)
    if not rest:
        return Action("run", target, (), step)
    lost = ":".join(rest[1:])
    if rest[0] == "POP":
        return Action("pop", target, (), step, lost)
    return Action("push", target, tuple(quoting.split(rest[0], ",")), step, lost)


def unescape(text: str) -> str:
    """Text as it is shown: `\\\\` is one backslash, any other backslash goes."""
    if "\\" not in text:
        return text
    return "\\".join(piece.replace("\\", "") for piece in text.split("\\\\"))
