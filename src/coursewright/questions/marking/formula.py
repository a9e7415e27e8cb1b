"""Formulas: equal where they are compared, and of the form that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from coursewright.questions.marking.expression import NoFormula, Tree, is_expanded, is_factorised, read, signs, value
from coursewright.questions.marking.verdict import Verdict, said, verdict
from coursewright.questions.part import Formula, Response

RELATIVE, ABSOLUTE = 1e-6, 1e-9  # how near two values are that count as equal
_LONGER = 1.2  # times the length of the answer is still simplified


def mark(part: Formula, response: Response, attempt: int) -> Verdict:
    """The first answer that has the same values at all samples; then the form, the signs and the functions."""
    text = (
        str(response)
        if isinstance(response, int) and not isinstance(response, bool) and abs(response) < 1e15
        else response
    )
    try:
        tree = _read(text if isinstance(text, str) else "", part.variables)
    except NoFormula:
        return verdict(0, note="not a formula")
    results = [value(tree, dict(zip(part.variables, sample, strict=True))) for sample in part.samples]
    for number, answer in enumerate(part.answers):
        if all(map(equal, results, answer.results)):
            if not _formed(part, tree, str(text), answer.expression):
                return verdict(0, note="form", answer=number)
            return verdict(answer.fraction, said(answer.feedback, attempt), answer=number)
    return verdict(0)


@lru_cache(maxsize=256)
def _read(text: str, variables: tuple[str, ...]) -> Tree:
    return read(text, variables)


def equal(result: float, wanted: float) -> bool:
    """Whether two values count as equal; one that is no number equals nothing."""
    return abs(result - wanted) <= max(ABSOLUTE, RELATIVE * abs(wanted))


def _formed(part: Formula, tree: Tree, text: str, answer: str) -> bool:
    used = signs(tree)
    if not used.issuperset(map(_sign, part.must)) or not used.isdisjoint(map(_sign, part.must_not)):
        return False
    match part.form:
        case "expanded":
            return is_expanded(tree)
        case "factorised":
            return is_factorised(tree)
        case "simplified":
            return _length(text) <= _LONGER * _length(answer)
        case _:
            return True


def _sign(name: str) -> str:
    return name.replace("**", "^")


def _length(text: str) -> int:
    return len("".join(text.split()).replace("**", "^"))


def model(part: Formula) -> Response:
    """The answer's expression, as it can be typed."""
    return part.answers[0].expression


def declared(part: Formula) -> Iterator[tuple[Response, float]]:
    """The other answers' expressions."""
    for answer in part.answers[1:]:
        yield answer.expression, max(0.0, answer.fraction)


def nonsense(part: Formula) -> Iterator[Response]:  # noqa: ARG001 - it is asked as the others are
    """What is no formula, and one that has no value."""
    yield from ("(", "+", "2 +", "1/0", "__import__('os')", "(" * 500, [0], True)
