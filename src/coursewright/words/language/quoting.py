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
_SIGNS = frozenset("#[].\\")
_OPENED = "[?"  # a phrase: of brackets, these alone are not cut in


def named(text: str, at: int = 0) -> re.Match[str] | None:
    """A name in backticks, with which a tag begins."""
    return _NAME.match(text, at)


def written(name: str) -> str:
    """A name as a tag has it: in backticks if there is a sign in it."""
    return name if _SIGNS.isdisjoint(name) else f"`{name}`"


def tag(name: str) -> str:
    """A tag with a name, whatever signs are in it."""
    return f"#{written(name)}#"


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


def stretches(text: str, *, inside: bool = False) -> dict[int, int]:
    """Where names and arguments in quotes begin and end, at any depth of actions, phrases and tags within each other.

    No sign in them is one. `inside` says that the text is that of a tag.
    """
    found: dict[int, int] = {}
    if QUOTES.isdisjoint(text):
        return found
    around: list[tuple[bool, bool]] = []
    in_tag, begun, at = inside, False, 0  # begun: what may be the name of a tag
    while at < len(text):
        char, end = text[at], at + 1
        if char == "[":
            around.append((in_tag, begun))
            in_tag = False
        elif char == "]":
            in_tag, begun = around.pop() if around else (in_tag, begun)
        elif char == "#":
            in_tag, begun = not in_tag, False
        else:
            end = _end(text, at, begun) if in_tag else end + (char == "\\")
            begun = True
        if end > at + 1 and char in "`(":
            found[at] = end
        at = end
    return found


def split(text: str, sign: str, *, inside: bool = False) -> list[str]:
    """A text cut at a sign, as JavaScript cuts it: inside brackets too, except those of a phrase."""
    passed = stretches(text, inside=inside)
    if _OPENED not in text and not passed:
        return text.split(sign)
    pieces, depth, start, at = [], 0, 0, 0
    while at < len(text):
        char = text[at]
        if char == "[" and (depth or text.startswith(_OPENED, at)):
            depth += 1
        elif char == "]" and depth:
            depth -= 1
        elif char == sign and not depth:
            pieces.append(text[start:at])
            start = at + 1
        at = passed.get(at, at + 1)
    return [*pieces, text[start:]]


def _end(text: str, at: int, begun: bool) -> int:
    """Where what begins at a place of a tag ends: more than a sign if it is in quotes and the tag can go on behind."""
    if text[at] == "\\":
        return at + 2
    found = bracketed(text, at) if text[at] == "(" else None if begun else named(text, at)
    return found.end() if found and text[found.end() : found.end() + 1] in {".", "#", ""} else at + 1


def _unquoted(piece: str) -> str:
    inner = piece.strip()
    return inner[1:-1] if _QUOTED.fullmatch(inner) else piece
