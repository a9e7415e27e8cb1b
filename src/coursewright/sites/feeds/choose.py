"""Which feeds a site has, and which pages may be in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from coursewright.names import Names, alike, file_name_for
from coursewright.sites.feeds.entry import FORMATS
from coursewright.sites.index import LOST, Entry, Index
from coursewright.sites.site import Site


@dataclass(frozen=True)
class Feed:
    """One feed: its folder in the site with a slash behind it, what it is of, and the pages that may be in it."""

    folder: str
    kind: Literal["site", "section", "tag"]
    name: str
    entries: tuple[Entry, ...]

    def title(self, site: Site) -> str:
        """What readers know it by."""
        return f"{site.title}: {self.name}" if self.name else site.title


@dataclass(frozen=True)
class Head:
    """What a page says of a feed: the path of its file in the site, the media type and a title."""

    path: str
    media_type: str
    title: str


def feeds_of(index: Index, site: Site) -> tuple[Feed, ...]:
    """The feeds of `site`, that of the whole first; none where it has no address, or no page for them."""
    able = tuple(entry for entry in index if _able(entry))
    if not able or not site.url or not site.feeds.formats:
        return ()
    own = site.feeds
    sections = _sections(index, able) if own.sections else ()
    tags = _tags(able) if own.tags else ()
    return (Feed("", "site", "", able), *sections, *tags)


def heads(feeds: tuple[Feed, ...], entry: Entry | None, site: Site) -> tuple[Head, ...]:
    """What a page says of the feeds that it belongs to; of that of the site, a page that is none of the course's."""
    return tuple(
        Head(f"{feed.folder}{FORMATS[name].file}", FORMATS[name].media_type, feed.title(site))
        for feed in feeds
        if feed.kind == "site" or (entry and _belongs(entry, feed))
        for name in site.feeds.formats
    )


def _belongs(entry: Entry, feed: Feed) -> bool:
    if feed.kind == "section":
        return entry.address.startswith(feed.folder)
    return alike(feed.name) in map(alike, entry.published.tags)


def _able(entry: Entry) -> bool:
    """Whether a page may be in feeds: of the many that one file makes, those alone that have a date of their own."""
    own = entry.published
    return own.feed and entry.address != LOST and bool(own.date or own.updated or not entry.key)


def _sections(index: Index, able: tuple[Entry, ...]) -> Iterator[Feed]:
    """The sections with pages that feeds may have, those of the sections in them included."""
    found: dict[str, list[Entry]] = {}
    for entry in able:
        section = entry.section
        while section:
            found.setdefault(section, []).append(entry)
            section = section.rpartition("/")[0]
    for section, entries in found.items():
        front = index.by_address.get(f"{section}/index")
        yield Feed(f"{section}/", "section", front.title if front else section, tuple(entries))


def _tags(able: tuple[Entry, ...]) -> Iterator[Feed]:
    """The tags, whatever their capitals; each is called as the first page calls it."""
    found: dict[str, list[Entry]] = {}
    called: dict[str, str] = {}
    for entry in able:
        for tag in entry.published.tags:
            called.setdefault(alike(tag), tag)
            entries = found.setdefault(alike(tag), [])
            if entry not in entries[-1:]:
                entries.append(entry)
    names = Names()
    for tag, entries in found.items():
        yield Feed(f"tags/{names.distinct(file_name_for(tag, 'tag'), tag)}/", "tag", called[tag], tuple(entries))
