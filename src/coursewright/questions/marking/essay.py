"""Essays, which a person marks: a machine counts the words."""

from __future__ import annotations

from collections.abc import Iterator

from coursewright.questions.marking.letters import tidy
from coursewright.questions.marking.verdict import Verdict, verdict
from coursewright.questions.part import Essay, Response


def mark(part: Essay, response: Response, attempt: int) -> Verdict:  # noqa: ARG001 - an essay has no feedback of its own
    """No fraction; the note says when the words are too few or too many."""
    if not isinstance(response, str):
        return verdict(0, note="not a text")
    words = len(tidy(response).split())
    few, many = part.least is not None and words < part.least, part.most is not None and words > part.most
    return Verdict(None, False, note="too short" if few else "too long" if many else "")


def model(part: Essay) -> Response:
    """As many words as are asked for."""
    return " ".join(["word"] * max(1, part.least or 0))


def declared(part: Essay) -> Iterator[tuple[Response, float]]:  # noqa: ARG001 - it is asked as the others are
    """Nothing: what an essay is worth is not in its data."""
    yield from ()


def nonsense(part: Essay) -> Iterator[Response]:  # noqa: ARG001 - it is asked as the others are
    """What is no text; any text is for a person to read."""
    yield from (0, [0], True)
