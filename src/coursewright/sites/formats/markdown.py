"""GitHub-flavoured Markdown: what GitHub shows properly, with pictures as files beside the page.

Front pages are called README.md, which GitHub shows below the files of a folder, and GitBook takes for the first page.
"""

from __future__ import annotations

from functools import partial

from coursewright.pages.formats.markdown import write
from coursewright.sites.index import Index
from coursewright.sites.page import SitePage, page_file
from coursewright.sites.pictures import files_beside
from coursewright.sites.site import Site
from coursewright.sites.summary import mdbook, summary

_NAMED: tuple[str, str] = (".md", "README")


def page_files(page: SitePage) -> dict[str, str | bytes]:
    """One Markdown file, and one SVG for each picture, by path below `build/markdown`."""
    here = page.entry.address
    files: dict[str, str | bytes] = {page_file(here, *_NAMED): write(page.document, page.links(*_NAMED))}
    for block in page.document.executed.blocks:
        files |= files_beside(here, block)
    return files


def site_files(index: Index, site: Site) -> dict[str, str | bytes]:
    """The contents, as GitBook and mdBook want them, what mdBook asks besides, and a README.md where no page is one."""
    contents = summary(index, site, partial(page_file, ending=_NAMED[0], front=_NAMED[1]))
    files: dict[str, str | bytes] = {"SUMMARY.md": contents, "book.toml": mdbook(site)}
    if "index" not in index.by_address:
        files["README.md"] = contents
    return files
