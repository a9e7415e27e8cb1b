"""A text that asks nothing: a passage to read, which the questions after it are about."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.kind import Kind
from coursewright.questions.marking.verdict import Verdict, verdict
from coursewright.questions.part import Part, Response


class Description(Part, frozen=True, tag="description", kw_only=True):
    """Nothing to answer: the question is a text to read, such as a passage that those after it are about."""


class DescriptionSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """It has none of its own, and no points."""


def build(draft: PartDraft) -> Description:
    """The part. Raises CoursewrightError for answers: nobody is asked for them."""
    if draft.given:
        raise draft.error(
            "a description asks nothing, and has no answers", "take them out, or name another kind", "kind"
        )
    return Description(name=draft.name, points=0.0)


def mark(part: Part, response: Response, attempt: int) -> Verdict:  # noqa: ARG001 - it is asked as the others are
    """Nothing, whatever it is."""
    return verdict(0, note="nothing is asked")


def model(part: Part) -> Response:  # noqa: ARG001 - it is asked as the others are
    """None."""
    return None


def nonsense(part: Part) -> Iterator[Response]:  # noqa: ARG001 - it is asked as the others are
    """Whatever is answered."""
    yield from ("", 0, [0], True)


KIND: Kind[Description] = Kind(
    settings=DescriptionSettings,
    part=Description,
    build=build,
    mark=mark,
    model=model,
    nonsense=nonsense,
    asks=False,
    gap=False,
)
