"""A number to point at on a scale."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.kind import Kind, Said, as_it_is  # noqa: F401 - a test lets pages have it
from coursewright.questions.marking.verdict import Verdict, verdict, whole
from coursewright.questions.part import Part, Response


class Slider(Part, frozen=True, tag="slider", kw_only=True):
    """A whole number from `low` to `high`, in steps."""

    right: int
    low: int
    high: int
    step: int = 1


class SliderSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`low` and `high` are the ends of the scale."""

    answer: int | str | None = None
    low: int = 0
    high: int = 10
    step: int = 1


def build(draft: PartDraft) -> Slider:
    """The part. Raises CoursewrightError without an answer on the scale."""
    own = draft.own
    if draft.answer not in range(own.low, own.high + 1, own.step):
        raise draft.error("the answer is not on the scale", "call it `answer` in the code", "answer")
    return Slider(name=draft.name, points=draft.points, right=draft.answer, low=own.low, high=own.high, step=own.step)


def mark(part: Slider, response: Response, attempt: int) -> Verdict:  # noqa: ARG001 - it is asked as the others are
    """All or nothing."""
    number = int(response) if isinstance(response, str) and response.strip().isdecimal() else whole(response)
    return verdict(float(number == part.right), note="" if number is not None else "not a number")


def _offered(part: Slider, _said: Said) -> Iterator[str]:
    yield f"from {part.low} to {part.high}, in steps of {part.step}\n"


def _answers(part: Slider, _said: Said) -> Iterator[str]:
    yield f"- [x] {part.right}"


KIND = Kind(
    settings=SliderSettings,
    part=Slider,
    build=build,
    mark=mark,
    model=lambda part: part.right,
    nonsense=lambda part: (part.high + 1, [part.right]),
    offered=_offered,
    answers=_answers,
    spelt=lambda part: (str(part.right), ()),
)
