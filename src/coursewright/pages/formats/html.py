"""HTML: the content of a page, without what the site has around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from html import escape
from importlib import resources
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from coursewright.figures.pictures import inline
from coursewright.pages.blocks.as_markdown import medium_file
from coursewright.pages.blocks.block import Block, Cell, EmbeddedPage
from coursewright.pages.citing.spans import as_html
from coursewright.pages.formats.html_cell import write_cell
from coursewright.pages.formats.html_framed import write_framed
from coursewright.pages.formats.html_sound import write_sound
from coursewright.pages.formats.html_table import write_table
from coursewright.pages.linking.references import Link, with_attributes
from coursewright.pages.reading.document import Document
from coursewright.pages.syntax import markdown
from coursewright.pages.syntax.citations import CITATION
from coursewright.pages.syntax.labels import marked
from coursewright.pages.syntax.maths import block as formula
from coursewright.pages.text.captioned import FigureCaption
from coursewright.questions import Variant
from coursewright.questions.widget import widget

if TYPE_CHECKING:
    import jinja2
    from markdown_it.token import Token


WriteBlock = Callable[[Document, int, Mapping[str, Link]], str]


def write_html(document: Document, links: Mapping[str, Link], block: WriteBlock | None = None) -> str:
    """The page's content as HTML; `links` says where its references lead, and `block` how each block is written."""
    parser = markdown()
    tokens = list(_placed(document, links, block or write_block))
    html: str = parser.renderer.render(tokens, parser.options, dict(document.found))
    if heading := document.references_below:
        html += (
            _templates()
            .get_template("references.html")
            .render(heading=heading, items=document.cited.references, language=document.found["language"])
        )
    if html.lstrip().startswith("<h1"):
        return html
    return f"<h1>{escape(document.title)}</h1>\n{html}"


def _placed(document: Document, links: Mapping[str, Link], block: WriteBlock) -> Iterator[Token]:
    """The page's tokens with the blocks in the place of their fences, and with the destinations that `links` gives."""
    figure: FigureCaption | None = None  # the one that is being written
    for token in document.tokens:
        if token.type == "paragraph_open" and token.map and token.map[0] in document.figures:
            figure = document.figures[token.map[0]]
            yield token.copy(type="html_block", content=f'<figure class="as-it-is" id="{escape(figure.anchor)}">\n')
        elif figure and token.type == "paragraph_close":
            said = marked(figure.said, document.found["language"])
            yield token.copy(type="html_block", content=f"\n<figcaption>{said}</figcaption>\n</figure>\n")
            figure = None
        elif token.type == "fence" and token.map and token.map[0] in document.fences:
            content = block(document, document.fences[token.map[0]], links)
            yield token.copy(type="html_block", content=content)
        elif token.children:
            children = list(_linked(token.children, links, document))
            yield token.copy(children=[_untitled(each) for each in children] if figure else children)
        elif token.type == "html_block":
            yield token.copy(content=with_attributes(token.content, links))
        else:
            yield token


def _untitled(picture: Token) -> Token:
    """A picture whose title stands below it."""
    return picture.copy(attrs={name: value for name, value in picture.attrs.items() if name != "title"})


def _linked(children: list[Token], links: Mapping[str, Link], document: Document) -> Iterator[Token]:
    for token in children:
        target = token.attrs.get("href" if token.type == "link_open" else "src", "")
        if token.type == CITATION:
            told = as_html(document.cited.citations[token.meta["cited"]])
            yield token.copy(type="html_inline", content=f'<span class="citation">{told}</span>')
        elif token.type == "html_inline":
            yield token.copy(content=with_attributes(token.content, links))
        elif token.type in ("link_open", "image") and target in links:
            link = links[str(target)]
            leads = {"href" if token.type == "link_open" else "src": link.href}
            title = {"title": link.description} if link.description and token.type == "link_open" else {}
            yield token.copy(attrs={**title, **token.attrs, **leads})
            if link.title and token.meta.get("label", -1) >= 0:
                said = marked(link.title, document.found["language"])
                yield token.copy(type="html_inline", tag="", nesting=0, attrs={}, content=said)
        else:
            yield token


def write_block(document: Document, number: int, links: Mapping[str, Link]) -> str:
    """One block of a page as HTML."""
    block = document.block(number)
    folder = PurePosixPath(document.address).name
    up = "../" * document.address.count("/")
    written = block_html(block, f"figure-{number}", document.found["language"], folder=folder, links=links, up=up)
    name = document.anchor(number)
    return f'<div id="{name}">\n{written}</div>\n' if name else written


def block_html(
    block: Block,
    ident: str,
    language: str,
    *,
    folder: str = "",
    links: Mapping[str, Link] | None = None,
    up: str = "",
) -> str:
    """A block as HTML; `ident` stands before all ids in it, its files are in `folder`, and `up` leads to the site."""

    def address(variant: Variant, name: str) -> str:
        return quote(f"{folder}/{medium_file(variant, name)}")

    template = _templates().get_template("block.html")
    kind = type(block).__name__
    return template.render(
        block=block,
        kind=kind,
        folder=folder,
        links=links or {},
        ident=ident,
        language=language,
        up=up,
        titled=partial(marked, language=language),
        address=address if folder else None,
    )


def _cell(cell: Cell, folder: str, links: Mapping[str, Link], language: str, *, ident: str, up: str) -> str:
    """A cell, whose widgets have their libraries in the site."""

    def framed(block: EmbeddedPage) -> str:
        return write_framed(block, up, language)

    return write_cell(cell, folder, links, language, ident=ident, framed=framed)


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    loader = jinja2.FunctionLoader(_template_text)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals["widget"] = widget
    environment.globals["inline"] = inline
    environment.globals["formula"] = formula
    environment.globals["sound"] = write_sound
    environment.globals["framed"] = write_framed
    environment.globals["table"] = write_table
    environment.globals["cell"] = _cell
    environment.globals["spans"] = as_html
    environment.filters["marked"] = marked
    return environment


def _template_text(name: str) -> str:
    return resources.files("coursewright.pages.formats").joinpath("templates", name).read_text(encoding="utf-8")
