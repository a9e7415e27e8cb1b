"""Feeds: the newest pages of a site, of a section or of a tag, with their full content."""

from coursewright.sites.feeds.choose import Feed, Head, feeds_of, heads
from coursewright.sites.feeds.clean import cleaned, said
from coursewright.sites.feeds.entry import FORMATS, Enclosure, Issue, Launch, Story
from coursewright.sites.feeds.times import Seen, parse_times, read_times, write_times
from coursewright.sites.feeds.write import writer

__all__ = [
    "FORMATS",
    "Enclosure",
    "Feed",
    "Head",
    "Issue",
    "Launch",
    "Seen",
    "Story",
    "cleaned",
    "feeds_of",
    "heads",
    "parse_times",
    "read_times",
    "said",
    "write_times",
    "writer",
]
