"""Numbers as people type them, with their units and significant figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from coursewright.questions.marking.verdict import Verdict, said, verdict
from coursewright.questions.part import Number, NumberAnswer, Response, Unit

_LONGEST = 1000  # signs; a number that is longer is none
_CURRENCIES = "£$€"
_SPACES = "\u00a0\u2009\u202f"  # no-break, thin, and both
_TYPED = re.compile(
    rf"""(?P<sign>[+-]?)\s*(?P<before>[{_CURRENCIES}]?)\s*(?P<minus>[+-]?)
    (?P<number>
      (?P<grouped>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]*)?)
      | (?P<spaced>[0-9]{{1,3}}(?:\ [0-9]{{3}})+(?:[.,][0-9]*)?)
      | (?P<plain>[0-9]+(?:[.,][0-9]*)?|\.[0-9]+)
    )
    (?:[eE](?P<e>[+-]?[0-9]+)|\s*[×*]\s*10\s*(?:\^|\*\*)\s*(?P<ten>[+-]?[0-9]+))?
    (?!\ ?[0-9.,])
    \s*(?P<after>.*)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as it was typed: its `value`, the text of its `unit`, and how many significant figures it may have.

    `before` says whether the unit stands in front, as a currency does.
    """

    value: float
    unit: str
    before: bool
    significant: range


def read(text: str) -> Typed | None:
    """The number in `text` and the unit behind it (a currency in front of it); None if it is not a number.

    Commas and spaces may stand between groups of three, a comma may stand for the point, and a power of ten may follow:
    `1,234.5`, `1 234`, `3,14`, `1.2e3`, `1.2×10^3`.
    """
    text = text.strip().replace("\u2212", "-").translate(dict.fromkeys(map(ord, _SPACES), " "))
    found = _TYPED.fullmatch(text) if len(text) <= _LONGEST else None
    if not found or (found["sign"] and found["minus"]) or (found["before"] and found["after"]):
        return None
    if found["minus"] and not found["before"]:
        return None
    digits = _digits(found)
    if digits is None:
        return None
    value = float(f"{found['sign']}{found['minus']}{digits}e{found['e'] or found['ten'] or 0}")
    unit = found["before"] or found["after"]
    return Typed(value, unit, bool(found["before"]), _significant(digits)) if isfinite(value) else None


def _digits(found: re.Match[str]) -> str | None:
    """The number without separators and with a point; None if a comma may be either."""
    number: str = found["number"]
    if found["grouped"]:
        if not re.match("0,[0-9]{3}$", number):
            return None if number.startswith("0") else number.replace(",", "")
        return number.replace(",", ".")
    if found["spaced"] and number.startswith("0"):
        return None
    number = number.replace(" ", "")
    _, comma, decimals = number.partition(",")
    if comma and (not decimals or len(decimals) == 3):
        return None
    return number.replace(",", ".")


def _significant(digits: str) -> range:
    """How many significant figures: what the zeros at the end of a whole number mean is open, and so are those of 0."""
    all_ = digits.replace(".", "").lstrip("0")
    if not all_:
        return range(1, _LONGEST)
    return range(len(all_ if "." in digits else all_.rstrip("0")), len(all_) + 1)


def mark(part: Number, response: Response, attempt: int) -> Verdict:
    """The first answer that the number fits, in the unit of the answers."""
    typed = read(_text(response))
    if typed is None or (typed.unit and not part.units) or (typed.before and _unit(part, typed.unit) is None):
        return verdict(0, note="not a number")
    value = typed.value
    if typed.unit:
        unit = _unit(part, typed.unit)
        if unit is None:
            return verdict(0, note="unit unknown")
        value = value * unit.factor + unit.offset
    elif part.unit_required and part.unit:
        return verdict(0, note="unit missing")
    for number, answer in enumerate(part.answers):
        if answer.low <= value <= answer.high:
            return _fitted(part, typed, number, attempt)
    return verdict(0)


def _text(response: Response) -> str:
    if isinstance(response, int) and not isinstance(response, bool):  # Python refuses to write out the largest
        return str(response) if response.bit_length() < _LONGEST else ""
    return response if isinstance(response, str) else repr(response) if isinstance(response, float) else ""


def _unit(part: Number, text: str) -> Unit | None:
    """The unit of that name; capitals do not count where that leaves no doubt."""
    exact = [unit for unit in part.units if unit.name == text]
    near = exact or [unit for unit in part.units if unit.name.lower() == text.lower()]
    return near[0] if len(near) == 1 else None


def _fitted(part: Number, typed: Typed, number: int, attempt: int) -> Verdict:
    answer = part.answers[number]
    words = said(answer.feedback, attempt)
    if part.significant is not None and part.significant not in typed.significant:
        return verdict(answer.fraction * (1 - part.significant_penalty), words, "significant figures", number)
    return verdict(answer.fraction, words, answer=number)


def with_unit(number: str, unit: str) -> str:
    """The number as people write it: a currency before it, any other unit behind it."""
    return f"{unit}{number}" if unit and unit in _CURRENCIES else f"{number} {unit}".strip()


def model(part: Number) -> Response:
    """What the author shows as the answer, in the unit of the answers."""
    return with_unit(part.answers[0].shown, part.unit)


def declared(part: Number) -> Iterator[tuple[Response, float]]:
    """The other answers, in the unit of the answers and with the significant figures that are asked for."""
    for answer in part.answers[1:]:
        yield with_unit(_in_figures(part, answer), part.unit), max(0.0, answer.fraction)


def _in_figures(part: Number, answer: NumberAnswer) -> str:
    typed = read(answer.shown)
    if part.significant is None or (typed and part.significant in typed.significant):
        return answer.shown
    figures = format(answer.value, f"#.{part.significant}g")
    return figures if answer.low <= float(figures) <= answer.high else answer.shown


def nonsense(part: Number) -> Iterator[Response]:  # noqa: ARG001 - it is asked as the others are
    """What is no number."""
    yield from ("nan", "inf", "-", "1e999", "1.2.3", "0x", "12 zqx", True)
