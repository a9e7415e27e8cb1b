"""Matching. A response has the number of a choice for each prompt, -1 for none."""

from __future__ import annotations

from collections.abc import Iterator

from coursewright.questions.marking.verdict import BLANK, Verdict, said, verdict, whole
from coursewright.questions.part import Match, Response


def mark(part: Match, response: Response, attempt: int) -> Verdict:
    """The share of pairs that are right, with the feedback of those that are wrong."""
    if not isinstance(response, list) or len(response) > len(part.pairs):
        return verdict(0, note="not a match")
    given = [whole(choice) for choice in response] + [-1] * (len(part.pairs) - len(response))
    if all(choice == -1 for choice in given):
        return BLANK
    wrong = [pair for pair, choice in zip(part.pairs, given, strict=True) if pair.choice != choice]
    fraction = 1 - len(wrong) / len(part.pairs)
    return verdict(fraction, [words for pair in wrong for words in said(pair.feedback, attempt)])


def model(part: Match) -> Response:
    """Every choice where it belongs."""
    return [pair.choice for pair in part.pairs]


def declared(part: Match) -> Iterator[tuple[Response, float]]:
    """For each prompt, one wrong choice there alone, and none there."""
    right = [pair.choice for pair in part.pairs]
    for number, choice in enumerate(right):
        for other in ((choice + 1) % len(part.choices), -1):
            given = [*right[:number], other, *right[number + 1 :]]
            if given != right:
                yield given, (len(right) - 1) / len(right)


def nonsense(part: Match) -> Iterator[Response]:
    """Choices that do not exist."""
    yield from ([len(part.choices)] * len(part.pairs), [-1] * len(part.pairs), [0] * (len(part.pairs) + 1), 0)
