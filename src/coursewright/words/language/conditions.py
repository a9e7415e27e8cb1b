"""Conditions on the values of a row: `pos <= 3 and team != "Ferrari"`, `time is missing`, `code in ("HAM", "BOT")`.

A small language of its own, read into values and never run as Python. Comparisons with a missing value are neither
true nor false, as in SQL, and what is not true does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from coursewright.words.printing.comparing import Incomparable, QuotedText, calculated, compared, truth
from coursewright.words.printing.values import is_missing, plain

Get = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true or false."""

    value: Any

    def of(self, get: Get) -> Any:  # noqa: ARG002 - one method for every part of a condition
        """It, whatever the row."""
        return self.value


@dataclass(frozen=True, slots=True)
class ColumnReference:
    """The value of a column."""

    name: str

    def of(self, get: Get) -> Any:
        """The value in the row, None if it is missing."""
        value = plain(get(self.name))
        return None if is_missing(value) else value


@dataclass(frozen=True, slots=True)
class Compare:
    """`left sign right`: see `comparing`."""

    sign: str
    left: Any
    right: Any

    def of(self, get: Get) -> bool | None:
        """Whether it is so, None if either side is missing. Raises Incomparable if they do not compare."""
        left, right = self.left.of(get), self.right.of(get)
        if left is None or right is None:
            return None
        try:
            return compared(
                self.sign, left, right, quoted=isinstance(left, QuotedText) or isinstance(right, QuotedText)
            )
        except Incomparable as error:
            sides = ((self.left, left), (self.right, right))
            names = [side.name for side, value in sides if isinstance(side, ColumnReference) and value is error.odd]
            raise Incomparable(str(error), error.hint.replace("…", names[0] if names else "…", 1)) from None


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
        held = _held(self.part, get)
        return None if held is None else not held


@dataclass(frozen=True, slots=True)
class Either:
    """`condition or condition`."""

    parts: tuple[Any, ...]

    def of(self, get: Get) -> bool | None:
        """Whether one of them is true, None if that cannot be known."""
        return _any(_held(part, get) for part in self.parts)


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

    def of(self, get: Get) -> Decimal | None:
        """The number, None if a side is missing. Raises Incomparable if a side is no number."""
        left, right = self.left.of(get), self.right.of(get)
        return None if left is None or right is None else calculated(self.sign, left, right)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition read: its text, what it tests, and the columns it names."""

    text: str
    test: Any
    columns: tuple[str, ...]

    def holds(self, get: Get) -> bool:
        """Whether it is true of a row; `get` gives the value of a column by name.

        Raises Incomparable for values that do not compare.
        """
        try:
            return _held(self.test, get) is True
        except Incomparable as error:
            message = f'the condition "{self.text}" cannot be decided: {error}'
            raise Incomparable(message, error.hint) from None


def _any(held: Iterator[bool | None]) -> bool | None:
    answer: bool | None = False
    for one in held:
        if one:
            return True
        answer = None if one is None else answer
    return answer


def _held(part: Any, get: Get) -> bool | None:
    return truth(part.of(get), part.name if isinstance(part, ColumnReference) else "")
