"""The text of a page as a reader sees it, in stretches: what stands below each heading."""

from __future__ import annotations

import html.parser
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from coursewright.pages import Document
from coursewright.pages.blocks import (
    Block,
    Cell,
    EmbeddedPage,
    Grid,
    Markup,
    Output,
    Picture,
    PrintedText,
    QuestionBlock,
    Raster,
    Sentences,
    Sound,
)
from coursewright.pages.reading import Heading
from coursewright.pages.syntax import markdown
from coursewright.questions.writing import plain

if TYPE_CHECKING:
    from markdown_it.token import Token


class Stretch(msgspec.Struct, frozen=True, array_like=True):
    """What stands below one heading, or above the first: the heading's anchor and text, and the text below it."""

    anchor: str
    heading: str
    text: str


def stretches(document: Document) -> Iterator[Stretch]:
    """The stretches of a page. What is only markup is not in them, and neither are formulas and lists of pages."""
    heading, said = Heading(0, "", ""), list[str]()
    headings = iter(document.headings)
    before = ""
    for token in document.tokens:
        if token.type == "heading_open":
            if said or heading.text:
                yield _stretch(heading, said)
            heading, said = next(headings), []
        elif before != "heading_open":
            said.append(_said(token, document))
        before = token.type
    if said or heading.text:
        yield _stretch(heading, said)


def _stretch(heading: Heading, said: Sequence[str]) -> Stretch:
    lines = (" ".join(line.split()) for each in said for line in each.split("\n"))
    return Stretch(heading.anchor, heading.text, "\n".join(filter(None, lines)))


def _said(token: Token, document: Document) -> str:
    if token.type == "inline":
        return _inline(token.children or ())
    if token.type == "fence" and token.map and token.map[0] in document.fences:
        return _block(document.block(document.fences[token.map[0]]))
    if token.type == "html_block":
        return _text_of(token.content)
    if token.type == "code_block" or (token.type == "fence" and token.info.strip() != "math"):
        return token.content
    return ""


def _inline(children: Sequence[Token]) -> str:
    """What stands in a paragraph, a cell or an item."""
    said = []
    for child in children:
        if child.type in ("text", "code_inline"):
            said.append(child.content)
        elif child.type == "image":
            said.append(f"{_inline(child.children or ())} {child.attrs.get('title', '')}".strip())
        elif child.type in ("softbreak", "hardbreak") or child.content.lower().startswith("<br"):
            said.append(" ")
    return "".join(said)


def _block(block: Block | Output) -> str:  # noqa: PLR0911 - one for each kind
    match block:
        case Grid():
            return "\n".join([block.caption, *(" ".join(row) for row in (block.columns, *block.rows)), *block.notes])
        case Sentences():
            return "\n".join(block.items)
        case Picture() | EmbeddedPage() | Raster():
            return f"{block.caption}\n{block.alt}"
        case Sound():
            return f"{block.caption}\n{block.alt}\n{block.transcript}"
        case Cell():
            code = block.code if block.input != "removed" else ""
            return "\n".join([code, *map(_block, block.seen)])
        case PrintedText():
            return block.text
        case Markup():
            return block.plain
        case QuestionBlock():  # one of them is enough, and its answer stays where it is
            return " ".join(_plain(plain(variant.text)) for variant in block.variants[:1])
        case _:
            return ""


def _plain(text: str) -> str:
    return " ".join(_inline(token.children or ()) for token in markdown().parse(text, {}) if token.type == "inline")


class _Text(html.parser.HTMLParser):
    """The text of HTML, without what is no text."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        self.said += [" ", *(value or "" for name, value in attrs if name == "alt")]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if self._hidden <= 0:
            self.said.append(data)


def _text_of(markup: str) -> str:
    parser = _Text()
    parser.feed(markup)
    parser.close()
    return "".join(parser.said)
