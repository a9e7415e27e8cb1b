"""The time zone of a course: where its days begin, on every machine."""

from __future__ import annotations

import os
import time
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager

from coursewright.errors import CoursewrightError, Place, did_you_mean

UTC = "UTC"


def known_zone(name: str, place: Place) -> str:
    """The name of a time zone of the IANA database. Raises CoursewrightError for one that is not known."""
    if name == UTC:  # as in nearly every course: the database need not be read
        return name
    known = zoneinfo.available_timezones() | {UTC}
    if name not in known:
        cities = {zone.rpartition("/")[2].lower(): zone for zone in sorted(known)}
        meant = cities.get(name.rpartition("/")[2].lower(), name)
        raise CoursewrightError(f'no time zone called "{name}"', place, did_you_mean(meant, known))
    return name


@contextmanager
def machine_in_utc() -> Iterator[None]:
    """Let an author's Python, inside this process, see a machine whose own zone is UTC."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = UTC
    _settle()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        _settle()


def _settle() -> None:
    if hasattr(time, "tzset"):  # Windows has none, and reads TZ nowhere
        time.tzset()
