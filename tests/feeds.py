"""What the specifications of feeds ask for: RFC 4287 (Atom), RSS 2.0, JSON Feed 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
_SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "cases" / "atom.rng"))
_CHANNEL = [
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "pubDate",
    "lastBuildDate",
    "category",
    "generator",
    "docs",
    "ttl",
    "image",
]
_ITEM = ["title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"]
_ADDRESS = {"type": "string", "pattern": "^https?://"}
_AUTHORS = {
    "type": "array",
    "items": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {"name": {"type": "string"}, "url": _ADDRESS, "avatar": _ADDRESS},
    },
}
_ITEM_OF_JSON = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "additionalProperties": False,
    "patternProperties": {"^_[^.]+$": {"type": "object"}},
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "url": _ADDRESS,
        "external_url": _ADDRESS,
        "title": {"type": "string"},
        "content_html": {"type": "string"},
        "content_text": {"type": "string"},
        "summary": {"type": "string"},
        "image": _ADDRESS,
        "banner_image": _ADDRESS,
        "date_published": {"type": "string"},
        "date_modified": {"type": "string"},
        "authors": _AUTHORS,
        "tags": {"type": "array", "items": {"type": "string"}},
        "language": {"type": "string"},
        "attachments": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["url", "mime_type"],
                "additionalProperties": False,
                "properties": {
                    "url": _ADDRESS,
                    "mime_type": {"type": "string", "pattern": "^[a-z]+/.+$"},
                    "title": {"type": "string"},
                    "size_in_bytes": {"type": "integer", "minimum": 0},
                    "duration_in_seconds": {"type": "number"},
                },
            },
        },
    },
}
_JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "patternProperties": {"^_[^.]+$": {"type": "object"}},
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string"},
        "home_page_url": _ADDRESS,
        "feed_url": _ADDRESS,
        "description": {"type": "string"},
        "user_comment": {"type": "string"},
        "next_url": _ADDRESS,
        "icon": _ADDRESS,
        "favicon": _ADDRESS,
        "authors": _AUTHORS,
        "language": {"type": "string"},
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {"type": "array", "items": _ITEM_OF_JSON},
    },
}


def wrong_in_atom(content: bytes) -> list[str]:
    """What RFC 4287 finds wrong: its schema, its Schematron rules, and what it says in prose."""
    feed = etree.fromstring(content)
    found = [] if _SCHEMA.validate(feed) else [str(error) for error in _SCHEMA.error_log]
    entries = feed.findall(f"{ATOM}entry")
    if feed.find(f"{ATOM}author") is None and any(entry.find(f"{ATOM}author") is None for entry in entries):
        found.append("no author of the feed, and none of an entry")
    found += [f"{each} twice" for each in _twice(entry.findtext(f"{ATOM}id") for entry in entries)]
    for element in (feed, *entries):
        links = [(each.get("rel", "alternate"), each.get("type")) for each in element.findall(f"{ATOM}link")]
        found += [f"two links {each}" for each in _twice(link for link in links if link[0] == "alternate")]
        found += [f"no id in {element.tag}"] if not _whole(element.findtext(f"{ATOM}id") or "") else []
        if element is not feed and not any(rel == "alternate" for rel, _ in links):
            found += ["an entry without a link"] if element.find(f"{ATOM}content") is None else []
    if not any(each.get("rel") == "self" for each in feed.findall(f"{ATOM}link")):
        found.append("no link to itself")
    found += [f"{each.get('href')} is not whole" for each in feed.iter(f"{ATOM}link") if not _whole(each.get("href"))]
    for name in ("updated", "published"):
        found += [f"{each.text} has no zone" for each in feed.iter(f"{ATOM}{name}") if not _zoned(each.text)]
    return found


def wrong_in_rss(content: bytes) -> list[str]:
    """What the specification of RSS 2.0 finds wrong, and what the RSS Advisory Board's profile warns of."""
    rss = etree.fromstring(content)
    (channel,) = rss
    found = [] if rss.tag == "rss" and rss.get("version") == "2.0" and channel.tag == "channel" else ["no RSS 2.0"]
    found += [f"no {name}" for name in ("title", "link", "description") if not channel.findtext(name)]
    found += [
        f"no element {each.tag}" for each in channel if each.tag not in (*_CHANNEL, "item") and "}" not in each.tag
    ]
    found += [f"{each} twice" for each in _twice(each.tag for each in channel if each.tag != "item")]
    items = channel.findall("item")
    found += [f"{each} twice" for each in _twice(item.findtext("guid") for item in items)]
    for item in items:
        found += [f"no element {each.tag}" for each in item if each.tag not in _ITEM and "}" not in each.tag]
        found += [
            f"{each} twice" for each in _twice(each.tag for each in item if each.tag in _ITEM) if each != "category"
        ]
        found += (
            ["neither title nor description"] if not (item.findtext("title") or item.findtext("description")) else []
        )
        guid = item.find("guid")
        if guid is None or (guid.get("isPermaLink", "true") == "true" and not _whole(guid.text)):
            found.append("a guid that is no address")
        for enclosure in item.findall("enclosure"):
            if set(enclosure.attrib) != {"url", "length", "type"} or not enclosure.get("length", "").isdigit():
                found.append(f"an enclosure with {sorted(enclosure.attrib)}")
            found += [] if _whole(enclosure.get("url")) else ["an enclosure that is elsewhere"]
    for each in (*channel.findall("link"), *channel.findall("item/link")):
        found += [] if _whole(each.text) else [f"{each.text} is not whole"]
    for each in (*channel.findall("lastBuildDate"), *channel.findall("item/pubDate")):
        found += [] if parsedate_to_datetime(each.text or "").tzinfo else [f"{each.text} has no zone"]
    return found


def wrong_in_json(feed: Any) -> list[str]:
    """What JSON Feed 1.1 finds wrong."""
    found = [error.message for error in jsonschema.Draft202012Validator(_JSON_FEED).iter_errors(feed)]
    found += [f"{each} twice" for each in _twice(item.get("id") for item in feed["items"] or ())]
    for item in feed["items"] or ():
        found += [f"{key} has no zone" for key in ("date_published", "date_modified") if not _zoned(item.get(key))]
    return found


def wrong_in_html(html: str) -> list[str]:
    """What readers of feeds would refuse or show wrongly in the content of an entry."""
    found = re.findall(r"<(?:script|style|svg|iframe|form|input|button|object|embed|link|meta)\b", html)
    found += re.findall(r"\s(?:id|class|style|on\w+|tabindex|role|data-\w+)=", html)
    found += re.findall(r"data:[\w/]+;base64", html)
    addresses = re.findall(r'\s(?:href|src|poster|cite)="([^"]*)"', html)
    return found + [each for each in addresses if not _whole(each) and not each.startswith(("mailto:", "tel:"))]


def _whole(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _zoned(time: str | None) -> bool:
    return bool(time) and datetime.fromisoformat(time or "").tzinfo is not None


def _twice(values: Any) -> Iterator[Any]:
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            yield value
        seen.add(value)
