"""Dates and times that are texts, as SQLite has them, reckoned with as DuckDB does."""

from __future__ import annotations

import datetime
import re
from typing import Any


def _as_moment(value: Any) -> datetime.datetime:
    return datetime.datetime.fromisoformat(str(value))


def part(part: str, value: Any) -> int:
    """A part of a date, by its name."""
    moment = _as_moment(value)
    week = moment.isocalendar()
    known = {
        "year": moment.year, "month": moment.month, "day": moment.day, "hour": moment.hour, "minute": moment.minute,
        "second": moment.second, "quarter": (moment.month + 2) // 3, "week": week[1], "isodow": week[2],
        "dow": week[2] % 7, "doy": moment.timetuple().tm_yday, "isoyear": week[0],
    }  # fmt: skip
    return known[part]


def days(later: Any, earlier: Any) -> int:
    """The days from one date to another."""
    return _as_moment(later).toordinal() - _as_moment(earlier).toordinal()


def epoch(value: Any) -> float:
    """The seconds since 1970."""
    moment = _as_moment(value)
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=moment.tzinfo)) / datetime.timedelta(seconds=1)


def move(value: Any, number: int, unit: str) -> str:
    """A moment some units later; the last day of a month where the day is not there, as in DuckDB."""
    moment = _as_moment(value)
    months = {"month": number, "quarter": 3 * number, "year": 12 * number}.get(unit)
    if months is None:
        return (moment + datetime.timedelta(**{f"{unit}s": number})).isoformat(sep=" ")
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = _last(datetime.date(year, month + 1, 1))
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last.day)).isoformat(sep=" ")


def _last(day: datetime.date) -> datetime.date:
    first = datetime.date(day.year + (day.month == 12), day.month % 12 + 1, 1)
    return first - datetime.timedelta(days=1)


def trunc(part: str, value: Any) -> str:
    """The beginning of the year, quarter, month, week, day, hour or minute."""
    moment = _as_moment(value)
    day = moment.date()
    cut = {
        "year": day.replace(month=1, day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "month": day.replace(day=1),
        "week": day - datetime.timedelta(days=day.weekday()),
    }.get(part, day)
    clock = datetime.time(moment.hour if part in ("hour", "minute") else 0, moment.minute if part == "minute" else 0)
    return datetime.datetime.combine(cut, clock).isoformat(sep=" ")


def written(value: Any, pattern: str) -> str:
    """A date as a pattern of strftime has it, in English."""
    moment = _as_moment(value)
    english = {
        "%Y": f"{moment.year:04}", "%A": _WEEKDAYS[moment.weekday()], "%a": _WEEKDAYS[moment.weekday()][:3],
        "%B": _MONTHS[moment.month - 1], "%b": _MONTHS[moment.month - 1][:3], "%-d": str(moment.day),
        "%-m": str(moment.month), "%p": "AM" if moment.hour < 12 else "PM",
    }  # fmt: skip
    return re.sub(r"%-?.", lambda found: english.get(found[0]) or moment.strftime(found[0]), pattern)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def moment_text(value: Any) -> str:
    """A date with a time as DuckDB writes it."""
    text = _as_moment(value).isoformat(sep=" ")
    return text.rstrip("0") if "." in text else text


def to_date(text: str) -> str:
    """A text that is a date. Raises ValueError for any other."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(f'"{text}" is no date')
    return str(datetime.date.fromisoformat(text))


def last_day(value: Any) -> str:
    """The last day of the month."""
    return str(_last(_as_moment(value).date()))


def make_date(year: int, month: int, day: int) -> str:
    """A date of its parts."""
    return str(datetime.date(year, month, day))
