"""What a number format makes of a number: a day, a length of time, digits with noughts in front."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from functools import cache

# Those that every program knows by their numbers alone.
_DAYS = (*range(14, 23), *range(27, 37), 45, 47, *range(50, 59))
_TIMES = (18, 19, 20, 21, 32, 33, 45, 47)  # among them those of times of day alone
_USUAL = dict.fromkeys(_DAYS, "yyyy-mm-dd") | dict.fromkeys(_TIMES, "h:mm:ss") | {46: "[h]:mm:ss"}
_NO_LEAP_DAY = 60  # 1900 has one in Excel alone
_FIRSTS = (datetime.datetime(1899, 12, 31), datetime.datetime(1904, 1, 1))  # what the number 0 stands for
_LONGEST = 999_999_999  # days that a length of time can have
_LAST_DAY = 2_958_466  # the day after the 31st of December 9999
_WORDS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!\$?[hms]+(?::[hms:.0]+)?\])[^\]]*\]', re.IGNORECASE)
_HOURS = re.compile(r"\[(?:h+|m+|s+)(?::[hms:.0]+)?\]", re.IGNORECASE)
_ERA = re.compile("[^0#?]*[eg][^0#?]*", re.IGNORECASE)  # ggge is the year of an emperor; 0.00E+00 is no day
_SIGN = r"""(?:[-/ ()]|\\[^0]|"[^"0]*")"""  # that stands between digits as it is
_NOUGHTS = re.compile(rf"0{{2,}}|0+(?:{_SIGN}+0+)+")


@cache
def is_length(code: str) -> bool:
    """Whether a format shows lengths of time: [h]:mm."""
    return bool(_HOURS.search(_WORDS.sub("", code.partition(";")[0])))


@cache
def is_day(code: str) -> bool:
    """Whether a format shows days or times of day: yyyy-mm-dd."""
    plain = _WORDS.sub("", code.partition(";")[0])
    if _HOURS.search(plain) or "general" in plain.lower():
        return False
    return bool(re.search("[dmyhs]", plain, re.IGNORECASE) or _ERA.fullmatch(plain))


@cache
def is_odd(code: str) -> bool:
    """Whether a format shows times in a way that the readers of books do not know: [hh:mm], [$-411]ggge."""
    plain = _WORDS.sub("", code.partition(";")[0])
    odd = re.search(r"\[[hms]+:", plain, re.IGNORECASE) or not re.search("[dmyhs]", plain, re.IGNORECASE)
    return (is_day(code) or is_length(code)) and bool(odd)


@cache
def has_day(code: str) -> bool:
    """Whether a format that shows times shows the day as well: not that of hh:mm, where m are minutes."""
    plain = _WORDS.sub("", code.partition(";")[0]).lower()
    return bool(re.search("[dyeg]", plain)) or not re.search("[hs]", plain)


@cache
def mask(code: str) -> str:
    """The digits that a format always shows, and the signs between them: 00000, 000-00-0000; "" for other formats."""
    code = code.partition(";")[0]
    return re.sub(r"""\\(.)|"([^"]*)\"""", r"\1\2", code) if _NOUGHTS.fullmatch(code) else ""


def padded(number: float, mask: str) -> str | float:
    """A whole number with noughts in front, or with signs between its digits, as text; the number itself without."""
    width = mask.count("0")
    if number != int(number) or number < 0 or (width == len(mask) and number >= 10 ** (width - 1)):
        return number
    digits = f"{int(number):0{width}d}"
    rest = iter(digits[len(digits) - width :])
    return digits[: len(digits) - width] + "".join(next(rest) if sign == "0" else sign for sign in mask)


def is_no_day(number: float, *, from_1904: bool) -> bool:
    """Whether a number that is shown as a day is that of none."""
    return not 0 <= number < _LAST_DAY or (not from_1904 and int(number) == _NO_LEAP_DAY)


def of_styles(numbers: Iterable[int], custom: Mapping[int, str]) -> dict[int, str]:
    """The format of each style of cells by its number; "" for those that are no custom ones and show no days."""
    return {at: custom.get(number) or _USUAL.get(number, "") for at, number in enumerate(numbers)}


def time(number: float, code: str, *, from_1904: bool) -> datetime.date | datetime.time | datetime.timedelta | None:
    """What a number stands for where it is shown as a time by the format `code`; None for a day that there is not."""
    if not abs(number) < _LONGEST:
        return None
    length = datetime.timedelta(milliseconds=round(number * 86_400_000))
    if is_length(code):
        return length
    if is_no_day(number, from_1904=from_1904):
        return None
    behind_leap_day = not from_1904 and number >= _NO_LEAP_DAY
    moment = _FIRSTS[from_1904] + length - datetime.timedelta(days=behind_leap_day)
    if number < 1 and (not from_1904 or not has_day(code)):
        return moment.time()
    return moment.date() if moment.time() == datetime.time() else moment
