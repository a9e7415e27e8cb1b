"""What a text gives away: secrets, by their known forms and by how random they look, and paths of somebody's machine.

A secret is never part of what is said of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coursewright.errors import Place, Problem, did_you_mean

RULES = {
    "secrets": "take it out, and make a new one: whoever has a copy of the course has the old one",
    "students": "take it out: clear the output, or leave the file out",
    "too-large": "GitHub takes no file of more than 100 MB: make it smaller, or let its page lead to where it is kept",
    "absent": "fetch it: git lfs pull",
    "large": "Binder copies it at each change, and GitHub warns: make it smaller, or leave it out",
    "paths": "write it as seen from the course: on other machines it is not there",
    "licence": 'for instance, in course.toml: licence = "CC-BY-4.0"',
    "data": "say where they come from, and under which licence, in a file NOTICE.md beside them",
}
"""What is looked for, and what to do about it."""
# What their makers say that they look like; each begins with what nothing else does.
_KNOWN = {
    "a private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
    "a key of Amazon's": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub's": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b",
    "a token of GitLab's": r"\bgl(?:pat|dt|rt|cbt|ptt)-[\w-]{20,}",
    "a token of Slack's": r"\bxox[abeoprs]-[\w-]{10,}|hooks\.slack\.com/services/T\w+/B\w+/\w+",
    "a key of Google's": r"\bAIza[\w-]{35}(?![\w-])",
    "a key of Stripe's": r"\b[rs]k_live_[0-9A-Za-z]{20,}",
    "a token of PyPI's": r"\bpypi-AgE[\w-]{50,}",
    "a token of npm's": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a token of Hugging Face's": r"\bhf_[A-Za-z0-9]{30,}\b",
    "a key of a language model's": r"\bsk-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{32,}",
    "a key of Azure's": r"\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}={0,2}",
    "a token of Moodle's": r"\bwstoken=[0-9a-f]{32}\b",
    "a login that was signed (JWT)": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
    "a password in an address": r"\b[a-z][a-z0-9+.-]*://[^\s/:@{}$<>\"'`]+:(?P<address>[^\s/@{}$<>\"'`]{3,})@[\w.-]",
}
_SECRET = re.compile("|".join(f"(?P<k{number}>{form})" for number, form in enumerate(_KNOWN.values())))
_NAMES = tuple(_KNOWN)
_ASSIGNED = re.compile(
    r"""(?i)\b[\w.-]*(?:passwor[dt]|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|auth[_-]?key)[\w-]*"""
    r"""["']?\s*(?:=|:|=>|<-)\s*["'](?P<value>[^\s"'{}$<>]{8,200})["']"""
)
_RANDOM = re.compile(r"""["'](?P<value>[A-Za-z0-9+/_-]{32,200}={0,2})["']""")
_HARMLESS = re.compile(r"(?i)sha(?:256|384|512)|integrity|digest|checksum|fingerprint|hash|etag|md5")
_EXAMPLE = re.compile(r"(?i)pass(?:word|wort)?\d*|.*(?:example|change.?me|your|dummy|placeholder|xxx|\*\*\*).*|\W*")
_PATH = re.compile(
    r"(?<![\w./~-])/(?:home/(?!(?:learner|jovyan|runner|user|USER|name|NAME|web_user)\b)|Users/(?!Shared\b))\w[\w.-]*(?:/[\w.@+-]+)*"
    r"|\b[A-Za-z]:\\{1,2}Users\\{1,2}(?!Public\b)\w[\w.-]*"
)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b")
_BITS, _BITS_NAMED = 4.3, 2.8  # a letter, in what nothing names, and in what is called a password


class Telltale(NamedTuple):
    """What a text gives away: which rule it breaks, what it is, and the line of it, counted from 1."""

    rule: str
    what: str
    line: int


def unknown_rules(accepted: Iterable[str], place: Place) -> Iterator[Problem]:
    """What is wrong with what a course accepts."""
    for said in accepted:
        rule = said.partition(" ")[0]
        if rule not in RULES:
            yield Problem(f'nothing that is looked for is called "{rule}"', place, did_you_mean(rule, RULES))


def tells(text: str, *, is_code: bool) -> Iterator[Telltale]:
    """What is in a text; with `is_code`, also quoted words that are called a secret, or look like one."""
    for found in _SECRET.finditer(text):
        if not ((given := found["address"]) and _EXAMPLE.fullmatch(given)):
            kind = next(number for number, _ in enumerate(_NAMES) if found[f"k{number}"] is not None)
            yield Telltale("secrets", _NAMES[kind], _line(text, found))
    if is_code:
        yield from _looking_like_one(text)
    for found in _PATH.finditer(text):
        yield Telltale("paths", found[0], _line(text, found))


def addresses(text: str) -> Iterator[Telltale]:
    """The addresses of e-mail in a text."""
    yield from (Telltale("students", "an address of e-mail", _line(text, found)) for found in _ADDRESS.finditer(text))


def _looking_like_one(text: str) -> Iterator[Telltale]:
    for found in _ASSIGNED.finditer(text):
        value = found["value"]
        if not _EXAMPLE.fullmatch(value) and bits(value) >= _BITS_NAMED and not _SECRET.search(found[0]):
            yield Telltale("secrets", "what is called a password, a key or a token", _line(text, found))
    for found in _RANDOM.finditer(text):
        value, start = found["value"], text.rfind("\n", 0, found.start()) + 1
        mixed = all(re.search(kind, value) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
        named = _HARMLESS.search(text, start, found.start()) or _ASSIGNED.search(text, start, found.end())
        if mixed and bits(value) >= _BITS and not named and not _SECRET.search(value):
            yield Telltale("secrets", "a long word that looks random, as keys do", _line(text, found))


def bits(word: str) -> float:
    """How many bits a letter of a word carries, after Shannon."""
    return -sum(number / len(word) * math.log2(number / len(word)) for number in Counter(word).values())


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1
