"""The noun: what marking says of a response, and the small rules that every type of part has in common."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import msgspec

from coursewright.questions.marking.letters import tidy
from coursewright.questions.part import Feedback
from coursewright.questions.writing.prose import Prose

_DUST = 1e-9  # three times a third is one


class Verdict(msgspec.Struct, frozen=True):
    """What a response is worth, from 0 to 1 (None: a person marks it), and what to say to the student.

    `note` is a word or two for the teacher: "blank", "not a number", "unit missing" … `answer` is which of the part's
    answers (or options, from 0) the response fitted.
    """

    fraction: float | None
    right: bool
    feedback: tuple[Prose, ...] = ()
    note: str = ""
    answer: int | None = None


def verdict(fraction: float, feedback: Sequence[Prose] = (), note: str = "", answer: int | None = None) -> Verdict:
    """The verdict for a fraction, which is brought between 0 and 1."""
    fraction = within(fraction)
    return Verdict(fraction, fraction == 1, tuple(feedback), note, answer)


def within(fraction: float) -> float:
    """The fraction, at least 0 and at most 1; what only the rounding of floats keeps from these is these."""
    return 0.0 if fraction < _DUST else 1.0 if fraction > 1 - _DUST else fraction


BLANK = verdict(0, note="blank")


def said(feedback: Feedback, attempt: int) -> tuple[Prose, ...]:
    """What is said at this attempt (from 1): the last feedback stands for all that follow."""
    return (feedback[max(0, min(attempt, len(feedback)) - 1)],) if feedback else ()


def blank(response: object) -> bool:
    """Whether nothing was given: nothing, space alone, no number at all."""
    return response is None or (isinstance(response, str) and not tidy(response)) or response in ([], {})


def whole(response: object) -> int | None:
    """The whole number that a response is; None for any other, and for true and false."""
    if isinstance(response, float) and isfinite(response) and response.is_integer():  # JSON's 1.0 is its 1
        return int(response)
    return response if isinstance(response, int) and not isinstance(response, bool) else None
