"""A text that asks nothing: a passage to read, which the questions after it are about."""

from __future__ import annotations

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.kind import Kind
from coursewright.questions.marking import description as marking
from coursewright.questions.part import Description


class DescriptionSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """It has none of its own, and no points."""


def build(draft: PartDraft) -> Description:
    """The part. Raises CoursewrightError for answers: nobody is asked for them."""
    if draft.given:
        raise draft.error(
            "a description asks nothing, and has no answers", "take them out, or name another kind", "kind"
        )
    return Description(name=draft.name, points=0.0)


KIND = Kind(
    settings=DescriptionSettings,
    part=Description,
    build=build,
    mark=marking.mark,
    model=marking.model,
    nonsense=marking.nonsense,
    asks=False,
    gap=False,
)
