"""What the system says of files without their being read: the cheapest way to see that one has changed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

OTHERS = frozenset({"__pycache__", "node_modules", "venv"})
"""Folders in which nobody writes a course."""


def files_in(folder: Path, aside: Collection[str] = ()) -> Iterator[tuple[str, os.stat_result]]:
    """The files below `folder`, by their paths there, but for entries of its own that are called as in `aside`."""
    waiting = [("", os.fspath(folder))]
    while waiting:
        above, at = waiting.pop()
        with os.scandir(at) as entries:
            for entry in entries:
                path = f"{above}{entry.name}"
                if path in aside or entry.name in OTHERS:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{path}/", entry.path))
                else:
                    yield path, _about(entry)


def no_part_of(course: Path) -> frozenset[str]:
    """The entries of a course's folder that are nothing of it: what is built, and hidden ones."""
    return frozenset({"build", *(name for name in os.listdir(course) if name.startswith("."))})  # noqa: PTH208 - names


def written(folder: Path) -> dict[str, tuple[int, int]]:
    """The size and the time of writing of the files below `folder`, by their paths there."""
    return {path: (about.st_size, about.st_mtime_ns) for path, about in files_in(folder)} if folder.is_dir() else {}


def _about(entry: os.DirEntry[str]) -> os.stat_result:
    """Of the file that a link leads to; of the link itself where there is none."""
    try:
        return entry.stat()
    except OSError:
        return entry.stat(follow_symlinks=False)
