"""What is left of a service when its own process is gone: found by the mark that all of its processes carry.

Supervisor knows the process that it started, and that one's group. A script that is killed leaves its children, and a
service that goes into the background leaves its group; both keep the port, and nobody would end them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

MARK = "COURSEWRIGHT_SERVICE"  # a variable of every process of a service: its folder
_LOOK = 0.1  # seconds between two looks


def strays(folder: str, group: int = 0) -> list[int]:
    """The processes that carry the mark of the service whose folder it is, or are of its `group`, this one aside.

    None where no /proc is.
    """
    mark = os.fsencode(f"{MARK}={folder}")
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        process = int(place.name)
        with contextlib.suppress(OSError):  # somebody else's, or gone by now
            is_of_group = group and os.getpgid(process) == group
            if process != os.getpid() and (is_of_group or mark in (place / "environ").read_bytes().split(b"\0")):
                found.append(process)
    return found


def end(patience: Mapping[int, float]) -> set[int]:
    """Ask processes to end, and kill those that are there after the seconds that each has; those that were killed."""
    begin, killed = time.monotonic(), set()
    left = {process for process in patience if _told(process, signal.SIGTERM)}
    while left:
        late = {process for process in left if time.monotonic() >= begin + patience[process] and _told(process, 0)}
        killed |= late
        for process in late:
            _told(process, signal.SIGKILL)
        time.sleep(_LOOK if left - late else 0)
        left = {process for process in left - late if _told(process, 0)}
    return killed


def _told(process: int, number: int) -> bool:
    """Send a signal to a process; whether it is there, and more than an entry that nobody has collected."""
    try:
        os.kill(process, number)
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return False
