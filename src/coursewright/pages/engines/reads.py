"""What the code of a page read: files, folders, packages, variables of the environment.

A Python kernel tells of all that Python itself opens, R of its connections. What compiled libraries and other programs
open is not seen there: where code names one, all files of the course's `data/` count as read, and so does every file
that the code names in a text.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from coursewright.errors import Place
from coursewright.pages.engines.kernel import Kernel
from coursewright.pages.engines.unseen import OPEN_SEEN, attached_by, imported_by, opens_unseen, variables_in
from coursewright.pages.executing.outcome import ABSENT, MODULES, VARIABLE

_TEXT = re.compile(r"""("(?:[^"\\\n]|\\.){1,500}"|'(?:[^'\\\n]|\\.){1,500}')""")
_FILE = re.compile(r"[\w./-]*[\w-]\.[A-Za-z]\w*|(?:[\w.-]+/)+[\w.-]+")  # a text that looks like the name of a file
_VERSIONS = (".dist-info/METADATA", ".egg-info/PKG-INFO")
_SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/lib", "/opt/", "/bin/", "/sbin/", "/run/", "/var/")
_MOST = 2000  # files of data/
_PATIENCE = 5.0  # seconds for what still runs when the last cell has ended


def report(kernel: Kernel, code: str, file: Path, place: Place, seconds: float) -> tuple[str, ...]:
    """Have a kernel write to `file` what it read, by `code`, until nothing of the page runs in it any more.

    A thread or a task may say something when the last cell has ended: it is waited for, but not for long, and never for
    more than so many `seconds`. The names of those that still run then.
    """
    end = time.monotonic() + min(_PATIENCE, seconds)
    while True:
        kernel.ask(code, place)
        running = tuple(json.loads(file.read_text(encoding="utf-8")).get("running", ()))
        if not running or time.monotonic() >= end:
            return running
        time.sleep(0.05)


def read_by(
    reports: Iterable[Path], codes: Iterable[str], cwd: Path, root: Path, own: Iterable[Path]
) -> Iterator[Path]:
    """What was read: paths of files and folders, and names as outcomes have them of variables and of what is not there.

    `own` are the folders of the session's own files.
    """
    ours = tuple(f"{folder}{os.sep}" for folder in own)
    said = [json.loads(report.read_text(encoding="utf-8")) for report in reports]
    found = list(dict.fromkeys(each for one in said for each in _reported(one, root, ours)))
    yield from found
    made = {Path(name) for one in said for name in one["written"]}.difference(found)  # by the page, before it read them
    yield from (each for each in _noticed(said, [*codes, *map(_code, found)], cwd, root) if each not in made)


def _noticed(said: Sequence[dict[str, Any]], every: Sequence[str], cwd: Path, root: Path) -> Iterator[Path]:
    """What `every` code looks for or may read, as far as kernels do not tell."""
    for code in every:
        yield from _named(code, cwd, root)
        yield from (Path(f"{VARIABLE}{name}") for name in variables_in(code))
    for one in said:
        taken = {name for code in every for name in (attached_by if "libraries" in one else imported_by)(code)}
        yield from _not_installed(taken, one, cwd, root)
        if _is_compiled(taken - OPEN_SEEN, one):
            yield from _data(root)
    if any(map(opens_unseen, every)):
        yield from _data(root)


def _code(file: Path) -> str:
    """What is in a file of code that a page has read: it reads what its code does."""
    if file.suffix.lower() not in (".py", ".r"):
        return ""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _reported(said: dict[str, Any], root: Path, own: tuple[str, ...]) -> Iterator[Path]:
    python = tuple(os.path.normpath(path) + os.sep for path in said.get("python", []))

    def counts(name: str) -> bool:
        return _counts(name, root, own, python)

    for name in said["files"]:
        yield from _opened(name, root, counts)
    yield from (Path(f"{MODULES}{_within(folder, root)}") for folder in said.get("searched", []) if counts(folder))
    for file in said.get("modules", {}).values():
        if os.path.exists(file) and counts(file):  # noqa: PTH110 - as Python says it
            yield Path(file)
        elif metadata := _package(file):
            yield metadata
    yield from (Path(each) for each in (*said.get("packages", []), *said["runtime"]) if os.path.isfile(each))  # noqa: PTH113 - as R says it


def _opened(name: str, root: Path, counts: Callable[[str], bool]) -> Iterator[Path]:
    """What stands for a file or folder that was opened, or was to be."""
    if not os.path.exists(name):  # noqa: PTH110 - any text
        if name.startswith(f"{root}{os.sep}") and not name.endswith(".pyc") and counts(name):
            yield _absent(name, root)
    elif name.endswith(_VERSIONS):
        yield Path(name)
    elif counts(name):
        path = Path(name)
        yield path.parent.parent / f"{path.name.partition('.')[0]}.py" if path.suffix == ".pyc" else path


def _absent(name: str, root: Path) -> Path:
    """What stands for a file that was looked for and is not there."""
    return Path(f"{ABSENT}{_within(name, root)}")


def _within(name: str, root: Path) -> str:
    """A path as seen from the course, if it is in it."""
    return os.path.relpath(name, root) if name.startswith(f"{root}{os.sep}") else name


def _not_installed(names: Iterable[str], said: dict[str, Any], cwd: Path, root: Path) -> Iterator[Path]:
    """The places of modules and packages that code looks for, and of which there is none."""
    loaded = {name.partition(".")[0] for name in said.get("modules", {})}
    for name in sorted(set(names) - loaded - sys.stdlib_module_names):
        if "libraries" in said:
            places = [os.path.join(folder, name) for folder in said["libraries"]]  # noqa: PTH118 - texts, as R says them
        else:
            folders = [str(cwd), *(folder for folder in said["python"] if folder.endswith("-packages"))]
            places = [os.path.join(folder, each) for folder in folders for each in (name, f"{name}.py")]  # noqa: PTH118 - texts
        if not any(map(os.path.exists, places)):
            yield from (_absent(place, root) for place in places)


def _is_compiled(names: Collection[str], said: dict[str, Any]) -> bool:
    """Whether one of these packages has brought compiled code."""
    modules = said.get("modules", {}).items()
    if any(name.partition(".")[0] in names and file.endswith((".so", ".pyd")) for name, file in modules):
        return True
    folders = (Path(file).parent for file in said.get("packages", []))
    return any(folder.name in names and (folder / "libs").is_dir() for folder in folders)


def _counts(name: str, root: Path, own: tuple[str, ...], python: tuple[str, ...]) -> bool:
    """Whether a file is the course's, or somebody's data elsewhere: no part of the system or of a language."""
    course = f"{root}{os.sep}"
    inside = name.startswith(course)
    if name.startswith(tuple(each for each in python if not str(root).startswith(each)) if inside else python):
        return False
    if name.startswith(f"{course}build{os.sep}"):
        return False
    if inside:
        return True
    temporary = name.startswith((*own, os.path.join(tempfile.gettempdir(), "ipykernel_")))  # noqa: PTH118 - a name
    hidden = any(part.startswith(".") for part in Path(name).parts)
    return not (temporary or hidden or name.startswith(_SYSTEM) or os.path.isdir(name))  # noqa: PTH112 - any text


@lru_cache(maxsize=16_384)  # the modules of a kernel, which its next page has again
def _package(file: str) -> Path | None:
    """The file that says which version of a package a module's file is from; itself, where none does."""
    before, found, within = file.rpartition(f"-packages{os.sep}")
    module = re.split(r"[/\\.]", within, maxsplit=1)[0]
    return (_metadata(module, f"{before}-packages") or Path(file)) if found else None


@lru_cache(maxsize=4096)
def _metadata(module: str, site: str) -> Path | None:
    name = _providers(Path(site)).get(module)
    files = (Path(site, name, each) for each in ("METADATA", "PKG-INFO", "")) if name else ()
    return next((file for file in files if file.is_file()), None)


@lru_cache(maxsize=16)
def _providers(site: Path) -> dict[str, str]:
    """The folders of metadata in a folder of packages, by the modules that they bring."""
    found: dict[str, str] = {}
    for folder in sorted([*site.glob("*.egg-info"), *site.glob("*.dist-info")]):
        for file in (folder / "RECORD", folder / "top_level.txt"):
            if file.is_file():
                for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                    found.setdefault(re.split(r"[/.,]", line, maxsplit=1)[0], folder.name)
        found[folder.name.partition("-")[0].lower()] = folder.name
    return found


def _named(code: str, cwd: Path, root: Path) -> Iterator[Path]:
    """Files that texts in the code name, as seen from where it runs or from the course, and those not there yet."""
    for text in _TEXT.findall(code):
        for folder in (cwd, root):
            file = os.path.normpath(os.path.join(folder, text[1:-1]))  # noqa: PTH118 - any text
            if "\0" not in file and os.path.isfile(file):  # noqa: PTH113 - any text
                yield Path(file)
            elif _FILE.fullmatch(text[1:-1]) and file.startswith(f"{root}{os.sep}") and not os.path.exists(file):  # noqa: PTH110 - any text
                yield _absent(file, root)


def _data(root: Path) -> Iterator[Path]:
    folder = root / "data"
    if folder.is_dir():
        files = sorted(file for file in folder.rglob("*") if not any(p.startswith(".") for p in file.parts))
        yield folder
        yield from files[:_MOST]
