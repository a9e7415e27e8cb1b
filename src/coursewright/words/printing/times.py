"""Times and dates as prose has them: 1:34.512, "2 hours 5 minutes", "8 April 2018"."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

from coursewright.words.printing.clock import clocked, seconds_of
from coursewright.words.printing.numbers import number
from coursewright.words.printing.values import join, text_of

_UNITS = {"ms": Decimal("0.001"), "s": Decimal(1), "min": Decimal(60), "h": Decimal(3600)}
_CLOCK = re.compile(r"([+-]?)(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)")
_MONTH, _DAY = 2, 3


def seconds(value: object, unit: str = "s") -> Decimal:
    """A length of time in seconds: of a timedelta, a number of `unit` (ms, s, min, h), or text such as "1:34.512"."""
    if isinstance(value, datetime.timedelta):
        return seconds_of(value)
    if isinstance(value, datetime.time):
        clock = datetime.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
        return seconds(clock) + Decimal(value.microsecond) / 1_000_000
    if unit not in _UNITS:
        raise ValueError(f'"{unit}" is not a unit of time: ms, s, min or h')
    if isinstance(value, str) and ":" in value and (clocked := _CLOCK.fullmatch(value.strip())):
        told = int(clocked[2] or 0) * 3600 + int(clocked[3] or 0) * 60 + Decimal(clocked[4])
        return -told if clocked[1] == "-" else told
    return Decimal(number(value)) * _UNITS[unit]


def lap_time(value: object, unit: str = "s", places: str = "3") -> str:
    """A lap time or race time: "1:34.512", "1:32:01.940", "58.790"."""
    if not places.isdecimal():
        raise ValueError(f'"{places}" is not a number of decimal places')
    return clocked(seconds(value, unit), int(places))


def gap(value: object, unit: str = "s", places: str = "3") -> str:
    """A gap to somebody else: "+5.123", "-0.250"."""
    text = lap_time(value, unit, places)
    return text if text.startswith("-") else f"+{text}"


_LENGTHS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def duration(value: object, unit: str = "s", parts: str = "2") -> str:
    """A length of time in words, its `parts` largest units: "2 hours and 5 minutes", "34 seconds", "minus 3 days".

    The smallest of them is rounded, half up: two hours less a second are "2 hours".
    """
    told = lengths(value, unit, parts)
    said = [f"{count} {name}{'s' if count != 1 else ''}" for name, count in told]
    return ("minus " if told and seconds(value, unit) < 0 else "") + (join(said, "and") or "0 seconds")


def lengths(value: object, unit: str, parts: str) -> list[tuple[str, int]]:
    """The `parts` largest units of a length of time, whatever its sign, and how many there are of each."""
    if not parts.isdecimal() or not int(parts):
        raise ValueError(f'"{parts}" is not a number of units: 1, 2, 3 or 4')
    exact = abs(seconds(value, unit))
    counts = _counts(exact, 1)
    shown = [size for (_, size), count in zip(_LENGTHS, counts, strict=True) if count][: int(parts)]
    counts = _counts(exact, shown[-1] if shown else 1)
    told = [(name, count) for (name, _), count in zip(_LENGTHS, counts, strict=True) if count]
    return told[: int(parts)]


def _counts(exact: Decimal, size: int) -> list[int]:
    """How many of each unit are in some seconds, rounded to whole pieces of `size`."""
    total = int((exact / size).to_integral_value(ROUND_HALF_UP)) * size
    counts = []
    for _, length in _LENGTHS:
        count, total = divmod(total, length)
        counts.append(count)
    return counts


def moment(value: object) -> datetime.date:
    """A value as a date or a date with a time; ISO text such as "2018-04-08" is read. Raises ValueError otherwise."""
    if isinstance(value, datetime.date):
        return value
    try:
        read = datetime.datetime.fromisoformat(text_of(value).strip())
    except ValueError:
        raise ValueError(f'"{text_of(value)}" is not a date') from None
    return read if len(text_of(value).strip()) > len("2018-04-08") else read.date()


def date(value: object, form: str = "long", *, language: str = "en-GB") -> str:
    """A date in a language: short, medium, long, full, or a pattern such as "d MMM y" (Unicode's TR 35 fields)."""
    from babel.dates import format_date

    day = moment(value)
    return format_date(day, form, locale=_locale(language)) if form else str(day)


def clock(value: object, form: str = "short", *, language: str = "en-GB") -> str:
    """The time of day of a date with a time: "15:10"."""
    from babel.dates import format_time

    when = value if isinstance(value, datetime.time) else moment(value)
    if not isinstance(when, datetime.datetime | datetime.time):
        raise ValueError(f'"{text_of(value)}" has no time of day')  # noqa: TRY004 - one error for what a value is not
    return format_time(when, form, locale=_locale(language))


def weekday(value: object, *, language: str = "en-GB") -> str:
    """The day of the week of a date: "Sunday"."""
    return date(value, "EEEE", language=language)


def month(value: object, *, language: str = "en-GB") -> str:
    """The month of a date: "April"."""
    return date(value, "LLLL", language=language)


def year(value: object) -> int:
    """The year of a date."""
    return moment(value).year


def _locale(language: str) -> str:
    return language.replace("-", "_")
