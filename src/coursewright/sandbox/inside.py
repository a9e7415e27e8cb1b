"""The inside of a process of its own: limits, fence and wall, and then the function that is to run there.

This module starts with every process, so it imports next to nothing, and what a system lacks (signals on Windows,
namespaces outside Linux) is left out there.
"""

from __future__ import annotations

import faulthandler
import os
import sys

from coursewright.sandbox.walls import wall
from coursewright.sandbox.within import fence, patience

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NO_WALL = 78  # the exit status of a process that was to have a wall and could not


def main() -> None:
    """Run what the command line says."""
    run(sys.argv[1:])


def load(target: str) -> Any:
    """The function called so, `package.module:function`. It and what its module imports are ours."""
    module, _, name = target.partition(":")
    return getattr(__import__(module, fromlist=[name]), name)


def run(told: list[str]) -> None:
    """Run the target that is named first, with what `process` has written behind it. What others wrote comes later,
    with the messages."""
    target, home, seconds, memory, processor, file, files, needed, fenced, *readable = told
    patience.own_seconds = float(seconds)
    receive, send = _pipes()
    faulthandler.enable(file=2)
    wall.leave_network()
    function = load(target)
    _limit(int(memory) << 20, int(file) << 20, int(files), int(processor))
    sys.dont_write_bytecode = True
    if not wall.build(home, readable) and needed == "needed":
        os._exit(NO_WALL)
    if fenced == "fenced":
        fence.watch(home)
    send(b"")  # ready
    function(receive, send)


def _pipes() -> tuple[Callable[[], bytes], Callable[[bytes], None]]:
    """How to receive and send a message; whatever is printed from now on goes to stderr."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)

    def receive() -> bytes:
        head = source.read(8)
        size = int.from_bytes(head, "big")
        message = source.read(size)
        if len(head) < 8 or len(message) < size:
            sys.stdout.flush()
            os._exit(0)  # the other side is gone
        return message

    def send(message: bytes) -> None:
        rest = memoryview(len(message).to_bytes(8, "big") + message)
        while rest:
            rest = rest[os.write(sink, rest) :]

    return receive, send


def _limit(memory: int, file: int, files: int, processor: int) -> None:
    """At most `memory` bytes more than now, no large files and no core dumps; `processor` 0 is no limit."""
    try:
        import resource
    except ImportError:
        return
    limits = {resource.RLIMIT_FSIZE: file, resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: files}
    if processor:
        limits[resource.RLIMIT_CPU] = processor
    try:
        with open("/proc/self/statm", "rb") as size:  # noqa: PTH123 - pathlib takes long to import
            limits[resource.RLIMIT_AS] = int(size.read().split()[0]) * resource.getpagesize() + memory
    except OSError:
        pass  # only Linux counts address space in a way that a limit on it is of use
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)  # noqa: PLW2901 - never more than allowed
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):
            continue
