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
from functools import lru_cache
from typing import Any

from coursewright.words.values import is_missing, text_of

Get = Callable[[str], Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>'[^']*'|\"[^\"]*\")|`(?P<quoted>[^`]+)`"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign><=|>=|<>|!=|==|[=<>()+\-*/,]))"
)
_WORDS = frozenset("and or not is missing in between true false".split())
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_NUMERAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true or false."""

    value: Any

    def of(self, get: Get) -> Any:  # noqa: ARG002 - one method for every part of a condition
        return self.value


@dataclass(frozen=True, slots=True)
class Column:
    """The value of a column."""

    name: str

    def of(self, get: Get) -> Any:
        value = get(self.name)
        return None if is_missing(value) else value


@dataclass(frozen=True, slots=True)
class Compare:
    """`left sign right`: numbers as numbers, also when one side is text that looks like one; anything else as text."""

    sign: str
    left: Any
    right: Any

    def of(self, get: Get) -> bool | None:
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
        return _any(Compare("=", self.value, option).of(get) for option in self.options)


@dataclass(frozen=True, slots=True)
class Missing:
    """`value is missing`."""

    value: Any

    def of(self, get: Get) -> bool:
        return self.value.of(get) is None


@dataclass(frozen=True, slots=True)
class Not:
    """`not condition`."""

    part: Any

    def of(self, get: Get) -> bool | None:
        held = _truth(self.part.of(get))
        return None if held is None else not held


@dataclass(frozen=True, slots=True)
class Either:
    """`condition or condition`."""

    parts: tuple[Any, ...]

    def of(self, get: Get) -> bool | None:
        return _any(_truth(part.of(get)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Both:
    """`condition and condition`."""

    parts: tuple[Any, ...]

    def of(self, get: Get) -> bool | None:
        return Not(Either(tuple(Not(part) for part in self.parts))).of(get)


@dataclass(frozen=True, slots=True)
class Sum:
    """`left + right` and the other three, on numbers; anything by zero is missing."""

    sign: str
    left: Any
    right: Any

    def of(self, get: Get) -> float | None:
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
    compare = _COMPARE[sign]
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


class _Reader:
    """Reads by recursive descent: or, and, not, comparison, sum, product, value."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0
        self.columns: list[str] = []

    def next_is(self, *options: str) -> bool:
        kind, token = self.tokens[self.at]
        found = kind in {"sign", "word"} and token in options
        self.at += found
        return found

    def need(self, sign: str) -> None:
        if not self.next_is(sign):
            raise ValueError(f'"{sign}" is needed before {self.here()}')

    def here(self) -> str:
        kind, token = self.tokens[self.at]
        return "the end" if kind == "end" else f'"{token}"'

    def either(self) -> Any:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError(f"it is nested more than {_DEEPEST} deep")
        parts = [self.both()]
        while self.next_is("or"):
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self) -> Any:
        parts = [self.negated()]
        while self.next_is("and"):
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def negated(self) -> Any:
        odd = False
        while self.next_is("not"):
            odd = not odd
        return Not(self.test()) if odd else self.test()

    def test(self) -> Any:
        left = self.sum()
        kind, sign = self.tokens[self.at]
        if kind == "sign" and sign in _COMPARE:
            self.at += 1
            return Compare(sign, left, self.sum())
        if self.next_is("is"):
            negated = self.next_is("not")
            self.need("missing")
            return Not(Missing(left)) if negated else Missing(left)
        if self.next_is("between"):
            low = self.sum()
            self.need("and")
            return Both((Compare(">=", left, low), Compare("<=", left, self.sum())))
        negated = self.next_is("not")
        if self.next_is("in"):
            among = Among(left, self.options())
            return Not(among) if negated else among
        if negated:
            raise ValueError(f'"in" is needed before {self.here()}')
        return left

    def options(self) -> tuple[Any, ...]:
        bracket = self.next_is("(")
        options = [self.sum()]
        while self.next_is(","):
            options.append(self.sum())
        if bracket:
            self.need(")")
        return tuple(options)

    def sum(self) -> Any:
        left = self.product()
        while (sign := self.tokens[self.at][1]) in {"+", "-"} and self.next_is(sign):
            left = Sum(sign, left, self.product())
        return left

    def product(self) -> Any:
        left = self.value()
        while (sign := self.tokens[self.at][1]) in {"*", "/"} and self.next_is(sign):
            left = Sum(sign, left, self.value())
        return left

    def value(self) -> Any:
        if self.next_is("("):
            inner = self.either()
            self.need(")")
            return inner
        negative = self.next_is("-")
        kind, token = self.tokens[self.at]
        if negative and kind != "number":
            raise ValueError(f"a number is needed before {self.here()}")
        self.at += 1
        if kind == "number":
            number = float(token) if "." in token else int(token)
            return Constant(-number if negative else number)
        if kind == "text":
            return Constant(token[1:-1])
        if kind == "word" and token in {"true", "false"}:
            return Constant(token == "true")
        if kind == "name":
            self.columns.append(token)
            return Column(token)
        self.at -= 1
        raise ValueError(f"a value is needed before {self.here()}")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            raise ValueError(f'"{text[at:].strip()[0]}" has no meaning in a condition')
        kind, token = next((kind, token) for kind, token in found.groupdict().items() if token is not None)
        if kind == "name" and token.lower() in _WORDS:
            kind, token = "word", token.lower()
        yield ("name" if kind == "quoted" else kind), token
        at = found.end()
    yield "end", ""


@lru_cache(maxsize=4096)
def read(text: str) -> Condition:
    """A condition from its text. Raises ValueError with what is wrong in it."""
    reader = _Reader(text)
    test = reader.either()
    if reader.tokens[reader.at][0] != "end":
        raise ValueError(f'"and" or "or" is needed before {reader.here()}')
    return Condition(text, test, tuple(dict.fromkeys(reader.columns)))
