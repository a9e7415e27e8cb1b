"""Folders that we share with the user: what a mark says we made is replaced and removed, everything else is theirs."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path, PurePath
from typing import Any

import msgspec

from coursewright import __version__
from coursewright.errors import CoursewrightError, Place, shown

try:
    import fcntl
except ImportError:  # Windows has no flock: there, not to make one folder twice at once is the user's care
    fcntl = None  # type: ignore[assignment]  # Windows has none

MARK, _NEW, _OLD = ".coursewright", ".coursewright-new", ".coursewright-old"


class FolderMark(msgspec.Struct, frozen=True):
    """The file `.coursewright`: which version wrote in the folder last, and which of its entries are ours."""

    version: str
    made: tuple[str, ...]


@contextlib.contextmanager
def replacing(
    folder: Path,
    names: Collection[str],
    *,
    kept: Collection[str] = (),
    older: Callable[[Path], bool] = lambda _: False,
) -> Iterator[Path]:
    """A new folder, whose entries called `names` take the places of those in `folder` when the block ends well.

    They change places in one step each (where the system can do that), so that they are never absent; what is not made
    again is removed, but for entries called `kept`. A folder or process that fails leaves all as it was. Whoever else
    replaces something in `folder` waits. `folder` may be a link to a folder. One that has no mark is ours if `older`,
    given the folder, says that an earlier version wrote it.

    Raises CoursewrightError for an entry of the user's that is called so, or when `folder` is no folder.
    """
    real = _real(folder)
    with _alone(real):
        _clear(real)
        made = _made(real, {*names, *kept}, older)
        for name in names:
            _check(real / name, folder / name, ours=name in made)
        new = real / _NEW
        new.mkdir()
        try:
            yield new
            _write_mark(real, made.union(names))
            for name in names:
                _put(new / name, real / name, real / _OLD)
            for name in made.difference(names, kept):
                _remove(real / name)
            _write_mark(real, made.intersection(kept).union(names))
        finally:
            _clear(real)


def user_cache() -> Path:
    """The user's own folder for what is kept of other places, and can be fetched again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "coursewright"


def is_settled(folder: Path, names: Collection[str]) -> bool:
    """Whether our entries called `names` are in `folder`, and no process is at work there, or was killed."""
    if any((folder / name).exists() for name in (_NEW, _OLD)) or any((folder / name).is_symlink() for name in names):
        return False
    return _made(folder, set(names), lambda _: False).issuperset(names)


def link_or_copy(file: Path, target: Path) -> None:
    """Give `file`, which is never written into again, a second name, or copy it where the system has no such names."""
    try:
        os.link(file, target)
    except FileNotFoundError:  # the folder, most often
        if target.parent.is_dir():
            raise
        target.parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(file, target)
    except OSError:
        target.unlink(missing_ok=True)
        shutil.copy2(file, target)


def _real(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise CoursewrightError(f'"{shown(folder)}" is a file', None, f"move it away: the {folder.name} goes there")
    if folder.is_symlink() and not folder.exists():
        hint = "make that folder, or remove the link"
        raise CoursewrightError(f'"{shown(folder)}" is a link to a folder that is not there', None, hint)
    return Path(os.path.realpath(folder))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder, which is made if need be, and is then gone again if nothing came into it."""
    while True:
        there = folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        number = os.open(folder, os.O_RDONLY) if fcntl else None
        try:
            if number is not None:
                with contextlib.suppress(OSError):  # not every file system has locks
                    fcntl.flock(number, fcntl.LOCK_EX)
                if not folder.exists() or os.fstat(number).st_ino != folder.stat().st_ino:  # removed in the meantime
                    continue
            try:
                yield
            finally:
                if not there:
                    with contextlib.suppress(OSError):  # not empty
                        folder.rmdir()
            return
        finally:
            if number is not None:
                os.close(number)


def _clear(folder: Path) -> None:
    """Put back what has no successor yet, and remove what is not in its place; a killed process leaves both."""
    if (folder / _OLD).is_dir():
        for entry in (folder / _OLD).iterdir():
            if not os.path.lexists(folder / entry.name):
                entry.rename(folder / entry.name)
        shutil.rmtree(folder / _OLD)
    if (folder / _NEW).is_dir():
        shutil.rmtree(folder / _NEW)


def _made(folder: Path, names: set[str], older: Callable[[Path], bool]) -> frozenset[str]:
    """The entries that are ours. A mark may have come with somebody's folder: what is no name in it is no entry."""
    try:
        made = msgspec.json.decode((folder / MARK).read_bytes(), type=FolderMark).made
        return frozenset(name for name in made if PurePath(name).name == name and name not in ("", ".."))
    except (OSError, msgspec.DecodeError):
        return frozenset(name for name in names if (folder / name).exists()) if older(folder) else frozenset()


def _check(entry: Path, called: Path, *, ours: bool) -> None:
    if entry.is_symlink():
        hint = f"remove the link; {called.parent.name} as a whole may be one"
        raise CoursewrightError(f'"{shown(called)}" is a link, and cannot be replaced', None, hint)
    if entry.exists() and not ours:
        hint = "move it away, or delete it if nothing in it is needed"
        raise CoursewrightError(f'"{shown(called)}" was not made by coursewright', None, hint)


def _write_mark(folder: Path, made: Collection[str]) -> None:
    content = msgspec.json.encode(FolderMark(__version__, tuple(sorted(made))))
    if not (folder / MARK).is_file() or (folder / MARK).read_bytes() != content:
        (folder / MARK).write_bytes(content)


def _put(new: Path, entry: Path, old: Path) -> None:
    """Put `new`, if there is one, in the place of `entry`, which `old` is given for the moment if need be."""
    try:
        if not new.exists():
            _remove(entry)
        elif not entry.exists():
            new.rename(entry)
        elif not _exchange(new, entry):
            old.mkdir(exist_ok=True)
            entry.rename(old / entry.name)
            new.rename(entry)
    except OSError as error:
        hint = "delete it: it is made anew"
        raise CoursewrightError(f"this cannot be replaced: {error.strerror}", Place(entry), hint) from None


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two entries change places in one step; False where the system or the file system cannot do that."""
    call = _exchanger()
    return call is not None and call(os.fsencode(one), os.fsencode(other)) == 0


@cache
def _exchanger() -> Callable[[bytes, bytes], Any] | None:
    """What exchanges two paths: Linux has renameat2 with RENAME_EXCHANGE (2), macOS renamex_np with RENAME_SWAP (2)."""
    try:
        library = ctypes.CDLL(None)
        here = -100  # AT_FDCWD
        if hasattr(library, "renameat2"):
            return lambda one, other: library.renameat2(here, one, here, other, 2)
        if hasattr(library, "renamex_np"):
            return lambda one, other: library.renamex_np(one, other, 2)
    except (OSError, TypeError):  # Windows
        pass
    return None
