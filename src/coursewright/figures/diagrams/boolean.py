"""Boolean expressions as text: read by a small parser, never run as Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Literal

from coursewright.errors import CoursewrightError

Kind = Literal["name", "not", "and", "nand", "xor", "or", "nor"]

LONGEST = 100  # names, words and signs of one expression
_TOKEN = re.compile(r"\s*(?:([^\W\d]\w*)|([()&|~^!¬∧∨⊕∩∪]))")
_SIGNS: dict[str, Kind | Literal["(", ")"]] = {
    **dict.fromkeys("&∧∩", "and"),
    **dict.fromkeys("|∨∪", "or"),
    **dict.fromkeys("^⊕", "xor"),
    **dict.fromkeys("~!¬", "not"),
    "(": "(",
    ")": ")",
}
_WORDS: dict[str, Kind] = {"and": "and", "or": "or", "not": "not", "nand": "nand", "nor": "nor", "xor": "xor"}
_LEVELS: tuple[tuple[Kind, ...], ...] = (("or", "nor"), ("xor",), ("and", "nand"))  # what binds least comes first
_HINT = "write it with names, and, or, not, nand, nor, xor and brackets, such as A and not (B or C)"


@dataclass(frozen=True, slots=True)
class BooleanTerm:
    """A name, or what a gate makes of other terms."""

    kind: Kind
    terms: tuple[BooleanTerm, ...] = ()
    name: str = ""

    def value(self, values: Mapping[str, object]) -> bool:
        """What it is when names have `values`."""
        if self.kind == "name":
            return bool(values[self.name])
        inputs = [term.value(values) for term in self.terms]
        match self.kind:
            case "not":
                return not inputs[0]
            case "and" | "nand":
                return all(inputs) is (self.kind == "and")
            case "xor":
                return reduce(lambda one, other: one is not other, inputs)
            case _:
                return any(inputs) is (self.kind == "or")

    def names(self) -> frozenset[str]:
        """The names in it."""
        return frozenset({self.name}) if self.kind == "name" else frozenset().union(*(t.names() for t in self.terms))


@lru_cache(maxsize=4096)
def read(expression: str) -> BooleanTerm:
    """The term that `expression` writes; CoursewrightError when it is none.

    `not` binds most, then `and` and `nand`, then `xor`, then `or` and `nor`; equals are read from the left. Signs mean
    the same as words.
    """
    tokens, at = [], 0
    text = expression.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            sign = text[at:].lstrip()[0]
            raise _wrong(expression, f'"{sign}" has no meaning in it')
        tokens.append(found[1] or found[2])
        at = found.end()
    if len(tokens) > LONGEST:
        raise CoursewrightError(
            f"this expression has {len(tokens)} names and signs", hint=f"{LONGEST} are the most that can be drawn"
        )
    reader = _BooleanParser(expression, tokens)
    term = reader.level(0)
    if reader.tokens:
        raise _wrong(expression, f'"{reader.tokens[0]}" comes where nothing more was expected')
    return term


class _BooleanParser:
    def __init__(self, expression: str, tokens: list[str]) -> None:
        self.expression, self.tokens = expression, tokens

    def kind(self) -> Kind | Literal["", "(", ")"]:
        if not self.tokens:
            return ""
        first = self.tokens[0]
        return _SIGNS.get(first) or _WORDS.get(first.lower(), "name")

    def level(self, number: int) -> BooleanTerm:
        if number == len(_LEVELS):
            return self.single()
        term = self.level(number + 1)
        joined = False  # without brackets between: A and B and C is one gate
        while (kind := self.kind()) in _LEVELS[number]:
            self.tokens.pop(0)
            other = self.level(number + 1)
            wide = joined and term.kind == kind and kind in ("and", "or")
            term = BooleanTerm(kind, (*term.terms, other) if wide else (term, other))
            joined = True
        return term

    def single(self) -> BooleanTerm:
        kind = self.kind()
        if kind in ("not", "name", "("):
            token = self.tokens.pop(0)
            if kind == "name":
                return BooleanTerm("name", name=token)
            if kind == "not":
                return BooleanTerm("not", (self.single(),))
            term = self.level(0)
            if self.kind() != ")":
                raise _wrong(self.expression, "a bracket is not closed")
            self.tokens.pop(0)
            return term
        found = f'"{self.tokens[0]}" comes where a name was expected' if self.tokens else "it ends too early"
        raise _wrong(self.expression, found)


def _wrong(expression: str, why: str) -> CoursewrightError:
    shown = expression if len(expression) <= 60 else expression[:59] + "…"
    return CoursewrightError(f'"{shown}" is no Boolean expression: {why}', hint=_HINT)
