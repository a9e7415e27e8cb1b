"""Phrases that vanish with their value, `[?, in #time#]`, and how the words around them close up.

Only what the author wrote beside a phrase is changed, and only where a phrase vanished: a space too many, a comma or a
full stop that has nothing to stand after, an empty pair of brackets, the capital letter that the phrase began with
(docs/decisions/0014-missing-values.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursewright.words.language.scan import Rule

MARK = "?"  # what an action begins with to be a phrase
_THIN = " \n,;:.!?…–—()“”‘’«»"
_PAIRS = frozenset(("()", "“”", "‘’", "«»"))
_OPENING = frozenset("(“‘«")
_STOPS, _LINKS, _ENDS = frozenset(",;:.!?"), frozenset(",;:–—"), frozenset(".!?…")
_CLOSING = _STOPS | frozenset(" …–—)”’»")
_UNKNOWN = "\0"  # the edge of a phrase that begins or ends with a value


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """`[?text]`: a rule of which nothing is told if a value in it is missing."""

    rule: Rule
    step: int

    @property
    def first(self) -> str:
        """The character that the author began it with; a capital letter if a modifier makes one."""
        return _edge(self.rule.parts, 0)

    @property
    def last(self) -> str:
        """The character that the author ended it with."""
        return _edge(self.rule.parts, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """Phrases side by side; `words` are the spaces and signs before, between and after them, one more than phrases.

    `starts` and `ends` say that there is nothing else before and after them in their rule.
    """

    phrases: tuple[Phrase, ...]
    words: tuple[str, ...]
    starts: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class ClosedPhrases:
    """The words around the phrases that are left, and which of these take a capital letter over."""

    words: tuple[str, ...]
    capitals: frozenset[int]


def _edge(parts: Sequence[Any], at: int) -> str:
    part = parts[at] if parts else ""
    if isinstance(part, str):
        return part[at] if part else " "
    if isinstance(part, Phrases):
        return part.words[at][at:][:1] or (part.phrases[at].first if at == 0 else part.phrases[at].last)
    return "A" if any(name == "capitalize" for name, _ in getattr(part, "modifiers", ())) else _UNKNOWN


def gathered(parts: list[Any]) -> list[Any]:
    """The parts of a rule with neighbouring phrases, and the signs around them, made one."""
    out: list[Any] = []
    waiting = parts[::-1]
    while waiting:
        part = waiting.pop()
        if not isinstance(part, Phrase):
            out.append(part)
            continue
        before = ""
        if out and isinstance(out[-1], str):
            text = out.pop()
            before = text[len(text.rstrip(_THIN)) :]
            out += [text[: -len(before)]] if before and before != text else [] if before else [text]
        starts = all(hasattr(other, "target") for other in out)  # actions print nothing
        out.append(_group(part, before, starts, waiting))
    return out


def _group(phrase: Phrase, before: str, starts: bool, waiting: list[Any]) -> Phrases:
    """A group from its first phrase on; what belongs to it is taken from the parts that are waiting."""
    phrases, words = [phrase], [before]
    while True:
        text = waiting.pop() if waiting and isinstance(waiting[-1], str) else ""
        thin = len(text) - len(text.lstrip(_THIN))
        at = min(thin + 1, len(text))
        solid = thin < len(text)
        words.append(text[:at])
        if text[at:]:
            waiting.append(text[at:])
        if solid or not waiting or not isinstance(waiting[-1], Phrase):
            return Phrases(tuple(phrases), tuple(words), starts, not solid and not waiting)
        phrases.append(waiting.pop())


@lru_cache(maxsize=4096)
def closed(group: Phrases, gone: frozenset[int]) -> ClosedPhrases:
    """The words between the phrases that are left when those numbered `gone` vanish."""
    words: list[str] = []
    capitals: set[int] = set()
    left, start, due = group.words[0], group.starts, False
    for number, (phrase, right) in enumerate(zip(group.phrases, group.words[1:], strict=True)):
        if number in gone:
            end = group.ends and number == len(group.phrases) - 1
            due = due or (phrase.first.isupper() and _begins(left, start))
            left, due = _seam(left, right, phrase, (start, end), due)
            continue
        if due and phrase.first.islower():
            capitals.add(number)
        words.append(left)
        left, start, due = right, False, False
    return ClosedPhrases((*words, left), frozenset(capitals))


def _begins(left: str, start: bool) -> bool:
    """Whether a sentence begins after these words."""
    before = left.rstrip(" ")[-1:]
    return before in _ENDS or before == "\n" if before else start


def _seam(left: str, right: str, phrase: Phrase, edges: tuple[bool, bool], due: bool) -> tuple[str, bool]:
    """The words on both sides of a phrase that vanished as one, and whether a capital letter is still due."""
    stem, rest = left.rstrip(" "), right.lstrip(" ")
    before, after = stem[-1:], rest[:1]
    first = (before == "\n" or (edges[0] and not before)) and phrase.first not in _CLOSING
    if before + after in _PAIRS:
        return _seam(stem[:-1], rest[1:], phrase, edges, due)
    if after in _STOPS and (first or (before in _ENDS and after in ",;:.")):
        return _seam(left, rest[1:], phrase, edges, due)
    if after in _STOPS and before in _LINKS:
        return _seam(stem[:-1], rest, phrase, edges, due)
    letter = bool(rest.strip(_THIN))
    space = _space(left, right, phrase, first, edges[1])
    return stem + space + (_capital(rest) if due and letter else rest), due and not letter


def _space(left: str, right: str, phrase: Phrase, first: bool, end: bool) -> str:
    """The spaces between the words on both sides of a phrase that vanished."""
    stem, rest = left.rstrip(" "), right.lstrip(" ")
    if first or stem[-1:] in _OPENING or rest[:1] in _CLOSING - _LINKS | _STOPS:
        return ""
    if end and not rest and phrase.last != " ":
        return ""
    needed = len(rest) < len(right) or (phrase.first == " " and phrase.last == " ")
    return left[len(stem) :] or " " * needed


def _capital(words: str) -> str:
    """Signs and one letter, which becomes a capital if that is one letter too."""
    capital = words.upper()
    return capital if len(capital) == len(words) else words


def told(group: Phrases, texts: Sequence[str], gone: frozenset[int]) -> str:
    """The texts of phrases and the words around them, without those numbered `gone`."""
    left = closed(group, gone)
    words = iter(left.words)
    pieces = [next(words)]
    for number, text in enumerate(texts):
        if number not in gone:
            pieces += [text[:1].upper() + text[1:] if number in left.capitals else text, next(words)]
    return "".join(pieces)
