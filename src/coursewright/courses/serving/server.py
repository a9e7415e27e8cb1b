"""The verb: serve a course's site while its author writes, built again whenever something is saved."""

from __future__ import annotations

import contextlib
import importlib
import sys
import time
import traceback
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from coursewright import plugins
from coursewright.courses.building.build import BuildResult, Progress, build
from coursewright.courses.building.first import First
from coursewright.courses.building.stamps import written
from coursewright.courses.building.standing import Stamps
from coursewright.courses.course import Course, find_course, open_course
from coursewright.courses.serving.watching import Watcher
from coursewright.errors import CoursewrightError, Problem, UsageError
from coursewright.sites.serving import Preview, SiteServer
from coursewright.tables.parameters import Scalar

Working = Callable[[], AbstractContextManager[Progress]]

_FORMAT = "site"
_OURS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Rebuild:
    """One build of a preview: what was saved before it, and what it gave: pages, or problems."""

    saved: frozenset[Path]
    seconds: float
    built: BuildResult | None
    problems: tuple[Problem, ...] = ()


def serve(
    folder: Path,
    overrides: Mapping[str, Scalar],
    *,
    port: int = 0,
    ready: Callable[[str], None],
    done: Callable[[Rebuild], None],
    working: Working = lambda: contextlib.nullcontext(lambda _what, _done, _of: None),
) -> None:
    """Serve the course in `folder` until somebody interrupts it.

    `ready` is called with the address as soon as a browser can open it, `done` after each build, `working` gives what
    shows the progress of one. Raises UsageError where there is no course, and for a port that cannot be used.
    """
    root = find_course(folder)
    if root is None:
        open_course(folder)  # which says why
        return
    preview = Preview()
    server = SiteServer(root.resolve() / "build" / _FORMAT, port, preview)
    sys.dont_write_bytecode = True  # a module that is saved twice in a second would be taken from its first bytes
    with server.running(), Watcher(root.resolve()) as watcher:
        ready(server.address)
        desk = _Desk(root, overrides, preview, working)
        saved: frozenset[Path] = frozenset()
        while True:
            rebuilt = desk.build(saved)
            done(rebuilt)
            more = watcher.follow(desk.files)
            saved = frozenset() if more else watcher.wait()


@dataclass
class _Desk:
    """Where the course is built again and again; `files` are those that its pages were made from.

    `code` are the stamps of its modules when the last build began.
    """

    root: Path
    overrides: Mapping[str, Scalar]
    preview: Preview
    working: Working
    files: frozenset[str] = frozenset()
    code: Stamps = field(default_factory=dict)

    def build(self, saved: frozenset[Path]) -> Rebuild:
        """Build the course, after `saved` were, and tell its pages."""
        _forget(saved, self.root.resolve())  # modules, so that the build takes the new ones
        first = First(self.preview.looked_at(), self._made)
        self.preview.building()
        begun = time.monotonic()
        before = written(self._site)
        try:
            with self.working() as progress:
                course = self._open()
                built = build(course, only=[_FORMAT], preview=True, first=first, begun=self._begun, progress=progress)
        except CoursewrightError as error:
            return self._failed(saved, begun, error.problems)
        except Exception as error:  # noqa: BLE001 - what a course's own code runs into does not end its preview
            traceback.print_exc()
            said = "".join(traceback.format_exception_only(error)).strip()
            return self._failed(saved, begun, [Problem(f"the course could not be built: {said}")])
        self.files = built.read
        after = written(self._site)
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        self.preview.built(changed - {path for path in changed if self._is(path, self.preview.early.get(path))})
        return Rebuild(saved, time.monotonic() - begun, built)

    def _begun(self, stamps: Stamps) -> None:
        """Have Python read modules again that changed since the last build began, whoever told of it or did not."""
        code = {path: stamp for path, stamp in stamps.items() if path.endswith(".py")}
        root, changed = self.root.resolve(), code.items() ^ self.code.items()
        self.code = code
        _forget({root / path for path, _ in changed}, root)

    @property
    def _site(self) -> Path:
        return self.root / "build" / _FORMAT

    def _is(self, path: str, content: bytes | None) -> bool:
        """Whether this is the content of a file of the site."""
        file = self._site / path
        return content is not None and file.is_file() and file.read_bytes() == content

    def _made(self, address: str, files: Mapping[str, bytes]) -> None:
        """Show the page at `address`, which was made before the others, if it has changed."""
        if changed := {path: content for path, content in files.items() if not self._is(path, content)}:
            self.preview.made(address, changed)

    def _open(self) -> Course:
        if not (self.root / "course.toml").is_file():  # else the course of a folder above would be taken
            raise UsageError(f'no course.toml in "{self.root}"', None, "put it back: that is what makes it a course")
        course = open_course(self.root, self.overrides)
        self.files |= {path for table in course.tables if (path := table.source.address) and "://" not in path}
        return course

    def _failed(self, saved: frozenset[Path], begun: float, problems: Collection[Problem]) -> Rebuild:
        self.preview.failed(problems)
        return Rebuild(saved, time.monotonic() - begun, None, tuple(problems))


def _forget(saved: Collection[Path], root: Path) -> None:
    """Let Python read the modules of the course again if code was saved, and all of a package in which a file was."""
    if not any(path.suffix == ".py" for path in saved):
        return
    stale = {name for name, file in _modules() if file.is_relative_to(root)}
    packages = {name.partition(".")[0] for name, file in _modules() if file in saved}
    stale |= {name for name, _ in _modules() if name.partition(".")[0] in packages}
    for name in stale:
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    plugins.forget()


def _modules() -> list[tuple[str, Path]]:
    """The modules that a course may have brought, with their names: neither ours nor of an installed package."""
    files = ((name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items()))
    found = [(name, Path(file)) for name, file in files if isinstance(file, str) and name != "__main__"]
    return [
        (name, file) for name, file in found if not file.is_relative_to(_OURS) and "site-packages" not in file.parts
    ]
