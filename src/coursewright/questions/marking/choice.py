"""Choosing one option, or several. A response is the number of an option, or a list of them."""

from __future__ import annotations

from collections.abc import Iterator

from coursewright.questions.marking.verdict import BLANK, Verdict, said, verdict, whole, within
from coursewright.questions.part import Choice, Choices, Response


def mark(part: Choice | Choices, response: Response, attempt: int) -> Verdict:
    """One option brings its own fraction; several bring the sum, or with `whole` all or nothing."""
    return _one(part, response, attempt) if isinstance(part, Choice) else _several(part, response, attempt)


def _one(part: Choice, response: Response, attempt: int) -> Verdict:
    if part.truth and isinstance(response, bool):  # true is shown first
        response = 0 if response else 1
    chosen = whole(response)
    if chosen == -1:
        return BLANK
    if chosen is None or not 0 <= chosen < len(part.options):
        return verdict(0, note="not an option")
    option = part.options[chosen]
    return verdict(option.fraction, said(option.feedback, attempt), answer=chosen)


def _several(part: Choices, response: Response, attempt: int) -> Verdict:
    if not isinstance(response, list):
        return verdict(0, note="not an option")
    numbers = {whole(number) for number in response}
    if not numbers <= set(range(len(part.options))):
        return verdict(0, note="not an option")
    chosen = [option for number, option in enumerate(part.options) if number in numbers]
    exact = float(numbers == set(_right(part)))
    fraction = exact if part.whole else sum(option.fraction for option in chosen)
    return verdict(fraction, [words for option in chosen for words in said(option.feedback, attempt)])


def _right(part: Choice | Choices) -> list[int]:
    return [number for number, option in enumerate(part.options) if option.right]


def model(part: Choice | Choices) -> Response:
    """The right option, or all of them."""
    right = _right(part)
    return right if isinstance(part, Choices) else right[0]


def declared(part: Choice | Choices) -> Iterator[tuple[Response, float]]:
    """Every option on its own; of several also the right ones but for one, and all."""
    right = _right(part)
    for number, option in enumerate(part.options):
        if isinstance(part, Choice):
            if not option.right:
                yield number, within(option.fraction)
            continue
        for numbers in ([number], [each for each in right if each != number], list(range(len(part.options)))):
            if numbers and numbers != right:
                yield numbers, 0.0 if part.whole else within(sum(part.options[each].fraction for each in numbers))


def nonsense(part: Choice | Choices) -> Iterator[Response]:
    """Options that do not exist."""
    beyond = len(part.options)
    yield from (beyond, -1, [beyond], [0, beyond], [-1])
