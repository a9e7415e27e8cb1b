"""GitHub-flavoured Markdown: what GitHub shows properly, with pictures as files beside the page.

Front pages are called README.md, which GitHub shows below the files of a folder, and GitBook takes for the first page.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from urllib.parse import quote, unquote

from coursewright.pages.formats import write_markdown
from coursewright.pages.linking import Link
from coursewright.sites.around.summary import mdbook, summary
from coursewright.sites.index import Index
from coursewright.sites.page import SitePage
from coursewright.sites.pictures import files_beside
from coursewright.sites.references.paths import page_file
from coursewright.sites.site import Site

_NAMED: tuple[str, str] = (".md", "README")
_ENCODED = re.compile("(?:%[89A-F][0-9A-F])+")  # beyond ASCII


def page_files(page: SitePage) -> dict[str, str | bytes]:
    """One Markdown file, and one SVG for each picture, by path below `build/markdown`."""
    here = page.entry.address
    links = {target: _in_letters(link) for target, link in page.links(*_NAMED).items()}
    files: dict[str, str | bytes] = {page_file(here, *_NAMED): write_markdown(page.document, links)}
    for block in page.document.executed.blocks:
        files |= files_beside(here, block)
    return files


def _in_letters(link: Link) -> Link:
    """A link whose letters stand in its address as they are: HonKit finds no page whose name is encoded there."""
    return link._replace(
        href=_ENCODED.sub(lambda found: _letters(found[0]), link.href), pages=tuple(map(_in_letters, link.pages))
    )


def _letters(encoded: str) -> str:
    """What is encoded, with its letters, their marks and numbers beyond ASCII as they are, and nothing else."""
    return "".join(sign if unicodedata.category(sign)[0] in "LMN" else quote(sign) for sign in unquote(encoded))


def site_files(index: Index, site: Site) -> dict[str, str | bytes]:
    """The contents, as GitBook and mdBook want them, what mdBook asks besides, and a README.md where no page is one."""
    contents = summary(index, site, partial(page_file, ending=_NAMED[0], front=_NAMED[1]))
    files: dict[str, str | bytes] = {"SUMMARY.md": contents, "book.toml": mdbook(site)}
    if "index" not in index.by_address:
        files["README.md"] = contents
    return files
