"""The address of a course's site: whole, or links from elsewhere would lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from coursewright.courses.reading.course_toml import CourseSettings
from coursewright.errors import CoursewrightError, Place


def check_address(own: CourseSettings, place: Callable[..., Place]) -> None:
    """Raise CoursewrightError for a `[course] url` that is no address of a folder."""
    url = own.course.url
    if url and not _leads_to_a_folder(url):
        hint = "write it whole, such as https://example.org/my-course/"
        raise CoursewrightError(f'"{url}" is no address of a site', place("course", "url"), hint)


def check_feeds(own: CourseSettings, place: Callable[..., Place]) -> None:
    """Raise CoursewrightError for feeds that cannot be."""
    if own.feeds.entries < 1:
        hint = "write 1 or more; for no feeds, formats = []"
        raise CoursewrightError(f"no feed has {own.feeds.entries} entries", place("feeds", "entries"), hint)


def _leads_to_a_folder(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    fits = url.isascii() and url.isprintable() and not set(url) & set(' "<>\\^`{|}')
    return bool(fits and port_fits and parts.scheme in ("http", "https") and host and "?" not in url and "#" not in url)
