"""What the pages of one course have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from coursewright.sites.looks import Looks


@dataclass(frozen=True)
class Site:
    """The course as its readers meet it: a title, who wrote it, its language, its licence, its address, its looks."""

    title: str
    authors: tuple[str, ...] = ()
    language: str = "en-GB"
    licence: str = ""
    url: str = ""
    looks: Looks = field(default_factory=Looks)

    def whole(self, path: str) -> str:
        """The address of `path`, a path in the site, from anywhere; the front page of a folder is the folder."""
        inside = path.removesuffix("index.html") if f"/{path}".endswith("/index.html") else path
        return f"{self.url.rstrip('/')}/{quote(inside)}"
