"""A longer text, which a person marks by a guide."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.kind import Kind, Said, as_it_is
from coursewright.questions.marking.letters import tidy
from coursewright.questions.marking.verdict import Verdict, verdict
from coursewright.questions.part import Part, Response
from coursewright.questions.writing.prose import Prose


class Essay(Part, frozen=True, tag="essay", kw_only=True):
    """A text for a person to mark by `guide`; `least` and `most` words, where these are given."""

    guide: Prose = Prose("")
    least: int | None = None
    most: int | None = None
    lines: int = 15


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


def nonsense(part: Essay) -> Iterator[Response]:  # noqa: ARG001 - it is asked as the others are
    """What is no text; any text is for a person to read."""
    yield from (0, [0], True)


KIND: Kind[Essay] = Kind(
    settings=EssaySettings,
    part=Essay,
    build=build,
    mark=mark,
    model=model,
    nonsense=nonsense,
    by_person=True,
    answers=_answers,
    page=as_it_is,
)
