"""The verb: show the pages that somebody looks at before the other pages of a build are made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from coursewright import plugins
from coursewright.courses.building.making import Making
from coursewright.courses.building.state import PageState
from coursewright.courses.plan import PlannedPage
from coursewright.errors import CoursewrightError
from coursewright.sites import Index, SitePage
from coursewright.sites.around import around
from coursewright.sites.feeds import feeds_of, heads
from coursewright.sites.references import resolve_page

_FORMAT = "site"


@dataclass(frozen=True)
class First:
    """The addresses of pages that somebody looks at, and what is told of the files of each as soon as it is made."""

    addresses: Collection[str] = ()
    show: Callable[[str, Mapping[str, bytes]], None] = lambda _address, _files: None

    def of(self, making: Making, planned: Sequence[PlannedPage]) -> dict[str, Callable[[PageState], None]]:
        """What is to be done with each of them when it is made, by address."""
        looked_at = (one for one in planned if one.address in self.addresses)
        return {one.address: partial(self._made, making, planned, one) for one in looked_at}

    def _made(self, making: Making, planned: Sequence[PlannedPage], one: PlannedPage, state: PageState) -> None:
        """Show a page with what the last build knew of the others; if that is not enough, it is shown with them."""
        entry, site = state.entry, making.course.site
        known = {address: was.entry for address, was in making.old.pages.items()} | {one.address: entry}
        index = Index(known[each.address] for each in planned if each.address in known)
        try:
            found = resolve_page(index, making.course.root, entry)
            named = heads(feeds_of(index, site), entry, site)
            document, near = making.document(one), around(entry, index)
            page = SitePage(document, entry, found, near, site, named, making.cells(document))
            files = plugins.load("formats", _FORMAT).page_files(page)
        except CoursewrightError:
            return  # the whole build will say it, or know better
        data = {path: what if isinstance(what, bytes) else what.encode() for path, what in files.items()}
        self.show(one.address, data)
