"""A length of time as a clock has it: 1:34.512. Values are printed so, and modifiers of times begin here."""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal


def seconds_of(length: datetime.timedelta) -> Decimal:
    """A length of time in seconds, to the microsecond."""
    return Decimal(length // datetime.timedelta(microseconds=1)) / 1_000_000


def clocked(seconds: Decimal, places: int = 3) -> str:
    """Seconds as "1:34.512", "1:32:01.940" or "58.790", rounded half up to so many decimal places."""
    total = seconds.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    sign = "-" if total < 0 else ""
    whole, rest = divmod(abs(total), 60)
    hours, minutes = divmod(int(whole), 60)
    width = 3 + places if places else 2
    if hours:
        return f"{sign}{hours}:{minutes:02}:{rest:0{width}f}"
    return f"{sign}{minutes}:{rest:0{width}f}" if minutes else f"{sign}{rest:f}"
