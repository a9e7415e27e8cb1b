"""The verb: stop all services at once, each with the time that it has; what has not ended by then is killed, and told.

Supervisor itself stops one service after another. Here all are told at once, but for those that others need: these are
told when the others have ended, or a moment later, so that an application can still write into its database.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import time
import xmlrpc.client
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import rpc
from .logs import Follower
from .program import ServiceProgram
from .strays import end, strays
from .supervisor import Layout

HEAD_START = 2  # seconds in which what needs a service may end before it
_LEAST = 2  # seconds for what a service has left, which was perhaps not told with it
_LOOK = 0.1
_KILLS = re.compile(r"killing '(?:[^':]*:)?([^']*)' \(\d+\) with SIGKILL")  # as Supervisor says it
_ALIVE = frozenset({"STARTING", "RUNNING", "BACKOFF", "STOPPING"})

Say = Callable[[str], None]


def stop(layout: Layout, say: Say) -> None:
    """Stop all services, what they have left, and Supervisor; `say` is told of each that had to be killed."""
    programs = _written(layout)
    told: dict[str, float] = {}
    groups: dict[str, int] = {}
    with contextlib.closing(Follower(layout.log_of_supervisor)) as log:
        log.skip()
        # 1. the services; Supervisor kills those whose time is over
        with contextlib.suppress(OSError, http.client.HTTPException, xmlrpc.client.Error):  # it has ended
            while alive := _alive(layout, programs):
                groups |= {name: one["pid"] for name, one in alive.items() if one["pid"]}
                for name in list(_next(alive, told, programs)):
                    with contextlib.suppress(xmlrpc.client.Fault):  # it has ended by itself
                        rpc.ask(layout.socket, "stopProcess", name, False)
                    told[name] = time.monotonic()
                _tell(log, programs, say)
                time.sleep(_LOOK)
            rpc.ask(layout.socket, "shutdown")
        _tell(log, programs, say)
    # 2. what they have left
    now, patience, whose = time.monotonic(), {}, {}
    for name, program in programs.items():
        for process in strays(program.folder, groups.get(name, 0)):
            patience[process] = max(told.get(name, now) + program.stop_wait - now, _LEAST)
            whose[process] = name
    for name in sorted({whose[process] for process in end(patience)}):
        say(f"what {name} has left did not end, and was killed")


def _written(layout: Layout) -> dict[str, ServiceProgram]:
    files = (layout.folder / "programs").glob("*.json")
    programs = (ServiceProgram.read(json.loads(file.read_text(encoding="utf-8"))["program"]) for file in files)
    return {program.name: program for program in programs}


def _alive(layout: Layout, programs: Mapping[str, ServiceProgram]) -> dict[str, Any]:
    """What Supervisor says of the services that run."""
    told = rpc.ask(layout.socket, "getAllProcessInfo")
    return {one["name"]: one for one in told if one["statename"] in _ALIVE and one["name"] in programs}


def _next(alive: Mapping[str, Any], told: Mapping[str, float], programs: Mapping[str, ServiceProgram]) -> Iterator[str]:
    """The services to be told now: those that no other needs that still may end before them."""
    now = time.monotonic()
    for name in alive.keys() - told.keys():
        above = (other for other in alive if name in programs[other].needs)
        if all(now - told.get(other, now) >= HEAD_START for other in above):
            yield name


def _tell(log: Follower, programs: Mapping[str, ServiceProgram], say: Say) -> None:
    """Tell of the services that Supervisor says it kills."""
    for line in log.new():
        if (found := _KILLS.search(line)) and found[1] in programs:
            say(f"{found[1]} did not end within {programs[found[1]].stop_wait} s, and was killed")
