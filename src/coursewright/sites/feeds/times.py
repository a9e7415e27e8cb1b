"""When pages were first there and when their content last changed: a file that is kept with the course.

It has a line for each page, so that it merges as text does. A clone of the course has it too, and gives the same feeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

from coursewright import settings
from coursewright.errors import CoursewrightError, Place

NAME = "feeds.times"
_HEAD = """\
# When the pages of the feeds were first there, when their content last changed, and what it was then.
# Written by coursewright build; keep it with the course, so that readers of its feeds hear of what changed, and once.
"""


class PageTimes(msgspec.Struct, frozen=True):
    """When a page was first there, when its content last changed, and the fingerprint of that."""

    first: datetime
    changed: datetime
    content: str


def read_times(root: Path) -> dict[str, PageTimes]:
    """What the file in the course at `root` says, by the addresses of pages.

    Raises CoursewrightError with the place of a line that is not one of ours.
    """
    file = root / NAME
    return parse_times(settings.read_text(file), file) if file.exists() else {}


def parse_times(text: str, file: str | Path = NAME) -> dict[str, PageTimes]:
    """What the text of such a file says, by the addresses of pages.

    Raises CoursewrightError with the place of a line that is not one of ours.
    """
    found: dict[str, PageTimes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                first, changed, content, address = line.split(" ")
                found[unquote(address)] = PageTimes(_time(first), _time(changed), content)
            except ValueError:
                hint = "leave out this line; of two versions that a merge left here, keep the one with the later time"
                raise CoursewrightError("this is no line of the times of feeds", Place(file, number), hint) from None
    return found


def write_times(root: Path, times: Mapping[str, PageTimes]) -> None:
    """Keep `times` in the course at `root`; a file that says so already is not touched."""
    file = root / NAME
    lines = (
        f"{_text(seen.first)} {_text(seen.changed)} {seen.content} {quote(address)}\n"
        for address, seen in sorted(times.items())
    )
    text = _HEAD + "".join(lines)
    if (times or file.exists()) and not (file.exists() and file.read_bytes() == text.encode()):
        file.write_bytes(text.encode())


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(text)
    return time


def _text(time: datetime) -> str:
    return time.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"
