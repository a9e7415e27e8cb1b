"""The inside of a fork server: it loads a target once, and forks a process for each one that is asked for.

The server hears nothing of the work, since the processes talk by pipes of their own, and nothing but our own code ever
runs in it. Code that others wrote runs in its forks, which have all that it has, so it imports next to nothing itself.
"""

from __future__ import annotations

import json
import os
import socket
import sys

from coursewright.sandbox import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST = 1 << 18  # bytes of a request, or of its answer
PIPES = 3
_FILES = 1 << 16  # more than the server ever has open


def main() -> None:
    """Serve what is asked for at the socket whose number stands behind the target, until nobody is there to ask.

    A request starts a process with three pipes, and is answered by its number, or has one that has ended taken away,
    and is answered by its exit status.
    """
    import ctypes  # noqa: F401 - building the wall loads it, in every process

    target, number = sys.argv[1:]
    asked = socket.socket(fileno=int(number))
    try:
        inside.load(target)
    except Exception:  # noqa: BLE001 - each process tries again, and says what is wrong where it is heard
        sys.stderr.flush()
    while True:
        message, pipes, _, _ = socket.recv_fds(asked, LONGEST, PIPES)
        if not message:
            return
        request = json.loads(message)
        if "ended" in request:
            answer = {"status": os.waitstatus_to_exitcode(os.waitpid(request["ended"], 0)[1])}
        else:
            answer = {"pid": os.fork() or _live(pipes, request)}
            for pipe in pipes:
                os.close(pipe)
        asked.send(json.dumps(answer).encode())


def _live(pipes: list[int], request: dict[str, Any]) -> int:
    """The life of a forked process, which never comes back: as it would be with a command line of its own."""
    status = 1
    try:
        for number, pipe in enumerate(pipes):
            os.dup2(pipe, number)
        os.closerange(PIPES, _FILES)  # the server's socket above all
        os.setsid()
        os.chdir(request["home"])
        os.environ.clear()
        os.environ.update(request["environment"])
        inside.run(request["arguments"])
        status = 0
    except SystemExit as leaving:
        status = _status(leaving.code)
    except BaseException:  # noqa: BLE001 - as Python itself would tell of it
        sys.excepthook(*sys.exc_info())
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)


def _status(code: object) -> int:
    """The exit status that Python makes of what was given to `sys.exit`."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write(f"{code}\n")
    return 1
