"""Texts to read, to which there is no response."""

from __future__ import annotations

from collections.abc import Iterator

from coursewright.questions.marking.verdict import Verdict, verdict
from coursewright.questions.part import Description, Response


def mark(part: Description, response: Response, attempt: int) -> Verdict:  # noqa: ARG001 - it is asked as the others are
    """Nothing, whatever it is."""
    return verdict(0, note="nothing is asked")


def model(part: Description) -> Response:  # noqa: ARG001 - it is asked as the others are
    """None."""
    return None


def declared(part: Description) -> Iterator[tuple[Response, float]]:  # noqa: ARG001 - it is asked as the others are
    """Nothing."""
    yield from ()


def nonsense(part: Description) -> Iterator[Response]:  # noqa: ARG001 - it is asked as the others are
    """Whatever is answered."""
    yield from ("", 0, [0], True)
