"""Kept copies: everything fetched stays below the course's `data/.cache`, and is read from there ever after.

A build fetches only what it has no copy of, or everything when it is told to. Beside each copy stands a note of where
it comes from, and when. With a `data.lock`, a copy is what was locked, or an error.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.ours import user_cache
from coursewright.tables.fetching.copies import Copy, Fetch, new_copy
from coursewright.tables.fetching.lock import FILE, Lock, LockEntry, local_key, read_lock, write_lock
from coursewright.tables.fetching.secrets import fill, shown
from coursewright.tables.sources import web
from coursewright.tables.sources._databases.batches import of_one_size
from coursewright.tables.sources.answered import ending, refuse_page

if TYPE_CHECKING:
    import pyarrow as pa

Check = Callable[[Path, bool], None]
Get = Callable[[IO[bytes], Copy | None], Copy | None]


@dataclass
class CopyStore:
    """The copies of one course in `root`; `report` is told, once, which copy is used or what was fetched.

    With `refresh` everything is fetched again, unless it is still the same.
    """

    root: Path
    refresh: bool = False
    fetch: Fetch = field(default_factory=Fetch)
    report: Callable[[str], None] = lambda _line: None
    resolve: web.Resolve = web.resolved
    within: str = "data/.cache"
    _used: dict[str, Copy] = field(default_factory=dict)
    _local: dict[str, LockEntry] = field(default_factory=dict)
    _locks_files: bool = False

    @property
    def folder(self) -> Path:
        """Where the copies are."""
        return self.root / self.within

    def path(self, copy: Copy) -> Path:
        """Where a copy is."""
        return self.folder / copy.file

    def file(
        self,
        address: str,
        place: Place | None = None,
        format: str = "",  # noqa: A002 - the key of course.toml
        check: Check = lambda _path, _whole: None,
    ) -> Copy:
        """The copy of what is at a web address. Raises CoursewrightError if there is none and it cannot be had.

        `check` is given what came, and whether it has to be right to its end, as what would stand in the place of
        another copy or may have been cut off; it raises CoursewrightError when it is not worth keeping.
        """

        def get(file: IO[bytes], old: Copy | None) -> Copy | None:
            answer = web.download(
                fill(address, place),
                file,
                limit=self.fetch.bytes,
                seconds=self.fetch.seconds,
                etag=old.etag if old else "",
                modified=old.modified if old else "",
                place=place,
                resolve=self.resolve,
            )
            if answer is None:
                return None
            file.flush()
            came = Path(file.name)
            suffix = ending(came, address, answer, format)
            refuse_page(came, suffix, address, answer, place)
            facts = {"etag": answer.etag, "modified": answer.modified, "charset": answer.charset}
            facts |= {"final": answer.address, "content_type": answer.content_type}
            return msgspec.structs.replace(new, file=new.file + suffix, open_ended=answer.open_ended, **facts)

        new = new_copy(shown(address), address)
        return self._copy(new, place, get, check)

    def rows(
        self,
        query: str,
        address: str,
        place: Place | None,
        read: Callable[[], pa.RecordBatchReader],
        check: Check = lambda _path, _whole: None,
    ) -> Copy:
        """The copy of the rows that `read` gives, as an Arrow file; `check` is as for a file.

        `query` tells them from others; `address` is how they are shown, without anything secret.
        """

        def get(file: IO[bytes], old: Copy | None) -> Copy | None:  # noqa: ARG001 - a database does not say what is new
            import pyarrow as pa

            with read() as reader, pa.ipc.new_file(file, reader.schema) as writer:
                for batch in of_one_size(reader):
                    writer.write_batch(batch)
            return msgspec.structs.replace(new, file=f"{new.file}.arrow")

        new = new_copy(address, query)
        return self._copy(new, place, get, check)

    def local(self, address: str, path: Path, place: Place | None) -> None:
        """Note the file at `path`, which is the course's own; `address` is its path as the course has it.

        Raises CoursewrightError if it is locked and has changed since.
        """
        key = local_key(address)
        locked = self._lock.get(key)
        if key in self._local or not (locked or self._locks_files):
            return
        now = LockEntry(address, key, _digest(path), path.stat().st_size, datetime.now(UTC))
        if locked and locked.sha256 != now.sha256 and not self._locks_files:
            if not self.refresh:
                message = f"{address} has changed since it was locked on {_day(locked.fetched)}"
                raise CoursewrightError(message, place, "take it as it is now: --refresh")
            self._relock(now, locked)
        self._local[key] = locked if locked and locked.sha256 == now.sha256 else now

    def lock(self) -> Path:
        """Write `data.lock` for all copies that were used, and the course's own files if asked; its path."""
        return write_lock(self.root, [*(copy.locked for copy in self._used.values()), *self._local.values()])

    def forget_lock(self, *, files: bool = False) -> None:
        """From now on take copies as they are, whatever `data.lock` says of them.

        With `files`, the course's own files are to be locked too, as they are when some of them were.
        """
        own: tuple[LockEntry, ...] = ()
        with suppress(CoursewrightError):  # one that is damaged is written anew
            own = tuple(locked for locked in self._lock.source if locked.is_local)
        self._locks_files = files or bool(own)
        self.__dict__["_lock"] = Lock(own)

    def _copy(self, new: Copy, place: Place | None, get: Get, check: Check) -> Copy:
        if new.key not in self._used:
            old = self._find(new.key)
            if old is None or self.refresh:
                self._used[new.key] = self._get(new, old, place, get, check)
            else:
                self._check(old, place)
                self.report(f"using the copy of {old.address} from {_ago(old.fetched)}")
                self._used[new.key] = old
        return self._used[new.key]

    def _find(self, key: str) -> Copy | None:
        """The copy for a key, by the note that is written last."""
        for note in self.folder.glob(f"*-{key}.note.json"):
            try:
                copy = msgspec.json.decode(note.read_bytes(), type=Copy)
            except (OSError, msgspec.DecodeError):
                continue
            if copy.key == key and self.path(copy).is_file():
                return copy
        return None

    def _check(self, copy: Copy, place: Place | None) -> None:
        """Raise CoursewrightError for a copy that is not what came, or not what was locked."""
        digest = _digest(self.path(copy))
        if digest != copy.sha256:
            message = f"the copy of {copy.address} is not as it came: {self.within}/{copy.file} was changed"
            raise CoursewrightError(message, place, "fetch it again with --refresh")
        locked = self._lock.get(copy.key)
        if locked and locked.sha256 != digest:
            message = f"the copy of {copy.address}, from {_ago(copy.fetched)}, is not the one in {FILE}"
            hint = "restore that copy, or take what is there now: --refresh"
            raise CoursewrightError(message, place, hint)

    def _get(self, new: Copy, old: Copy | None, place: Place | None, get: Get, check: Check) -> Copy:
        """Fetch, and keep what came; the old copy stays if anything goes wrong."""
        try:
            with self._beside() as file:
                got = get(file, old)
                if got is None and old:
                    self._check(old, place)
                    self.report(f"{old.address} has not changed since {_day(old.fetched)}")
                    return old
                assert got is not None  # noqa: S101 - nothing but an old copy can be unchanged
                file.flush()
                came = Path(file.name)
                copy = msgspec.structs.replace(got, sha256=_digest(came), size=came.stat().st_size)
                whole = old is not None or copy.open_ended
                _checked(came, copy.file.partition(copy.key)[2], lambda named: check(named, whole))
                self._agree(copy, place)
                self._keep(came, copy)
        except CoursewrightError as error:
            if old is None:
                raise
            problem = error.problem
            hint = f"{problem.hint}; the copy from {_day(old.fetched)} is used without --refresh".lstrip("; ")
            raise CoursewrightError(problem.message, problem.where, hint) from None
        unsure = "; nothing says how long it is, so a break would not show" if copy.open_ended else ""
        self.report(f"fetched {new.address} ({_size(copy.size)}{unsure})")
        return copy

    @cached_property
    def _lock(self) -> Lock:
        return read_lock(self.root) or Lock()

    def _agree(self, copy: Copy, place: Place | None) -> None:
        """What is fetched is what was locked; when everything is fetched again, the lock follows."""
        locked = self._lock.get(copy.key)
        if locked is None or locked.sha256 == copy.sha256:
            return
        if not self.refresh:
            message = f"{copy.address} has changed since it was locked on {_day(locked.fetched)}"
            raise CoursewrightError(message, place, "take it as it is now: --refresh")
        self._relock(copy.locked, locked)

    def _relock(self, now: LockEntry, locked: LockEntry) -> None:
        """Write `data.lock` anew for what is `locked` otherwise."""
        entries = [each for each in self._lock.source if each.key != now.key]
        write_lock(self.root, [*entries, now])
        self.__dict__.pop("_lock")
        self.report(f"{FILE}: {now.address} has changed since {_day(locked.fetched)}")

    @contextmanager
    def _beside(self) -> Iterator[IO[bytes]]:
        """A file to write into, beside the copies; it is gone in the end, unless it was kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".new-", delete=False) as file:
            try:
                yield file
            finally:
                Path(file.name).unlink(missing_ok=True)
                for folder in (self.folder, self.folder.parent):
                    with suppress(OSError):  # nothing was there, and nothing came
                        folder.rmdir()

    def _keep(self, came: Path, copy: Copy) -> None:
        """The bytes first, under a name of their own, then the note: a copy is always that of its note."""
        came.chmod(0o644)
        came.replace(self.path(copy))
        note = self.folder / f"{copy.file.partition(copy.key)[0]}{copy.key}.note.json"
        beside = note.with_name(f".{note.name}.new")
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(copy), indent=2) + b"\n")
        beside.replace(note)
        for left in self.folder.glob(f"*-{copy.key}*"):
            if left.name not in (copy.file, note.name):
                left.unlink(missing_ok=True)


def single(*, refresh: bool = False, report: Callable[[str], None] = lambda _line: None) -> CopyStore:
    """The copies of addresses that belong to no course, in the user's own folder for such things."""
    return CopyStore(user_cache(), refresh, report=report, within="kept")


def _checked(came: Path, ending: str, check: Callable[[Path], None]) -> None:
    """Let `check` look at what came, under a name that says by its ending what it is."""
    named = came.with_name(came.name + ending)
    shutil.copyfile(came, named)
    try:
        check(named)
    finally:
        named.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ago(moment: datetime) -> str:
    days = (datetime.now(UTC) - moment).days
    return f"{_day(moment)} ({'today' if days < 1 else 'yesterday' if days == 1 else f'{days:,} days ago'})"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _size(number: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 1000)):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number} bytes"
