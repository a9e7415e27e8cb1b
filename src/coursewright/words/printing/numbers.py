"""Numbers as prose has them: 1,234.5; 3rd; twenty-one; +5; 12%."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from coursewright.words.printing.values import text_of

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_NUMBER_WORDS = {*_SMALL, *_TENS, *(name for _, name in _SCALES), "hundred", "minus", "point", "a", "an", "no", "both",
                 "few", "many", "several"}  # fmt: skip
_LARGEST = 10**15
_IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
              "twelve": "twelfth"}  # fmt: skip
_NUMBER = re.compile(r"\s*[+-]?(\d+(,\d{3})*(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*")
_DIGITS = 60


def number(value: object) -> int | Decimal:
    """A value as an exact number; text such as "1,234.5" is read. Raises ValueError for anything else."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return value or abs(value)  # no "-0"
    text = text_of(value)
    if isinstance(value, datetime.timedelta):
        raise ValueError(f'"{text}" is a duration and not a number')  # noqa: TRY004 - one error for what a value is not
    if not text.isascii() or not _NUMBER.fullmatch(text):
        raise ValueError(f'"{text}" is not a number')
    exact = Decimal(text.strip().replace(",", ""))
    return int(exact) if exact == exact.to_integral_value() and "." not in text else exact or abs(exact)


def is_one(value: object) -> bool:
    """Whether a noun or verb after a number is in the singular: after 1, -1 and "one", not after 0, 1.0 or "two".

    Unicode's rule for English (CLDR): one, and no decimals shown. Raises ValueError for what is no number.
    """
    text = text_of(value).strip().lower()
    if text.isascii() and set(re.split(r",? and |,? |-", text)) <= _NUMBER_WORDS:
        return text.removeprefix("minus ") in {"one", "a", "an"}
    return abs(number(value)) == 1 and "." not in text


def whole(value: object) -> int:
    """A value as a whole number. Raises ValueError if it is not one."""
    exact = number(value)
    if exact != int(exact):
        raise ValueError(f'"{text_of(value)}" is not a whole number')
    return int(exact)


def rounded(value: object, places: str = "0") -> int | Decimal:
    """Rounded half away from zero, as people do it; `places` stay even when they are zeros. Negative places too."""
    try:
        exponent = Decimal(1).scaleb(-int(places))
    except ValueError:
        raise ValueError(f'"{places}" is not a number of decimal places') from None
    with localcontext() as context:
        context.prec = _DIGITS
        result = Decimal(number(value)).quantize(exponent, ROUND_HALF_UP)
    result = result or abs(result)  # no "-0"
    return result if int(places) > 0 else int(result)


def ordinal(value: object) -> str:
    """3rd, 11th, 1003rd; text with commas, such as that of `thousands`, keeps them: 1,003rd."""
    count = whole(value)
    teens = abs(count) % 100 in {11, 12, 13}
    figures = f"{count:,}" if isinstance(value, str) and "," in value else f"{count}"
    return f"{figures}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(abs(count) % 10, 'th')}"


def thousands(value: object) -> str:
    """1,234,567.8: the decimals stay as they are."""
    return f"{Decimal(text_of(value)) if isinstance(value, float) else Decimal(number(value)):,f}"


def percent(value: object, places: str = "0") -> str:
    """A share as a percentage: 0.125 is "13%", or "12.5%" with one place."""
    return f"{text_of(rounded(Decimal(number(value)) * 100, places))}%"


def signed(value: object) -> str:
    """With its sign: +5, -3, and 0 without one."""
    exact = number(value)
    return text_of(exact if exact <= 0 else f"+{text_of(exact)}")


def words(value: object, upto: str = "") -> str:
    """A number in words: "one hundred and one", "minus three", "two point five"; above `upto` it stays in figures."""
    exact = Decimal(number(value))
    if upto and abs(exact) > Decimal(number(upto)):
        return text_of(value)
    if exact < 0:
        return f"minus {words(-exact)}"
    count, _, decimals = f"{exact:f}".partition(".")
    said = _in_words(int(count))
    return f"{said} point {' '.join(_SMALL[int(figure)] for figure in decimals)}" if decimals.strip("0") else said


def _in_words(count: int) -> str:
    if count >= _LARGEST:
        raise ValueError(f"{count} is too large to be put in words")
    if count < 20:
        return _SMALL[count]
    if count < 100:
        tens, ones = divmod(count, 10)
        return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")
    if count < 1000:
        hundreds, rest = divmod(count, 100)
        return f"{_SMALL[hundreds]} hundred" + (f" and {_in_words(rest)}" if rest else "")
    size, name = next(scale for scale in _SCALES if count >= scale[0])
    many, rest = divmod(count, size)
    link = " and " if 0 < rest < 100 else ", " if rest else ""
    return f"{_in_words(many)} {name}" + (link + _in_words(rest) if rest else "")


def ordinal_words(value: object, upto: str = "") -> str:
    """An ordinal in words: "third", "twenty-first"; above `upto` in figures."""
    count = whole(value)
    if upto and abs(count) > number(upto):
        return ordinal(count)
    said = words(count)
    last = re.split(r"[ -]", said)[-1]
    nth = _IRREGULAR.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return said[: len(said) - len(last)] + nth
