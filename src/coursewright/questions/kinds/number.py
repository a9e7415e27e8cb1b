"""A number, with its tolerance, its unit and its significant figures."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.questions.drawing.draft import DraftAnswer, PartDraft, decimal, marked
from coursewright.questions.kind import Feature, Found, Kind, Said, as_it_is
from coursewright.questions.kinds._conversion import converted
from coursewright.questions.kinds._listing import WEIGHTS, listed
from coursewright.questions.marking import number as marking
from coursewright.questions.marking.typed import in_figures, read, with_point, with_unit
from coursewright.questions.part import Feedback, Number, NumberAnswer, Unit

_PYTHON = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)


_LARGEST = 2**53  # above it the whole numbers of the machine have gaps
_LONGEST = 1000  # digits
_MOST_FIGURES = 15  # that a number of the machine has for certain
_EXCHANGED = str.maketrans(".,", ",.")


class NumberSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`tolerance` is in the unit of the answer, or "1%" of it; `range` a lowest and a highest value accepted instead.

    `significant` figures, when given, must be as many in the response, which otherwise loses `significant_penalty` of
    its mark. `units` are further units that a response may be in.
    """

    answer: str | int | float | None = None
    tolerance: str | int | float | None = None
    range: tuple[str | int | float, str | int | float] | None = None
    significant: int | None = None
    significant_penalty: float = 0.5
    unit: str = ""
    units: tuple[str, ...] = ()
    unit_required: bool = False


def build(draft: PartDraft) -> Number:
    """The part. Raises CoursewrightError for an answer or a tolerance that is no number, and for a strange unit."""
    own = draft.own
    if own.significant is not None and not 1 <= own.significant <= _MOST_FIGURES:
        message = f"an answer cannot have {own.significant} significant figures"
        raise draft.error(message, f"write a number from 1 to {_MOST_FIGURES}", "significant")
    given = marked(draft)
    right = [each for each in given if each.mark == 1]
    if not right and own.range is None:
        hint = "call it `answer` in the code, or add a line to the front matter: answer: …"
        raise draft.error("this question has no answer", hint, "answer")
    answers = [_answer(draft, each) for each in given]
    if own.range is not None:
        answers = [_range(draft, right[0] if right else None), *(a for a in answers if a.fraction != 1)]
    unit = _text(draft, "unit", own.unit)
    return Number(
        name=draft.name,
        points=draft.points,
        answers=tuple(answers),
        unit=unit,
        units=_units(draft, unit),
        unit_required=own.unit_required,
        significant=own.significant,
        significant_penalty=own.significant_penalty,
        point=draft.point,
    )


def _answer(draft: PartDraft, given: DraftAnswer) -> NumberAnswer:
    said = given.value if given.value is not None else given.text
    point = _point(draft, given)
    value = _number(draft, said, given.line, point)
    spread = _tolerance(draft, value, _places(draft, said, value, point), given.line)
    exact = decimal(value)
    inner = _towards_zero(draft, exact, spread)
    below, above = (inner, spread) if exact >= 0 else (spread, inner)
    _check_digits(draft, given.line, said, value, spread)
    return NumberAnswer(
        value=float(value),
        low=float(exact - below),
        high=float(exact + above),
        shown=_shown(draft, value, given),
        fraction=given.mark or 0.0,
        feedback=given.feedback,
    )


def _towards_zero(draft: PartDraft, exact: Decimal, spread: Decimal) -> Decimal:
    """How far from an answer towards 0 is accepted: `spread`, or less where significant figures become finer.

    To three figures 10.04 is 10.0, and 9.99 is another number: below 10 half a unit of the last figure is 0.005.
    """
    if draft.own.significant is None or draft.own.tolerance is not None or not exact:
        return spread
    power = Decimal(1).scaleb(exact.adjusted())
    return min(spread, abs(exact) - power + spread / 10)


def _check_digits(draft: PartDraft, line: int | None, said: Any, value: float, spread: Decimal) -> None:
    """Refuse a whole number whose last digits no machine compares."""
    typed = read(said, draft.point) if isinstance(said, str) else None
    exact = typed.exact if typed else Decimal(said) if isinstance(said, int) else Decimal(0)
    digits = exact.normalize(Context(prec=_LONGEST)).as_tuple().digits
    if abs(value) > _LARGEST and len(digits) > _MOST_FIGURES and spread < Decimal(math.ulp(value)):
        raise draft.error(
            f"the answer has {exact.adjusted() + 1} digits, of which only {_MOST_FIGURES} are sure to be compared",
            "give a tolerance or significant figures, or ask for a text (kind: text)",
            "answer",
            line,
        )


def _point(draft: PartDraft, given: DraftAnswer) -> str:
    """The decimal sign in the text of an answer: code writes a point, as Python does, and people what is usual."""
    return draft.point if given.value is None or given.value == draft.own.answer else "."


def _range(draft: PartDraft, right: DraftAnswer | None) -> NumberAnswer:
    low, high = (
        _number(draft, draft.setting("range", each) if isinstance(each, str) else each, key="range")
        for each in draft.own.range
    )
    if low > high:
        raise draft.error(f"the range from {low:g} to {high:g} is empty", "write the lower number first", "range")
    middle = _number(draft, right.value) if right else float((decimal(low) + decimal(high)) / 2)
    shown = _shown(draft, middle, right)
    feedback = right.feedback if right else ()
    return NumberAnswer(value=middle, low=float(low), high=float(high), shown=shown, feedback=feedback)


def _number(draft: PartDraft, value: Any, line: int | None = None, point: str = "", key: str = "answer") -> float | int:
    """`value`, of the setting `key`, as a finite number; text is read as Python writes it or as the language does."""
    said = value
    if isinstance(value, str):
        text = _bare(draft, value)
        if _is_python(text):
            value = float(text)
        elif (typed := read(text, point or draft.point)) and not typed.unit:
            value = typed.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        try:
            value = float(value) if not isinstance(value, str | bool) else math.nan
        except (TypeError, ValueError):
            value = math.nan
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        raise draft.error(f"the {key} is beyond 1.8e308, where the numbers of the machine end", line=line, key=key)
    if value == 0 and isinstance(said, str) and re.match(r"[^eE]*[1-9]", said):
        raise draft.error(f"the {key} is nearer to 0 than 5e-324, where the numbers of the machine end", "", key, line)
    if not math.isfinite(value):
        raise draft.error(
            f"the {key} is not a number: {said!r}" if line is None else "this answer is not a number",
            line=line,
            key=key,
        )
    return int(value) if isinstance(value, int) else float(value)


def _bare(draft: PartDraft, text: str) -> str:
    return text.replace("\N{MINUS SIGN}", "-").replace(draft.own.unit or "\0", "").strip()


def _is_python(text: str) -> bool:
    """Whether a text is a number as code writes it, with a point in every language."""
    return _PYTHON.fullmatch(text) is not None


def _places(draft: PartDraft, said: Any, value: float, point: str) -> int:
    """The decimals of an answer: those written, in a text, since 1040.40 is meant to the penny."""
    if isinstance(said, str):
        point = "." if _is_python(_bare(draft, said)) else point
        if written := re.search(rf"{re.escape(point)}(\d+)(?![\d.,eE])", said):
            return len(written[1])
    if isinstance(said, Decimal) and said.is_finite():  # it has the decimals that its author gave it
        return -int(said.as_tuple().exponent)
    return 0 if float(value).is_integer() else -int(decimal(value).as_tuple().exponent)


def _tolerance(draft: PartDraft, value: float, places: int, line: int | None) -> Decimal:
    """Half the width of what is accepted around `value`, which has so many decimal `places`."""
    own = draft.own
    if own.tolerance is not None:
        said = draft.setting("tolerance", own.tolerance) if isinstance(own.tolerance, str) else own.tolerance
        share = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*%\s*", said) if isinstance(said, str) else None
        spread = (
            abs(decimal(value)) * Decimal(share[1].replace(",", ".")) / 100
            if share
            else decimal(_number(draft, said, key="tolerance"))
        )
        if spread < 0:
            raise draft.error(
                "the tolerance is below 0", "write how far from the answer a response may be", "tolerance"
            )
        return spread
    if own.significant is not None:
        power = decimal(value).adjusted() if value else 0
        return Decimal(5).scaleb(power - own.significant)
    if places <= 0:
        return Decimal(0)
    if places > 6 and len(decimal(value).as_tuple().digits) > 7:
        hint = "round the answer, or add a line: tolerance: …"
        raise draft.error(f"nobody can type {value!r} exactly", hint, "answer", line)
    return Decimal(5).scaleb(-places - 1)


def _shown(draft: PartDraft, value: float, given: DraftAnswer | None) -> str:
    """How the answer is written down for people, without its unit."""
    if draft.own.significant is not None and value:
        return with_point(in_figures(decimal(value), draft.own.significant), draft.point)
    if given and (isinstance(given.value, str) or given.value is None):
        text = _bare(draft, given.text)
        if _point(draft, given) != draft.point and not _is_python(text):
            return text.translate(_EXCHANGED)
        return with_point(text, draft.point) if _is_python(text) else text
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return str(value)
    if given and isinstance(given.value, Decimal) and float(f"{value:.15g}") == given.value:
        return with_point(f"{given.value:f}", draft.point)
    return with_point(f"{value:.15g}", draft.point)


def _text(draft: PartDraft, key: str, words: str) -> str:
    return str(draft.setting(key, words)) if "{{" in words else words


def _units(draft: PartDraft, unit: str) -> tuple[Unit, ...]:
    if not unit:
        return ()
    try:
        return (Unit(unit), *(converted(each, unit) for each in draft.own.units))
    except CoursewrightError as error:
        if isinstance(error, MissingPart):
            raise
        raise draft.error(error.problem.message, error.problem.hint, "units") from None


def _answers(part: Number, said: Said) -> Iterator[str]:
    return listed(_written(part), said)


def _written(part: Number) -> Iterator[tuple[str, float, Feedback]]:
    for each in part.answers:
        around = f" ({each.low:.15g} to {each.high:.15g})" if each.low < each.high else ""
        yield f"{with_unit(each.shown, part.unit)}{with_point(around, part.point)}", each.fraction, each.feedback


def _spelt(part: Number) -> tuple[str, tuple[str, ...]]:
    shown = part.answers[0].shown
    return (shown if len(re.sub(r"\D", "", shown)) >= 3 else ""), ()


def _apart(part: Number) -> Found:
    """Wrong answers that are the right one after rounding."""
    right, *others = part.answers
    for answer in others:
        if right.low <= answer.value <= right.high:
            yield (
                f"the answer {answer.shown} is within the tolerance of the right one, {right.shown}",
                "require() that they differ, or make the tolerance smaller",
            )


KIND: Kind[Number] = Kind(
    settings=NumberSettings,
    part=Number,
    build=build,
    mark=marking.mark,
    model=marking.model,
    declared=marking.declared,
    nonsense=marking.nonsense,
    answers=_answers,
    features=(
        WEIGHTS,
        Feature("unit", "a unit", lambda part: part.unit),
        Feature("units", "other units, converted", lambda part: len(part.units) > 1),
        Feature("significant", "a number of significant figures", lambda part: part.significant),
    ),
    spelt=_spelt,
    apart=_apart,
    page=as_it_is,
)
