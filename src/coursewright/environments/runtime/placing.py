"""Files put into a folder that is somebody else's: whole or not at all, and never through a link of theirs."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path, PurePath


def hash_of(file: Path) -> str:
    """The hash of what is in a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def mine(to: Path, name: str) -> str | None:
    """The hash of a learner's file, None where nothing is, and what no file has for anything else."""
    if is_blocked(to, name):
        return "in its way"
    file = to / name
    if file.is_file() and not file.is_symlink():
        return hash_of(file)
    return "no file" if os.path.lexists(file) else None


def is_blocked(to: Path, name: str) -> bool:
    """Whether one of the folders that a file belongs in is a link, or no folder: what it leads to is not ours."""
    folders = [to / one for one in _folders(name)]
    return any(one.is_symlink() or (one.exists() and not one.is_dir()) for one in folders)


def beside(to: Path, name: str, wanted: str, known: Mapping[str, str]) -> str:
    """Where the course's version of a changed file goes: `a.new.ipynb`, or another where the learner has used that.

    `wanted` is its hash, `known` those of the files that were put so before.
    """
    path = PurePath(name)
    for number in count(1):
        place = str(path.with_name(f"{path.stem}.new{'' if number == 1 else f'-{number}'}{path.suffix}"))
        if mine(to, place) in (None, wanted, known.get(place)):
            return place
    raise AssertionError("there are numbers enough")


def put(file: Path, target: Path) -> None:
    """Copy a file whole, so that the learner can change it."""
    new = _new(target)
    shutil.copyfile(file, new)
    new.chmod(0o755 if os.access(file, os.X_OK) else 0o644)
    new.replace(target)


def put_bytes(data: bytes, target: Path) -> None:
    """Write a file whole; one that is there keeps its mode."""
    new = _new(target)
    new.write_bytes(data)
    new.chmod(target.stat().st_mode & 0o777 if target.is_file() else 0o644)
    new.replace(target)


def remove(to: Path, name: str) -> None:
    """Take a file away, and the folders that are empty then."""
    (to / name).unlink()
    for folder in _folders(name):
        if any((to / folder).iterdir()):
            return
        (to / folder).rmdir()


def _new(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f".{target.name}.coursewright")


def _folders(name: str) -> Iterator[PurePath]:
    yield from list(PurePath(name).parents)[:-1]
