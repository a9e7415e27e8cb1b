"""What the pages of one course have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

import msgspec

from coursewright.sites.runtimes.settings import Runtimes
from coursewright.sites.theme.looks import SiteLooks
from coursewright.zone import UTC


class Feeds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[feeds]`: the `formats` of feeds, how many `entries` each has, and whether tags and sections have their own."""

    formats: tuple[Literal["atom", "rss", "json"], ...] = ("atom", "rss", "json")
    entries: int = 20
    tags: bool = True
    sections: bool = True


@dataclass(frozen=True)
class Site:
    """The course as its readers meet it: a title, who wrote it, its language, its licence, its address, its looks."""

    title: str
    authors: tuple[str, ...] = ()
    language: str = "en-GB"
    licence: str = ""
    url: str = ""
    looks: SiteLooks = field(default_factory=SiteLooks)
    feeds: Feeds = field(default_factory=Feeds)
    timezone: str = UTC
    runtimes: Runtimes = field(default_factory=Runtimes)

    def whole(self, path: str) -> str:
        """The address of `path`, a path in the site, from anywhere; the front page of a folder is the folder."""
        inside = path.removesuffix("index.html") if f"/{path}".endswith("/index.html") else path
        return f"{self.url.rstrip('/')}/{quote(inside)}"
