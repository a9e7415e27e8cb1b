"""What the pages of a build give to search, kept in one file from build to build and read one page at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from coursewright.sites.search import SearchRecord

_RECORDS, _PLACES, _MADE = "search", "search-places", "search-made"

Place = tuple[int, int]  # where a record begins in its file, and how long it is


class Records:
    """The records of the pages, one behind another in a file of the cache; where each stands is in a second file.

    `kept` is the cache of the last build, `new` that of this one.
    """

    def __init__(self, kept: Path, new: Path) -> None:
        self._old, self._made, self._new = kept / _RECORDS, new / _MADE, new
        self._file: BinaryIO | None = None
        self._was: dict[str, Place] = {}
        self._is: dict[str, tuple[bool, Place]] = {}  # whether it was made, and where it stands in that file
        self._written = 0
        with contextlib.suppress(OSError, msgspec.DecodeError):
            was = msgspec.msgpack.decode((kept / _PLACES).read_bytes(), type=dict[str, Place])
            whole = self._old.stat().st_size == sum(length for _, length in was.values())
            self._was = was if whole else {}

    def add(self, address: str, record: SearchRecord) -> None:
        """Keep the record of a page that was made."""
        content = msgspec.msgpack.encode(record)
        self._file = self._file or self._made.open("wb")
        self._file.write(content)
        self._is[address] = (True, (self._written, len(content)))
        self._written += len(content)

    def again(self, address: str) -> bool:
        """Keep the record that the last build had of a page; False if it had none."""
        if address in self._was:
            self._is[address] = (False, self._was[address])
        return address in self._was

    def close(self) -> None:
        """Close the file of the records that were made."""
        if self._file:
            self._file.close()

    def put_together(self) -> None:
        """Put all records behind one another, in the order of the pages."""
        self.close()
        places: dict[str, Place] = {}
        at = 0
        with contextlib.ExitStack() as stack:
            files: dict[bool, BinaryIO] = {}
            for made in {made for made, _ in self._is.values()}:
                files[made] = stack.enter_context((self._made if made else self._old).open("rb"))
            new = stack.enter_context((self._new / _RECORDS).open("wb"))
            for address, (made, place) in self._is.items():
                new.write(_read(files[made], place))
                places[address] = (at, place[1])
                at += place[1]
        self._made.unlink(missing_ok=True)
        (self._new / _PLACES).write_bytes(msgspec.msgpack.encode(places))
        self._was = places

    def read(self, addresses: Iterable[str]) -> Iterator[SearchRecord]:
        """The records of pages, one by one, when all are there."""
        decoder = msgspec.msgpack.Decoder(SearchRecord)
        with (self._new / _RECORDS).open("rb") as file:
            for address in addresses:
                yield decoder.decode(_read(file, self._was[address]))


def _read(file: BinaryIO, place: Place) -> bytes:
    start, length = place
    if file.tell() != start:
        file.seek(start)
    return file.read(length)
