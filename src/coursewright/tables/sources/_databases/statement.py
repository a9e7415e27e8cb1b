"""The query of a table: one SELECT in the server's own SQL, and where its parameters stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, MissingPart, Place, did_you_mean

if TYPE_CHECKING:
    from sqlglot import Token

_DIALECTS = {"postgresql": "postgres", "mysql": "mysql", "sqlite": "sqlite", "mssql": "tsql"}
_BEGINNINGS = ("SELECT", "WITH", "VALUES", "TABLE", "(", "FROM")
_OPEN, _CLOSE = ("L_PAREN", "L_BRACKET"), ("R_PAREN", "R_BRACKET")


@dataclass(frozen=True, slots=True)
class SourceQuery:
    """A query without the semicolon at its end; `spans` are the begin, end and name of each parameter in it."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    values: Mapping[str, Any]
    in_order: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters in order of first use."""
        return tuple(dict.fromkeys(name for _, _, name in self.spans))

    def with_parameters(self, write: Callable[[str], str], rest: Callable[[str], str] = str) -> str:
        """The text with each `:name` as `write(name)` and what is between them as `rest(text)`; lines stay."""
        parts, at = [], 0
        for begin, end, name in self.spans:
            parts += [rest(self.text[at:begin]), write(name)]
            at = end
        return "".join([*parts, rest(self.text[at:])])


def statement(query: str, values: Mapping[str, Any], *, kind: str, place: Place | None) -> SourceQuery:
    """The query read by the rules for strings and comments of its kind of database.

    Raises CoursewrightError when it is not one SELECT or names a parameter that the course does not have. What only
    looks like a SELECT is refused by the server: it is asked to change nothing.
    """
    tokens = _tokens(query, kind, place)
    while tokens and tokens[-1].text == ";":
        tokens.pop()
    begins = tokens[0].text.upper() if tokens else ""
    if begins not in _BEGINNINGS or any(token.token_type.name == "SEMICOLON" for token in tokens):
        raise CoursewrightError("the query is not one SELECT", place, "write one SELECT; tables are never changed")
    spans = tuple(_parameters(query, tokens))
    for _, _, name in spans:
        if name not in values:
            raise CoursewrightError(f'the query: no parameter called "{name}"', place, did_you_mean(name, values))
    outside = {token.token_type.name for token in _outside(tokens)}
    in_order = "ORDER_BY" in outside and not outside & {"LIMIT", "FETCH"}
    return SourceQuery(query[: tokens[-1].end + 1], spans, values, in_order)


def _tokens(query: str, kind: str, place: Place | None) -> list[Token]:
    try:
        import sqlglot
    except ImportError:
        raise MissingPart(
            "tables from databases need SQLGlot", place, 'pip install "coursewright[databases]"'
        ) from None
    dialect = sqlglot.Dialect.get(_DIALECTS.get(kind, kind))
    try:
        return list(sqlglot.tokenize(query, read=dialect))
    except sqlglot.errors.TokenError:
        hint = "look for a quotation mark or a comment that does not end"
        raise CoursewrightError("the query cannot be read", place, hint) from None


def _parameters(query: str, tokens: list[Token]) -> list[tuple[int, int, str]]:
    """A colon with a name right behind it, and nothing before it that makes it part of an array: `a[1:n]`."""
    found = []
    for colon, name in pairwise(tokens):
        if colon.token_type.name != "COLON" or name.start != colon.end + 1:
            continue
        before = query[colon.start - 1] if colon.start else " "
        plain = name.text.isidentifier() and query[name.start : name.end + 1] == name.text
        if plain and not (before.isalnum() or before in "_:])"):
            found.append((colon.start, name.end + 1, name.text))
    return found


def _outside(tokens: list[Token]) -> list[Token]:
    """The tokens that are in no brackets."""
    depth, found = 0, []
    for token in tokens:
        depth += (token.token_type.name in _OPEN) - (token.token_type.name in _CLOSE)
        if not depth:
            found.append(token)
    return found
