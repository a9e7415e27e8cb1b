"""GitHub-flavoured Markdown: what GitHub shows properly, with pictures as files beside the page."""

from __future__ import annotations

from coursewright.pages import Asked, Picture
from coursewright.pages.as_markdown import medium_file
from coursewright.pages.formats.markdown import write
from coursewright.sites.index import Index
from coursewright.sites.page import SitePage
from coursewright.sites.pictures import picture_files
from coursewright.sites.site import Site


def page_files(page: SitePage) -> dict[str, str | bytes]:
    """One Markdown file, and one SVG for each picture, by path below `build/markdown`."""
    here = page.entry.address
    files: dict[str, str | bytes] = {f"{here}.md": write(page.document, page.links(".md"))}
    for block in page.document.executed.blocks:
        if isinstance(block, Picture):
            files |= picture_files(here, block)
        if isinstance(block, Asked):
            for variant in block.variants:
                files |= {f"{here}/{medium_file(variant, medium.name)}": medium.data for medium in variant.media}
    return files


def site_files(index: Index, site: Site) -> dict[str, str | bytes]:  # noqa: ARG001 - the same for every format
    """What there is besides the pages: nothing."""
    return {}
