"""What a number format makes of a number: a day, a length of time, digits with noughts in front."""

from __future__ import annotations

import re

# Those that every program knows by their numbers alone.
DAYS = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
LENGTH = 46
_WORDS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!\$?[hms]+\])[^\]]*\]', re.IGNORECASE)
_HOURS = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_NOUGHTS = re.compile("0{2,}")


def is_length(code: str) -> bool:
    """Whether a format shows lengths of time: [h]:mm."""
    return bool(_HOURS.search(_WORDS.sub("", code.partition(";")[0])))


def is_day(code: str) -> bool:
    """Whether a format shows days or times of day: yyyy-mm-dd."""
    plain = _WORDS.sub("", code.partition(";")[0])
    return not _HOURS.search(plain) and bool(re.search("[dmyhs]", plain, re.IGNORECASE)) and "General" not in plain


def has_day(code: str) -> bool:
    """Whether a format that shows times shows the day as well: not that of hh:mm, where m are minutes."""
    plain = _WORDS.sub("", code.partition(";")[0]).lower()
    return bool(re.search("[dy]", plain)) or not re.search("[hs]", plain)


def digits(code: str) -> int:
    """How many digits a format shows at least, when it says no more than that: 5 for 00000, 0 for other formats."""
    return len(code) if _NOUGHTS.fullmatch(code) else 0


def padded(number: float, width: int) -> str | float:
    """A whole number with noughts in front, as text; the number itself if it needs none."""
    if number != int(number) or not 0 <= number < 10 ** (width - 1):
        return number
    return f"{int(number):0{width}d}"
