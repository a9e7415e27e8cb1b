"""What a number format makes of a number: a day, a length of time, digits with noughts in front."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from functools import cache

# Those that every program knows by their numbers alone.
_DAYS = (*range(14, 23), *range(27, 37), 45, 47, *range(50, 59))
_USUAL = dict.fromkeys(_DAYS, "yyyy-mm-dd") | {46: "[h]:mm:ss"}
_NO_LEAP_DAY = 60  # 1900 has one in Excel alone
_FIRSTS = (datetime.datetime(1899, 12, 31), datetime.datetime(1904, 1, 1))  # what the number 0 stands for
_LONGEST = 999_999_999  # days that a length of time can have
_LAST_DAY = 2_958_466  # the day after the 31st of December 9999
_WORDS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!\$?[hms]+\])[^\]]*\]', re.IGNORECASE)
_HOURS = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_NOUGHTS = re.compile("0{2,}")


@cache
def is_length(code: str) -> bool:
    """Whether a format shows lengths of time: [h]:mm."""
    return bool(_HOURS.search(_WORDS.sub("", code.partition(";")[0])))


@cache
def is_day(code: str) -> bool:
    """Whether a format shows days or times of day: yyyy-mm-dd."""
    plain = _WORDS.sub("", code.partition(";")[0])
    return not _HOURS.search(plain) and bool(re.search("[dmyhs]", plain, re.IGNORECASE)) and "General" not in plain


@cache
def has_day(code: str) -> bool:
    """Whether a format that shows times shows the day as well: not that of hh:mm, where m are minutes."""
    plain = _WORDS.sub("", code.partition(";")[0]).lower()
    return bool(re.search("[dy]", plain)) or not re.search("[hs]", plain)


@cache
def digits(code: str) -> int:
    """How many digits a format shows at least, when it says no more than that: 5 for 00000, 0 for other formats."""
    return len(code) if _NOUGHTS.fullmatch(code) else 0


def padded(number: float, width: int) -> str | float:
    """A whole number with noughts in front, as text; the number itself if it needs none."""
    if number != int(number) or not 0 <= number < 10 ** (width - 1):
        return number
    return f"{int(number):0{width}d}"


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
