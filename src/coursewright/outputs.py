"""Files that a command writes: whole or not at all, and never over what they are made of."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from coursewright.errors import CoursewrightError, Place, UsageError

_NAMELESS = getattr(os, "O_TMPFILE", 0)


@contextlib.contextmanager
def whole(output: str | Path, sources: Iterable[str | Path] = ()) -> Iterator[BinaryIO]:
    """A file to write into, which is called `output` when the block ends well, and is gone when it does not.

    It has no name before (where the system can do that), so that not even a process that is killed leaves half a file
    behind; what was called so before stays until then. A device or a pipe is written into as it is.

    Raises UsageError for an output that is one of the `sources`, under whichever name, or is in no folder;
    CoursewrightError with the place for what cannot be written, a full disk say.
    """
    path = Path(output)
    refuse(path, sources)
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    target = Path(os.path.realpath(path))
    with _saying(path):
        number, name = _beside(target)
    try:
        with io.BufferedWriter(_Raw(number, path), 1 << 20) as file:
            yield file
            with _saying(path):
                file.flush()
                os.fsync(number)
                name = _put(number, name, target)
    finally:
        if name:
            name.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(output: Path, source: Path, kind: str) -> Iterator[Path]:
    """A folder to write files of one kind into, which is called `output` when the block ends well, and is gone if not.

    What was called so before stays until then. Raises UsageError for an output that is the `source`, is in it or
    around it, is a file, or holds anything but such files.
    """
    if not output.absolute().parent.is_dir():
        raise UsageError(f'no folder "{output.parent}"')
    here, there = output.resolve(), source.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise UsageError(f'"{output}" is what is read, or in it, or around it', None, "give --output another folder")
    if output.exists() and not output.is_dir():
        raise UsageError(f'"{output}" is a file', None, "what is read from a folder is written to a folder")
    other = (
        next((one for one in sorted(output.iterdir()) if one.suffix.lower() != kind), None) if output.exists() else None
    )
    if other:
        raise UsageError(f'"{output}" holds something else: {other.name}', None, "give --output a new folder")
    with tempfile.TemporaryDirectory(prefix=f".{here.name}-", dir=here.parent) as beside:
        new = Path(beside) / "new"
        new.mkdir()
        yield new
        if here.exists():
            here.rename(Path(beside) / "old")
        new.rename(here)


def refuse(path: Path, sources: Iterable[str | Path]) -> None:
    """Raise UsageError for an output that is one of the sources, under whichever name, or is in no folder."""
    if path.is_dir():
        raise UsageError(f'"{path}" is a folder', None, "name a file after --output")
    if not path.parent.is_dir():
        raise UsageError(f'no folder "{path.parent}"')
    for source in map(Path, sources):
        if path.exists() and source.exists() and path.samefile(source):
            same = "is what is read" if path == source else f"is what is read, under another name: {source}"
            raise UsageError(f'"{path}" {same}', None, "give --output another file")


def _beside(target: Path) -> tuple[int, Path | None]:
    """A new file in the same folder: without a name, or else with a name of its own."""
    if _NAMELESS and Path("/proc/self/fd").is_dir():
        with contextlib.suppress(OSError):  # not every file system has files without names
            return os.open(target.parent, os.O_RDWR | _NAMELESS, 0o600), None
    number, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    return number, Path(name)


def _put(number: int, name: Path | None, target: Path) -> Path | None:
    """Give the file its name, with the permissions of what was there; None, since no other name is left."""
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    if hasattr(os, "fchmod"):
        os.fchmod(number, mode)
    folder = os.open(target.parent, os.O_RDONLY) if name is None or hasattr(os, "O_DIRECTORY") else None
    try:
        if name is None:
            beside = tempfile.mktemp("", f".{target.stem}-", "")  # noqa: S306 - link() never takes a name that is there
            os.link(f"/proc/self/fd/{number}", beside, dst_dir_fd=folder, follow_symlinks=True)
            name = target.parent / beside
        try:
            name.replace(target)
        except OSError:
            name.unlink(missing_ok=True)
            raise
        if folder is not None:
            with contextlib.suppress(OSError):  # not every file system synchronises a folder
                os.fsync(folder)
    finally:
        if folder is not None:
            os.close(folder)
    return None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _saying(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> CoursewrightError:
    return CoursewrightError(f"this file cannot be written: {error.strerror or error}", Place(path))


class _Raw(io.FileIO):
    """Says what cannot be written by the name that the file will have."""

    def __init__(self, number: int, path: Path) -> None:
        super().__init__(number, "wb")
        self.path = path

    def write(self, data: Any) -> int:
        """As much of `data` as was written."""
        try:
            return super().write(data)
        except OSError as error:
            raise _unwritable(self.path, error) from error
