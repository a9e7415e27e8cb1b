"""The nouns: an issue of a feed, as it is written, and the stories in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple


class FeedFormat(NamedTuple):
    """The name of the file that a format of feeds is written into, and its media type."""

    file: str
    media_type: str


FORMATS: Mapping[str, FeedFormat] = MappingProxyType(
    {
        "atom": FeedFormat("feed.xml", "application/atom+xml"),
        "rss": FeedFormat("rss.xml", "application/rss+xml"),
        "json": FeedFormat("feed.json", "application/feed+json"),
    }
)


@dataclass(frozen=True)
class Enclosure:
    """A sound that comes with a story: its address, its media type, and its length in bytes."""

    url: str
    media_type: str
    length: int


@dataclass(frozen=True)
class Launch:
    """A place where a story can be run: its address, and the words that say so."""

    url: str
    title: str


@dataclass(frozen=True)
class Story:
    """One page as readers of feeds show it: `html` is all of its content, with whole addresses.

    `ident` never changes; `updated` changes with the content alone. `links` lead to where the page can be run.
    """

    ident: str
    url: str
    title: str
    html: str
    published: datetime
    updated: datetime
    summary: str = ""
    authors: tuple[str, ...] = ()
    licence: str = ""
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    links: tuple[Launch, ...] = ()


@dataclass(frozen=True)
class Issue:
    """A feed as it is written: its stories, newest first, and what they have in common."""

    title: str
    url: str
    home: str
    authors: tuple[str, ...]
    language: str
    licence: str
    stories: tuple[Story, ...]

    @property
    def updated(self) -> datetime:
        """When the last of its stories changed."""
        return max(story.updated for story in self.stories)
