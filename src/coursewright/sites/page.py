"""The noun: a page that is ready to be written, in any format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from coursewright.pages import Document
from coursewright.pages.linking import Link
from coursewright.sites.around.navigation import Around
from coursewright.sites.feeds import Head
from coursewright.sites.index import Entry
from coursewright.sites.references.paths import FRONT, page_file, published, relative
from coursewright.sites.references.resolve import LinkEnd
from coursewright.sites.runtimes.cells import RunCell
from coursewright.sites.site import Site

Anchors = Callable[[LinkEnd], str]


def _as_named(found: LinkEnd) -> str:
    return found.anchor


@dataclass(frozen=True)
class SitePage:
    """A page with what its references lead to, what is around it and, in `heads`, the feeds that it names.

    `cells` are those of a page whose readers can run them in it.
    """

    document: Document
    entry: Entry
    found: Mapping[str, LinkEnd]
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

    def _link(self, found: LinkEnd, ending: str, front: str, anchors: Anchors) -> Link:
        pages = tuple(self._link(each, ending, front, anchors) for each in found.pages)
        href = "" if pages and not found.page else address(found, self.entry.address, ending, front, anchors)
        return Link(href, found.title, found.description, pages)


def address(found: LinkEnd, here: str, ending: str, front: str = FRONT, anchors: Anchors = _as_named) -> str:
    """The address of what was found, as seen from the page at `here`."""
    anchor = f"#{quote(anchors(found), safe=':=')}" if found.anchor else ""
    if found.page == here and anchor:
        return anchor
    return relative(page_file(found.page, ending, front) if found.page else published(found.file), here) + anchor
