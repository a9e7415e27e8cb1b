"""What a directive reads by itself: files that it opens, modules of the course, variables of the environment."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_active: list[ReadTrace] = []
_hooked = False


@dataclass
class ReadTrace:
    """What is read while code of the course at `root` runs: `files`, and the names of variables in `environment`."""

    root: Path
    files: set[Path] = field(default_factory=set)
    environment: set[str] = field(default_factory=set)

    def note_file(self, path: object, flags: object) -> None:
        """Note a file of the course that is read, or one elsewhere that the course's own code reads."""
        if not isinstance(path, str | bytes | os.PathLike) or (isinstance(flags, int) and flags & _WRITING):
            return
        file = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - a link is followed when it is read
        if file.is_relative_to(self.root) or self._is_asked_here():
            self.files.add(_source_of(file))

    def note_variable(self, name: str) -> None:
        """Note a variable that the course's own code looks up."""
        if self._is_asked_here():
            self.environment.add(name)

    def _is_asked_here(self) -> bool:
        """Whether the nearest code that is no part of Python asks from inside the course."""
        frame = sys._getframe(2)
        while frame and (frame.f_code.co_filename.startswith("<frozen") or _is_pythons_own(frame.f_code.co_filename)):
            frame = frame.f_back  # type: ignore[assignment]  # None ends the loop
        return bool(frame) and frame.f_code.co_filename.startswith(str(self.root) + os.sep)


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_PYTHON = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120 - compared with names of files as Python keeps them


def _is_pythons_own(file: str) -> bool:
    return file == __file__ or (file.startswith(_PYTHON) and "site-packages" not in file)


def _source_of(file: Path) -> Path:
    """The source of a compiled module."""
    if file.suffix == ".pyc" and file.parent.name == "__pycache__":
        return file.parent.parent / f"{file.name.partition('.')[0]}.py"
    return file


@contextmanager
def opened(root: Path) -> Iterator[ReadTrace]:
    """Note what is read in this process until the block ends, for the course at `root`."""
    found = ReadTrace(Path(os.path.abspath(root)))  # noqa: PTH100 - as files are called, links and all
    _hook()
    _active.append(found)
    environ = os.environ
    os.environ = _Environment(environ, found)  # noqa: B003 - it shares what it holds
    try:
        yield found
    finally:
        os.environ = environ  # noqa: B003 - as it was
        _active.remove(found)


@contextmanager
def unnoted() -> Iterator[None]:
    """Note nothing until the block ends: what is done in it is ours, or is told by another process."""
    paused = _active[:]
    _active.clear()
    try:
        yield
    finally:
        _active[:] = paused


class _Environment(os._Environ):  # type: ignore[type-arg]  # generic for types alone
    """The environment, which tells what is looked up in it."""

    def __init__(self, environ: Any, found: ReadTrace) -> None:
        vars(self).update(vars(environ))
        self.found = found

    def __getitem__(self, key: str) -> str:
        self.found.note_variable(key)
        return str(super().__getitem__(key))


def _hook() -> None:
    """Listen to what Python opens; it cannot be taken back, so it listens to nothing when nothing is active."""
    global _hooked  # noqa: PLW0603 - a process has one
    if not _hooked:
        sys.addaudithook(_on_event)
        _hooked = True


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    if _active and event == "open":
        for found in _active:
            found.note_file(arguments[0], arguments[2])


def modules_of(root: Path) -> Iterator[Path]:
    """The modules of the course at `root` that are loaded: who loaded them first does not matter."""
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and Path(file).is_relative_to(root):
            yield Path(file)


def named_in(code: Path, root: Path) -> Iterator[Path]:
    """The files that code names in a text, seen from where it runs or from `root`: not all are opened by Python."""
    for node in ast.walk(ast.parse(code.read_bytes())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 1000:
            for folder in (Path.cwd(), root):
                file = os.path.join(folder, node.value)  # noqa: PTH118 - any text
                if "\0" not in file and os.path.isfile(file):  # noqa: PTH113 - any text, however long
                    yield Path(file)
