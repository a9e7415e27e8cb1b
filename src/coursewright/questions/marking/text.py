"""Short texts: exact, then with slips of spelling forgiven; and patterns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from coursewright.questions.marking.letters import small, tidy, unaccented
from coursewright.questions.marking.pattern import LONGEST, NoPattern, spelt
from coursewright.questions.marking.verdict import Verdict, said, verdict
from coursewright.questions.part import Response, Text, TextAnswer

_LONGEST = 10_000  # signs of a response; the rest is cut off
_SECONDS = 0.1  # for one pattern, which may be one that takes for ever


def mark(part: Text, response: Response, attempt: int) -> Verdict:
    """The first answer that the text fits exactly, or else the first that it fits but for slips of spelling."""
    if not isinstance(response, str):
        return verdict(0, note="not a text")
    typed = tidy(response[:_LONGEST])
    compared = comparable(typed, part.case, part.accents)
    for number, answer in enumerate(part.answers):
        if _fits(part, answer, typed, compared):
            return verdict(answer.fraction, said(answer.feedback, attempt), answer=number)
    for number, answer in enumerate(part.answers if part.distance else ()):
        wanted = "" if answer.regex else _answer(answer.text, part.case, part.accents)
        if wanted and near(compared, wanted, part.distance):
            return verdict(answer.fraction, said(answer.feedback, attempt), answer=number)
    return verdict(0)


def comparable(text: str, case: bool, accents: bool) -> str:
    """A tidy text without what does not count: capitals unless `case`, accents unless `accents`."""
    text = text if case else unicodedata.normalize("NFC", small(text))
    return text if accents else unaccented(text)


@lru_cache(maxsize=4096)
def _answer(text: str, case: bool, accents: bool) -> str:
    return comparable(tidy(text), case, accents)


def _fits(part: Text, answer: TextAnswer, typed: str, compared: str) -> bool:
    if not answer.regex:
        return compared == _answer(answer.text, part.case, part.accents)
    return any(_matches(part, answer, comparable(typed, part.case, accents)) for accents in {True, part.accents})


def _matches(part: Text, answer: TextAnswer, text: str) -> bool:
    """Whether the pattern fits all of `text`; one that is no pattern, or takes too long, fits nothing."""
    pattern = _pattern(answer.text, part.case)
    try:
        return pattern is not None and len(text) <= LONGEST and pattern.fullmatch(text, timeout=_SECONDS) is not None
    except TimeoutError:
        return False


@lru_cache(maxsize=1024)
def _pattern(text: str, case: bool) -> Any:
    import regex  # Python's own re cannot be told to stop

    try:
        return regex.compile(spelt(text, case))
    except (NoPattern, regex.error):
        return None


def near(text: str, other: str, most: int) -> bool:
    """Whether at most `most` slips lie between the texts: a letter missing, too many, wrong, or two exchanged.

    The optimal string alignment distance, of which only the band that matters is computed.
    """
    if abs(len(text) - len(other)) > most:
        return False
    beyond = most + 1
    before: dict[int, int] = {}
    last = {column: column for column in range(min(len(other), most) + 1)}
    for line, letter in enumerate(text, 1):
        row: dict[int, int] = {}
        for column in range(max(0, line - most), min(len(other), line + most) + 1):
            if column == 0:
                row[0] = line
                continue
            cost = last.get(column - 1, beyond) + (letter != other[column - 1])
            if line > 1 and column > 1 and letter == other[column - 2] and text[line - 2] == other[column - 1]:
                cost = min(cost, before.get(column - 2, beyond) + 1)
            row[column] = min(cost, last.get(column, beyond) + 1, row.get(column - 1, beyond) + 1)
        if min(row.values()) > most:
            return False
        before, last = last, row
    return last[len(other)] <= most


def model(part: Text) -> Response:
    """What a learner is told is the answer."""
    return part.answers[0].shown


def declared(part: Text) -> Iterator[tuple[Response, float]]:
    """The other answers; for a right pattern the example that is shown. Of another one nobody has said what it fits."""
    for answer in part.answers[1:]:
        if not answer.regex or answer.fraction == 1:
            yield answer.shown, max(0.0, answer.fraction)


def nonsense(part: Text) -> Iterator[Response]:  # noqa: ARG001 - it is asked as the others are
    """What nobody would accept."""
    yield from ("zqx" * 50, "\ud800", 0, [0], True)
