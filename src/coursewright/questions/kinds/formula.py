"""A formula, compared with the answer for what it means."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from coursewright.errors import CoursewrightError, MissingPart, did_you_mean
from coursewright.questions.drawing.draft import PartDraft, marked
from coursewright.questions.formulas.expression import FUNCTIONS, SIGNS
from coursewright.questions.formulas.samples import formula_answers
from coursewright.questions.formulas.symbolic import irreducible_factors
from coursewright.questions.formulas.tex import mathml
from coursewright.questions.kind import Feature, Found, Kind, Said
from coursewright.questions.kinds._listing import WEIGHTS, confused, listed
from coursewright.questions.marking import formula as marking
from coursewright.questions.marking.choosing import REAL, WHOLE, Range
from coursewright.questions.part import Formula, FormulaAnswer

_KINDS = {"real": REAL, "integer": WHOLE}


class FormulaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`variables` are names, or names with `real` or `integer`, or with the lowest and the highest value at which
    formulas are compared: `x: [0, 1]`, `n: [integer, 1, 10]`.

    `form` is what the response must look like; `must` and `must_not` list functions and signs.
    """

    variables: dict[str, str | tuple[str | int | float, ...]] | tuple[str, ...]
    answer: str | int | float | None = None
    form: Literal["", "expanded", "factorised", "simplified"] = ""
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


def build(draft: PartDraft) -> Formula:
    """The part. Raises CoursewrightError without a right answer, and for a formula that cannot be typed or compared."""
    own = draft.own
    for key in ("must", "must_not"):
        _check_signs(draft, key, getattr(own, key))
    given = marked(draft)
    if not any(each.mark == 1 for each in given):
        hint = "call it `answer` in the code, or mark it with [x]: - [x] …"
        raise draft.error("this question has no right answer", hint, "answer")
    variables = tuple(own.variables)
    said = own.variables if isinstance(own.variables, dict) else dict.fromkeys(variables, "real")
    ranges = {name: _range(draft, name, value) for name, value in said.items()}
    try:
        answers, samples = formula_answers(
            [each.text if each.value is None else each.value for each in given], variables, ranges
        )
    except CoursewrightError as error:
        raise draft.error(error.problem.message, error.problem.hint, "answer") from None
    return Formula(
        name=draft.name,
        points=draft.points,
        answers=tuple(
            msgspec.structs.replace(
                answer, fraction=each.mark or 0.0, feedback=each.feedback, factors=_factors(draft, answer, variables)
            )
            for answer, each in zip(answers, given, strict=True)
        ),
        variables=variables,
        samples=samples,
        form=own.form,
        must=own.must,
        must_not=own.must_not,
    )


def _factors(draft: PartDraft, answer: FormulaAnswer, variables: tuple[str, ...]) -> tuple[int, int]:
    if draft.own.form != "factorised":
        return answer.factors
    try:
        return irreducible_factors(answer.expression, variables)
    except MissingPart as missing:
        raise MissingPart(missing.problem.message, draft.place("form"), missing.problem.hint) from None


def _check_signs(draft: PartDraft, key: str, names: Sequence[str]) -> None:
    """CoursewrightError for a name that is no function and no sign: no response could have it."""
    for name in names:
        if name not in FUNCTIONS and name not in SIGNS:
            known = {*FUNCTIONS, *SIGNS}
            raise draft.error(f'{key}: "{name}" is no function and no sign', did_you_mean(name, known), key)


def _range(draft: PartDraft, name: str, said: str | tuple[Any, ...]) -> Range:
    """Where a variable is tried."""
    if isinstance(said, str):
        if said in _KINDS:
            return _KINDS[said]
        raise _strange(draft, name, said)
    whole = said[:1] == ("integer",)
    try:
        low, high = map(float, said[1:] if whole else said)
    except (ValueError, TypeError):
        raise _strange(draft, name, ", ".join(map(str, said))) from None
    if not (math.isfinite(low) and math.isfinite(high)) or (whole and not (low.is_integer() and high.is_integer())):
        raise _strange(draft, name, ", ".join(map(str, said)))
    if low > high or (low == high and not whole):
        message = f'between the bounds of the variable "{name}", {low:g} and {high:g}, there is nothing'
        raise draft.error(message, "write the lower number first", "variables")
    return Range(low, high, whole)


def _strange(draft: PartDraft, name: str, said: str) -> CoursewrightError:
    hint = f"write {name}: real, {name}: integer, or bounds: {name}: [0, 1] or {name}: [integer, 1, 10]"
    return draft.error(f'what the variable "{name}" is cannot be read: {said}', hint, "variables")


def _answers(part: Formula, said: Said) -> Iterator[str]:
    return listed(((each.expression, each.fraction, each.feedback) for each in part.answers), said)


def _apart(part: Formula) -> Found:
    typed = [each.expression for each in part.answers]
    return confused(part, typed, typed)


def _stricter(part: Formula) -> str:
    name = part.variables[0] if part.variables else "x"
    return f"give bounds between which every term counts: variables: {{{name}: [0.001, 1]}}"


def _page(part: Formula, data: dict[str, Any]) -> dict[str, Any]:
    """The answers, each as MathML to show."""
    answers = zip(data["answers"], part.answers, strict=True)
    return data | {"answers": [written | {"shown": mathml(each.tex, False)} for written, each in answers]}


KIND: Kind[Formula] = Kind(
    settings=FormulaSettings,
    part=Formula,
    build=build,
    mark=marking.mark,
    model=marking.model,
    declared=marking.declared,
    nonsense=marking.nonsense,
    answers=_answers,
    features=(
        WEIGHTS,
        Feature("form", "a form that a formula must have", lambda part: bool(part.form or part.must or part.must_not)),
    ),
    apart=_apart,
    stricter=_stricter,
    page=_page,
    script="formula.js",
)
