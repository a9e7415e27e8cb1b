"""HTML: one site with navigation that needs no network and no server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import urljoin

from coursewright.labels import labels_in
from coursewright.media import FRAMES
from coursewright.pages import Document
from coursewright.pages.blocks import FILL, Picture, pictures
from coursewright.pages.formats import as_data, write_html
from coursewright.pages.linking import Link
from coursewright.questions.widget import assets_apart
from coursewright.sites.around.choosing import script as choose_script
from coursewright.sites.around.discovery import robots, sitemap
from coursewright.sites.around.frame import Thumbnail, framed, template
from coursewright.sites.around.navigation import Around, menu
from coursewright.sites.around.tables import script
from coursewright.sites.feeds import feeds_of, heads
from coursewright.sites.index import LOST, Entry, Index, can_be_retold
from coursewright.sites.offline import begin_script
from coursewright.sites.page import SitePage
from coursewright.sites.pictures import block_files, library_files
from coursewright.sites.references.paths import published, relative
from coursewright.sites.retelling.anchors import CHOICE, TOLD
from coursewright.sites.runtimes import FOLDER, more_file
from coursewright.sites.runtimes.asked import MORE
from coursewright.sites.runtimes.carrying import carried
from coursewright.sites.runtimes.page import marked, told
from coursewright.sites.search.script import search_script
from coursewright.sites.site import Site
from coursewright.sites.theme.icon import icon
from coursewright.sites.theme.preview import draw, preview
from coursewright.sites.theme.style import settings_style, style, theme_file

Content = str | bytes | PurePosixPath | Callable[[], bytes]
KEPT = f"{FOLDER}/kept"


def page_files(page: SitePage) -> dict[str, str | bytes]:
    """One HTML file and its pictures, by path below `build/site`."""
    here, blocks = page.entry.address, page.document.executed.blocks
    drawn = list(pictures(blocks))
    figures = [block for block in drawn if isinstance(block, Picture)]
    first = next((Thumbnail(f"{here}/{block.name}.png", block.alt) for block in figures if block.png), None)
    links = page.links(".html")
    if here == LOST and page.site.url:
        links = {target: _whole(link, page.site) for target, link in links.items()}
    body = write_html(page.document, links, partial(_block, page)) + as_data(page.document.executed.fields)
    if page.cells:
        body += told(page.document, page.cells, page.entry.runs)
    near, cells = page.around, bool(page.cells)
    html = framed(
        page.entry, body, near, page.site, picture=first, heads=page.heads, cells=cells, retold=page.is_retold
    )
    files: dict[str, str | bytes] = {f"{here}.html": html}
    for block in blocks:
        files |= {**block_files(here, block), **library_files(block)}
    return files


def _block(page: SitePage, document: Document, number: int, links: Mapping[str, Link]) -> str:
    """A block, marked for the scripts: what readers run, what they have told again, and what then stays as it is."""
    kind = type(document.block(number)).__name__
    html = _marked(page, document, number, links, kind)
    name = {"Form": TOLD if page.is_retold else "", "PageChoice": CHOICE}.get(kind)
    first = next(at for at, block in enumerate(document.executed.blocks) if type(block).__name__ == kind)
    return f'<div id="{name}">\n{html}</div>\n' if name and number == first else html


def _marked(page: SitePage, document: Document, number: int, links: Mapping[str, Link], kind: str) -> str:
    html = marked(document, number, links, page.cells)
    if kind == "QuestionBlock" and page.site.runtimes.here and not document.executed.page.settings.for_each:
        here = page.entry.address
        more, by = relative(more_file(here, number), here), relative(MORE, here)
        html = f'<div data-more="{more}" data-by="{by}">\n{html}</div>\n'
    if not page.is_retold:
        return html
    marks = {"Form": "held", "PageChoice": "held", "Cell": "held"}
    told = can_be_retold(document.executed.page.directives[number])
    return f'<div data-{marks.get(kind, "retold" if told else "stays")}="{number}">\n{html}</div>\n'


def site_files(index: Index, site: Site) -> dict[str, Content]:
    """The style sheet, the scripts, what other programs ask for, and pages that nobody wrote.

    These are a front page where no page is one, and the page for addresses at which there is none. A path is that of a
    file of the course, to be copied; a function makes what it is called by its name, if that is not there yet.
    """
    files: dict[str, Content] = {
        "style.css": style() + settings_style(site.looks),
        "site.js": f"{theme_file('site.js')};{FRAMES};{FILL};{begin_script()}",
        "search.js": search_script(site.language),
        **{published(file): PurePosixPath(file) for file in site.looks.files},
        **sitemap(index, site),
        **robots(site),
        **carried((entry.runs for entry in index), site.language),
    }
    if not site.looks.icon:
        files["favicon.svg"] = icon(site.title, site.looks)
    if not site.looks.picture and (path := preview(site)):
        files[path] = partial(draw, site)
    if any(entry.asks for entry in index):
        files["questions.css"], files["questions.js"], formulas = assets_apart(site.language)
        if any(entry.asks_formulas for entry in index):
            files["formulas.js"] = formulas
    if any(entry.tables for entry in index):
        files["tables.js"] = script(site.language)
    if any(entry.chooses for entry in index):
        files["choose.js"] = choose_script(site.language)
    if "index" not in index.by_address:
        body = template("index.html").render(
            menu=menu(index, "", "index"), site=site, to=partial(relative, here="index")
        )
        named = heads(feeds_of(index, site), None, site)
        files["index.html"] = framed(Entry("index", "", site.title), body, Around(), site, heads=named)
    if any(entry.runs.languages for entry in index):
        files[f"{KEPT}.html"] = _kept(index, site)
    if site.url and LOST not in index.by_address:
        files[f"{LOST}.html"] = _lost(index, site)
    return files


def _kept(index: Index, site: Site) -> str:
    """The page that lists what its reader changed on the others."""
    body = template("kept.html").render(said=labels_in("runtimes", site.language))
    title = labels_in("runtimes", site.language).everything.text
    return framed(Entry(KEPT, "", title), body, Around(menu(index, "", KEPT), index.is_deep), site, cells=True)


def _lost(index: Index, site: Site) -> str:
    """The page for an address at which there is none."""
    said = labels_in("sites", site.language)
    body = template("404.html").render(said=said, site=site)
    return framed(Entry(LOST, "", said.lost.text), body, Around(menu(index, "", LOST), index.is_deep), site)


def _whole(link: Link, site: Site) -> Link:
    """A link that leads to the same place from any address."""
    href = urljoin(site.whole(f"{LOST}.html"), link.href) if link.href else ""
    return link._replace(href=href, pages=tuple(_whole(each, site) for each in link.pages))
