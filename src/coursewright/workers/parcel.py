"""A folder of files that workers need, known by its content: it travels only to who does not have it."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coursewright.errors import CoursewrightError, Place
from coursewright.workers.digest import digest_of


@dataclass(frozen=True)
class Parcel:
    """Some files of a folder: their paths in it, with `/`, and what names their content."""

    folder: Path
    files: Mapping[str, str]

    @staticmethod
    def of(folder: Path, files: Iterable[Path]) -> Parcel:
        """Files below a folder as they are now."""
        root = folder.resolve()
        within = {(one if one.is_absolute() else folder / one).absolute() for one in files}
        paths = sorted(one.relative_to(folder.absolute()).as_posix() for one in within)
        return Parcel(root, {path: _content(root / path) for path in paths})

    @property
    def digest(self) -> str:
        """What names the files and their content, wherever they are."""
        return digest_of(dict(self.files))

    def is_in(self, folder: Path) -> bool:
        """Whether a folder has the same files with the same content."""
        if not all((folder / path).is_file() for path in self.files):
            return False
        return all(_content(folder / path) == content for path, content in self.files.items())

    def pack(self) -> bytes:
        """All files in one. Raises CoursewrightError for one that is no longer what it was."""
        packed = io.BytesIO()
        with (
            gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as compressed,
            tarfile.open(fileobj=compressed, mode="w", dereference=True) as archive,
        ):
            for path, content in self.files.items():
                if _content(self.folder / path) != content:
                    message = "this file was changed while workers were to get it"
                    raise CoursewrightError(message, Place(self.folder / path), "run it again")
                archive.add(self.folder / path, path, recursive=False)
        return packed.getvalue()


def unpack(packed: bytes, folder: Path) -> None:
    """Put what was packed into a folder, which is there when all of it is."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            archive.extractall(Path(beside) / "files", filter="data")
        if not folder.is_dir():
            (Path(beside) / "files").rename(folder)


def _content(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
