"""Conditions on the values of a row: `pos <= 3 and team != "Ferrari"`, `time is missing`, `code in ("HAM", "BOT")`.

A small language of its own, read into values and never run as Python. Comparisons with a missing value are neither
true nor false, as in SQL, and what is not true does not hold.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from coursewright.words.values import is_missing, text_of

Get = Callable[[str], Any]

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_NUMERAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true or false."""

    value: Any

    def of(self, get: Get) -> Any:  # noqa: ARG002 - one method for every part of a condition
        """It, whatever the row."""
        return self.value


@dataclass(frozen=True, slots=True)
class Column:
    """The value of a column."""

    name: str

    def of(self, get: Get) -> Any:
        """The value in the row, None if it is missing."""
        value = get(self.name)
        return None if is_missing(value) else value


@dataclass(frozen=True, slots=True)
class Compare:
    """`left sign right`: numbers as numbers, also when one side is text that looks like one; anything else as text."""

    sign: str
    left: Any
    right: Any

    def of(self, get: Get) -> bool | None:
        """Whether it is so, None if either side is missing."""
        left, right = self.left.of(get), self.right.of(get)
        if left is None or right is None:
            return None
        return _compared(self.sign, left, right)


@dataclass(frozen=True, slots=True)
class Among:
    """`value in (…)`."""

    value: Any
    options: tuple[Any, ...]

    def of(self, get: Get) -> bool | None:
        """Whether it is one of them, None if that cannot be known."""
        return _any(Compare("=", self.value, option).of(get) for option in self.options)


@dataclass(frozen=True, slots=True)
class Missing:
    """`value is missing`."""

    value: Any

    def of(self, get: Get) -> bool:
        """Whether there is no value."""
        return self.value.of(get) is None


@dataclass(frozen=True, slots=True)
class Not:
    """`not condition`."""

    part: Any

    def of(self, get: Get) -> bool | None:
        """The opposite, None of what is neither."""
        held = _truth(self.part.of(get))
        return None if held is None else not held


@dataclass(frozen=True, slots=True)
class Either:
    """`condition or condition`."""

    parts: tuple[Any, ...]

    def of(self, get: Get) -> bool | None:
        """Whether one of them is true, None if that cannot be known."""
        return _any(_truth(part.of(get)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Both:
    """`condition and condition`."""

    parts: tuple[Any, ...]

    def of(self, get: Get) -> bool | None:
        """Whether all of them are true, None if that cannot be known."""
        return Not(Either(tuple(Not(part) for part in self.parts))).of(get)


@dataclass(frozen=True, slots=True)
class Sum:
    """`left + right` and the other three, on numbers; anything by zero is missing."""

    sign: str
    left: Any
    right: Any

    def of(self, get: Get) -> float | None:
        """The number, None if a side is no number."""
        left, right = _number(self.left.of(get)), _number(self.right.of(get))
        if left is None or right is None or (self.sign == "/" and not right):
            return None
        work = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[self.sign]
        result: float = work(float(left), float(right))
        return result


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition read: its text, what it tests, and the columns it names."""

    text: str
    test: Any
    columns: tuple[str, ...]

    def holds(self, get: Get) -> bool:
        """Whether it is true of a row; `get` gives the value of a column by name."""
        return _truth(self.test.of(get)) is True


def _any(held: Iterator[bool | None]) -> bool | None:
    answer: bool | None = False
    for one in held:
        if one:
            return True
        answer = None if one is None else answer
    return answer


def _truth(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    return text_of(value).lower() not in {"", "0", "false", "no"}


def _number(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        return float(text) if text.isascii() and _NUMERAL.fullmatch(text) else None
    return value if not isinstance(value, list | datetime.date | datetime.time | datetime.timedelta) else None


def _compared(sign: str, left: Any, right: Any) -> bool | None:
    compare = COMPARE[sign]
    if isinstance(left, str) and isinstance(right, str):
        return compare(left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        return compare(_truth(left), _truth(right))
    numbers = _number(left), _number(right)
    if None not in numbers:
        return compare(*numbers)
    if isinstance(left, datetime.date | list) or isinstance(right, datetime.date | list):
        return compare(text_of(left), text_of(right))
    return sign in {"!=", "<>"} if sign in {"=", "==", "!=", "<>"} else None
