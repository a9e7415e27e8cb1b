"""Feeds: the newest pages of a site, of a section or of a tag, with their full content."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.feeds.choose import Feed, Head, feeds_of, heads
    from coursewright.sites.feeds.clean import cleaned, said
    from coursewright.sites.feeds.entry import FORMATS, Enclosure, Issue, Launch, Story
    from coursewright.sites.feeds.times import NAME, PageTimes, parse_times, read_times, write_times
    from coursewright.sites.feeds.write import writer
    from coursewright.sites.site import Feeds
else:
    __getattr__ = on_first_use(__name__, __file__)
