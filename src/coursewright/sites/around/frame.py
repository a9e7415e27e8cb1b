"""A page of the site: what its author wrote, with what the site has around it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from coursewright.labels import direction, labels_in
from coursewright.pages.syntax import marked
from coursewright.sites.around.contents import contents
from coursewright.sites.around.licence import text_of
from coursewright.sites.around.navigation import Around, grouped
from coursewright.sites.feeds import Head
from coursewright.sites.index import LOST, Entry
from coursewright.sites.references.paths import published, relative
from coursewright.sites.runtimes import FOLDER, RunLink, run_links
from coursewright.sites.runtimes.itself import here
from coursewright.sites.site import Site
from coursewright.sites.theme.preview import SIZE, preview
from coursewright.sites.theme.style import settings_style, style, theme_file

if TYPE_CHECKING:
    import jinja2


@dataclass(frozen=True)
class Thumbnail:
    """What stands beside a link to a page elsewhere: a picture by its path in the site, and what it shows in words."""

    path: str
    alt: str
    size: tuple[int, int] | None = None


def framed(
    entry: Entry,
    body: str,
    around: Around,
    site: Site,
    *,
    picture: Thumbnail | None = None,
    heads: tuple[Head, ...] = (),
    cells: bool = False,
    retold: bool = False,
) -> str:
    """The page as HTML. `body` begins with its heading; `picture` is the first one in it, `heads` the feeds it names.

    Our scripts see its `cells`, or have it `retold`. The page for addresses without one has whole links, and no files.
    """
    heading, end, rest = body.partition("</h1>")
    lost = entry.address == LOST and bool(site.url)
    return template("page.html").render(
        page=entry,
        heading=heading + end,
        body=rest,
        contents=contents(entry.headings),
        around=around,
        groups=grouped(around.menu, site.looks.groups),
        site=site,
        said=labels_in("sites", site.language),
        direction=direction(site.language),
        date=partial(day, language=site.language),
        to=site.whole if lost else partial(relative, here=entry.address),
        address=site.whole(f"{entry.address}.html") if site.url and not lost else "",
        heads=heads,
        retold=retold,
        picture=(picture or _preview(site)) if site.url and not lost else None,
        edit=edit_address(entry, site),
        run_links=_run_links(entry, site),
        cells=FOLDER if cells else "",
        commons=text_of(entry.licence or site.licence),
        style=style() + settings_style(site.looks, fonts=False) if lost else "",
        script=theme_file("site.js") if lost else "",
    )


def _preview(site: Site) -> Thumbnail | None:
    path = preview(site)
    return Thumbnail(path, site.title, None if site.looks.picture else SIZE) if path else None


def _run_links(entry: Entry, site: Site) -> list[RunLink]:
    """Where the page can be run; nowhere, if it is none that somebody wrote."""
    if entry.address == LOST or not entry.file:
        return []
    return list(run_links(site.runtimes, entry.address, here(entry, site)))


def edit_address(entry: Entry, site: Site) -> str:
    """Where the file of a page is changed; "" for a page that has no file, or where the author did not say."""
    return site.looks.edit.replace("{file}", quote(f"pages/{entry.file}")) if entry.file else ""


@cache
def day(moment: str, language: str) -> str:
    """The day of `moment`, in ISO 8601, as `language` writes it."""
    from babel.dates import format_date

    return format_date(datetime.date.fromisoformat(moment[:10]), "long", language.replace("-", "_"))


@cache
def template(name: str) -> jinja2.Template:
    """A template of the theme."""
    import jinja2

    loader = jinja2.FunctionLoader(theme_file)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals["published"] = published
    environment.filters["marked"] = marked
    return environment.get_template(name)
