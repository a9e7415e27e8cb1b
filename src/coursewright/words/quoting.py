"""What of a tag stands in quotes, and is taken as it is: a name in backticks, arguments in quotation marks.

Neither is known to Tracery. Where a text is cut at a sign, a sign within them is none.
"""

from __future__ import annotations

import re

QUOTES = frozenset("`'\"")
_NAME = re.compile(r"`([^`]+)`")
_ONE = r"(?:\s*(?:'[^']*'|\"[^\"]*\")\s*|[^,()'\"#]*)"
_ARGUMENTS = re.compile(rf"\({_ONE}(?:,{_ONE})*\)")
_ARGUMENT = re.compile(rf"(?:^|,)({_ONE})")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_OPENED = "[?"  # a phrase: of brackets, these alone are not cut in


def named(text: str, at: int = 0) -> re.Match[str] | None:
    """A name in backticks, with which a tag begins."""
    return _NAME.match(text, at)


def bracketed(text: str, at: int) -> re.Match[str] | None:
    """Arguments in brackets of which one at least is in quotes; anything else is read as JavaScript reads it."""
    found = _ARGUMENTS.match(text, at)
    return found if found and not QUOTES.isdisjoint(found[0]) else None


def arguments(text: str) -> tuple[str, ...]:
    """The arguments in such brackets, those in quotes without them."""
    return tuple(map(_unquoted, _ARGUMENT.findall(text[1:-1])))


def within(text: str) -> str:
    """All that stands in quotation marks in a text, which stay around it."""
    return "".join(_QUOTED.findall(text))


def split(text: str, sign: str) -> list[str]:
    """The text of an action cut at a sign, as JavaScript cuts it: inside brackets too, except those of a phrase."""
    if _OPENED not in text and QUOTES.isdisjoint(text):
        return text.split(sign)
    pieces, depth, start, passed, in_tag = [], 0, 0, 0, False
    for at, char in enumerate(text):
        if at < passed:
            continue
        if char == "[" and (depth or text.startswith(_OPENED, at)):
            depth += 1
        elif char == "]" and depth:
            depth -= 1
        elif char == "#" and text[at - 1 : at] != "\\":
            in_tag = not in_tag
            passed = _end(named(text, at + 1), text) if in_tag else 0
        elif char == "(" and in_tag:
            passed = _end(bracketed(text, at), text)
        elif char == sign and not depth:
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


def _end(found: re.Match[str] | None, text: str) -> int:
    """Where what is in quotes ends, if a tag can go on behind it."""
    return found.end() if found and text[found.end() : found.end() + 1] in {".", "#", ""} else 0


def _unquoted(piece: str) -> str:
    inner = piece.strip()
    return inner[1:-1] if _QUOTED.fullmatch(inner) else piece
