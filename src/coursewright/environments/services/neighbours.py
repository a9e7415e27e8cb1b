"""The verb: who else uses this machine, and what of an environment they could use on its loopback."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from coursewright.environments.environment import Environment
from coursewright.environments.runtime.plan import listens_at_socket
from coursewright.environments.runtime.program import WEB

_FIRST = {"darwin": 501}.get(sys.platform, 1000)  # the number of the first person
_PASSWORD = "{password}"  # noqa: S105 - what stands for one
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
    """The services that ask for no login, and are reached by everybody on this machine."""
    services = environment.services.items()
    return [name for name, one in services if name != WEB and _is_open(to_builtins(one), environment.files)]


def _is_open(service: Mapping[str, Any], files: Mapping[str, str]) -> bool:
    """Whether it has a port and no login: one without a path has a login where it is given its password."""
    if not service["port"] or listens_at_socket(service) or (service["proxy"] or {}).get("login"):
        return False
    written = (Path(files[at]) for at in service["configuration"].values() if at in files)
    given = (*map(str, service["environment"].values()), *(one.read_text("utf-8", "replace") for one in written))
    return bool(service["path"]) or not any(_PASSWORD in text for text in given)


def _name_of(uid: int) -> str:
    """The name of a user; "" for a number that has none."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""
