"""The terms that a glossary explains: a definition list on a page with `glossary: true`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from coursewright.pages.syntax.citations import CITATION
from coursewright.pages.syntax.parser import slug
from coursewright.pages.syntax.plain import plain

if TYPE_CHECKING:
    from markdown_it.token import Token

_SHOWN = 200  # characters of what a term means that a link shows


class Term(msgspec.Struct, frozen=True):
    """A term, its anchor, the beginning of what it means as text, and its line.

    `file` is where it stands, as seen from the page's own, if the page includes it.
    """

    name: str
    anchor: str
    meaning: str
    line: int
    file: str = ""


def terms(tokens: Sequence[Token]) -> Iterator[Term]:
    """The terms in `tokens`, whose definitions get anchors; lines are those of the text, counted from 0."""
    for number, token in enumerate(tokens):
        if token.type != "dt_open" or not plain(tokens[number + 1]).strip():
            continue
        name = " ".join(plain(tokens[number + 1]).split())
        anchor = f"term:{key_of(name)}"  # a colon is in no anchor of a heading
        token.attrs["id"] = anchor
        yield Term(name, anchor, _meaning(tokens[number:]), (tokens[number + 1].map or [0])[0])


def key_of(name: str) -> str:
    """What a term is found by, whatever its capitals, spaces and signs."""
    return slug(name) or name.casefold()


def _meaning(tokens: Sequence[Token]) -> str:
    """The first text after the term at the beginning of `tokens`, cut where it is long."""
    inside = False
    for token in tokens[1:]:
        inside = inside or token.type == "dd_open"
        if token.type == "dl_close":
            break
        if inside and token.type == "inline":
            return textwrap.shorten(_known(token), _SHOWN, placeholder=" …")
    return ""


def _known(inline: Token) -> str:
    """The text of a paragraph; only the sentences before what is not known yet, a citation or a link without text."""
    children = inline.children or []
    unknown = [at for at, each in enumerate(children) if each.type == CITATION or each.meta.get("label", -1) >= 0]
    if not unknown:
        return plain(inline, gap=" ")
    before = plain(inline.copy(children=children[: unknown[0]]), gap=" ")
    return f"{before.rpartition('. ')[0]}." if ". " in before else ""
