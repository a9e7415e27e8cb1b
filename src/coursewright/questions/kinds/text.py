"""A short text: exact, with or without capitals and accents, with slips of spelling, or by a pattern."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from coursewright.questions.drawing.draft import DraftAnswer, PartDraft, marked
from coursewright.questions.kind import Feature, Found, Kind, Said
from coursewright.questions.kinds._listing import WEIGHTS, confused, listed
from coursewright.questions.marking.letters import small, tidy, unaccented
from coursewright.questions.marking.pattern import LONGEST, NoPattern, spelt
from coursewright.questions.marking.verdict import Verdict, said, verdict
from coursewright.questions.part import Feedback, Part, Response, Struct
from coursewright.questions.writing.prose import SLOT, Prose

_PIECE = re.compile(r"\.\*|\\[^\w\s]|[^\\^$.|?*+()\[\]{}]")  # of a pattern: anything, or a sign that is itself
_WILD = re.compile(f"(?:{_PIECE.pattern})+")


class TextAnswer(Struct, frozen=True, kw_only=True):
    """A text that is accepted, or with `regex` a pattern for all of it (the syntax common to Python and JavaScript).

    `shown` is what a learner is told is the answer: the text itself, or for a pattern an example that it fits.
    """

    text: str
    shown: str
    regex: bool = False
    fraction: float = 1.0
    feedback: Feedback = ()

    @property
    def wild(self) -> str | None:
        """The text in which a star stands for anything and `\\*` for a star; None for a pattern that says more."""
        if not self.regex:
            return self.text.replace("*", "\\*")
        if (
            not _WILD.fullmatch(self.text) or "\\\\.*" in self.text
        ):  # a backslash before a star would be taken for `\\*`
            return None
        pieces = (found[0] for found in _PIECE.finditer(self.text))
        return "".join("*" if each == ".*" else each if each == "\\*" else each[-1] for each in pieces)


class Text(Part, frozen=True, tag="text", kw_only=True):
    """A short text. The first of `answers` that fits counts; the right one stands first.

    Space at the ends and repeated space never count. `case` and `accents` say whether these do. `distance` is how many
    slips of spelling (a letter missing, too many, wrong, or two exchanged) are forgiven: no pattern has them.
    """

    answers: tuple[TextAnswer, ...]
    case: bool = False
    accents: bool = True
    distance: int = 0


class TextSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`case` and `accents` say whether these count; `distance` how many slips of spelling are forgiven.

    An answer between slashes, `/colou?r/`, is a pattern for the whole response.
    """

    answer: str | int | float | None = None
    case: bool = False
    accents: bool = True
    distance: int = 0


def build(draft: PartDraft) -> Text:
    """The part. Raises CoursewrightError without a right answer, for an empty one and for a pattern that is none."""
    given = marked(draft)
    if not any(each.mark == 1 for each in given):
        raise draft.error("this question has no right answer", "mark it with [x]: - [x] …", "answer")
    example = next((each.text for each in given if each.mark == 1 and not _pattern(each)), "")
    own = draft.own
    if own.distance < 0:
        raise draft.error(f'"distance" should be 0 or more, not {own.distance}', key="distance")
    answers = tuple(_answer(draft, each, example) for each in given)
    return Text(
        name=draft.name, points=draft.points, answers=answers, case=own.case, accents=own.accents, distance=own.distance
    )


def _answer(draft: PartDraft, given: DraftAnswer, example: str) -> TextAnswer:
    mark = given.mark or 0.0
    pattern = _pattern(given)
    if not pattern:
        if not given.text:
            raise draft.error("this answer is empty", "write the text that is accepted", line=given.line, key="answer")
        return TextAnswer(text=given.text, shown=given.text, fraction=mark, feedback=given.feedback)
    try:
        spelt(pattern, draft.own.case)
    except NoPattern as error:
        raise draft.error(str(error), error.hint, line=given.line) from None
    if mark == 1 and not example:
        hint = "add a right answer that is no pattern, for learners to see"
        raise draft.error("a pattern alone cannot be shown as the answer", hint, line=given.line)
    return TextAnswer(text=pattern, shown=example or given.text, regex=True, fraction=mark, feedback=given.feedback)


def _pattern(given: DraftAnswer) -> str:
    """The pattern between slashes, the values in it taken literally; empty for a text."""
    prose: Prose = given.prose
    source = prose.markdown.strip()
    if not (len(source) > 2 and source.startswith("/") and source.endswith("/")):
        return ""
    return SLOT.sub(lambda found: re.escape(str(prose.values[int(found[1])])), source[1:-1])


def _answers(part: Text, said: Said) -> Iterator[str]:
    written = ((f"/{each.text}/" if each.regex else each.text, each.fraction, each.feedback) for each in part.answers)
    return listed(written, said)


def _spelt(part: Text) -> tuple[str, tuple[str, ...]]:
    right = next((answer.shown for answer in part.answers if answer.fraction == 1), "")
    return (right if len(right) >= 3 else ""), ()


def _apart(part: Text) -> Found:
    typed = ["" if each.regex else each.text for each in part.answers]
    return confused(part, typed, [each or f"/{of.text}/" for each, of in zip(typed, part.answers, strict=True)])


def _spelling(part: Text) -> Found:
    """A word with so many slips forgiven that it is any other."""
    for answer in part.answers if part.distance else ():
        if answer.fraction == 1 and not answer.regex and part.distance * 3 > len(answer.text):
            message = f'with {part.distance} slips forgiven, "{answer.text}" is any word of its length'
            yield message, "forgive one slip in three letters at the most"


def pattern_of(part: Text, answer: TextAnswer) -> str | None:
    """The pattern as the browser takes it; None for a text, and for a pattern that is none and fits nothing."""
    try:
        return spelt(answer.text, part.case) if answer.regex else None
    except NoPattern:
        return None


def _page(part: Text, data: dict[str, Any]) -> dict[str, Any]:
    """The answers, each with its pattern."""
    answers = zip(data["answers"], part.answers, strict=True)
    return data | {"answers": [written | {"pattern": pattern_of(part, each)} for written, each in answers]}


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
        wanted = "" if answer.regex else _compared(answer.text, part.case, part.accents)
        if wanted and near(compared, wanted, part.distance):
            return verdict(answer.fraction, said(answer.feedback, attempt), answer=number)
    return verdict(0)


def comparable(text: str, case: bool, accents: bool) -> str:
    """A tidy text without what does not count: capitals unless `case`, accents unless `accents`."""
    text = text if case else unicodedata.normalize("NFC", small(text))
    return text if accents else unaccented(text)


@lru_cache(maxsize=4096)
def _compared(text: str, case: bool, accents: bool) -> str:
    return comparable(tidy(text), case, accents)


def _fits(part: Text, answer: TextAnswer, typed: str, compared: str) -> bool:
    if not answer.regex:
        return compared == _compared(answer.text, part.case, part.accents)
    return any(_matches(part, answer, comparable(typed, part.case, accents)) for accents in {True, part.accents})


def _matches(part: Text, answer: TextAnswer, text: str) -> bool:
    """Whether the pattern fits all of `text`; one that is no pattern, or takes too long, fits nothing."""
    pattern = _compiled(answer.text, part.case)
    try:
        return pattern is not None and len(text) <= LONGEST and pattern.fullmatch(text, timeout=_SECONDS) is not None
    except TimeoutError:
        return False


@lru_cache(maxsize=1024)
def _compiled(text: str, case: bool) -> Any:
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


KIND: Kind[Text] = Kind(
    settings=TextSettings,
    part=Text,
    build=build,
    mark=mark,
    model=model,
    declared=declared,
    nonsense=nonsense,
    answers=_answers,
    features=(
        WEIGHTS,
        Feature(
            "wildcard",
            "a pattern for a text of which parts may be anything",
            lambda part: any(each.regex and each.wild is not None for each in part.answers),
        ),
        Feature(
            "regex",
            "any other pattern for a text",
            lambda part: any(each.regex and each.wild is None for each in part.answers),
        ),
        Feature("case", "capitals that count", lambda part: part.case),
        Feature("accents", "accents that do not count", lambda part: not part.accents),
        Feature("distance", "slips of spelling forgiven", lambda part: part.distance),
    ),
    spelt=_spelt,
    apart=_apart,
    rules={"spelling": _spelling},
    page=_page,
)
