"""The signs that a language writes numbers with, by Unicode's CLDR as Babel has it, and numbers written with them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

# Wide enough for every number that a column can hold: no digit is lost to the context.
EXACT = Context(prec=min(MAX_PREC, 2000), rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_NO_BREAK = "\u00a0"
_ANGLES = ("°", "\u2032", "\u2033", "'")  # which stand at the number itself


@dataclass(frozen=True)
class Signs:
    """What stands between digits and around them. `groups` are the digits of the last group and of the others."""

    decimal: str
    group: str
    minus: str
    plus: str
    infinity: str
    groups: tuple[int, int]
    percent: tuple[str, str]
    currency: tuple[str, str]

    def written(self, value: Decimal, places: int, *, grouped: bool = True) -> str:
        """A number without its sign, rounded half away from zero."""
        whole, _, decimals = f"{rounded(value, places).copy_abs():f}".partition(".")
        return (self._grouped(whole) if grouped else whole) + (f"{self.decimal}{decimals}" if decimals else "")

    def _grouped(self, digits: str) -> str:
        last, other = self.groups
        parts, digits = [digits[-last:]], digits[:-last]
        while digits:
            parts.insert(0, digits[-other:])
            digits = digits[:-other]
        return self.group.join(parts)

    def unit(self, unit: str) -> tuple[str, str]:
        """What stands before and after a number for `unit`: £ and % where the language has them, others behind."""
        if unit == "%":
            return self.percent
        if is_currency(unit):
            before, after = self.currency
            return before.replace("¤", unit), after.replace("¤", unit)
        return "", unit if unit in _ANGLES else f"{_NO_BREAK}{unit}"


def is_currency(unit: str) -> bool:
    """Whether a unit is the sign of a currency, which has its own place at a number."""
    return len(unit) == 1 and unicodedata.category(unit) == "Sc"


def rounded(value: Decimal, places: int) -> Decimal:
    """`value` with so many decimals, half away from zero, as people round; nought has no sign."""
    result = value.quantize(Decimal(1).scaleb(-places), context=EXACT)
    return result if result else result.copy_abs()


def powered(value: Decimal, places: int, signs: Signs) -> str:
    """A number without its sign as 1.23 × 10⁻⁷, with so many decimals before the sign of multiplication."""
    size = value.copy_abs()
    for _ in range(2):  # the second time where rounding makes 10.00 of 9.999
        size = size.quantize(Decimal(1).scaleb(size.adjusted() - places), context=EXACT)
    digits, power = f"{size:e}".split("e")
    return f"{digits.replace('.', signs.decimal)} × 10{str(int(power)).translate(_RAISED)}"


@lru_cache(maxsize=64)
def signs(language: str) -> Signs:
    """The signs of a language, a BCP 47 tag. Digits are those of Latin script everywhere, as in sentences."""
    locale = locale_of(language)
    own = locale.number_symbols["latn"]
    numbers = locale.decimal_formats[None]
    groups = tuple(numbers.grouping)
    return Signs(
        str(own["decimal"]),
        str(own["group"]),
        str(own["minusSign"]),
        str(own["plusSign"]),
        str(own["infinity"]),
        (groups[0], groups[1]),
        _around(locale.percent_formats[None].pattern.replace("%", str(own["percentSign"]))),
        _around(locale.currency_formats["standard"].pattern),
    )


def _around(pattern: str) -> tuple[str, str]:
    """What stands before and after the digits of a pattern such as "#,##0 %"."""
    positive = pattern.split(";", maxsplit=1)[0]
    digits = "#,0."
    start = next(place for place, sign in enumerate(positive) if sign in digits)
    end = next(place for place in range(len(positive), 0, -1) if positive[place - 1] in digits)
    return positive[:start], positive[end:]


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The language as Babel knows it."""
    from babel import Locale

    return Locale.parse(language.replace("-", "_"))
