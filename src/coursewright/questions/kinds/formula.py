"""A formula, compared with the answer for what it means."""

from __future__ import annotations

from typing import Literal

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.questions.draft import Draft, marked
from coursewright.questions.marking.samples import formula_answers
from coursewright.questions.part import Formula

_BOUNDS = (0.5, 5.0)  # where formulas are compared, unless the author says: most functions have values there


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`variables` are names, or names with the lowest and the highest value at which formulas are compared.

    `form` is what the response must look like; `must` and `must_not` list functions and signs.
    """

    variables: dict[str, tuple[float, float]] | tuple[str, ...]
    answer: str | int | float | None = None
    form: Literal["", "expanded", "factorised", "simplified"] = ""
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


def build(draft: Draft) -> Formula:
    """The part. Raises CoursewrightError without a right answer, and for a formula that cannot be typed or compared."""
    own = draft.own
    given = marked(draft)
    if not any(each.mark == 1 for each in given):
        hint = "call it `answer` in the code, or mark it with [x]: - [x] …"
        raise draft.error("this question has no right answer", hint, "answer")
    variables = tuple(own.variables)
    bounds = own.variables if isinstance(own.variables, dict) else dict.fromkeys(variables, _BOUNDS)
    try:
        answers, samples = formula_answers(
            [each.text if each.value is None else each.value for each in given], variables, bounds
        )
    except CoursewrightError as error:
        raise draft.error(error.problem.message, error.problem.hint, "answer") from None
    return Formula(
        name=draft.name,
        points=draft.points,
        answers=tuple(
            msgspec.structs.replace(answer, fraction=each.mark or 0.0, feedback=each.feedback)
            for answer, each in zip(answers, given, strict=True)
        ),
        variables=variables,
        samples=samples,
        form=own.form,
        must=own.must,
        must_not=own.must_not,
    )
