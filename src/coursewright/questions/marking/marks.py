"""The verb: mark a response by the rules in its part. No response, whatever it is, makes it raise.

    verdict = mark_part(part, "1157.63")      # Verdict(fraction=1.0, right=True, …)
    marked = mark(variant, {"total": "12", "town": 0}, attempt=2)

`model`, `declared` and `nonsense` are responses to try a part on before students see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import msgspec

from coursewright.questions.kinds import kind_of
from coursewright.questions.marking.code import Walled, behind_wall
from coursewright.questions.marking.verdict import BLANK, Verdict, blank, within
from coursewright.questions.part import Part, Response
from coursewright.questions.variant import Variant


class Mark(msgspec.Struct, frozen=True):
    """The points for a response and the fraction of the variant's that they are; None while a person must mark a part.

    `verdicts` has the verdict of each part by its name, which is "" for the only part of a question that is no cloze.
    """

    points: float | None
    fraction: float | None
    verdicts: Mapping[str, Verdict]


def mark_part(part: Part, response: Response, attempt: int = 1, run: Walled = behind_wall) -> Verdict:
    """What `response` to `part` is worth; `attempt` (from 1) chooses the feedback. Never raises.

    `run` is how code is run: `behind_wall`, or `code.behind_what_there_is` where its author is trusted.
    """
    if blank(response):
        return BLANK
    kind = kind_of(part)
    return kind.mark(part, response, attempt, run) if kind.runs_code else kind.mark(part, response, attempt)


def mark(variant: Variant, response: Response, attempt: int = 1, run: Walled = behind_wall) -> Mark:
    """The points for a response; every attempt after the first costs the variant's penalty. Never raises.

    For a cloze question `response` is a mapping of gaps to responses: a gap that it lacks is blank, and a name that is
    no gap is passed over. The gaps count by their own points. `run` is as for `mark_part`.
    """
    if variant.kind == "cloze":
        given = response if isinstance(response, dict) else {}
        responses = [(part, cast(Response, given.get(part.name))) for part in variant.parts]
        verdicts = {part.name: mark_part(part, each, attempt, run) for part, each in responses}
    else:
        verdicts = {"": mark_part(variant.part, response, attempt, run)}
    fraction = _together(variant.parts, tuple(verdicts.values()))
    if fraction is None:
        return Mark(None, None, verdicts)
    fraction = within(fraction - variant.penalty * (max(attempt, 1) - 1))
    return Mark(fraction * variant.points, fraction, verdicts)


def _together(parts: tuple[Part, ...], verdicts: tuple[Verdict, ...]) -> float | None:
    """The fraction of all parts, each counting by its points."""
    total = sum(part.points for part in parts)
    earned = 0.0
    for part, verdict in zip(parts, verdicts, strict=True):
        if verdict.fraction is None:
            return None
        earned += verdict.fraction * part.points
    return earned / total if total else 0.0


def model(part: Part) -> Response:
    """The model answer, which is marked in full (for an essay: words that a person may mark)."""
    return kind_of(part).model(part)


def declared(part: Part) -> Iterator[tuple[Response, float]]:
    """Responses that the part's own data declare to be wrong or partly right, each with the fraction it should get."""
    yield from kind_of(part).declared(part)


def nonsense(part: Part) -> Iterator[Response]:
    """Blanks and rubbish, which must be marked 0 without an error."""
    yield from (None, "", "  \t\n", [], {})
    if not kind_of(part).by_person:  # any text is for a person to read
        yield "\u2603 zqx \u2603"
    yield from kind_of(part).nonsense(part)
