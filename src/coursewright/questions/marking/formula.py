"""Formulas: equal where they are compared, and of the form that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import isnan, nan

from coursewright.chance import stream
from coursewright.questions.formulas.expression import (
    ExpressionTree,
    NoFormula,
    read,
    sign_of,
    signs,
    worked_out,
    working,
    written,
)
from coursewright.questions.marking.forms import is_expanded, is_factorised, is_simplified
from coursewright.questions.marking.nearness import differs, slips
from coursewright.questions.marking.verdict import Verdict, said, verdict
from coursewright.questions.part import Formula, FormulaAnswer, Response

_BETWEEN = 30
_RELATIVE, _ABSOLUTE = 1e-6, 1e-9  # how near is equal where the answer does not say it


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
    work = working(tree)
    results = [worked_out(work, dict(zip(part.variables, sample, strict=True))) for sample in part.samples]
    for number, answer in enumerate(part.answers):
        if fits(results, answer):
            if not _formed(part, tree, answer):
                return verdict(0, note="form", answer=number)
            return verdict(answer.fraction, said(answer.feedback, attempt), answer=number)
    return verdict(0)


@lru_cache(maxsize=256)
def _read(text: str, variables: tuple[str, ...]) -> ExpressionTree:
    return read(text, variables)


def fits(results: Iterable[float | None], answer: FormulaAnswer) -> bool:
    """Whether values count as those of the answer: near where it has one, and none where it has none."""
    near = answer.near or [_RELATIVE * abs(wanted or 0.0) or _ABSOLUTE for wanted in answer.results]
    compared = False
    for result, wanted, within in zip(results, answer.results, near, strict=True):
        found = nan if result is None else result
        if isnan(found) != (wanted is None):
            return False
        if wanted is not None:
            compared = True
            if not abs(found - wanted) <= within:
                return False
    return compared


def _formed(part: Formula, tree: ExpressionTree, answer: FormulaAnswer) -> bool:
    used = signs(tree)
    if not used.issuperset(map(sign_of, part.must)) or not used.isdisjoint(map(sign_of, part.must_not)):
        return False
    match part.form:
        case "expanded":
            return is_expanded(tree)
        case "factorised":
            return is_factorised(tree, _read(answer.expression, part.variables), answer.factors)
        case "simplified":
            return is_simplified(tree, _read(answer.expression, part.variables))
        case _:
            return True


def model(part: Formula) -> Response:
    """The answer's expression, as it can be typed."""
    return part.answers[0].expression


def declared(part: Formula) -> Iterator[tuple[Response, float]]:
    """The other answers' expressions."""
    for answer in part.answers[1:]:
        yield answer.expression, max(0.0, answer.fraction)


def nonsense(part: Formula) -> Iterator[Response]:
    """What is no formula, one that has no value, and the right answer with a slip in it that makes another of it."""
    yield from ("(", "+", "2 +", "1/0", "__import__('os')", "(" * 500, [0], True)
    right = _read(part.answers[0].expression, part.variables)
    points = list(_between(part))
    for slip in slips(right, part.variables):
        text = written(slip.tree)
        fitted = mark(part, text, 1).answer
        declared_so = fitted is not None and part.answers[fitted].fraction < 1
        if not declared_so and any(differs(right, slip, point) for point in points):
            yield text
            if fitted is not None:
                return  # one that is taken for the answer says enough


def _between(part: Formula) -> Iterator[dict[str, float]]:
    """Further points among the samples: where formulas that differ need not do so at a sample."""
    chance = stream("between", part.answers[0].expression)
    for _ in range(_BETWEEN if part.variables else 1):
        chosen = [chance.choice(part.samples) for _ in part.variables]
        point = [sample[number] for number, sample in enumerate(chosen)]
        if not all(one.is_integer() for one in point):
            point = [one * chance.uniform(0.9, 1) for one in point]
        yield dict(zip(part.variables, point, strict=True))
