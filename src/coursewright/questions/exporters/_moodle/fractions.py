"""What an answer brings, as Moodle takes it: it knows a closed list of fractions and refuses any other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from coursewright.errors import CoursewrightError

_LISTED = (
    "0", "5", "10", "11.11111", "12.5", "14.28571", "16.66667", "20", "25", "30", "33.33333", "40", "50", "60",
    "66.66667", "70", "75", "80", "83.33333", "90", "100",
)  # fmt: skip
_ROUNDING = 0.0006  # per cent: a third is 33.33333
_SUM = 0.005  # per cent: Moodle compares sums after rounding


@lru_cache(maxsize=4096)
def percent(fraction: float) -> tuple[str, str]:
    """A fraction as per cent in Moodle's list, and a note when it had to be changed for that ("" when not)."""
    wanted = 100 * fraction
    nearest = min(_LISTED, key=lambda listed: abs(float(listed) - abs(wanted)))
    given = f"-{nearest}" if wanted < 0 and nearest != "0" else nearest
    if abs(float(given) - wanted) <= _ROUNDING:
        return given, ""
    return given, f"Moodle has no answer of {wanted:.6g} %: it is {given} % there"


def sum_to_all(fractions: Sequence[float]) -> bool:
    """Whether the positive ones among fractions of a part, as Moodle takes them, are 100 % together."""
    return abs(sum(float(percent(fraction)[0]) for fraction in fractions if fraction > 0) - 100) <= _SUM


def need_full(fractions: Sequence[float]) -> None:
    """CoursewrightError where no answer is fully right: Moodle refuses it, or shows no right answer."""
    if not any(percent(fraction)[0] == "100" for fraction in fractions):
        raise CoursewrightError("no answer brings all the points", hint="give one answer 100 %")


def need_distinct(texts: Sequence[str], what: str = "answer") -> None:
    """CoursewrightError where two are alike or one is empty: Moodle takes such and marks them at random."""
    if not all(text.strip() for text in texts):
        raise CoursewrightError(f"one {what} is empty", hint="give it a text, or leave it out")
    if again := next((before for before, after in pairwise(sorted(texts)) if before == after), None):
        raise CoursewrightError(f'two {what}s are alike: "{again[:80]}"', hint="redraw with require(), or change one")


def number(value: float) -> str:
    """A number with a point, as short as it is exact; CoursewrightError for one that is not finite."""
    text = repr(float(value))
    if text in ("inf", "-inf", "nan"):
        raise CoursewrightError(f"{text} is no number that Moodle can compare with", hint="give a finite range")
    return text.removesuffix(".0")


def middle(value: float, low: float, high: float) -> tuple[str, str]:
    """The middle of a range and half its width: `value` itself where that is in the middle.

    Computed in decimals, so that 1157.62 to 1157.64 is 1157.63 and 0.01.
    """
    least, most = Decimal(number(low)), Decimal(number(high))
    centre, half = (least + most) / 2, (most - least) / 2
    given = Decimal(number(value))
    if abs(given - centre) <= Decimal("1e-9") * max(half, abs(given) * Decimal("1e-4")):
        centre = given
    return plain_number(centre), plain_number(half)


def plain_number(value: Decimal) -> str:
    """A decimal with a point and without needless zeros, in at most 17 digits."""
    return number(float(value))
