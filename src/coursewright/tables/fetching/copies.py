"""The nouns of what is fetched: a kept copy with the note of where it comes from, and the limits of fetching."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.fetching.lock import LockEntry

_UNITS = {"b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3}


class Fetch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[fetch]` of `course.toml`: the largest thing to fetch, and how many seconds may go by without a byte of it."""

    limit: str = "100 MB"
    seconds: float = 30

    @property
    def bytes(self) -> int:
        """The limit in bytes. Raises ValueError if it is none."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kMG]?B)", self.limit.strip(), re.IGNORECASE)
        if found is None:
            raise ValueError(self.limit)
        return int(float(found[1]) * _UNITS[found[2].lower()])

    def check(self, place: Place) -> None:
        """Raise CoursewrightError for a limit that is none."""
        try:
            fits = self.bytes > 0 and self.seconds > 0
        except ValueError:
            fits = False
        if not fits:
            hint = 'for instance: limit = "200 MB" and seconds = 60'
            raise CoursewrightError("[fetch] has a limit that is none", place, hint)


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a kept copy: the note beside it.

    `address` is how it is shown, `key` the hash of how course.toml has it, `file` the name of the copy. `fetched` is
    when these bytes came, `final` who answered in the end, `charset` how a page's text is encoded, if the answer says,
    `open_ended` whether it did not say how long it is.
    """

    address: str
    key: str
    file: str
    fetched: datetime
    sha256: str = ""
    size: int = 0
    final: str = ""
    etag: str = ""
    modified: str = ""
    content_type: str = ""
    charset: str = ""
    open_ended: bool = False

    @property
    def locked(self) -> LockEntry:
        """The entry of `data.lock` for it."""
        return LockEntry(self.address, self.key, self.sha256, self.size, self.fetched, self.etag)


def new_copy(address: str, written: str) -> Copy:
    """A copy that is to be fetched: a name that people can read, and the hash of what course.toml has."""
    key = hashlib.sha256(written.encode()).hexdigest()[:16]
    place = re.sub(r"\.\w+$", "", address.partition("://")[2].rstrip("/"))
    first, _, last = place.partition("/")
    words = [re.sub(r"[^A-Za-z0-9.-]+", "-", word).strip("-.")[:60] for word in (first, last.rpartition("/")[2])]
    return Copy(address=address, key=key, file="-".join([*filter(None, words), key]), fetched=datetime.now(UTC))
