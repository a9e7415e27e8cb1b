"""Reads the text of a condition by recursive descent: or, and, not, comparison, sum, product, value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from coursewright.words.language.conditions import (
    Among,
    Both,
    ColumnReference,
    Compare,
    Condition,
    Constant,
    Either,
    Missing,
    Not,
    Sum,
)
from coursewright.words.printing.comparing import COMPARE, QuotedText

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>'[^']*'|\"[^\"]*\")|`(?P<quoted>[^`]+)`"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign><=|>=|<>|!=|==|[=<>()+\-*/,]))"
)
_WORDS = frozenset(("and", "or", "not", "is", "missing", "in", "between", "true", "false"))
_DEEPEST = 40


def written(name: str) -> str:
    """A name as a condition has it: in backticks if it is no plain word, or one that means something."""
    found = _TOKEN.fullmatch(name)
    return name if found and found["name"] == name and name.lower() not in _WORDS else f"`{name}`"


class _ConditionParser:
    """The state while one condition is read: its tokens and how far they are used up."""

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
        if kind == "sign" and sign in COMPARE:
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
            number = Decimal(token) if "." in token else int(token)
            return Constant(-number if negative else number)
        if kind == "text":
            return Constant(QuotedText(token[1:-1]))
        if kind == "word" and token in {"true", "false"}:
            return Constant(token == "true")  # noqa: S105 - no password
        if kind == "name":
            self.columns.append(token)
            return ColumnReference(token)
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
    reader = _ConditionParser(text)
    test = reader.either()
    if reader.tokens[reader.at][0] != "end":
        raise ValueError(f'"and" or "or" is needed before {reader.here()}')
    return Condition(text, test, tuple(dict.fromkeys(reader.columns)))
