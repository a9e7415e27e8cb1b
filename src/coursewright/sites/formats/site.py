"""HTML: one site with navigation that needs no network and no server."""

from __future__ import annotations

from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING

from coursewright.pages import Picture
from coursewright.pages.formats.html import write
from coursewright.questions.widget import assets
from coursewright.sites.contents import contents
from coursewright.sites.index import Entry, Index
from coursewright.sites.labels import direction, labels_in
from coursewright.sites.navigation import Around, menu
from coursewright.sites.page import SitePage, relative
from coursewright.sites.pictures import picture_files
from coursewright.sites.site import Site

if TYPE_CHECKING:
    import jinja2

_STYLES = ("page.css", "written.css", "tables.css", "figures.css")


def page_files(page: SitePage) -> dict[str, str | bytes]:
    """One HTML file and its pictures, by path below `build/site`."""
    here, blocks = page.entry.address, page.document.executed.blocks
    body = write(page.document, page.links(".html"))
    files: dict[str, str | bytes] = {f"{here}.html": _framed(page.entry, body, page.around, page.site)}
    for block in blocks:
        if isinstance(block, Picture):
            files |= picture_files(here, block)
    return files


def site_files(index: Index, site: Site) -> dict[str, str | bytes]:
    """The style sheet and the script, those of questions, and a front page where no page is one."""
    files: dict[str, str | bytes] = {"style.css": style(), "site.js": _text("site.js")}
    if any(entry.asks for entry in index):
        files["questions.css"], files["questions.js"] = assets()
    if "index" not in index.by_address:
        pages = menu(index, "", "index")
        body = _template("index.html").render(menu=pages, site=site, to=partial(relative, here="index"))
        files["index.html"] = _framed(Entry("index", "", site.title), body, Around(), site)
    return files


def _framed(entry: Entry, body: str, around: Around, site: Site) -> str:
    """A page with what the site has around it; `body` is its content, with its first heading in front."""
    heading, end, rest = body.partition("</h1>")
    return _template("page.html").render(
        page=entry,
        heading=heading + end,
        body=rest,
        contents=contents(entry.headings),
        around=around,
        site=site,
        said=labels_in(site.language),
        direction=direction(site.language),
        to=partial(relative, here=entry.address),
    )


def style() -> str:
    """The style sheet of a site: its parts, one after another."""
    return "\n".join(map(_text, _STYLES))


@cache
def _template(name: str) -> jinja2.Template:
    import jinja2

    loader = jinja2.FunctionLoader(_text)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(name)


def _text(name: str) -> str:
    return resources.files("coursewright.sites.theme").joinpath(name).read_text(encoding="utf-8")
