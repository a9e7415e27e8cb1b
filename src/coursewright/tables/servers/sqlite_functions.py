"""Functions that DuckDB has and SQLite lacks, in Python; none of them sees more than its arguments."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, wraps
from threading import local
from typing import Any

from coursewright.tables.servers import sqlite_dates as dates
from coursewright.tables.servers.sqlite_aggregates import AGGREGATES

_STATE = local()  # what a function refused: SQLite tells of it that something was
_NUMBER = re.compile(r"[ \t\n\r]*[-+]?([0-9]+(_[0-9]+)*\.?([0-9]+(_[0-9]+)*)?|\.[0-9]+)([eE][-+]?[0-9]+)?[ \t\n\r]*")


def add(connection: Any) -> None:
    """Make the functions known to a connection."""
    for name, arguments, function in _FUNCTIONS:
        connection.create_function(name, arguments, _careful(function), deterministic=True)
    for name, kind in AGGREGATES.items():
        careful = type(kind.__name__, (kind,), {"step": _careful(kind.step)})
        connection.create_aggregate(name, 5 if name == "coursewright_join" else 1, careful)


def refused() -> str:
    """What the function that was refused last would not do."""
    return getattr(_STATE, "said", "") or "a value is beyond what its type can hold"


def _careful(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def called(*values: Any) -> Any:
        try:
            return function(*values)
        except (ValueError, OverflowError, ArithmeticError) as error:
            _STATE.said = str(error)
            raise

    return called


def _strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that gives nothing where a value is missing."""
    return lambda *values: None if None in values else function(*values)


def _refuse(what: str) -> None:
    raise ValueError(f"{what} cannot be done here")


# Patterns


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _extract(text: str, pattern: str, group: int) -> str:
    found = _compiled(pattern).search(text)
    return (found[group] or "") if found else ""


# Numbers


def _divided(value: float, by: float) -> float:
    if by:
        return value / by
    if not value:
        _refuse("a division of 0 by 0")
    return math.copysign(math.inf, value)


def _round(value: float) -> float:
    if not math.isfinite(value):
        return value
    whole = math.trunc(value)
    return float(whole + (math.copysign(1, value) if abs(value - whole) >= 0.5 else 0))


def _places(value: float, places: int) -> float:
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return float(exact)


def _decimal(value: float, precision: int, places: int) -> float:
    rounded = _places(value, places)
    if abs(rounded) >= 10 ** (precision - places):
        raise ValueError(f"{value} has more digits than DECIMAL({precision}, {places})")
    return rounded


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    def of(value: float) -> float:
        if value < 0:
            _refuse("a logarithm of a number below 0")
        return function(value) if value else -math.inf

    return of


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _power(value: float, exponent: float) -> float:
    try:
        made: Any = float(value) ** float(exponent)
    except ZeroDivisionError:
        return math.inf
    except OverflowError:
        return math.inf
    if isinstance(made, complex):
        _refuse("a root of a number below 0")
    return float(made)


def _sqrt(value: float) -> float:
    if value < 0:
        _refuse("a root of a number below 0")
    return math.sqrt(value)


def _number(text: str) -> float | None:
    bare = text.strip(" \t\n\r").lower()
    if bare in ("inf", "-inf", "infinity", "-infinity", "+inf", "+infinity"):
        return float(bare)
    return float(text) if _NUMBER.fullmatch(text) else None


def _whole(text: str) -> int | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = int(Decimal(text.strip().replace("_", "")).to_integral_value(ROUND_HALF_UP))
    return number if -(1 << 63) <= number < 1 << 63 else None


def _surely(read: Callable[[str], Any], kind: str) -> Callable[[str], Any]:
    def surely(text: str) -> Any:
        value = read(text)
        if value is None:
            raise ValueError(f'"{text}" is no {kind}')
        return value

    return surely


def _double_text(value: float) -> str:
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    value += 0.0
    text = repr(value)
    return text if "e" not in text else re.sub(r"e([-+])(\d)$", r"e\g<1>0\2", text)


# Texts


def _mapped(map_one: Callable[[str], str], special: dict[str, str]) -> Callable[[str], str]:
    """Letter by letter, as DuckDB does it: one that would become several stays."""

    def mapped(text: str) -> str:
        whole = map_one(text)
        if text.isascii():
            return whole
        return "".join(special.get(sign) or one(sign) for sign in text)

    def one(sign: str) -> str:
        made = map_one(sign)
        titled = sign.title() if map_one is str.upper else sign
        return made if len(made) == 1 else titled if len(titled) == 1 else sign

    return mapped


def _substr(text: str, start: int, length: int | None = None) -> str:
    first = len(text) + start if start < 0 else start - 1
    if length is None:
        return text[max(first, 0) :]
    if length < 0:
        first, length = first + length, -length
    return text[max(first, 0) : max(first + length, 0)]


def _pad(text: str, length: int, sign: str, *, left: bool) -> str:
    if length <= len(text):
        return text[: max(length, 0)]
    if not sign:
        _refuse("filling up with nothing")
    missing = length - len(text)
    filled = (sign * missing)[:missing]
    return filled + text if left else text + filled


def _split_part(text: str, separator: str, at: int) -> str:
    parts = text.split(separator) if separator else [text]
    at = at - 1 if at > 0 else len(parts) + at if at < 0 else -1
    return parts[at] if 0 <= at < len(parts) else ""


def _concat_ws(separator: str | None, *texts: str | None) -> str | None:
    return None if separator is None else separator.join(text for text in texts if text is not None)


_FUNCTIONS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    ("coursewright_refuse", 1, _refuse),
    ("regexp_extract", 3, _strict(_extract)),
    ("regexp", 2, _strict(lambda pattern, text: bool(_compiled(pattern).search(text)))),
    ("coursewright_divided", 2, _strict(_divided)),
    ("coursewright_round", 1, _strict(_round)),
    ("coursewright_places", 2, _strict(_places)),
    ("coursewright_decimal", 3, _strict(_decimal)),
    ("coursewright_half_even", 1, _strict(round)),
    ("coursewright_ceil", 1, _strict(lambda value: value if isinstance(value, int) else float(math.ceil(value)))),
    ("coursewright_floor", 1, _strict(lambda value: value if isinstance(value, int) else float(math.floor(value)))),
    ("coursewright_sqrt", 1, _strict(_sqrt)),
    ("coursewright_exp", 1, _strict(_exp)),
    ("coursewright_ln", 1, _strict(_logarithm(math.log))),
    ("coursewright_log10", 1, _strict(_logarithm(math.log10))),
    ("coursewright_power", 2, _strict(_power)),
    ("coursewright_to_integer", 1, _strict(_surely(_whole, "whole number"))),
    ("coursewright_to_double", 1, _strict(_surely(_number, "number"))),
    ("coursewright_try_integer", 1, _strict(_whole)),
    ("coursewright_try_double", 1, _strict(_number)),
    ("coursewright_double_text", 1, _strict(_double_text)),
    ("coursewright_lower", 1, _strict(_mapped(str.lower, {"İ": "i"}))),
    ("coursewright_upper", 1, _strict(_mapped(str.upper, {"ß": "ẞ"}))),
    ("coursewright_concat", -1, lambda *texts: "".join(text for text in texts if text is not None)),
    ("coursewright_concat_ws", -1, _concat_ws),
    ("coursewright_repeat", 2, _strict(lambda text, number: text * max(number, 0))),
    ("coursewright_left", 2, _strict(lambda text, number: text[:number])),
    ("coursewright_right", 2, _strict(lambda text, number: text[-number:] if number else "")),
    ("coursewright_lpad", 3, _strict(lambda *given: _pad(*given, left=True))),
    ("coursewright_rpad", 3, _strict(lambda *given: _pad(*given, left=False))),
    ("coursewright_substr", -1, _strict(_substr)),
    ("coursewright_split_part", 3, _strict(_split_part)),
    ("starts_with", 2, _strict(str.startswith)),
    ("ends_with", 2, _strict(str.endswith)),
    ("coursewright_part", 2, _strict(dates.part)),
    ("coursewright_days", 2, _strict(dates.days)),
    ("coursewright_epoch", 1, _strict(dates.epoch)),
    ("coursewright_move", 3, _strict(dates.move)),
    ("coursewright_last_day", 1, _strict(dates.last_day)),
    ("coursewright_make_date", 3, _strict(dates.make_date)),
    ("coursewright_trunc", 2, _strict(dates.trunc)),
    ("coursewright_written", 2, _strict(dates.written)),
    ("coursewright_moment_text", 1, _strict(dates.moment_text)),
    ("coursewright_to_date", 1, _strict(dates.to_date)),
)
