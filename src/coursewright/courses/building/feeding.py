"""The verb: write the feeds of a site, of its newest pages, each with a time that changes with its content alone."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from zoneinfo import ZoneInfo

from coursewright.courses.building.feed_content import Content, Contents
from coursewright.courses.building.state import PageState
from coursewright.courses.building.writing import Writing
from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage
from coursewright.labels import direction, labels_in
from coursewright.sites import Entry
from coursewright.sites.feeds import FORMATS, Feed, Issue, Launch, PageTimes, Story, read_times, write_times, writer
from coursewright.sites.retelling import CHOICE
from coursewright.sites.runtimes import RunLink, here, run_links

_AT_HAND = 200  # stories that are kept for further feeds; any other is read again
LARGEST = 4_000_000
"""Letters of content that one feed holds at the most: entries that would be more are left out, the first aside."""


def write_feeds(
    writing: Writing, planned: Sequence[PlannedPage], states: Mapping[str, PageState], formats: Collection[str]
) -> Feeding:
    """Write the feeds of a build, if it writes the site; their times are to be kept when it is done."""
    feeding = Feeding(writing, planned, states, writing.feeds if "site" in formats else ())
    feeding.write()
    return feeding


@dataclass
class Feeding:
    """The feeds of one build, whose pages are `planned` and came to `states`."""

    writing: Writing
    planned: Sequence[PlannedPage]
    states: Mapping[str, PageState]
    feeds: tuple[Feed, ...]
    seen: dict[str, PageTimes] = field(default_factory=dict)
    told: dict[str, Story] = field(default_factory=dict)

    @cached_property
    def course(self) -> Course:
        """The course that is built."""
        return self.writing.course

    @cached_property
    def by_address(self) -> dict[str, PlannedPage]:
        """The pages by their addresses."""
        return {one.address: one for one in self.planned}

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where the days of the course begin, and what its times are told in."""
        return ZoneInfo(self.course.site.timezone)

    @cached_property
    def before(self) -> dict[str, PageTimes]:
        """What is known of pages from earlier builds."""
        return read_times(self.course.root)

    @cached_property
    def now(self) -> datetime:
        """The time of this build, to the second: that of the clock, or what SOURCE_DATE_EPOCH says instead."""
        return datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()), UTC)

    @cached_property
    def contents(self) -> Contents:
        """What the pages say, made when it is asked for."""
        return Contents(self.writing)

    def write(self) -> None:
        """Write every feed, with the pictures of its entries."""
        site = self.course.site
        for entry in self.feeds[0].entries if self.feeds else ():  # every page that any feed may have
            if not _dated(entry):
                self._see(entry)
        for feed in self.feeds:
            stories = tuple(self._stories(feed))
            for name in site.feeds.formats:
                path = f"{feed.folder}{FORMATS[name].file}"
                written = writer(name)(self._issue(feed, path, stories))
                self.writing.add("site", {path: written}, f"the feed of {feed.title(site)}")

    def keep(self, *, preview: bool = False) -> None:
        """Keep the times with the course; of a preview, and of a build with other parameters, nothing is kept."""
        if self.feeds and not preview and not self.course.overrides:
            write_times(self.course.root, self.seen)

    def _issue(self, feed: Feed, path: str, stories: tuple[Story, ...]) -> Issue:
        site = self.course.site
        home = f"{feed.folder}index.html" if feed.kind != "tag" else "index.html"
        if home.removesuffix(".html") not in self.writing.index.by_address:
            home = "index.html"
        return Issue(
            feed.title(site), site.whole(path), site.whole(home), site.authors, site.language, site.licence, stories
        )

    def _stories(self, feed: Feed) -> Iterator[Story]:
        """The newest entries of a feed; those of one time in the order of the site."""
        newest = sorted(feed.entries, key=self._newness, reverse=True)[: self.course.site.feeds.entries]
        held = 0
        for entry in newest:
            story = self._story(entry)
            held += len(story.html)
            if held > LARGEST and held > len(story.html):
                return
            yield story

    def _story(self, entry: Entry) -> Story:
        """One entry, whose files are written."""
        if entry.address in self.told:
            return self.told[entry.address]
        if len(self.told) >= _AT_HAND:
            self.told.clear()
        site, one, seen = self.course.site, self.by_address[entry.address], self._see(entry)
        content = self._content(entry)
        html, files = self.contents.files(content)
        launches = self._launches(entry)
        html += _below(launches, labels_in("sites", site.language).run.text)
        self.writing.add("site", files, one.owner)
        whole = site.whole(f"{entry.address}.html")
        own = entry.published.updated
        updated = max(self._time(own) if own else seen.changed, seen.first)
        self.told[entry.address] = story = Story(
            whole,
            whole,
            entry.title,
            f'<div lang="{site.language}" dir="rtl">{html}</div>' if direction(site.language) == "rtl" else html,
            seen.first.astimezone(self.zone),
            updated.astimezone(self.zone),
            entry.description,
            entry.authors,
            entry.licence,
            entry.published.tags,
            self.contents.enclosures(one, content),
            launches,
        )
        return story

    def _launches(self, entry: Entry) -> tuple[Launch, ...]:
        """Where a page can be run."""
        site = self.course.site
        page = site.whole(f"{entry.address}.html")
        own = here(entry, site, page)
        if entry.chooses and site.runtimes.here and not own:
            own = RunLink(entry.chooses[0].title, f"{page}#{CHOICE}")
        links = run_links(site.runtimes, entry.address, own)
        return tuple(Launch(link.href, link.place) for link in links)

    def _newness(self, entry: Entry) -> datetime:
        if _dated(entry):
            return max(self._time(text) for text in (entry.published.date, entry.published.updated) if text)
        return self.seen[entry.address].changed

    def _see(self, entry: Entry) -> PageTimes:
        """When a page was first there and changed last, which is now if its content is not what it was."""
        if entry.address in self.seen:
            return self.seen[entry.address]
        was, said = self.before.get(entry.address), self._content(entry).said
        if _dated(entry):
            first = self._time(entry.published.date or entry.published.updated)
        else:
            first = was.first if was else self.now
        changed = (was.changed if was.content == said else self.now) if was else first
        self.seen[entry.address] = seen = PageTimes(first, changed, said)
        return seen

    def _content(self, entry: Entry) -> Content:
        return self.contents.of(self.by_address[entry.address], self.states[entry.address])

    def _time(self, text: str) -> datetime:
        """A day or a time of a page in the course's own time zone; a day begins at midnight."""
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=time.tzinfo or self.zone, microsecond=0)


def _below(launches: tuple[Launch, ...], said: str) -> str:
    """The links to where a page can be run, at the end of its content: few readers show those of an entry."""
    links = " · ".join(f'<a href="{escape(launch.url)}">{escape(launch.title)}</a>' for launch in launches)
    return f"\n<p>{escape(said)}: {links}</p>\n" if links else ""


def _dated(entry: Entry) -> bool:
    return bool(entry.published.date or entry.published.updated)
