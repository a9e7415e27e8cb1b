"""Follows services in a container: what they say goes to its output with their names, and who failed is remembered."""

from __future__ import annotations

import http.client
import sys
import threading
import xmlrpc.client
from collections.abc import Sequence

from . import rpc
from .logs import Follower
from .supervisor import Layout

_PAUSE = 0.5  # seconds
_LOOKS = 2  # at the logs, for each at the services


class ServiceWatch:
    """The logs and the failures of some services."""

    def __init__(self, layout: Layout, names: Sequence[str]) -> None:
        self.layout, self.names = layout, names
        self.failed: set[str] = set()
        self._logs = {name: Follower(layout.log(name)) for name in names}
        for log in self._logs.values():
            log.skip()  # an earlier container's, on a volume
        self._over = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._width = max(map(len, names), default=0)

    def run(self) -> None:
        """Follow until `finish`."""
        looks = 0
        while not self._over.wait(_PAUSE):
            self.tell()
            looks += 1
            if looks % _LOOKS == 0:
                self.look()

    def finish(self) -> None:
        """Stop following, after what was said last."""
        self._over.set()
        self.tell(finished=True)

    def tell(self, *, finished: bool = False) -> None:
        """Print the whole lines that services have said since the last time, and at last what is no whole line."""
        with self._one_at_a_time:
            for name, log in self._logs.items():
                for line in log.new(finished=finished):
                    print(f"{name.ljust(self._width)} | {line}")  # noqa: T201 - the container's output
            sys.stdout.flush()

    def look(self) -> None:
        """Note the services that Supervisor has given up."""
        try:
            told = rpc.ask(self.layout.socket, "getAllProcessInfo")
        except (OSError, http.client.HTTPException, xmlrpc.client.Error):
            return
        now = {one["name"] for one in told if one["statename"] == "FATAL"}
        for name in sorted(now - self.failed):
            print(f"coursewright: {name} cannot be kept running", file=sys.stderr, flush=True)  # noqa: T201 - as above
        self.failed = now
