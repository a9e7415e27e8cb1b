"""`%keep` in a notebook: a learner's work as one archive, and `%keep restore`, which brings it back.

An extension of IPython's, `%load_ext runtime.keeping` in an image, with what is there anyway.
"""

from __future__ import annotations

import html
import os
import urllib.parse
from pathlib import Path
from typing import Any

from . import keep, record
from .keep_page import said


class ArchiveLink:
    """A link to the archive, which Jupyter leads to wherever it stands itself, behind a hub's path, too."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text

    def __repr__(self) -> str:
        return f"{self.text}: {self.path}"

    def _repr_html_(self) -> str:
        address = html.escape(urllib.parse.quote(self.path), quote=True)
        return f'<a href="{address}" download="{keep.ARCHIVE}">{html.escape(self.text)}</a>'


class KeepProblem(Exception):
    """What is wrong, as Jupyter shows it: the message alone."""

    def _render_traceback_(self) -> list[str]:
        return str(self).split("\n")


def load_ipython_extension(ipython: Any) -> None:
    """Give IPython the magic."""
    ipython.register_magic_function(magic, "line", "keep")


def magic(line: str) -> ArchiveLink | None:
    """`%keep`: put what you have changed into one archive, to download. `%keep restore [FILE]`: bring it back.

    Save notebooks before. The archive is kept-work.zip in the folder of the course; in another session upload it there,
    and run `%keep restore`.
    """
    folder = _course(Path.cwd())
    word, _, rest = line.strip().partition(" ")
    if word == "restore":
        _restore(folder, rest.strip())
        return None
    if word:
        raise KeepProblem(f'error: %keep knows no "{word}"\nhint: write %keep, or %keep restore')
    found = keep.work(folder)
    for name in found.left_out:
        print(f"{name} is too large to be kept: download it by itself")  # noqa: T201 - a cell's output
    data = keep.pack(folder, found)
    (folder / keep.ARCHIVE).write_bytes(data)
    number = len(found.files) + len(found.deleted)
    text = f"Download your work: {number} file{'s' * (number != 1)}, {max(1, len(data) // 1000)} kB"
    return ArchiveLink(os.path.relpath(folder / keep.ARCHIVE), text)


def _course(here: Path) -> Path:
    """The folder of the course that a notebook stands in: the nearest with a record, a clone or a course."""
    marks = (record.FILE, "course.toml", ".git")
    return next((one for one in (here, *here.parents) if any((one / mark).exists() for mark in marks)), here)


def _restore(folder: Path, file: str) -> None:
    path = Path(file) if file else folder / keep.ARCHIVE
    try:
        print(said(keep.restore(path.read_bytes(), folder)))  # noqa: T201 - a cell's output
    except OSError as error:
        hint = f"upload {keep.ARCHIVE} to {folder}, and run this again"
        raise KeepProblem(f"error: {path} cannot be read: {error.strerror}\nhint: {hint}") from None
    except keep.UnfitArchive as error:
        raise KeepProblem(f"error: {path} is not brought back: {error}") from None
