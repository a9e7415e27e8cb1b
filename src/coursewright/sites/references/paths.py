"""Addresses in a site: where a page or a file stands, as it is seen from another page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import takewhile
from urllib.parse import quote

from coursewright.sites.index import Index

FRONT = "index"
"""What the front page of a section is called."""


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
