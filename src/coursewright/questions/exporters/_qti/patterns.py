"""Texts as regular expressions that mean the same in every engine.

QTI's patterns are those of XML Schema: they fit the whole text, `^` and `$` are ordinary signs, and there are no flags.
Some engines take them for JavaScript's, which fit anywhere. So letters become classes of their capitals and accents,
and `fits` first tries on a text of its own which of the two engines it is in.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from itertools import groupby

from coursewright.errors import CoursewrightError
from coursewright.questions.exporters._markup import tag
from coursewright.questions.exporters._qti.rules import value, variable
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.marking.letters import small

_MARKS = "[\u0300-\u036f]*"
_TOKEN = re.compile(
    r"(?P<code>\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})|(?P<escape>\\[\s\S])|(?P<set>\[\^?(?:\]?(?:\\[\s\S]|[^\]\\])*)\])"
    r"|(?P<group>\(\?:|\((?!\?)|[)|])|(?P<times>(?:[*+?]|\{\d+(?:,\d*)?\})\??)|(?P<any>\.)|(?P<bad>\(\?|[\^$])"
    r"|(?P<letter>[\s\S])"
)
_UNIT = r"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[\s\S]|[\s\S])"
_MEMBER = re.compile(f"({_UNIT})(?:-({_UNIT}))?")
_SETS = {"d": "[0-9]", "D": "[^0-9]", "s": r"\s", "S": r"\S"}
_CODES = {"n": "\n", "t": "\t", "r": "\r"}


def fits(response: str, answer: TextAnswer, part: Text) -> str:
    """The condition that a response is `answer` as `part` compares texts."""
    pattern = (_regex if answer.regex else _literal)(answer.text, part.case, part.accents)

    def match(what: str, against: str) -> str:
        return tag("qti-pattern-match", what, pattern=against)

    anywhere = match(value("string", "abc"), "b")
    return tag(
        "qti-or",
        tag("qti-and", tag("qti-not", anywhere), match(variable(response), pattern)),
        tag("qti-and", anywhere, match(variable(response), f"^({pattern})$")),
    )


@lru_cache(maxsize=4096)
def _literal(text: str, case: bool, accents: bool) -> str:
    words = ("".join(_letter(letter, case, accents) for letter in _plain(word, accents)) for word in text.split())
    return r"\s*" + r"\s+".join(words) + r"\s*"


def _plain(text: str, accents: bool) -> str:
    if accents:
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


def _letter(letter: str, case: bool, accents: bool) -> str:
    """All that may stand for a letter of the answer."""
    forms = {letter} if case else {letter, letter.lower(), *_capitals().get(small(letter), ())}
    if not accents:
        forms |= {other for form in forms for other in _accented().get(form, ())}
    single = sorted(form for form in forms if len(form) == 1 and ord(form) < 0x10000)
    several = sorted("".join(_sign(c) for c in form) for form in forms - set(single))
    if len(single) > 1:
        several.append(f"[{''.join(map(_member, single))}]")
    elif single:
        several.append(_sign(single[0]))
    pattern = several[0] if len(several) == 1 else f"({'|'.join(several)})"
    return pattern if accents or not letter.isalpha() else pattern + _MARKS


def _sign(sign: str) -> str:
    if sign == "$":
        return "[$]"
    return "\\" + sign if sign in "\\|.?*+(){}[]^" else sign


def _member(sign: str) -> str:
    return "\\" + sign if sign in "\\[]^-" else sign


@lru_cache(maxsize=1)
def _word() -> str:
    """All letters, digits and marks, as the inside of a class: not every engine knows them by a name."""
    codes = [code for code in range(0x10000) if chr(code) == "_" or unicodedata.category(chr(code))[0] in "LMN"]
    runs = [[code for _, code in run] for _, run in groupby(enumerate(codes), lambda each: each[1] - each[0])]
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" if len(run) > 1 else chr(run[0]) for run in runs)


@lru_cache(maxsize=1)
def _capitals() -> dict[str, tuple[str, ...]]:
    """For each small letter, itself and its capitals."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for letter in map(chr, (*range(0xD800), *range(0xE000, 0x10000))):
        if letter != letter.lower() or letter != letter.upper():
            found[small(letter)].append(letter)
    return {small: tuple(letters) for small, letters in found.items()}


@lru_cache(maxsize=1)
def _accented() -> dict[str, tuple[str, ...]]:
    """For each letter, those that are it with an accent."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for code in range(0xC0, 0x1FFF):
        bare = _plain(chr(code), accents=False)
        if len(bare) == 1 and bare != chr(code):
            found[bare].append(chr(code))
    return {bare: tuple(letters) for bare, letters in found.items()}


@lru_cache(maxsize=4096)
def _regex(pattern: str, case: bool, accents: bool) -> str:
    """A pattern of the author's (for the whole text, in the syntax common to Python and JavaScript)."""
    pattern = pattern.replace("{,", "{0,")
    whole = pattern if "|" in pattern else pattern.removeprefix("^")
    if "|" not in pattern and whole.endswith("$") and not whole.endswith("\\$"):
        whole = whole[:-1]
    return rf"\s*({''.join(_token(found, pattern, case, accents) for found in _TOKEN.finditer(whole))})\s*"


def _token(found: re.Match[str], pattern: str, case: bool, accents: bool) -> str:
    match found.lastgroup:
        case "escape":
            return _escape(found[0][1], pattern, case, accents)
        case "set":
            return _set(found[0], case)
        case "group" | "any":
            return found[0].removesuffix("?:")
        case "times":
            return found[0][:-1] if len(found[0]) > 1 and found[0].endswith("?") else found[0]
        case "bad":
            raise _foreign(pattern, found[0])
        case _:
            return _quantifiable(_unit(found[0]), case, accents)


def _quantifiable(letter: str, case: bool, accents: bool) -> str:
    if letter.isspace():
        return r"(\s+)"
    written = "".join(_letter(each, case, accents) for each in _plain(letter, accents))
    return f"({written})" if len(written) > 1 and not re.fullmatch(r"\\.|\[[^\]]*\]", written) else written


def _escape(sign: str, pattern: str, case: bool, accents: bool) -> str:
    if sign in _SETS:
        return _SETS[sign]
    if sign in "wW":
        return f"[{'^' * (sign == 'W')}{_word()}]"
    if sign.isalnum() and sign not in _CODES:
        raise _foreign(pattern, "\\" + sign)
    return _quantifiable(_CODES.get(sign, sign), case, accents)


def _set(written: str, case: bool) -> str:
    """A class of characters, with the capitals of what is in it."""
    inner = written[1:-1]
    negated, inner = inner.startswith("^"), inner.removeprefix("^")
    members = []
    for first, last in _MEMBER.findall(inner):
        if first == "\\w" and not last:
            members.append(_word())
        elif first[0] == "\\" and first[1:] in _SETS and not last:
            members.append(_SETS[first[1:]].strip("[]") if first[1:] in "ds" else first)
        else:
            spans = _cases(_unit(first), _unit(last or first), case)
            members += [_member(a) if a == b else f"{_member(a)}-{_member(b)}" for a, b in spans]
    return f"[{'^' * negated}{''.join(members)}]"


def _unit(written: str) -> str:
    """The character that a member of a class stands for."""
    if len(written) > 2:
        return chr(int(written[2:], 16))
    return _CODES.get(written[1:], written[-1]) if written[0] == "\\" else written


def _cases(first: str, last: str, case: bool) -> list[tuple[str, str]]:
    spans = {(first, last)}
    if not case and first.isalpha() and last.isalpha():
        spans |= {(first.lower(), last.lower()), (first.upper(), last.upper())}
    return sorted(span for span in spans if len(span[0]) == len(span[1]) == 1 and span[0] <= span[1])


def _foreign(pattern: str, sign: str) -> CoursewrightError:
    return CoursewrightError(
        f'the pattern "{pattern}" uses "{sign}", which the patterns of QTI do not have',
        hint="write it with letters, classes, groups, | and the numbers of times; it is for the whole text anyway",
    )
