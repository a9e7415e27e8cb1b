"""Values as readers and programs expect to see them: as the text of a cell, and as JSON."""

from __future__ import annotations

import datetime
import decimal
import json
import math
from typing import Any

_FEW_BYTES = 16


def show(value: object) -> str:
    """A value as a reader expects to see it; a missing one as nothing."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one value that is not itself
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, bytes) and len(value) > _FEW_BYTES:
        return f"{len(value):,} bytes"
    return in_full(value)


def in_full(value: object) -> str:
    """A value as text that keeps all of it: bytes as hexadecimal digits, and what has parts as JSON.

    Nought has no sign: one engine rounds -0.05 to -0.0, another to 0.0.
    """
    if isinstance(value, decimal.Decimal):
        return f"{value:zf}"
    if isinstance(value, float):
        return str(value + 0.0)
    if isinstance(value, datetime.timedelta):
        return _length(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict | list):
        return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
    return str(value)


def plain(value: Any) -> Any:
    """A value as JSON can hold it: NaN and infinity as null, and anything that JSON has no form for as text."""
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        if value and all(isinstance(entry, tuple) for entry in value):  # Arrow's maps: nothing else holds tuples
            return {in_full(name): plain(inner) for name, inner in value}
        return [plain(inner) for inner in value]
    if isinstance(value, decimal.Decimal):
        number = int(value) if value == int(value) else float(value)
        return number if decimal.Decimal(str(number)) == value else str(value)
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else in_full(value)


def _length(value: datetime.timedelta) -> str:
    """A length of time as SQL has it: "3 days 04:05:06"."""
    sign = "-" if value < datetime.timedelta() else ""
    length = abs(value)
    hours, rest = divmod(length.seconds, 3600)
    parts = f"{length.microseconds:06}".rstrip("0")
    clock = f"{sign}{hours:02}:{rest // 60:02}:{rest % 60:02}" + (f".{parts}" if parts else "")
    days = f"{sign}{length.days} day{'s' if length.days != 1 else ''}" if length.days else ""
    return f"{days} {clock}".strip() if length.seconds or parts or not days else days
