"""What the pages of a build give to search, kept in one file from build to build and read one page at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from coursewright.sites import Record

_NAME, _PLACES = "search", "search-places"


class Records:
    """The records of the pages, one behind another in a file of the cache; where each stands is in a second file.

    `kept` is the cache of the last build, `new` that of this one.
    """

    def __init__(self, kept: Path, new: Path) -> None:
        self._old, self._new = kept / _NAME, new
        self._was: dict[str, tuple[int, int]] = {}
        self._is: dict[str, tuple[int, int]] = {}
        self._written = 0
        with contextlib.suppress(OSError, msgspec.DecodeError):
            was = msgspec.msgpack.decode((kept / _PLACES).read_bytes(), type=dict[str, tuple[int, int]])
            self._was = was if self._old.is_file() else {}

    def add(self, address: str, record: Record) -> None:
        """Keep the record of a page that was made."""
        self._append(address, msgspec.msgpack.encode(record))

    def again(self, address: str) -> bool:
        """Keep the record that the last build had of a page; False if it had none."""
        if address not in self._was:
            return False
        start, length = self._was[address]
        with self._old.open("rb") as file:
            file.seek(start)
            content = file.read(length)
        if len(content) < length:
            return False
        self._append(address, content)
        return True

    def _append(self, address: str, content: bytes) -> None:
        with (self._new / _NAME).open("ab") as file:
            file.write(content)
        self._is[address] = (self._written, len(content))
        self._written += len(content)

    def close(self) -> None:
        """Keep where each record stands."""
        (self._new / _PLACES).write_bytes(msgspec.msgpack.encode(self._is))

    def read(self, addresses: Iterable[str]) -> Iterator[Record]:
        """The records of pages, one by one."""
        decoder = msgspec.msgpack.Decoder(Record)
        with (self._new / _NAME).open("rb") as file:
            for address in addresses:
                start, length = self._is[address]
                file.seek(start)
                yield decoder.decode(file.read(length))
