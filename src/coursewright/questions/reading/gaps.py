"""The parts that a question consists of: one, or in a cloze question one for each gap of its text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from coursewright import settings
from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.questions.kinds import gap_kinds, kind_called
from coursewright.questions.question import Question


@dataclass(frozen=True, slots=True)
class PartRequest:
    """A part to build: its gap's name, or "" for a whole question; its kind, or "" when the answers tell it."""

    name: str
    kind: str
    points: float
    own: Any


def wanted_parts(question: Question) -> tuple[PartRequest, ...]:
    """The parts of `question`. Raises CoursewrightError for gaps that do not fit its text."""
    if question.settings.kind != "cloze":
        return (PartRequest("", question.settings.kind, question.settings.points, question.own),)
    return tuple(_gap(question, name) for name in _checked(question))


def kind_settings(wanted: PartRequest, kind: str, question: Question) -> Any:
    """The settings of a part, which is of `kind`. Raises CoursewrightError for a key that the kind does not have."""
    if not isinstance(wanted.own, Mapping):
        return wanted.own
    shape, place = kind_called(kind).settings, question.key("gaps")
    for name in wanted.own:
        if name not in shape.__struct_fields__:
            raise CoursewrightError(f'unknown key "{name}"', place, did_you_mean(name, shape.__struct_fields__))
    return settings.fit(wanted.own, shape, lambda key: replace(place, part=f"{place.part} {key}"))


def _gap(question: Question, name: str) -> PartRequest:
    own = dict(question.own.gaps.get(name, {}))
    kind, points = own.pop("kind", ""), own.pop("points", 1.0)
    if kind and kind not in gap_kinds():
        hint = did_you_mean(kind, gap_kinds())
        raise CoursewrightError(f'no kind of gap called "{kind}"', question.key("gaps"), hint)
    try:
        worth = float(points)
    except (TypeError, ValueError):
        worth = 0.0
    if not 0 < worth < math.inf:
        raise CoursewrightError(
            f'the gap [[{name}]] has no points: "{points}"', question.key("gaps"), "a number above 0"
        )
    return PartRequest(name, kind, worth, own)


def _checked(question: Question) -> tuple[str, ...]:
    gaps = question.text.gaps
    if not gaps:
        raise CoursewrightError(
            "this cloze question has no gap", question.place(question.text.line), "write one as [[name]]"
        )
    for name in gaps:
        if gaps.count(name) > 1:
            raise CoursewrightError(
                f"the gap [[{name}]] is there twice", question.place(question.text.line), "give each its own name"
            )
    for name in (*question.own.gaps, *(name for name in question.answers if name)):
        if name not in gaps:
            raise CoursewrightError(f"the text has no gap [[{name}]]", question.key("gaps"), did_you_mean(name, gaps))
    return gaps
