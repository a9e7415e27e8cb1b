"""Numbers as people type them, and as we write them for people: with a point or a comma, as their language has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from math import isfinite

from coursewright.questions.formulas.units import SIGN, WORD, is_currency, may_lead
from coursewright.questions.marking.letters import LOWERED, RAISED, tidy

_LONGEST = 1000  # signs; a number that is longer is none
_LIFTED = str.maketrans("0123456789-", RAISED + "⁻")
_DECIMALS = 12  # more of them are written with a power of ten


@lru_cache(maxsize=2)
def _pattern(point: str) -> re.Pattern[str]:
    other = re.escape("," if point == "." else ".")

    def power(name: str) -> str:
        """The exponent of 10."""
        typed = rf"(?:\^|\*\*)\s*(?:(?P<{name}>[+-]?[0-9]+)|\((?P<{name}_in>[+-]?[0-9]+)\))"
        return rf"\s*10\s*(?:{typed}|(?P<{name}_raised>[⁺⁻]?[{RAISED}]+))"

    return re.compile(
        rf"(?P<sign>[+-]?)\s*(?P<before>(?:{SIGN}|{WORD})?)\s*(?P<minus>[+-]?)(?:{power('alone')}|"
        rf"(?:(?P<grouped>[0-9]{{1,3}}(?:{other}[0-9]{{3}})+(?:{re.escape(point)}[0-9]*)?)"
        r"|(?P<spaced>[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]*)?)|(?P<plain>[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+))"
        rf"(?:[eE](?P<e>[+-]?[0-9]+)|\s*[×x*·]{power('ten')})?)(?!(?! 1/[^0-9 ]) ?[0-9.,])\s*(?P<after>.*)",
        re.DOTALL,
    )


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number as it was typed: its `value`, the text of its `unit`, and how many significant figures it may have.

    `before` says whether the unit stands in front, as a currency may; `exact` is the value with all its digits.
    """

    value: float
    unit: str
    before: bool
    significant: range
    exact: Decimal


def read(text: str, point: str = ".") -> TypedNumber | None:
    """The number in `text` and the unit behind it (a currency in front of it); None if it is not a number.

    `point` is the decimal sign of the language; the other of point and comma may part groups of three, as spaces and
    apostrophes may, or stand for it where that leaves no doubt. A power of ten may follow: `1,234.5`, `1 234`, `3,14`,
    `1.2e3`, `1.2×10^3`, `1.2 × 10³`, and stand alone: `10^4`.
    """
    text = tidy(text).replace("\u2212", "-")
    found = _pattern(point).fullmatch(text) if len(text) <= _LONGEST else None
    if not found or (found["sign"] and found["minus"]) or (found["before"] and found["after"]):
        return None
    if not may_lead(found["before"]) if found["before"] else found["minus"]:
        return None
    digits = _digits(found, point)
    if digits is None:
        return None
    raised = (found["alone_raised"] or found["ten_raised"] or "").translate(LOWERED)
    power = next(filter(None, (*map(found.group, ("e", "alone", "alone_in", "ten", "ten_in")), raised)), 0)
    written = f"{found['sign']}{found['minus']}{digits}e{power}"
    value = float(written)
    unit = found["before"] or found["after"]
    if not isfinite(value):
        return None
    return TypedNumber(value, unit, bool(found["before"]), _significant(digits), Decimal(written))


def _digits(found: re.Match[str], point: str) -> str | None:
    """The number without separators and with a point; None if a sign in it may be either."""
    other = "," if point == "." else "."
    if grouped := found["grouped"]:
        if re.fullmatch(f"0{re.escape(other)}[0-9]{{3}}", grouped):
            return str(grouped.replace(other, "."))
        return None if grouped.startswith("0") else str(grouped.replace(other, "").replace(point, "."))
    number = found["spaced"] or found["plain"]
    if number is None:
        return "1"  # a power of ten alone
    if found["spaced"] and number.startswith("0"):
        return None
    number = re.sub("[ '’]", "", number)
    _, between, decimals = number.partition(other)
    if between and len(decimals) in (0, 3):
        return None
    return number.replace(",", ".")


def _significant(digits: str) -> range:
    """How many significant figures: what the zeros at the end of a whole number mean is open, and so are those of 0."""
    all_ = digits.replace(".", "").lstrip("0")
    if not all_:
        return range(1, _LONGEST)
    return range(len(all_ if "." in digits else all_.rstrip("0")), len(all_) + 1)


def in_figures(value: Decimal, figures: int) -> str:
    """A number in so many significant figures, halves away from 0: 9996 to three is 1.00 × 10⁴, and 99.96 is 100."""
    if not value:
        return "0"
    with localcontext(prec=_LONGEST):
        rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - figures + 1), ROUND_HALF_UP)
        power = rounded.adjusted()
        decimals = figures - 1 - power
        if 0 <= decimals <= _DECIMALS:
            return f"{rounded:.{decimals}f}"
        return f"{rounded.scaleb(-power):.{figures - 1}f} × 10{str(power).translate(_LIFTED)}"


def with_point(number: str, point: str) -> str:
    """A number that is written with a point, as the language writes it."""
    return number.replace(".", point)


def with_unit(number: str, unit: str) -> str:
    """The number as people write it: a currency before it, any other unit behind it."""
    if is_currency(unit):
        minus, bare = ("-", number[1:]) if number.startswith("-") else ("", number)
        return f"{minus}{unit}{bare}"
    return f"{number} {unit}".strip()
