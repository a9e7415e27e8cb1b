"""Walled-off processes from fork servers: one server for each target, which forks a process with pipes for each call.

The wall is built in the fork, as it is in a process with a command line of its own; `sandbox.forked` is the inside.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from coursewright.sandbox.forking.servers import ForkedProcess, ForkServer, ForkServers, can_fork

_SERVED = "from coursewright.sandbox.forked import main; main()"
_servers = ForkServers[tuple[str, str], ForkServer](most=4)


class PipedProcess(ForkedProcess):
    """A process from a fork server, and the pipes to it. Raises OSError if there is none."""

    def __init__(self, server: ForkServer, request: Mapping[str, Any]) -> None:
        (child_in, mine_in), (mine_out, child_out), (mine_err, child_err) = os.pipe(), os.pipe(), os.pipe()
        self.stdin, self.stdout, self.stderr = (
            os.fdopen(mine_in, "wb"),
            os.fdopen(mine_out, "rb"),
            os.fdopen(mine_err, "rb"),
        )
        try:
            super().__init__(server, request, [child_in, child_out, child_err])
        except OSError:
            for pipe in (self.stdin, self.stdout, self.stderr):
                pipe.close()
            raise
        finally:
            for end in (child_in, child_out, child_err):
                os.close(end)


def fork(target: str, arguments: list[str], environment: dict[str, str], home: str) -> PipedProcess | None:
    """A process that runs `target` with these arguments, in `home`; None where there can be no fork server."""
    if not can_fork():
        return None
    everywhere = {name: "/" if value == home else value for name, value in environment.items()}
    key = (target, repr(everywhere))
    request = {"arguments": arguments, "environment": environment, "home": home}
    try:
        return PipedProcess(_servers.get(key, lambda: _begun(target, everywhere)), request)
    except OSError:
        _servers.end(key.__eq__)
        return None


def _begun(target: str, environment: Mapping[str, str]) -> ForkServer:
    server = ForkServer()
    server.begin([sys.executable, "-s", "-P", "-c", _SERVED, target], environment, subprocess.DEVNULL)
    return server
