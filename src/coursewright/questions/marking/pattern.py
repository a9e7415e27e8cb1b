r"""Patterns that mean the same in Python and in a browser: what both have, read by a grammar and spelt out.

    pattern = branch ("|" branch)*
    branch  = "^"? (piece times?)* "$"?          ^ and $ only where they say what is so anyway
    piece   = "." | sign | "\" sign | class | ("(" | "(?:" | "(?=" | "(?!") pattern ")"
    times   = ("*" | "+" | "?" | "{n}" | "{n,}" | "{,m}" | "{n,m}") "?"?
    class   = "[" "^"? (sign | "\" sign | sign "-" sign)+ "]"

Letters, digits and space are written out as classes and small letters stand for capitals that do not count, so that no
flag and no language's own sets decide. The text that a pattern is tried on is tidy, and small where capitals do not
count: its only space is " ".
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from coursewright.questions.marking.ambiguity import TooInvolved, steps
from coursewright.questions.marking.letters import SAME, SPACES, UNSEEN, small

Span = tuple[int, int]  # of codes of characters, both included

_WORD = r"\p{L}\p{M}\p{N}_"
_BOUNDARY = rf"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))"
_INSIDE = rf"(?:(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}]))"
_SETS = {"d": "[0-9]", "D": "[^0-9]", "w": f"[{_WORD}]", "W": f"[^{_WORD}]", "s": " ", "S": "[^ ]"}
_SETS |= {"b": _BOUNDARY, "B": _INSIDE}
_LAST = 0x10FFFF
_SAME = str.maketrans(SAME)
_SPANS: dict[str, list[Span]] = {"d": [(48, 57)], "s": [(32, 32)]}
_SPANS |= {"D": [(0, 47), (58, _LAST)], "S": [(0, 31), (33, _LAST)]}
_CODE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}))")
_TIMES = re.compile(r"(?:[*+?]|\{(?:[0-9]+(?:,[0-9]*)?|,[0-9]+)\})\??")
_SYNTAX = frozenset(r"^$\.*+?()[]{}|/")
LONGEST = 1000  # signs of a text that a pattern is tried on
_STEPS = 1e9  # back and forth in it
_SLOW = r"repeat once what can be repeated in two ways: a+ for (a+)+, \w* for (\w|\d)*, \w+( \w+)* for (\w+ ?)*"
_UNNEEDED = "leave it out: a pattern is for the whole response"
_HINTS = {
    "(?P": "write (…): nothing refers to a group",
    "(?<": "write out what stands before",
    "^": _UNNEEDED,
    "$": _UNNEEDED,
    r"\A": _UNNEEDED,
    r"\Z": _UNNEEDED,
    r"\z": _UNNEEDED,
    "(?i": "leave it out, and say whether capitals count by `case`",
    "(?s": "leave it out: . stands for any sign, and a response is one line",
    "\\1": "write out once more what the group has",
}
_HINT = r"use letters, classes such as [a-z], \d \w \s \b, groups, | and the numbers of times"


class NoPattern(ValueError):
    """The text is no pattern, or not one that means the same everywhere; `hint` says what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@lru_cache(maxsize=1024)
def spelt(pattern: str, case: bool) -> str:
    """The pattern for every language, to fit a whole text. Raises NoPattern."""
    text = _tidy(pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what may mean a set in a set some day: here it never does
            re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise NoPattern(f"this pattern is none: {getattr(error, 'msg', error)}") from None
    written = _PatternParser(text, case).branches(0)
    if _takes_long(written):
        raise NoPattern("this pattern may take for ever to find out that a text does not fit it", _SLOW)
    return written


def _takes_long(written: str) -> bool:
    """Whether there is a text that an engine which goes back cannot try the pattern on in a few seconds."""
    if not re.search("[*+?{|]", written):
        return False
    try:
        return steps(written.replace(_BOUNDARY, "").replace(_INSIDE, ""), LONGEST) > _STEPS
    except TooInvolved:
        return True


def _tidy(pattern: str) -> str:
    """The pattern as its text is: composed, without what cannot be seen, one space for several and none at the ends."""
    text = re.sub(f"[{SPACES}]+", " ", re.sub(f"[{UNSEEN}]", "", pattern)).lstrip(" ")
    return unicodedata.normalize("NFC", text if text.endswith("\\ ") else text.rstrip(" ")).translate(_SAME)


@dataclass
class _PatternParser:
    text: str
    case: bool
    at: int = 0

    def next(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def take(self, sign: str) -> bool:
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) * found
        return found

    def branches(self, depth: int) -> str:
        """All up to the end or the bracket that ends the group."""
        found = [self.branch(depth)]
        while self.take("|"):
            found.append(self.branch(depth))
        return "|".join(found)

    def branch(self, depth: int) -> str:
        written = ""
        if not depth:
            self.take("^")
        while self.next() not in ("", "|", ")"):
            if not depth and self.next(2) in ("$", "$|"):
                self.at += 1
                break
            piece, repeats = self.piece(depth)
            written += piece + self.times(repeats)
        return written

    def times(self, repeats: bool) -> str:
        found = _TIMES.match(self.text, self.at)
        if self.text.startswith("{,}", self.at):
            raise _only_there("{,}", "write *")
        if not found:
            return ""
        self.at = found.end()
        if self.next() == "+":
            raise _only_there(found[0] + "+", f"write {found[0]}")
        if not repeats:
            raise _only_there(f"(…){found[0]}", "say once what follows: it takes no room")
        return found[0].replace("{,", "{0,")

    def piece(self, depth: int) -> tuple[str, bool]:
        """What stands next, and whether it may be repeated."""
        if self.next() == "(":
            return self.group(depth)
        if self.next() == "[":
            return self.class_(), True
        if self.next() == "\\" and self.next(2)[1:] in _SETS:
            self.at += 2
            sign = self.text[self.at - 1]
            return _SETS[sign], sign not in "bB"
        if self.take("."):
            return ".", True
        if self.next() in "^$":
            raise _only_there(self.next())
        sign = self.sign()
        return _quoted(sign if self.case else small(sign)), True

    def group(self, depth: int) -> tuple[str, bool]:
        opening = next((each for each in ("(?:", "(?=", "(?!") if self.take(each)), "")
        if not opening:
            if self.next(2) == "(?":
                raise _only_there(self.next(4 if self.next(3) == "(?<" else 3))
            self.at += 1
        inner = self.branches(depth + 1)
        self.at += 1  # the bracket that ends it: Python has found it already
        return f"{opening or '(?:'}{inner})", opening in ("", "(?:")

    def sign(self) -> str:
        """One sign, which may be written with a backslash or by its number."""
        if self.next() != "\\":
            self.at += 1
            return self.text[self.at - 1]
        if code := _CODE.match(self.text, self.at):
            self.at = code.end()
            return _seen(chr(int(code[code.lastindex or 0], 16)))
        escaped = self.next(2)
        if escaped[1:] in tuple("ntrfv"):
            self.at += 2
            return " "
        if escaped[1:].isalnum() and escaped.isascii():
            raise _only_there(escaped)
        self.at += 2
        return escaped[1:]

    def class_(self) -> str:
        self.at += 1
        negated = self.take("^")
        spans: list[Span] = []
        words = False
        first = True
        while first or self.next() != "]":
            first = False
            named = self.next(2)[1:] if self.next() == "\\" else ""
            if named in ("W", "b", "B"):
                raise _only_there(f"[\\{named}]")
            if named == "w" or named in _SPANS:
                words = words or named == "w"
                spans += _SPANS.get(named, [])
                self.at += 2
            else:
                spans.append(self.span())
        self.at += 1
        inner = "".join(map(_written, _merged(_alike(spans) if self.case else _lowered(_alike(spans)))))
        return f"[{'^' * negated}{_WORD * words}{inner}]"

    def span(self) -> Span:
        """A sign of a class, or two with all between them."""
        first = last = self.sign()
        if self.next() == "-" and self.next(2) != "-]":
            self.at += 1
            last = self.sign()
        return ord(first), ord(last)


def _seen(sign: str) -> str:
    """A sign that is given by its number, as it is in a tidy text."""
    if re.fullmatch(f"[{UNSEEN}]", sign):
        raise NoPattern("this pattern asks for a sign that nobody sees", "leave it out: such signs never count")
    composed = unicodedata.normalize("NFC", sign)
    if len(composed) > 1:
        raise NoPattern("this pattern asks for a sign that is several when composed", f"write it out: {composed}")
    return " " if re.fullmatch(f"[{SPACES}]", sign) else composed.translate(_SAME)


def _only_there(what: str, hint: str = "") -> NoPattern:
    known = next((found for start, found in _HINTS.items() if what.startswith(start)), _HINT)
    return NoPattern(f'this pattern uses "{what}", which not every program and browser reads alike', hint or known)


def _quoted(sign: str) -> str:
    return "\\" + sign if sign in _SYNTAX else sign


@lru_cache(maxsize=1)
def _capitals() -> tuple[tuple[int, int], ...]:
    """The codes of all letters that have a small one, and of that."""
    return tuple((code, ord(small(chr(code)))) for code in range(0x1F000) if small(chr(code)) != chr(code))


def _alike(spans: list[Span]) -> list[Span]:
    """The spans with the signs that stand in a tidy text for others in them."""
    alike = [ord(one) for other, one in SAME.items() if any(first <= ord(other) <= last for first, last in spans)]
    return spans + [(code, code) for code in alike]


def _lowered(spans: Iterable[Span]) -> list[Span]:
    """The spans with the small letters of what is in them."""
    given = list(spans)
    found = {low for code, low in _capitals() if any(first <= code <= last for first, last in given)}
    return given + [(low, low) for low in found]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that meet as one: no two signs of a class can then be taken for an operation on it."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _written(span: Span) -> str:
    first, last = (f"\\{sign}" if sign in _SYNTAX or sign == "-" else sign for sign in map(chr, span))
    return first if first == last else f"{first}-{last}"
