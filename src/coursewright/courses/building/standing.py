"""Whether the last build stands: nothing that it was made from has changed since, and nothing that it gave.

Then there is nothing to do: no page is planned, no table is opened, no link is followed. What cannot be known for
certain has changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from coursewright.courses.building.stamps import files_in, no_part_of, written
from coursewright.courses.building.state import CACHE, Fingerprints, State, digest, installed
from coursewright.courses.course import Course
from coursewright.ours import is_settled
from coursewright.sites.feeds import NAME as TIMES
from coursewright.tables import Database

Stamps = dict[str, tuple[int, ...]]
"""What the system says of files, by their paths in the course: it is another thing after every change."""

_OURS = Path(__file__).parents[1]
_RECORD = "standing"
_MOVED = "changed while it was read"
_RECENT = 2_000_000_000  # nanoseconds: a file that was written a moment before may be written again in one tick


class BuildRecord(msgspec.Struct, frozen=True):
    """What one build was made from, and what it gave, as fingerprints; its `pages`, and the files that they `read`.

    `made_with` is all but files; `course` are the stamps of the files of the course, and of those that were `recent`
    the contents too; `elsewhere` are files that are not among them, and variables; `remarks` is what was told of it.
    """

    made_with: str
    course: str
    recent: dict[str, str]
    elsewhere: dict[str, str]
    given: str
    pages: tuple[str, ...]
    read: frozenset[str]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """One build of `course`, as it is before it begins: `formats` are those that it writes, by name."""

    course: Course
    prints: Fingerprints
    formats: Mapping[str, Any]
    preview: bool
    begun: int = field(default_factory=time.time_ns)

    def __post_init__(self) -> None:
        _ = self.stamps, self._recent, self._times  # as they are now, before anything is read

    @property
    def _target(self) -> Path:
        return self.course.root / "build"

    @cached_property
    def stamps(self) -> Stamps | None:
        """Those of the files of the course; None where they are not all known.

        A link may lead to a folder anywhere, and other systems do not say when a file was changed in fact.
        """
        found: Stamps = {}
        if os.name != "posix":
            return None
        for path, about in files_in(self.course.root, no_part_of(self.course.root)):
            if stat.S_ISDIR(about.st_mode):
                return None
            if path != TIMES:  # which is written at the end of a build
                found[path] = _stamp(about)
        return found

    @cached_property
    def _course(self) -> str:
        return digest(sorted((self.stamps or {}).items()))

    @cached_property
    def _recent(self) -> dict[str, str]:
        stamps = self.stamps or {}
        return {path: self.prints.file(path) for path, (_, *times, _) in stamps.items() if self._is_recent(times)}

    def _is_recent(self, times: Iterable[int]) -> bool:
        return max(times) > self.begun - _RECENT

    @cached_property
    def _times(self) -> bytes | None:
        return _content(self.course.root / TIMES)

    @cached_property
    def _made_with(self) -> str:
        course, outside = self.course, (os.environ.get("SOURCE_DATE_EPOCH"), sys.version)
        asked = str(course.root), course.text, sorted(course.overrides.items()), sorted(self.formats), self.preview
        return digest(asked, outside, self.prints.everywhere, self.prints.site, *_programs(self.formats))

    def last(self) -> BuildRecord | None:
        """What the last build left, if this one would give the same again."""
        if self.stamps is None or self.course.kept.refresh or not is_settled(self._target, self.formats):
            return None
        try:
            content = (self._target / CACHE / _RECORD).read_bytes()
            record = msgspec.msgpack.decode(content, type=BuildRecord)
            stands = (
                record.made_with == digest(self._made_with, self._times)
                and record.course == self._course
                and all(self.prints.file(path) == was for path, was in record.recent.items())
                and all(self.prints.file(path) == was for path, was in record.elsewhere.items())
                and record.given == self._given()
            )
        except (OSError, msgspec.DecodeError):
            return None
        return record if stands else None

    def certain(self, state: State, known: Collection[str]) -> State:
        """`state` without the fingerprints of files that changed since the build began.

        A page may have been made from what was in them before. Of those that are `known`, the fingerprint was taken
        before any page was made.
        """
        files = {
            path: _MOVED if self._moved(path, was if path in known else "") else was
            for path, was in state.files.items()
        }
        return msgspec.structs.replace(state, files=files)

    def _moved(self, path: str, known: str) -> bool:
        """Whether a file is no longer what it was when the build began; its fingerprint then, if that is `known`.

        Who makes a hard link to a file, or changes its mode, changes a time of it and nothing that is read.
        """
        try:
            about = (self.course.root / path).stat()
        except OSError:
            return False  # a variable; or what is not there, which is never as it was
        size, written, changed, inode = _stamp(about)
        if was := (self.stamps or {}).get(path):
            same, perhaps = was == (size, written, was[2], inode), was[:2] == (size, written)
        else:
            same, perhaps = max(written, changed) <= self.begun, written <= self.begun
        return not same and not (perhaps and known == Fingerprints(self.course).file(path))

    def keep(self, pages: Iterable[str], read: Mapping[str, str], database: Database, remarks: tuple[str, ...]) -> None:
        """Leave for the next build what this one was made from, now that all of it is in place.

        `read` are the fingerprints of the files that its pages were made from, `database` is what was asked besides,
        `remarks` what its author was told.
        """
        root, times = self.course.root, _content(self.course.root / TIMES)
        asked = (str(file.relative_to(root) if file.is_relative_to(root) else file) for file in database.files_asked)
        elsewhere = {*read, *asked}.difference(self.stamps or ())
        others = times != self._times and (self.preview or bool(self.course.overrides))  # then they are not ours
        unknown = self.stamps is None or bool(self.course.settings.database.url) or self.course.trust.stranger or others
        if unknown or any(map(self._fresh, elsewhere)):
            return
        record = BuildRecord(
            digest(self._made_with, times),
            self._course,
            self._recent,
            {path: self.prints.file(path) for path in elsewhere},
            self._given(),
            tuple(pages),
            frozenset(read),
            remarks,
        )
        with contextlib.suppress(OSError):  # the next build looks at everything
            (self._target / CACHE / _RECORD).write_bytes(msgspec.msgpack.encode(record))

    def _fresh(self, path: str) -> bool:
        """Whether something elsewhere may have changed while pages were made from it."""
        file = self.course.root / path
        try:
            about = file.stat()
        except OSError:
            return False  # a variable; or what is not there, which is never as it was
        inside = stat.S_ISDIR(about.st_mode) and file.is_relative_to(self.course.root)  # whose files have their stamps
        return not inside and self._is_recent((about.st_mtime_ns, about.st_ctime_ns))

    def _given(self) -> str:
        folders = {name: written(self._target / name) for name in (*self.formats, CACHE)}
        folders[CACHE].pop(_RECORD, None)
        return digest(sorted((name, sorted(files.items())) for name, files in folders.items()))


def _stamp(about: os.stat_result) -> tuple[int, ...]:
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino


def _programs(formats: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What does the work, as far as versions do not say it: our own files, those of formats, what is installed."""
    for path, about in sorted(files_in(_OURS), key=lambda each: each[0]):
        yield path, (about.st_size, about.st_mtime_ns)
    for module in formats.values():
        about = Path(module.__file__).stat()
        yield module.__file__, (about.st_size, about.st_mtime_ns)
    yield from installed()


def _content(file: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        return hashlib.sha256(file.read_bytes()).digest()
    return None
