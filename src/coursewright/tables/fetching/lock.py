"""The noun `data.lock`: what the tables of a course were read from, so that no change of it goes unseen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from coursewright import settings

FILE = "data.lock"
_HEAD = "# What the tables of this course were read from. Written by `coursewright table lock`; please commit it.\n"


class LockEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One address or query: how it is shown, the hash of how course.toml has it, and the bytes that came.

    Of a file of the course, the address is its path, and `fetched` is when it was locked.
    """

    address: str
    key: str
    sha256: str
    size: int
    fetched: datetime
    etag: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is a file of the course."""
        return self.key == local_key(self.address)


def local_key(path: str) -> str:
    """The key of a file of the course."""
    return f"file:{path}"


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`data.lock`."""

    source: tuple[LockEntry, ...] = ()

    def get(self, key: str) -> LockEntry | None:
        """What is locked for a key."""
        return next((locked for locked in self.source if locked.key == key), None)


def read_lock(root: Path) -> Lock | None:
    """The lock of the course in `root`, if it has one. Raises CoursewrightError with the line of what does not fit."""
    file = root / FILE
    return settings.read_toml(settings.read_text(file), Lock, file) if file.exists() else None


def write_lock(root: Path, locked: Iterable[LockEntry]) -> Path:
    """Write the lock, sorted and whole or not at all; the path of the file."""
    file = root / FILE
    beside = file.with_name(f".{FILE}.new")
    try:
        text = "".join(map(_entry, sorted(locked, key=lambda each: (each.address, each.key))))
        beside.write_text(_HEAD + text, encoding="utf-8", newline="\n")
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return file


def _entry(locked: LockEntry) -> str:
    lines = [f"{name} = {_value(value)}" for name, value in msgspec.structs.asdict(locked).items() if value != ""]
    return "\n[[source]]\n" + "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return msgspec.json.encode(value).decode()  # a text or a number of JSON is one of TOML
