"""Dates, times of day and lengths of time in the form of a language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from coursewright.numerals import locale_of, signs
from coursewright.tables.showing import in_full

if TYPE_CHECKING:
    import pyarrow as pa

NAMED = ("short", "medium", "long", "full")


def moments(kind: pa.DataType, known: Sequence[Any], form: str, language: str) -> Callable[[Any], str] | None:
    """How the values of a type that has to do with time are written; None for any other type."""
    from pyarrow import types

    if types.is_date(kind):
        return _dates(form, language)
    if types.is_timestamp(kind):
        return _moments(known, form, language)
    if types.is_time(kind):
        return _clocks(known, form, language)
    return _lengths(language) if types.is_duration(kind) else None


def _dates(form: str, language: str) -> Callable[[datetime.date], str]:
    """How dates are written: in a form that has a name, or by a pattern of Unicode's such as "d MMMM y"."""
    from babel.dates import format_date

    locale = locale_of(language)
    return cache(lambda value: format_date(value, form or "medium", locale=locale))


def _moments(values: Sequence[datetime.datetime], form: str, language: str) -> Callable[[datetime.datetime], str]:
    """How dates with times are written: without seconds, or without a time at all, where no row has any.

    Those of a zone are told with their distance from Greenwich.
    """
    from babel.dates import format_datetime, format_time, get_datetime_format

    locale = locale_of(language)
    if form and form not in NAMED:
        return lambda value: format_datetime(value.replace(tzinfo=None), form, locale=locale)
    day = _dates(form or "medium", language)
    if not any(value.time() != datetime.time() for value in values):
        return day
    together = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    detail = "medium" if any(value.second or value.microsecond for value in values) else "short"

    def written(value: datetime.datetime) -> str:
        clock = format_time(value.time(), detail, locale=locale)
        zone = value.isoformat(timespec="minutes")[len("2018-04-08T15:10") :]  # +02:00, or nothing
        text = together.replace("{1}", day(value.date())).replace("{0}", _exactly(clock, value.microsecond, language))
        return f"{text} {zone}".strip()

    return written


def _clocks(values: Sequence[datetime.time], form: str, language: str) -> Callable[[datetime.time], str]:
    """How times of day are written: without seconds where no row has any."""
    from babel.dates import format_time

    locale = locale_of(language)
    detail = form or ("medium" if any(value.second or value.microsecond for value in values) else "short")
    return lambda value: _exactly(format_time(value, detail, locale=locale), value.microsecond, language)


def _lengths(language: str) -> Callable[[datetime.timedelta], str]:
    """How lengths of time are written: "3 days 04:05:06", with the language's words and signs."""
    from babel.units import format_unit

    def written(value: datetime.timedelta) -> str:
        days, _, clock = in_full(abs(value)).rpartition(" ") if ":" in in_full(value) else (in_full(abs(value)), "", "")
        told = [format_unit(abs(value).days, "duration-day", length="long", locale=locale_of(language))] if days else []
        minus = signs(language).minus if value < datetime.timedelta() else ""
        return minus + " ".join([*told, clock.replace(".", signs(language).decimal)]).strip()

    return written


def _exactly(clock: str, microseconds: int, language: str) -> str:
    """A time of day with the parts of its second, which no form of a language has."""
    if not microseconds:
        return clock
    parts = f"{signs(language).decimal}{microseconds:06}".rstrip("0")
    before, digits, after = _last_digits(clock)
    return f"{before}{digits}{parts}{after}"


def _last_digits(text: str) -> tuple[str, str, str]:
    """`text` before, in and after its last run of digits."""
    end = next((place for place in range(len(text), 0, -1) if text[place - 1].isdigit()), 0)
    start = next((place for place in range(end, 0, -1) if not text[place - 1].isdigit()), 0)
    return text[:start], text[start:end], text[end:]


_CLOCK = re.compile(r"(?:(?:(\d+):(?=[0-5]\d:))?([0-5]?\d):(?=[0-5]\d(?!\d)))?(\d+(?:\.\d+)?)")


def clock_orders(values: Sequence[object]) -> tuple[str | None, ...]:
    """The seconds of texts that are all lengths of time, such as 58.790 and 1:02.1; nothing for any other texts.

    They are put in order by these: as text, 58.790 would stand behind 1:02.1.
    """
    found = [_CLOCK.fullmatch(value) if isinstance(value, str) else None for value in values]
    known = [value for value in values if value is not None]
    if not any(":" in str(value) for value in known) or sum(map(bool, found)) < len(known):
        return ()
    return tuple(clock and str(_seconds(*clock.groups("0"))) for clock in found)


def _seconds(hours: str, minutes: str, seconds: str) -> Decimal:
    return int(hours) * 3600 + int(minutes) * 60 + Decimal(seconds)
