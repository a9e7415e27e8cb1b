"""A longer text, which a person marks by a guide."""

from __future__ import annotations

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.part import Essay


class EssaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`words` is the most, or a list of the least and the most; `lines` the height of the box; `# Guide` the guide."""

    words: int | tuple[int, int] | None = None
    lines: int = 15


Settings = EssaySettings


def build(draft: PartDraft) -> Essay:
    """The part. Raises CoursewrightError for limits that no text can keep."""
    words = draft.own.words
    least, most = words if isinstance(words, tuple) else (None, words)
    if most is not None and (most < 1 or (least or 0) > most):
        raise draft.error("no text can keep to these limits of words", "write words: [least, most]", "words")
    return Essay(name=draft.name, points=draft.points, guide=draft.guide, least=least, most=most, lines=draft.own.lines)
