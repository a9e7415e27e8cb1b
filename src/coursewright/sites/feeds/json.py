"""JSON Feed 1.1."""

from __future__ import annotations

from typing import Any

import msgspec

from coursewright.sites.feeds.entry import Issue, Story
from coursewright.sites.feeds.text import legal, line

VERSION = "https://jsonfeed.org/version/1.1"


def write(issue: Issue) -> bytes:
    """The feed as a file; what the format has no word for stands under `_coursewright`."""
    feed = {
        "version": VERSION,
        "title": line(issue.title),
        "home_page_url": issue.home,
        "feed_url": issue.url,
        "language": issue.language,
        "authors": _authors(issue.authors),
        "_coursewright": {"licence": line(issue.licence)} if issue.licence else None,
        "items": [_item(story) for story in issue.stories],
    }
    return msgspec.json.format(msgspec.json.encode(_without_empty(feed)), indent=2) + b"\n"


def _item(story: Story) -> dict[str, Any]:
    enclosures = [
        {"url": each.url, "mime_type": each.media_type, "size_in_bytes": each.length} for each in story.enclosures
    ]
    launches = [{"url": launch.url, "title": line(launch.title)} for launch in story.links]
    item = {
        "id": story.ident,
        "url": story.url,
        "title": line(story.title),
        "content_html": legal(story.html),
        "summary": line(story.summary),
        "date_published": story.published.isoformat(),
        "date_modified": story.updated.isoformat(),
        "authors": _authors(story.authors),
        "tags": [line(tag) for tag in story.tags],
        "attachments": enclosures,
        "_coursewright": _without_empty({"licence": line(story.licence), "run": launches}) or None,
    }
    return _without_empty(item, but="content_html")


def _authors(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"name": line(name)} for name in names]


def _without_empty(values: dict[str, Any], but: str = "items") -> dict[str, Any]:
    return {name: value for name, value in values.items() if value or name == but}
