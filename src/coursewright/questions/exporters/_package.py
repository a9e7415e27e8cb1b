"""Packages for learning platforms: names, media, and a zip whose bytes depend on nothing but the items."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

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


class Package:
    """A zip being written; what is added again under the same path is left out."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.paths: set[str] = set()

    def add(self, path: str, data: str | bytes) -> None:
        """A file of the package."""
        if path not in self.paths:
            self._archive.writestr(self._entry(path), data)

    def stream(self, path: str, pieces: Iterable[bytes]) -> None:
        """A file of the package, written piece by piece."""
        with self._archive.open(self._entry(path), "w") as file:
            for piece in pieces:
                file.write(piece)

    def _entry(self, path: str) -> zipfile.ZipInfo:
        self.paths.add(path)
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
