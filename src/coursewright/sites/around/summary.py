"""The contents of a whole site as one list of links: `SUMMARY.md`, in the form that GitBook and mdBook both read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from coursewright.markup import escape_markdown
from coursewright.sites.index import LOST, Entry, Index
from coursewright.sites.site import Site

# What cannot stand in a destination as it is; anything else does, for mdBook looks for a file of the name as written.
_ENCODED = re.compile(r"[\x00-\x20\x7f%#?<>\\]")


def summary(index: Index, site: Site, file: Callable[[str], str]) -> str:
    """All pages as a list, those of a section below its front page; `file` gives the path of a page's file.

    Every page is in it: mdBook writes no others. A section without a front page has no title: its pages stand where
    it stands.
    """
    lines = (f"{'  ' * depth}- [{_title(page)}]({_destination(file(page.address))})" for page, depth in nested(index))
    return "\n".join([f"# {escape_markdown(site.title)}", "", *lines, ""])


def mdbook(site: Site) -> str:
    """`book.toml`: what mdBook asks of a book besides its summary.

    Its preprocessors are off: one gives README.md another name and forgets the links to it, one carries out what
    stands in the text between two braces. What it makes goes where no page can be.
    """
    lines = [
        "[book]",
        f"title = {_toml(site.title)}",
        f"authors = [{', '.join(map(_toml, site.authors))}]",
        f"language = {_toml(site.language)}",
        'src = "."',
        "",
        "[build]",
        'build-dir = ".book"',
        "create-missing = false",
        "use-default-preprocessors = false",
        "",
    ]
    return "\n".join(lines)


def nested(index: Index) -> Iterator[tuple[Entry, int]]:
    """Every page once, in the order of the site, with the number of front pages that it stands below.

    The page for addresses at which there is none is not among them.
    """
    inside: dict[str, dict[str, Entry | None]] = {}  # by section: its pages, and None for the sections in it
    for entry in (entry for entry in index if entry.address != LOST):
        section = entry.section
        inside.setdefault(section, {})[entry.address] = entry
        while section:
            above = section.rpartition("/")[0]
            inside.setdefault(above, {}).setdefault(f"{section}/", None)
            section = above
    yield from _within(inside, "", 0)


def _within(inside: dict[str, dict[str, Entry | None]], section: str, depth: int) -> Iterator[tuple[Entry, int]]:
    children = inside.get(section, {})
    front = children.get(f"{section}/index") if section else None
    if front:
        yield front, depth
        depth += 1
    for address, entry in children.items():
        if entry is None:
            yield from _within(inside, address.removesuffix("/"), depth)
        elif entry is not front:
            yield entry, depth


def _title(page: Entry) -> str:
    return escape_markdown(page.title) or escape_markdown(page.address)


def _destination(path: str) -> str:
    """`path` in parentheses: as it is written but for what Markdown and addresses have a use of their own for."""
    encoded = _ENCODED.sub(lambda found: quote(found[0]), path).replace("&", "&amp;")
    scheme = "./" if ":" in encoded.partition("/")[0] else ""
    return scheme + re.sub(r"[()]", r"\\\g<0>", encoded)


def _toml(text: str) -> str:
    """A string of TOML, which is one of JSON but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
