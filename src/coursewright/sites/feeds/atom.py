"""Atom, as RFC 4287 has it."""

from __future__ import annotations

from typing import Any

from lxml import etree

from coursewright.sites.feeds.entry import FORMATS, Issue, Story
from coursewright.sites.feeds.text import legal, line

ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def write(issue: Issue) -> bytes:
    """The feed as a file."""
    feed = etree.Element(f"{{{ATOM}}}feed", {_LANGUAGE: issue.language}, nsmap={None: ATOM})
    _add(feed, "title", line(issue.title))
    _add(feed, "id", issue.url)
    _add(feed, "updated", issue.updated.isoformat())
    for author in issue.authors or (issue.title,):
        _add(_add(feed, "author"), "name", line(author))
    _add(feed, "link", rel="self", type=FORMATS["atom"].media_type, href=issue.url)
    _add(feed, "link", rel="alternate", type="text/html", href=issue.home)
    if issue.licence:
        _add(feed, "rights", line(issue.licence))
    for story in issue.stories:
        _entry(_add(feed, "entry"), story)
    etree.indent(feed)
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return written + b"\n"


def _entry(entry: Any, story: Story) -> None:
    _add(entry, "title", line(story.title))
    _add(entry, "id", story.ident)
    _add(entry, "published", story.published.isoformat())
    _add(entry, "updated", story.updated.isoformat())
    for author in story.authors:
        _add(_add(entry, "author"), "name", line(author))
    _add(entry, "link", rel="alternate", type="text/html", href=story.url)
    if story.licence:
        _add(entry, "rights", line(story.licence))
    for each in story.enclosures:
        _add(entry, "link", rel="enclosure", type=each.media_type, length=str(each.length), href=each.url)
    for launch in story.links:
        _add(entry, "link", rel="related", type="text/html", title=line(launch.title), href=launch.url)
    for tag in story.tags:
        _add(entry, "category", term=line(tag))
    if story.summary:
        _add(entry, "summary", line(story.summary))
    _add(entry, "content", legal(story.html), type="html")


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text or None
    return element
