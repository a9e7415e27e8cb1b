"""Packages for learning platforms: names, media, and a zip whose bytes depend on nothing but the items."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

from coursewright.errors import CoursewrightError
from coursewright.names import file_name_for
from coursewright.questions.export import File, Item
from coursewright.questions.variant import Media, Variant

_OTHER = re.compile(r"[^A-Za-z0-9.-]")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell


def ncname(text: str) -> str:
    """`text` as an identifier of XML (an NCName of ASCII); two texts never have the same."""
    written = _OTHER.sub(lambda found: "__" if found[0] == "_" else f"_{ord(found[0]):x}_", text)
    return written if written[:1].isalpha() and not written.lower().startswith(("xml", "q-")) else f"q-{written}"


def media_path(medium: Media) -> str:
    """Where a picture or sound is in the package: the same for the same bytes, whatever variant they are in."""
    digest = sha256(medium.data).hexdigest()[:16]
    return f"media/{file_name_for(f'{digest}-{ncname(medium.name)}', 'medium')}"


def media_files(variant: Variant) -> tuple[File, ...]:
    """The pictures and sounds of the variant, where they are in the package."""
    return tuple(File(media_path(medium), medium.data) for medium in variant.media)


def each_once(items: Iterable[Item]) -> Iterator[Item]:
    """The items as they come; CoursewrightError for a second one of the same name."""
    names = set()
    for item in items:
        if item.ident in names:
            raise CoursewrightError(f'two items are called "{item.ident}"', hint="give the questions different names")
        names.add(item.ident)
        yield item


class ByQuestion:
    """Pieces of a file, which wait on disk until all those of a question are there."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._runs: dict[str, list[tuple[int, int]]] = {}  # where those of a question are, mostly in one place
        self._numbers: Counter[str] = Counter()

    def put(self, question: str, piece: bytes) -> None:
        """Take in one more piece of a question."""
        start = self._file.tell()
        self._file.write(len(piece).to_bytes(8, "big") + piece)
        runs = self._runs.setdefault(question, [])
        before = runs.pop() if runs and runs[-1][1] == start else (start, start)
        runs.append((before[0], self._file.tell()))
        self._numbers[question] += 1

    def questions(self) -> Iterator[tuple[str, int]]:
        """The questions in the order in which they came, and how many pieces each has."""
        yield from self._numbers.items()

    def of(self, question: str) -> Iterator[bytes]:
        """The pieces of a question in the order in which they came."""
        for start, end in self._runs[question]:
            at = start
            while at < end:
                self._file.seek(at)
                length = int.from_bytes(self._file.read(8), "big")
                at += 8 + length
                yield self._file.read(length)


class Package:
    """A zip being written; `media` are the paths of pictures and sounds in it, each of which is there once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.media: set[str] = set()

    def add(self, path: str, data: str | bytes) -> None:
        """A file of the package."""
        self._archive.writestr(_entry(path), data)

    def add_media(self, files: Iterable[File]) -> None:
        """Pictures and sounds, but for those that are there already."""
        for file in files:
            if file.path not in self.media:
                self.media.add(file.path)
                self.add(file.path, file.data)

    def stream(self, path: str, pieces: Iterable[bytes]) -> None:
        """A file of the package, written piece by piece."""
        with self._archive.open(_entry(path), "w") as file:
            for piece in pieces:
                file.write(piece)


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


@contextmanager
def package(path: Path) -> Iterator[Package]:
    """A new package at `path`, written as it grows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        yield Package(archive)
