"""A short text: exact, with or without capitals and accents, with slips of spelling, or by a pattern."""

from __future__ import annotations

import re

import msgspec

from coursewright.questions.drawing.draft import DraftAnswer, PartDraft, marked
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


Settings = TextSettings


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
