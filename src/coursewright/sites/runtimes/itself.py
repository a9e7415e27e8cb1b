"""The first of all places where a page runs: itself."""

from __future__ import annotations

from coursewright.labels import labels_in
from coursewright.sites.index import Entry
from coursewright.sites.retelling.anchors import TOLD
from coursewright.sites.runtimes.page import ANCHOR
from coursewright.sites.runtimes.places import RunLink
from coursewright.sites.site import Site


def here(entry: Entry, site: Site, page: str = "") -> RunLink | None:
    """The link to where a `page` can be run or told again in itself, if it can; on the page itself that is ""."""
    anchor = TOLD if site.runtimes.here and entry.retold else ""
    if entry.runs.languages:
        anchor = ANCHOR
    return RunLink(labels_in("sites", site.language).here.text, f"{page}#{anchor}") if anchor else None
