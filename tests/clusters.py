"""A Dask cluster of a test's own on loopback, and what its workers do in tests."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from coursewright.errors import CoursewrightError, Place

TESTS = Path(__file__).parent
LOOPBACK = ("--host", "127.0.0.1")


@dataclass
class Cluster:
    """A scheduler and its workers, in processes of their own, at a port that was free."""

    folder: Path
    scheduler: subprocess.Popen[bytes]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """As `--workers` takes it."""
        said = json.loads((self.folder / "scheduler.json").read_text())["address"]
        return str(said).replace("tcp://", "dask://")

    def add_workers(self, count: int, *options: str, python: tuple[str, ...] = (), path: str = "") -> None:
        """Start workers of one thread each, which are started again when they die."""
        where = (
            "--local-directory",
            str(self.folder / "workers"),
            "--scheduler-file",
            str(self.folder / "scheduler.json"),
        )
        known = ("--nthreads", "1", "--nworkers", str(count), "--no-dashboard", *LOOPBACK, *where, *options)
        program = python or ("-m", "distributed.cli.dask_worker")
        before = self._registered()
        self.started.append(_start(self.folder, [*program, *known], path))
        until(lambda: self._registered() >= before + count)

    def _registered(self) -> int:
        """How often a worker has said that it was registered."""
        return (self.folder / "log").read_text().count("Registered to:")


def _start(folder: Path, command: list[str], path: str = "") -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in (path, str(TESTS)) if each)}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=folder
        )


@contextmanager
def cluster(workers: int = 2) -> Iterator[Cluster]:
    """A scheduler and some workers, all gone in the end."""
    pytest.importorskip("distributed", reason='pip install "coursewright[cluster]"')
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        written = ("--scheduler-file", str(folder / "scheduler.json"))
        scheduler = _start(
            folder, ["-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", *LOOPBACK, *written]
        )
        made = Cluster(folder, scheduler)
        try:
            until(lambda: (folder / "scheduler.json").exists() and made.address)
            if workers:
                made.add_workers(workers)
            yield made
        finally:
            for process in [*made.started, scheduler]:
                end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, at once: what is killed says nothing and waits for nobody."""
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    for one in (process, *below):
        with suppress(psutil.Error):
            one.kill()
    process.wait()
    psutil.wait_procs(below, timeout=10)


@pytest.fixture(scope="session")
def dask_cluster() -> Iterator[Cluster]:
    """The one cluster of two workers that tests share."""
    with cluster() as made:
        yield made


def until(there: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait until something is so, and give what it is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := there():
                return found
        except (OSError, ValueError):
            pass
        time.sleep(0.02)
    raise AssertionError(f"not so after {seconds} seconds")


def begin(order: str, folder: Path | None) -> Callable[[tuple[str, int]], Any]:
    """Tasks of all kinds; a note is left in the folder `order` when the work begins and of each task that is begun."""
    notes = Path(order)
    _note(notes, f"begin-{os.getpid()}")

    def do(task: tuple[str, int]) -> Any:
        kind, number = task
        _note(notes, f"{kind}-{number}")
        (notes / f"running-{os.getpid()}").write_text(f"{kind}-{number}")
        return _TASKS[kind](number, notes, folder)

    return do


def _note(notes: Path, what: str) -> None:
    (notes / f"note {what} {uuid.uuid4().hex}").touch()


def noted(notes: Path, what: str) -> int:
    """How many notes of something there are."""
    return len(list(notes.glob(f"note {what} *")))


def begin_badly(order: str, _: Path | None) -> Any:
    """A work that cannot begin."""
    raise CoursewrightError(f"there is no {order}", Place("course.toml", 3), "make one")


def _first(notes: Path, number: int) -> bool:
    """Whether this is the first time in any process."""
    try:
        (notes / f"first {number}").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _wait_once(number: int, notes: Path, _: Path | None) -> int:
    if _first(notes, number):
        time.sleep(60)
    return number


def _die(_: int, __: Path, ___: Path | None) -> None:
    _kill()


def _wrong(number: int, _: Path, __: Path | None) -> None:
    raise CoursewrightError(f"{number} is wrong", Place("numbers.txt", number), "take another")


def _full_in_one(number: int, notes: Path, _: Path | None) -> int:
    """The first process that comes is on a full disk."""
    try:
        (notes / "full").open("x").write(str(os.getpid()))
    except FileExistsError:
        until((notes / "full").read_text)
    if (notes / "full").read_text() == str(os.getpid()):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return number


def _full(_: int, __: Path, ___: Path | None) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _gate(number: int, notes: Path, _: Path | None) -> int:
    """Waits from number 4 on until a gate is open."""
    if number >= 4:
        until((notes / "open").exists)
    return number


_TASKS: dict[str, Callable[[int, Path, Path | None], Any]] = {
    "square": lambda number, _, __: number * number,
    "process": lambda _, __, ___: os.getpid(),
    "large": lambda number, _, __: bytes(number),
    "wait once": _wait_once,
    "die": _die,
    "wrong": _wrong,
    "divide": lambda number, _, __: 1 // number,
    "full in one": _full_in_one,
    "full": _full,
    "gate": _gate,
    "unsent": lambda _, __, ___: lambda: None,
    "read": lambda _, __, folder: (folder / "a" / "b.txt").read_text(),
}
