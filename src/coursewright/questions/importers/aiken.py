"""Aiken: a question on a line, options below it as A. and B., and ANSWER: B."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from coursewright.errors import Problem
from coursewright.questions.bank import Bank
from coursewright.questions.importers._drafting import kinds
from coursewright.questions.importers._drafting.asked import Asked, Given, NotTaken
from coursewright.questions.importers._drafting.file import bank, not_taken
from coursewright.questions.importers._drafting.markdown import clean, from_plain

TITLE = "Aiken"
_ANSWER = re.compile(r"^ANSWER:\s*([A-Z])\s*$")
_OPTION = re.compile(r"^([A-Z])[.)]\s+(.*\S)\s*$")


def recognises(text: str) -> bool:
    """Whether the text looks like Aiken."""
    return any(_ANSWER.match(line) for line in text.splitlines())


def read(text: str, file: Path) -> Bank:
    """The questions of a file in Aiken; those without options or an answer are among the problems."""
    problems: list[Problem] = []
    return bank(list(_questions(clean(text), file, problems)), problems, file)


def _questions(text: str, file: Path, problems: list[Problem]) -> Iterator[Asked]:
    for first, lines, answer in _pieces(text.split("\n")):
        stem = [line for line in lines if not _OPTION.match(line)]
        title = " ".join(" ".join(stem).split())[:80] or f"Question on line {first}"
        try:
            yield _asked(title, stem, [found for line in lines if (found := _OPTION.match(line))], answer, first)
        except NotTaken as reason:
            problems.append(not_taken(title, str(reason), file, first))


def _pieces(lines: list[str]) -> Iterator[tuple[int, list[str], str]]:
    """What stands before each ANSWER: line, with the number of its first line and the letter."""
    held: list[str] = []
    first = 1
    for number, line in enumerate([*lines, "ANSWER:"], 1):
        found = _ANSWER.match(line)
        if found or number > len(lines):
            if held:
                yield first, held, found[1] if found else ""
            held = []
        elif line.strip():
            first = first if held else number
            held.append(line.strip())


def _asked(title: str, stem: list[str], options: list[re.Match[str]], answer: str, line: int) -> Asked:
    if not stem:
        raise NotTaken("it asks nothing")
    if not answer:
        raise NotTaken("a line such as ANSWER: A is missing below it")
    if answer not in [option[1] for option in options]:
        raise NotTaken(f"its answer {answer} is none of its options")
    given = [Given(from_plain(option[2]), 1.0 if option[1] == answer else 0.0) for option in options]
    return Asked(title=title, text=from_plain("\n".join(stem)), part=kinds.choice(given, single=True), line=line)
