"""The verb: wait until files that a course is made from are saved, wherever they are."""

from __future__ import annotations

import os
import queue
import re
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from coursewright.courses.building.stamps import OTHERS
from coursewright.pages.executing import file_of

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify

_QUIET = 60  # milliseconds without a change: then a save, or several, is done
_LONGEST = 1000  # milliseconds: what never gets quiet is looked at nevertheless
_OF_EDITORS = re.compile(
    r"\..*|.*~|#.*#|4913|.*\.(sw[a-z]|tmp|temp|bak|part|crdownload|pyc)|.*___jb_(tmp|old)___", re.I
)


@dataclass
class Watcher:
    """Notices every save in the course at `root` from its entering on; one that nobody waits for yet is not lost.

    Not seen are what is built, hidden files and folders, and what editors keep beside a file, unless pages were made
    from it.
    """

    root: Path
    _read: frozenset[Path] = frozenset()
    _saves: queue.SimpleQueue[set[Path]] = field(default_factory=queue.SimpleQueue)
    _watched: tuple[frozenset[Path], frozenset[Path]] = (frozenset(), frozenset())
    _running: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._running.close()

    def follow(self, files: Iterable[str | Path]) -> bool:
        """Watch these files too, which may be anywhere; whether anything is watched that was not before."""
        paths = (self.root / path for file in files if (path := file_of(str(file))))
        self._read = frozenset(paths)
        if self._wanted() == self._watched:
            return False
        self._start()
        return True

    def wait(self) -> frozenset[Path]:
        """The files that were saved since the last call, when there are any."""
        found: set[Path] = set()
        while not found:
            try:
                found = {path for path in self._saves.get(timeout=0.5) if self._counts(path)}
                while not self._saves.empty():
                    found |= {path for path in self._saves.get() if self._counts(path)}
            except queue.Empty:
                continue
        if any(path.parent == self.root and (path in self._watched[1] or path.is_dir()) for path in found):
            self._start()  # a folder that came back under its old name is another one
        return frozenset(found)

    def _counts(self, path: Path) -> bool:
        if path in self._read:
            return True
        if not path.is_relative_to(self.root):
            return path.parent in self._read  # a folder whose names were read
        parts = path.relative_to(self.root).parts
        if not parts or parts[0] == "build" or not OTHERS.isdisjoint(parts):
            return False
        return not any(_OF_EDITORS.fullmatch(part) for part in parts)

    def _wanted(self) -> tuple[frozenset[Path], frozenset[Path]]:
        """The folders that are looked at alone, and those with all that is below them."""
        outside = {folder for file in self._read - {self.root} for folder in (file, file.parent) if folder.is_dir()}
        outside = {folder for folder in outside if not folder.is_relative_to(self.root)}
        inside = {path for path in self.root.iterdir() if path.is_dir() and self._counts(path)}
        hidden = {file.parent for file in self._read if file.is_relative_to(self.root) and file.parent.is_dir()}
        hidden = {folder for folder in hidden if folder != self.root and not self._counts(folder)}
        return frozenset({self.root, *outside, *hidden}), frozenset(inside)

    def _start(self) -> None:
        """Watch what is wanted now; what was watched before is let go of only then."""
        before, self._running = self._running, ExitStack()
        self._watched = self._wanted()
        for folders, deep in zip(self._watched, (False, True), strict=True):
            self._running.enter_context(_listening(folders, deep=deep, saves=self._saves))
        before.close()


def _listening(folders: Iterable[Path], *, deep: bool, saves: queue.SimpleQueue[set[Path]]) -> ExitStack:
    """Put what is saved in the folders into `saves` until it is closed."""
    from watchfiles._rust_notify import RustNotify

    stack = ExitStack()
    paths = sorted(str(folder) for folder in folders)
    if paths:
        polling = bool(os.environ.get("WATCHFILES_FORCE_POLLING"))  # for folders of other machines, which tell nothing
        notices = RustNotify(paths, False, polling, 300, deep, True)
        over = threading.Event()
        thread = threading.Thread(target=_pass_on, args=(notices, over, saves), daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(over.set)
    return stack


def _pass_on(notices: RustNotify, over: threading.Event, saves: queue.SimpleQueue[set[Path]]) -> None:
    while not over.is_set():
        found = notices.watch(_LONGEST, _QUIET, 1000, over)
        if isinstance(found, set):
            saves.put({Path(path) for _, path in found})
    notices.close()
