"""The verb: who else uses this machine, and could reach what listens on its loopback."""

from __future__ import annotations

import contextlib
import os

_PEOPLE = (1000, 59999)  # the numbers that Debian and others give to people


def others() -> list[str]:
    """The names of other people who have programs running on this machine: what listens on loopback they can reach."""
    import psutil

    uids = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            uids.add(process.uids().real)
    people = (uid for uid in sorted(uids) if _PEOPLE[0] <= uid <= _PEOPLE[1] and uid != os.getuid())
    return [_name_of(uid) for uid in people]


def _name_of(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
