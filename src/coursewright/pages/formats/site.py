"""HTML: one site with navigation that needs no network and no server."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from coursewright.pages.block import Asked, Picture, Sentences
from coursewright.pages.execute import Executed
from coursewright.pages.fill import fill
from coursewright.pages.formats.markdown import picture_files, write_sentences
from coursewright.pages.site import Site
from coursewright.pages.syntax import markdown
from coursewright.questions.widget import assets, widget

if TYPE_CHECKING:
    import jinja2


def write(pages: Sequence[Executed], site: Site) -> dict[PurePosixPath, str | bytes]:
    """One HTML file for each page, its pictures, a style sheet and an index, by path below `build/site`."""
    files: dict[PurePosixPath, str | bytes] = {PurePosixPath("style.css"): _template_text("style.css")}
    for number, page in enumerate(pages):
        before = pages[number - 1] if number else None
        after = pages[number + 1] if number + 1 < len(pages) else None
        files[PurePosixPath(f"{page.name}.html")] = (
            _templates()
            .get_template("page.html")
            .render(page=page, body=_body(page), pages=pages, site=site, before=before, after=after, asks=_asks(page))
        )
        for block in page.blocks:
            if isinstance(block, Picture):
                files |= picture_files(page.name, block)
    if any(map(_asks, pages)):
        files[PurePosixPath("questions.css")], files[PurePosixPath("questions.js")] = assets()
    if not any(page.name == "index" for page in pages):
        files[PurePosixPath("index.html")] = _templates().get_template("index.html").render(pages=pages, site=site)
    return files


def _asks(page: Executed) -> bool:
    return any(isinstance(block, Asked) for block in page.blocks)


def _body(page: Executed) -> str:
    """The page as HTML: its Markdown with a mark for each block, then each mark replaced by the block.

    Sentences in Markdown stand in the page's own.
    """

    def mark(number: int) -> str:
        return f"<!-- block {number} of {page.name} -->"

    def stand_in(number: int) -> str:
        block = page.blocks[number]
        return write_sentences(block) if isinstance(block, Sentences) and block.markdown else mark(number)

    html: str = markdown().render(fill(page.page, page.parameters, stand_in))
    for number, block in enumerate(page.blocks):
        written = (
            _templates().get_template("block.html").render(block=block, kind=type(block).__name__, folder=page.name)
        )
        html = html.replace(mark(number), written)
    return (
        html
        if html.lstrip().startswith("<h1")
        else f"{_templates().from_string('<h1>{{ t }}</h1>').render(t=page.title)}\n{html}"
    )


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    loader = jinja2.FunctionLoader(_template_text)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals["widget"] = widget
    return environment


def _template_text(name: str) -> str:
    return resources.files("coursewright.pages.formats").joinpath("templates", name).read_text(encoding="utf-8")
