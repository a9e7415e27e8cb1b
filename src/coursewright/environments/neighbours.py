"""The verb: who else uses this machine, and what of an environment they could use on its loopback."""

from __future__ import annotations

import contextlib
import os
import sys

from msgspec import to_builtins

from coursewright.environments.environment import Environment
from coursewright.environments.runtime.plan import listens_at_socket
from coursewright.environments.runtime.program import WEB

_FIRST = {"darwin": 501}.get(sys.platform, 1000)  # the number of the first person
_LAST, _OWN = 60513, 65535  # of those that a machine gives by itself: people's, and all


def others() -> list[str]:
    """The names of other people who have programs running on this machine: what listens on loopback they can reach."""
    import psutil

    uids = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            uids.add(process.uids().real)
    named = ((uid, _name_of(uid)) for uid in sorted(uids) if uid != os.getuid())
    return [name or str(uid) for uid, name in named if _is_a_person(uid, name)]


def _is_a_person(uid: int, name: str) -> bool:
    """Directories of people give large numbers, with a name; those without one are of containers."""
    return _FIRST <= uid <= _LAST or (uid > _OWN and bool(name))


def open_services(environment: Environment) -> list[str]:
    """The services of the web that ask for no login, and are reached by everybody on this machine."""
    return [
        name
        for name, one in environment.services.items()
        if one.path and name != WEB and not (one.proxy and one.proxy.login) and not listens_at_socket(to_builtins(one))
    ]


def _name_of(uid: int) -> str:
    """The name of a user; "" for a number that has none."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""
