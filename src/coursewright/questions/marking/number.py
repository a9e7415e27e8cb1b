"""Numbers, with their units and significant figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from coursewright.questions.formulas.units import find, meant
from coursewright.questions.marking.typed import TypedNumber, in_figures, read, with_point, with_unit
from coursewright.questions.marking.verdict import Verdict, said, verdict
from coursewright.questions.part import Number, NumberAnswer, Response, Unit

_LONGEST = 1000  # binary digits of a whole number, beyond which Python may refuse to write it out
_CONVERTED = 1e-14  # of the value: what converting a unit in binary may change
_DIGITS = 15  # of a conversion that has no end


def mark(part: Number, response: Response, attempt: int) -> Verdict:
    """The first answer that the number fits, in the unit of the answers."""
    typed = read(_text(response), part.point)
    if typed is None or (typed.unit and not part.units) or (typed.before and _unit(part, typed.unit) is None):
        return verdict(0, note="not a number")
    value, slack = typed.value, 0.0
    if typed.unit:
        unit = _unit(part, typed.unit)
        if unit is None:
            near = meant([each.name for each in part.units], typed.unit)
            return verdict(0, note=f"did you mean {near}?" if near else "unit unknown")
        value, slack = _convert(value, unit)
    elif part.unit_required and part.unit:
        return verdict(0, note="unit missing")
    for number, answer in enumerate(part.answers):
        if answer.low - slack <= value <= answer.high + slack:
            return _fitted(part, typed, number, attempt)
    return verdict(0)


def _convert(value: float, unit: Unit) -> tuple[float, float]:
    """The value in the unit of the answers, and how far rounding may have moved it, which is to cost nobody a mark."""
    scaled = value * unit.factor
    if unit.factor == 1 and not unit.offset:
        return scaled, 0.0
    return scaled + unit.offset, _CONVERTED * max(abs(scaled), abs(unit.offset))


def _text(response: Response) -> str:
    if isinstance(response, int) and not isinstance(response, bool):  # Python refuses to write out the largest
        return str(response) if response.bit_length() < _LONGEST else ""
    return response if isinstance(response, str) else repr(response) if isinstance(response, float) else ""


def _unit(part: Number, text: str) -> Unit | None:
    """The unit of that name, however it is written."""
    at = find([unit.name for unit in part.units], text)
    return None if at is None else part.units[at]


def _fitted(part: Number, typed: TypedNumber, number: int, attempt: int) -> Verdict:
    answer = part.answers[number]
    words = said(answer.feedback, attempt)
    if part.significant is not None and part.significant not in typed.significant:
        return verdict(answer.fraction * (1 - part.significant_penalty), words, "significant figures", number)
    return verdict(answer.fraction, words, answer=number)


def model(part: Number) -> Response:
    """What the author shows as the answer, in the unit of the answers."""
    return with_unit(part.answers[0].shown, part.unit)


def declared(part: Number) -> Iterator[tuple[Response, float]]:
    """The right answer in every unit, and the other answers in that of the answers, with the significant figures that
    are asked for."""
    for unit in part.units[1:]:
        if (number := _in_unit(part, unit)) is not None:
            yield with_unit(with_point(number, part.point), unit.name), part.answers[0].fraction
    for answer in part.answers[1:]:
        yield with_unit(_in_figures(part, answer), part.unit), max(0.0, answer.fraction)


def _in_unit(part: Number, unit: Unit) -> str | None:
    """The right answer in another unit, written down exactly where it has an end; None if its figures do not fit."""
    answer = part.answers[0]
    factor, offset = _exact(unit.factor), _exact(unit.offset)
    exact = (Fraction(repr(answer.value)) - offset) / factor
    near = Decimal(exact.numerator) / Decimal(exact.denominator)
    if part.significant is None:
        return (
            f"{Decimal(f'{near:.{_DIGITS}g}').normalize():f}"
            if abs(near.adjusted()) < _DIGITS
            else f"{near:.{_DIGITS}g}"
        )
    number = in_figures(near, part.significant)
    typed = read(number)
    value, slack = _convert(typed.value, unit) if typed else (0.0, 0.0)
    return number if typed and answer.low - slack <= value <= answer.high + slack else None


def _exact(number: float) -> Fraction:
    """The simple fraction that a factor is the float of: 5/18, not what stands in binary."""
    simple = Fraction(number).limit_denominator(1_000_000)
    return simple if float(simple) == number else Fraction(repr(number))


def _in_figures(part: Number, answer: NumberAnswer) -> str:
    typed = read(answer.shown, part.point)
    if part.significant is None or (typed and part.significant in typed.significant):
        return answer.shown
    figures = in_figures(Decimal(repr(answer.value)), part.significant)
    typed = read(figures)
    fits = typed and answer.low <= typed.value <= answer.high
    return with_point(figures, part.point) if fits else answer.shown


def nonsense(part: Number) -> Iterator[Response]:  # noqa: ARG001 - it is asked as the others are
    """What is no number."""
    yield from ("nan", "inf", "-", "1e999", "1.2.3", "0x", "12 zqx", True)
