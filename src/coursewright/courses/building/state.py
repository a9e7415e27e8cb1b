"""What is kept from one build to the next: what each page was made from, and what was written of it."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec

from coursewright import __version__, plugins
from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage
from coursewright.courses.retelling.running import languages_here
from coursewright.pages.executing import ABSENT, MODULES, VARIABLE, Outcome, file_of
from coursewright.sites import Entry
from coursewright.sites.retelling import can_draw, can_retell
from coursewright.sites.runtimes import can_ask
from coursewright.tables import Parameter
from coursewright.tables.parameters import Scalar

# What draws and computes: another version may give another result.
_TOOLS = ("duckdb", "plotnine", "matplotlib", "pandas", "markdown-it-py", "mdit-py-plugins", "babel", "typst")


CACHE = ".cache"  # the folder, in that of the build


class FormatFiles(msgspec.Struct, frozen=True):
    """The files that a format wrote of one page, and the fingerprint of all that they were made from.

    `files` has the size in bytes and the time of writing in nanoseconds of each: one that is not so is not ours.
    """

    made_from: str
    files: dict[str, tuple[int, int]]


class PageState(msgspec.Struct, frozen=True):
    """One page: the fingerprint of its text, the files and the values of parameters that were read, and what it gave.

    `content` is the fingerprint of its text and its outcomes together. `unshown` counts outputs of its code of
    which readers miss something.
    """

    text: str
    files: tuple[str, ...]
    parameters: dict[str, str]
    content: str
    entry: Entry
    unshown: int = 0
    written: dict[str, FormatFiles] = {}


class State(msgspec.Struct, frozen=True):
    """A build: what every page hangs on, what every page shows of the site, each part by its name; files and pages.

    `files` are the fingerprints of those that were read, `pages` are by address, `search` is of the site.
    """

    everywhere: dict[str, str] = {}
    site: dict[str, str] = {}
    files: dict[str, str] = {}
    pages: dict[str, PageState] = {}
    search: FormatFiles = FormatFiles("", {})


def read_state(folder: Path) -> State:
    """The state in `folder`; an empty one if there is none."""
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.msgpack.decode((folder / "state").read_bytes(), type=State)
    return State()


def write_state(folder: Path, state: State) -> None:
    """Keep `state` in `folder`."""
    (folder / "state").write_bytes(msgspec.msgpack.encode(state))


def outcomes_file(folder: Path, address: str) -> Path:
    """Where the outcomes of a page are kept: a page and a section may have one name, which no file and folder can."""
    return folder / "outcomes" / digest(address)


def read_outcomes(folder: Path, address: str) -> dict[str, Outcome]:
    """The outcomes of a page's last execution, by what its author wrote."""
    with contextlib.suppress(OSError, msgspec.DecodeError):
        content = outcomes_file(folder, address).read_bytes()
        return {each.asked: each for each in msgspec.msgpack.decode(content, type=tuple[Outcome, ...])}
    return {}


def write_outcomes(folder: Path, address: str, outcomes: tuple[Outcome, ...]) -> bytes:
    """Keep the outcomes of a page; the bytes that were kept."""
    file = outcomes_file(folder, address)
    file.parent.mkdir(parents=True, exist_ok=True)
    content = msgspec.msgpack.encode(outcomes)
    file.write_bytes(content)
    return content


def _here(course: Course) -> tuple[object, ...]:
    """What pages can do where they are read: that is looked at, which takes a moment, only if they are to."""
    return (languages_here(course), can_retell(), can_draw(), can_ask()) if course.settings.runtimes.here else ()


class Fingerprints:
    """Fingerprints of what pages are made from, each worked out once in a build."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._files: dict[str, str] = {}

    @cached_property
    def everywhere(self) -> dict[str, str]:
        """What any page may hang on, by name: tables, language, versions; comments in course.toml are nothing."""
        own, about = self.course.settings, self.course.settings.course
        parameters = {name: value for name, value in self.course.overrides.items() if name not in own.parameters}
        return {
            "[tables] of course.toml": digest(own.tables),
            "[parameters] of course.toml": digest(_without_values(own.parameters)),
            "[timeline] of course.toml": digest(own.timeline),
            "[database] of course.toml": digest(own.database),  # which may hold what nobody should see
            "the time zone": about.timezone,
            "how pages are written": repr(self.course.conventions),
            "[runtimes] here of course.toml": repr(_here(self.course)),
            "the figures": "drawn" if self.course.figures else "left out",
            "coursewright": __version__,
            "how outcomes are kept": "with what kernels gave, is unshown, ran on, was looked for, and asked formulas",
            **{tool: _version(tool) for tool in _TOOLS},
            **{f"the package {name}": f"version {number}" for name, number in plugins.packages().items()},
            **{f"--set {name}": repr(value) for name, value in parameters.items()},
        }

    @cached_property
    def site(self) -> dict[str, str]:
        """What pages show of the course, by name."""
        site = self.course.site
        return {f"the {each.name} of the course": repr(getattr(site, each.name)) for each in dataclasses.fields(site)}

    def text(self, one: PlannedPage) -> str:
        """That of a page's file."""
        own = (one.page.own,) if one.page.own.cells else ()
        return digest(one.page.front_matter, one.page.body, one.key, *own)

    def file(self, path: str) -> str:
        """That of a file, of the names in a folder or its modules, of a variable, or of whether a file is there.

        `path` is seen from the course.
        """
        if path not in self._files:
            file = self.course.root / file_of(path)
            if path.startswith(VARIABLE):
                self._files[path] = digest(os.environ.get(path.removeprefix(VARIABLE)))
            elif path.startswith(ABSENT):
                self._files[path] = repr(file.exists())
            elif path.startswith(MODULES):
                self._files[path] = digest(sorted(each.name for each in _modules(file)))
            elif file.is_dir():
                self._files[path] = digest(sorted(p.name for p in file.iterdir()))
            elif file.is_file():
                with file.open("rb") as content:
                    self._files[path] = hashlib.file_digest(content, "sha256").hexdigest()
            else:
                self._files[path] = f"none at {datetime.datetime.now(datetime.UTC)}"
        return self._files[path]

    def changed(self, state: State) -> frozenset[str]:
        """The files that are no longer what they were."""
        return frozenset(path for path, was in state.files.items() if self.file(path) != was)


def _modules(folder: Path) -> Iterator[Path]:
    """What Python could import from a folder, or matplotlib read, in the place of what is elsewhere."""
    for each in folder.iterdir() if folder.is_dir() else ():
        is_module = each.suffix in (".py", ".pyc", ".so", ".pyd") or (each / "__init__.py").is_file()
        if is_module or each.name == "matplotlibrc":
            yield each


def is_older(folder: Path) -> bool:
    """Whether `folder` is a build of a version that did not mark its builds yet: it holds pages as they were kept."""
    kept = list((folder / CACHE).glob("*.json"))
    return bool(kept) and all(file.read_bytes().startswith(b'{"made_from":') for file in kept)


def digest(*parts: Any) -> str:
    """The fingerprint of `parts`: bytes, or anything that its `repr` tells from others."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part if isinstance(part, bytes) else repr(part).encode())
    return found.hexdigest()


def _without_values(parameters: Mapping[str, Scalar | Parameter]) -> list[tuple[str, Parameter]]:
    """What parameters can be, and not what they are: each page knows which values it has read."""
    said = ((name, own) for name, own in parameters.items() if isinstance(own, Parameter))
    return [(name, msgspec.structs.replace(own, default="")) for name, own in said]


def installed() -> tuple[tuple[str, int], ...]:
    """The folders into which packages are installed, each with when that happened last."""
    folders = [Path(folder) for folder in sys.path if folder.endswith(("site-packages", "dist-packages"))]
    return tuple((str(folder), folder.stat().st_mtime_ns) for folder in folders if folder.is_dir())


def _version(tool: str) -> str:
    return _version_among(tool, installed())


@cache
def _version_among(tool: str, _installed: tuple[tuple[str, int], ...]) -> str:
    """That of a tool: reading all of what is known of a package takes longer than a small build."""
    try:
        return version(tool)
    except PackageNotFoundError:
        return ""
