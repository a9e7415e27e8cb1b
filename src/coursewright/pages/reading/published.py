"""When a page was published and under which words: what its front matter says for feeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.pages.reading.page import Page
from coursewright.pages.text.fill import fill_text


class Publication(msgspec.Struct, frozen=True):
    """`date` and `updated` in ISO 8601, empty where the page says none; `tags`; and whether feeds may have the page."""

    date: str = ""
    updated: str = ""
    tags: tuple[str, ...] = ()
    feed: bool = True


def read_published(page: Page, parameters: Mapping[str, Any]) -> Publication:
    """What the front matter of `page` says, its parameters filled in; an empty value says nothing.

    Raises CoursewrightError for what is no date, and for a page that was changed before it was there.
    """
    own = page.settings
    first = _moment(fill_text(own.date, parameters, page.place("date")), page.place("date"))
    last = _moment(fill_text(own.updated, parameters, page.place("updated")), page.place("updated"))
    if first and last and last[:10] < first[:10]:
        hint = f"its date is {first}: updated is when it was changed after that"
        raise CoursewrightError(f"this page was changed on {last}, before it was there", page.place("updated"), hint)
    tags = (fill_text(tag, parameters, page.place("tags")).strip() for tag in own.tags)
    return Publication(first, last, tuple(dict.fromkeys(filter(None, tags))), own.feed)


def _moment(text: str, place: Place) -> str:
    """A day, or a day and a time, as ISO 8601 has it."""
    written = text.strip()
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            moment = read(written) if written else None
        except ValueError:
            continue
        if moment is None:
            return ""
        if MINYEAR < moment.year < MAXYEAR:  # at the ends, another time zone would have no such moment
            return moment.isoformat()
    hint = "write a day, such as 2026-11-29, or a day and a time, such as 2026-11-29T14:30"
    raise CoursewrightError(f'"{written}" is no date', place, hint)
