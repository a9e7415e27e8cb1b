"""GitHub-flavoured Markdown: what GitHub shows properly, with pictures as files beside the page.

Front pages are called README.md, which GitHub shows below the files of a folder, and GitBook takes for the first page.
"""

from __future__ import annotations

from functools import partial

import msgspec

from coursewright.figures import on_paper
from coursewright.pages import Asked, Framed, Picture, shown_in
from coursewright.pages.as_markdown import medium_file
from coursewright.pages.formats.markdown import write
from coursewright.sites.index import Index
from coursewright.sites.page import SitePage, page_file
from coursewright.sites.pictures import block_files
from coursewright.sites.site import Site
from coursewright.sites.summary import mdbook, summary

_NAMED = {"ending": ".md", "front": "README"}


def page_files(page: SitePage) -> dict[str, str | bytes]:
    """One Markdown file, and one SVG for each picture, by path below `build/markdown`."""
    here = page.entry.address
    files: dict[str, str | bytes] = {page_file(here, **_NAMED): write(page.document, page.links(**_NAMED))}
    for block in page.document.executed.blocks:
        plain = msgspec.structs.replace(block, svg=on_paper(block.svg)) if isinstance(block, Picture) else block
        files |= block_files(here, plain)
        widgets = (each for each in shown_in([block]) if isinstance(each, Framed))
        files |= {f"{here}/{widget.name}.html": widget.page for widget in widgets}
        if isinstance(block, Asked):
            for variant in block.variants:
                files |= {f"{here}/{medium_file(variant, medium.name)}": medium.data for medium in variant.media}
    return files


def site_files(index: Index, site: Site) -> dict[str, str | bytes]:
    """The contents, as GitBook and mdBook want them, what mdBook asks besides, and a README.md where no page is one."""
    contents = summary(index, site, partial(page_file, **_NAMED))
    files: dict[str, str | bytes] = {"SUMMARY.md": contents, "book.toml": mdbook(site)}
    if "index" not in index.by_address:
        files["README.md"] = contents
    return files
