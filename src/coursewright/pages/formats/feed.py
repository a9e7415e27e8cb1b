"""The content of a feed's entry: HTML that readers of feeds show, with no style, no script and no picture inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

import msgspec

from coursewright.pages.blocks.as_markdown import medium_file, paragraphs
from coursewright.pages.blocks.as_markdown import write_block as as_markdown
from coursewright.pages.blocks.block import (
    Cell,
    EmbeddedPage,
    Equation,
    Markup,
    Output,
    Picture,
    QuestionBlock,
    Raster,
    Sound,
)
from coursewright.pages.formats import html
from coursewright.pages.formats.html_cell import write_cell
from coursewright.pages.linking.references import Link
from coursewright.pages.reading.document import Document
from coursewright.pages.syntax import markdown
from coursewright.pages.syntax.labels import label, marked, marks
from coursewright.questions import Variant
from coursewright.questions.widget import to_read


@dataclass(frozen=True)
class FeedContent:
    """The content of a page as HTML whose addresses are as seen from the page, and the pictures and sounds in it.

    `drawn` has the SVG, and `media` the bytes, of each by the path that the HTML names, in the page's own folder.
    """

    html: str
    drawn: dict[str, str] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)


def write(document: Document, links: Mapping[str, Link], page: str) -> FeedContent:  # noqa: C901 - one for each kind
    """The content of a page, whose own address is `page`; `links` says where its references lead."""
    folder = PurePosixPath(document.address).name
    drawn: dict[str, str] = {}
    media: dict[str, bytes] = {}

    def write_block(document: Document, number: int, links: Mapping[str, Link]) -> str:  # noqa: PLR0911 - one for each kind
        block = document.block(number)
        match block:
            case Picture():
                drawn[name := f"{folder}/{block.name}.png"] = block.svg
                return _picture(block, name, document.found["language"])
            case EmbeddedPage():
                return _framed(page, block)
            case Sound():
                media[path := f"{folder}/{block.name}"] = block.data
                return _sound(block, path)
            case QuestionBlock():
                return _asked(block.variants[0], folder, media) + _answer(page, document)
            case Cell():
                for each in block.seen:
                    if isinstance(each, Picture):
                        drawn[f"{folder}/{each.name}.png"] = each.svg
                    elif isinstance(each, Raster | Sound):
                        media[f"{folder}/{each.name}"] = each.data
                return _cell(document, block, folder, links, page)
            case Equation():
                return html.write_block(document, number, links)
            case _:  # plain, as the Markdown of the page has it
                return str(
                    markdown().render(as_markdown(block, folder, links), {"language": document.found["language"]})
                )

    return FeedContent(html.write_html(document, links, write_block), drawn, media)


def _framed(page: str, block: EmbeddedPage) -> str:
    """A link to the page that shows a widget."""
    return f'<p><a href="{escape(page)}">{escape(block.alt or block.caption or block.name)}</a></p>\n'


def _picture(block: Picture, path: str, language: str) -> str:
    caption = f"<figcaption>{marked(block.caption, language)}</figcaption>" if block.caption else ""
    return f'<figure><img src="{quote(path)}" alt="{escape(block.alt)}">{caption}</figure>\n'


def _cell(document: Document, block: Cell, folder: str, links: Mapping[str, Link], page: str) -> str:
    """A cell, whose pictures are PNG, as readers of feeds want them."""
    language = document.found["language"]
    outputs = tuple(_linked(each, label("output", {"language": language})) for each in block.outputs)
    block = msgspec.structs.replace(block, outputs=outputs)
    written = write_cell(block, folder, links, language, ident="cell", framed=partial(_framed, page))
    for each in block.seen:
        if isinstance(each, Picture):
            name = quote(f"{folder}/{each.name}")
            written = written.replace(f'src="{name}.svg"', f'src="{name}.png"')
    return written


def _linked(each: Output, word: str) -> Output:
    """An output without a frame, of which readers of feeds show nothing: in its place, a link to the page has it."""
    return EmbeddedPage("", "", each.title or word) if isinstance(each, Markup) and each.framed else each


def _asked(variant: Variant, folder: str, media: dict[str, bytes]) -> str:
    """The first variant of a question, without what would answer it."""

    def written(name: str) -> str:
        medium = variant.medium(name)
        path = f"{folder}/{medium_file(variant, name)}"
        media[path] = medium.data
        address = f'"{quote(path)}"'
        if medium.media_type.startswith("audio/"):
            return f"<audio controls src={address}></audio> <a href={address}>{escape(medium.alt)}</a>"
        return f'<img src={address} alt="{escape(medium.alt)}">'

    return to_read(variant, written, level=3)


def _sound(block: Sound, path: str) -> str:
    """A sound with its words; a link where a reader plays none."""
    address, caption = quote(path), block.caption or block.alt
    said = "".join(f"<p>{escape(each)}</p>" for each in paragraphs(block.transcript))
    return (
        f'<figure><audio controls src="{address}"></audio>'
        f'<figcaption><a href="{address}">{escape(caption)}</a></figcaption></figure>\n{said}\n'
    )


def _answer(page: str, document: Document) -> str:
    spoken = marks(str(document.found["language"]))
    return f'<p><a href="{escape(page)}"{spoken}>{escape(label("answer", dict(document.found)))}</a></p>\n'
