"""What is left of a service when its own process is gone: found by the mark that all of its processes carry.

Supervisor knows the process that it started, and that one's group. A script that is killed leaves its children, and a
service that goes into the background leaves its group; both keep the port, and nobody would end them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

MARK = "COURSEWRIGHT_SERVICE"  # a variable of every process of a service: its folder
_LOOK = 0.1  # seconds between two looks


def strays(folder: str) -> list[int]:
    """The processes that carry the mark of the service whose folder it is, this one aside; none where no /proc is."""
    mark = os.fsencode(f"{MARK}={folder}")
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # somebody else's, or gone by now
            if mark in (place / "environ").read_bytes().split(b"\0") and int(place.name) != os.getpid():
                found.append(int(place.name))
    return found


def end(processes: Iterable[int], patience: float) -> None:
    """Ask processes to end, and end those that are there after so many seconds."""
    left = [process for process in processes if _told(process, signal.SIGTERM)]
    until = time.monotonic() + patience
    while left and time.monotonic() < until:
        time.sleep(_LOOK)
        left = [process for process in left if _told(process, 0)]
    for process in left:
        _told(process, signal.SIGKILL)


def _told(process: int, number: int) -> bool:
    """Send a signal to a process; whether it is there, and more than an entry that nobody has collected."""
    try:
        os.kill(process, number)
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return False
