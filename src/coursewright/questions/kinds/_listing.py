"""Answers that bring a fraction each, as a question file lists them; shared by several kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from coursewright.questions.kind import Feature, Found, Said
from coursewright.questions.kinds import kind_of
from coursewright.questions.part import Feedback, Part


def listed(answers: Iterable[tuple[str, float, Feedback]], said: Said) -> Iterator[str]:
    """Lines for answers, each a text, its fraction and what is said of it."""
    for text, fraction, feedback in answers:
        yield f"- [{_mark(fraction)}] {text}"
        yield from (f"  > {said(each)}" for each in feedback)


def _mark(fraction: float) -> str:
    return {0.0: " ", 1.0: "x"}.get(fraction, f"{fraction * 100:.5g}%")


def confused(part: Any, typed: Sequence[str], named: Sequence[str]) -> Found:
    """Answers that are marked as another one is: `typed` is each as somebody types it, empty for what nobody types."""
    fractions = [each.fraction for each in part.answers]
    for text, fraction in zip(typed, fractions, strict=True):
        fitted = kind_of(part).mark(part, text, 1).answer if text.strip() else None
        if fitted is not None and fractions[fitted] != fraction:
            message = f'the answers "{named[fitted]}" and "{text}" cannot be told apart'
            yield message, "take one out, or be stricter"


def _weighed(part: Part) -> bool:
    answers = (*getattr(part, "answers", ()), *getattr(part, "options", ()))
    return any(answer.fraction not in (0, 1) for answer in answers)


WEIGHTS: Feature[Part] = Feature("weights", "answers that are partly right", _weighed)
"""Of the kinds of which one answer is given; see `listed`."""
