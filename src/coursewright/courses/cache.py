"""Executed pages kept from one build to the next, each with everything that it was made from."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from coursewright import __version__
from coursewright.courses.course import Course
from coursewright.pages import Block, Executed, Page

# What draws and computes: another version may give another result.
_TOOLS = ("duckdb", "plotnine", "matplotlib", "pandas")

CACHE = ".cache"  # the folder, in that of the build


class Entry(msgspec.Struct, frozen=True):
    """One executed page: the fingerprint of its text and parameters, those of the files it used, what it left out, and
    its blocks.
    """

    made_from: str
    files: dict[str, str]
    title: str
    description: str
    left_out: frozenset[int]
    blocks: tuple[Block, ...]


class Cache:
    """The pages of the last build (`old`, if any) and of this one (`new`)."""

    def __init__(self, old: Path | None, new: Path, course: Course) -> None:
        self.old, self.new, self.course = old, new, course
        self._fingerprints: dict[Path, str] = {}

    def get(self, page: Page, name: str, parameters: Mapping[str, Any]) -> Executed | None:
        """The page as it was executed, if nothing that it was made from has changed."""
        if self.old is None:
            return None
        try:
            content = (self.old / f"{name}.json").read_bytes()
            entry = msgspec.json.decode(content, type=Entry)
        except (OSError, msgspec.DecodeError):
            return None
        if entry.made_from != self._made_from(page, parameters):
            return None
        if any(self._fingerprint(self.course.root / file) != was for file, was in entry.files.items()):
            return None
        self._write(name, content)
        return Executed(page.without(entry.left_out), name, entry.title, entry.description, parameters, entry.blocks)

    def put(self, page: Executed, used: Iterable[Path]) -> None:
        """Keep an executed page with the fingerprints of the files that it used."""
        files = {str(path.relative_to(self.course.root)): self._fingerprint(path) for path in sorted(used)}
        made_from, left_out = self._made_from(page.page, page.parameters), page.page.left_out
        entry = Entry(made_from, files, page.title, page.description, left_out, page.blocks)
        self._write(page.name, msgspec.json.encode(entry))

    def _write(self, name: str, content: bytes) -> None:
        self.new.mkdir(parents=True, exist_ok=True)
        (self.new / f"{name}.json").write_bytes(content)

    def _made_from(self, page: Page, parameters: Mapping[str, Any]) -> str:
        text = repr(
            (page.front_matter, page.body, sorted((k, repr(v)) for k, v in parameters.items()), self._everywhere)
        )
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _everywhere(self) -> tuple[object, ...]:
        """What every page depends on: the course's settings and overrides, and the versions of the tools."""
        return (
            self.course.text,
            sorted(self.course.overrides.items()),
            __version__,
            [_version(tool) for tool in _TOOLS],
        )

    def _fingerprint(self, path: Path) -> str:
        """The hash of a file's content, or of the names in a folder."""
        if path not in self._fingerprints:
            if path.is_dir():
                digest = hashlib.sha256("\n".join(sorted(p.name for p in path.iterdir())).encode()).hexdigest()
            elif path.is_file():
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            else:
                digest = f"none at {datetime.datetime.now(datetime.UTC)}"
            self._fingerprints[path] = digest
        return self._fingerprints[path]


def is_older(folder: Path) -> bool:
    """Whether `folder` is a build of a version that did not mark its builds yet: it holds pages as they were kept."""
    kept = list((folder / CACHE).glob("*.json"))
    return bool(kept) and all(file.read_bytes().startswith(b'{"made_from":') for file in kept)


def _version(tool: str) -> str:
    try:
        return version(tool)
    except ModuleNotFoundError:
        return ""
