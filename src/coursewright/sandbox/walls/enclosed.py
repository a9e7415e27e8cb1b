"""A program that keeps itself to a few folders, before it looks at what a stranger wrote.

What a reader of spreadsheets, a parser or a database does with a file that was made to mislead it, it does in here.
"""

from __future__ import annotations

import mimetypes
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from coursewright.sandbox.policy import NoWall, of_python
from coursewright.sandbox.walls import wall as kernel

SECONDS = 3600
"""Of the processor, for all that is done in here."""

_SYSTEM = (
    "/usr/lib",
    "/usr/share",
    "/usr/local/share",
    "/usr/local/lib",
    "/proc",
    "/sys",
    "/dev/random",
    "/dev/urandom",
)
_SETTINGS = ("fonts", "ld.so.cache", "localtime", "timezone", "alternatives", "ssl/openssl.cnf")


def enclose(readable: Iterable[Path], changed: Iterable[Path]) -> None:
    """Go on in a process that reads Python's files and `readable`, changes those in `changed`, and has no network.

    This one waits for it, and ends as it does. Raises NoWall where the system cannot build that: nothing was read then.
    """
    if missing := kernel.lacking():
        raise NoWall(missing, "look at what the course does, and build it without --untrusted in a machine of its own")
    home = tempfile.mkdtemp(prefix="coursewright-")
    sys.stdout.flush()
    sys.stderr.flush()
    if inside := os.fork():
        _end_as(inside, home)
    os.environ["TMPDIR"] = tempfile.tempdir = home
    _limit()
    known = (
        *of_python(),
        *_SYSTEM,
        *(f"/etc/{name}" for name in _SETTINGS),
        *map(str, mimetypes.knownfiles),
        sys.prefix,
    )
    own = [Path(os.environ.get("MPLCONFIGDIR") or Path.home() / ".cache" / "matplotlib")]
    started = {*_programs(), "/lib", "/lib64", "/usr/lib", "/usr/lib64", f"{sys.base_prefix}/lib"}
    ours = str(Path(__file__).parents[3])  # in which a Python that is started looks for us
    read = (*known, ours, *map(str, [*own, *readable]))
    if not kernel.enclose(home, read, tuple(map(str, changed)), tuple(started)):
        raise NoWall(["the right to build one here"])


def _programs() -> Iterable[str]:
    """This Python, and each link by which it is called."""
    path = Path(sys.executable)
    yield str(path)
    while path.is_symlink():
        path = path.parent / path.readlink()
        yield str(path)
    yield str(path.resolve())


def _limit() -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = SECONDS if hard == resource.RLIM_INFINITY else min(SECONDS, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))


def _end_as(inside: int, home: str) -> None:
    """Wait for the process inside, and end with its exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it gets that too, and ends by itself
    status = os.waitstatus_to_exitcode(os.waitpid(inside, 0)[1])
    with suppress(OSError):
        shutil.rmtree(home)
    if status < 0:
        name = signal.Signals(-status).name
        sys.stderr.write(f"error: what looked at the course was ended by {name}\n")
    sys.exit(1 if status < 0 else status)
