"""A short text: exact, with or without capitals and accents, with slips of spelling, or by a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from coursewright.questions.drawing.draft import DraftAnswer, PartDraft, marked
from coursewright.questions.kind import Feature, Found, Kind, Said
from coursewright.questions.kinds._listing import WEIGHTS, confused, listed
from coursewright.questions.marking import text as marking
from coursewright.questions.marking.pattern import NoPattern, spelt
from coursewright.questions.part import Text, TextAnswer
from coursewright.questions.writing.prose import SLOT, Prose


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


KIND = Kind(
    settings=TextSettings,
    part=Text,
    build=build,
    mark=marking.mark,
    model=marking.model,
    declared=marking.declared,
    nonsense=marking.nonsense,
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
