"""RSS 2.0, with the full content as readers expect it (content:encoded) and authors as names (dc:creator)."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from typing import Any

from lxml import etree

from coursewright.sites.feeds.atom import ATOM
from coursewright.sites.feeds.entry import FORMATS, Issue, Story
from coursewright.sites.feeds.text import legal, line

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"


def write(issue: Issue) -> bytes:
    """The feed as a file."""
    rss = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM, "content": _CONTENT, "dc": _DC})
    channel = etree.SubElement(rss, "channel")
    _add(channel, "title", line(issue.title))
    _add(channel, "link", issue.home)
    _add(channel, "description", line(issue.title))
    _add(channel, "language", issue.language)
    if issue.licence:
        _add(channel, "copyright", line(issue.licence))
    _add(channel, "lastBuildDate", format_datetime(issue.updated))
    _add(channel, f"{{{ATOM}}}link", rel="self", type=FORMATS["rss"].media_type, href=issue.url)
    for story in issue.stories:
        _item(etree.SubElement(channel, "item"), story, issue)
    etree.indent(rss)
    written: bytes = etree.tostring(rss, xml_declaration=True, encoding="utf-8")
    return written + b"\n"


def _item(item: Any, story: Story, issue: Issue) -> None:
    _add(item, "title", line(story.title))
    _add(item, "link", story.url)
    _add(item, "guid", story.ident, isPermaLink="true" if story.ident == story.url else "false")
    _add(item, "pubDate", format_datetime(story.published))
    _add(item, f"{{{ATOM}}}updated", story.updated.isoformat())
    for author in story.authors or issue.authors:
        _add(item, f"{{{_DC}}}creator", line(author))
    if story.licence:
        _add(item, f"{{{_DC}}}rights", line(story.licence))
    for tag in story.tags:
        _add(item, "category", line(tag))
    if story.summary:
        _add(item, "description", escape(line(story.summary), quote=False))  # which is HTML here
    _add(item, f"{{{_CONTENT}}}encoded", legal(story.html))
    for each in story.enclosures[:1]:  # readers take one: the others are in the content
        _add(item, "enclosure", url=each.url, length=str(each.length), type=each.media_type)
    for launch in story.links:
        _add(item, f"{{{ATOM}}}link", rel="related", type="text/html", title=line(launch.title), href=launch.url)


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    element = etree.SubElement(parent, name, attributes)
    element.text = text or None
    return element
