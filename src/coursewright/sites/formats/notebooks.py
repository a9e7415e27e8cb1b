"""Notebooks: each page with its outputs, and its directives as cells that run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import partial

from coursewright.labels import labels_in
from coursewright.pages.formats.notebook import AboutNotebook, cell_id, pieces, write
from coursewright.sites.index import Index
from coursewright.sites.page import SitePage
from coursewright.sites.pictures import files_beside
from coursewright.sites.references.paths import page_file
from coursewright.sites.references.resolve import LinkEnd
from coursewright.sites.runtimes import RunLink, run_links
from coursewright.sites.runtimes.page import ANCHOR
from coursewright.sites.site import Site

_ENDING = ".ipynb"
_PLAIN = re.compile(r"[\w.-]+", re.ASCII)
_NUMBERED = re.compile(r"-(\d+)$")  # the anchor of a heading whose words another one has as well


def page_files(page: SitePage) -> dict[str, str | bytes]:
    """One notebook, which holds its pictures; those of directives that stay text are beside it."""
    site, entry = page.site, page.entry
    url = site.whole(f"{entry.address}.html") if site.url else ""
    here = RunLink(labels_in("sites", site.language).here.text, f"{url}#{ANCHOR}")
    places = tuple(run_links(site.runtimes, entry.address, here if url and entry.runs.languages else None))
    about = AboutNotebook(site.title, entry.file, site.language, entry.authors or site.authors, url, places)
    cells = pieces(page.document)
    runs = {piece.directive for piece in cells if piece.runs}
    anchors = partial(_anchor, here=entry.address, headings=Counter(each.text for each in page.document.headings))
    written = write(page.document, cells, page.links(_ENDING, anchors=anchors), about)
    files: dict[str, str | bytes] = {page_file(entry.address, _ENDING): written}
    for number, block in enumerate(page.document.executed.blocks):
        if number not in runs:
            files |= files_beside(entry.address, block)
    return files


def _anchor(found: LinkEnd, here: str, headings: Mapping[str, int]) -> str:
    """A place in a notebook: a heading as Jupyter calls it, a term by its name, and else the cell that is called so.

    In the page at `here`, JupyterLab goes to no cell by its id, and to no heading whose name is encoded in the address:
    what is no plain name, or is there twice, is called by an anchor of ours, which is then written there.
    """
    name = found.heading.replace(" ", "-")
    number = _NUMBERED.search(found.anchor)
    elsewhere = bool(number) and not found.heading.endswith(number[1] if number else "")
    twice = headings[found.heading] > 1 if found.page == here else elsewhere
    if name and not twice and (found.page != here or _PLAIN.fullmatch(name)):
        return name
    if ":" in found.anchor or found.page == here:
        return found.anchor if ":" in found.anchor else cell_id(found.anchor)
    return f"cell-id={cell_id(found.anchor)}"


def site_files(_index: Index, _site: Site) -> dict[str, str | bytes]:
    """Nothing: a folder of notebooks has no more than its pages, and the files that they refer to."""
    return {}
