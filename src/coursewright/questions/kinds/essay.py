"""A longer text, which a person marks by a guide."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.kind import Kind, Said, as_it_is
from coursewright.questions.marking import essay as marking
from coursewright.questions.part import Essay


class EssaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`words` is the most, or a list of the least and the most; `lines` the height of the box; `# Guide` the guide."""

    words: int | tuple[int, int] | None = None
    lines: int = 15


def build(draft: PartDraft) -> Essay:
    """The part. Raises CoursewrightError for limits that no text can keep."""
    words = draft.own.words
    least, most = words if isinstance(words, tuple) else (None, words)
    if most is not None and (most < 1 or (least or 0) > most):
        raise draft.error("no text can keep to these limits of words", "write words: [least, most]", "words")
    return Essay(name=draft.name, points=draft.points, guide=draft.guide, least=least, most=most, lines=draft.own.lines)


def _answers(part: Essay, said: Said) -> Iterator[str]:
    yield said(part.guide)


KIND = Kind(
    settings=EssaySettings,
    part=Essay,
    build=build,
    mark=marking.mark,
    model=marking.model,
    nonsense=marking.nonsense,
    by_person=True,
    answers=_answers,
    page=as_it_is,
)
