"""The noun: a page that is ready to be written, in any format."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import quote

from coursewright.labels import labels_in
from coursewright.pages import Document
from coursewright.pages.linking import Link
from coursewright.sites.around.navigation import Around
from coursewright.sites.feeds import Head
from coursewright.sites.index import Entry, Index
from coursewright.sites.resolve import Found
from coursewright.sites.runtimes.cells import RunCell
from coursewright.sites.runtimes.page import ANCHOR
from coursewright.sites.runtimes.places import RunLink
from coursewright.sites.site import Site

Anchors = Callable[[Found], str]

TOLD, CHOICE = "site.told", "site.choice"
"""The ids of what a page is told again by, and of what leads to another."""
FRONT = "index"
"""What the front page of a section is called."""


def _as_named(found: Found) -> str:
    return found.anchor


@dataclass(frozen=True)
class SitePage:
    """A page with what its references lead to, what is around it and, in `heads`, the feeds that it names.

    `cells` are those of a page whose readers can run them in it.
    """

    document: Document
    entry: Entry
    found: Mapping[str, Found]
    around: Around
    site: Site
    heads: tuple[Head, ...] = ()
    cells: tuple[RunCell, ...] = ()

    @property
    def is_retold(self) -> bool:
        """Whether readers can have it told again for other values of its parameters."""
        return self.site.runtimes.here and self.entry.retold

    def links(self, ending: str, front: str = FRONT, anchors: Anchors = _as_named) -> dict[str, Link]:
        """Where its references lead, when pages have this `ending` and front pages are called `front`.

        `anchors` says what the places in pages are called.
        """
        return {target: self._link(found, ending, front, anchors) for target, found in self.found.items()}

    def _link(self, found: Found, ending: str, front: str, anchors: Anchors) -> Link:
        pages = tuple(self._link(each, ending, front, anchors) for each in found.pages)
        href = "" if pages and not found.page else address(found, self.entry.address, ending, front, anchors)
        return Link(href, found.title, found.description, pages)


def address(found: Found, here: str, ending: str, front: str = FRONT, anchors: Anchors = _as_named) -> str:
    """The address of what was found, as seen from the page at `here`."""
    anchor = f"#{quote(anchors(found), safe=':=')}" if found.anchor else ""
    if found.page == here and anchor:
        return anchor
    return relative(page_file(found.page, ending, front) if found.page else published(found.file), here) + anchor


def here(entry: Entry, site: Site, page: str = "") -> RunLink | None:
    """The link to where a `page` can be run or told again in itself, if it can; on the page itself that is ""."""
    anchor = TOLD if site.runtimes.here and entry.retold else ""
    if entry.runs.languages:
        anchor = ANCHOR
    return RunLink(labels_in("sites", site.language).here.text, f"{page}#{anchor}") if anchor else None


def page_file(address: str, ending: str, front: str = FRONT) -> str:
    """The path of the file of the page at `address`, when pages have this `ending` and front pages are called so."""
    section, slash, name = address.rpartition("/")
    return f"{section}{slash}{front if name == FRONT else name}{ending}"


def addresses(index: Index, name: str, here: str) -> Iterator[tuple[str, str]]:
    """The pages that the file called `name` makes: what names each, and its address as seen from the page at `here`."""
    (file,) = index.by_name[name]
    for key, entry in index.by_file[file].items():
        yield key, relative(page_file(entry.address, ".html"), here)


def relative(path: str, here: str) -> str:
    """The address of `path`, a path in the site, as seen from the page at `here`; both are as short as can be."""
    below, up = path.split("/"), posixpath.dirname(here).split("/") if "/" in here else []
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(below, up, strict=False)))
    return quote("/".join([".."] * (len(up) - shared) + below[shared:]) or ".")


def published(file: str) -> str:
    """Where a file of the course stands in the site: beside its page, or where it stands in the course."""
    return file.removeprefix("pages/")
