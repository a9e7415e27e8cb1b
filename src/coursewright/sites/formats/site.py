"""HTML: one site with navigation that needs no network and no server."""

from __future__ import annotations

from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING

from coursewright.pages import Picture
from coursewright.pages.formats.html import write
from coursewright.questions.widget import assets
from coursewright.sites.index import Index
from coursewright.sites.navigation import menu
from coursewright.sites.page import SitePage, relative
from coursewright.sites.pictures import picture_files
from coursewright.sites.site import Site

if TYPE_CHECKING:
    import jinja2

_STYLES = ("page.css", "written.css", "tables.css", "figures.css")


def page_files(page: SitePage) -> dict[str, str | bytes]:
    """One HTML file and its pictures, by path below `build/site`."""
    here, blocks = page.entry.address, page.document.executed.blocks
    html = _template("page.html").render(
        page=page.entry,
        body=write(page.document, page.links(".html")),
        around=page.around,
        site=page.site,
        to=partial(relative, here=here),
    )
    files: dict[str, str | bytes] = {f"{here}.html": html}
    for block in blocks:
        if isinstance(block, Picture):
            files |= picture_files(here, block)
    return files


def site_files(index: Index, site: Site) -> dict[str, str | bytes]:
    """The style sheet, what questions need to mark themselves, and a front page where no page is one."""
    files: dict[str, str | bytes] = {"style.css": style()}
    if any(entry.asks for entry in index):
        files["questions.css"], files["questions.js"] = assets()
    if "index" not in index.by_address:
        to = partial(relative, here="index")
        files["index.html"] = _template("index.html").render(menu=menu(index, "", "index"), site=site, to=to)
    return files


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
