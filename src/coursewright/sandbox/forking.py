"""The outside of fork servers: processes that begin where another one has loaded what they need.

Python and its imports take most of the time of a short process. A server has loaded a target, and a process forked from
it starts with that, and with nothing of any other process: the wall is built in the fork, as it is in a process with a
command line of its own. Only on Linux, whose processes can be waited for by others than their parents.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import Any

from coursewright.sandbox.forked import LONGEST

_MOST = 4  # servers that are kept, one for each target
_GONE = -1000  # instead of an answer
_ENDING = 5.0  # seconds that a server has to end

_Key = tuple[int, str, str]


class ForkedProcess:
    """A process from a fork server, with those of Popen's ways that are needed. Raises OSError if there is none."""

    def __init__(self, server: _Server, arguments: list[str], environment: dict[str, str], home: str) -> None:
        (child_in, mine_in), (mine_out, child_out), (mine_err, child_err) = os.pipe(), os.pipe(), os.pipe()
        self.stdin, self.stdout, self.stderr = (
            os.fdopen(mine_in, "wb"),
            os.fdopen(mine_out, "rb"),
            os.fdopen(mine_err, "rb"),
        )
        self.returncode: int | None = None
        self._server = server
        request = {"arguments": arguments, "environment": environment, "home": home}
        try:
            self.pid = server.ask(request, [child_in, child_out, child_err])
            self._handle = os.pidfd_open(self.pid)
        except OSError:
            for pipe in (self.stdin, self.stdout, self.stderr):
                pipe.close()
            raise
        finally:
            for end in (child_in, child_out, child_err):
                os.close(end)

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self.returncode is None:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, below 0 for a signal. Raises TimeoutExpired when it lives on for `timeout` seconds."""
        if self.returncode is None:
            ended = select.poll()
            ended.register(self._handle, select.POLLIN)
            if not ended.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired("a forked process", timeout or 0)
            try:
                self.returncode = self._server.ask({"ended": self.pid})
            except OSError:  # the server is gone, and the status with it
                self.returncode = -signal.SIGKILL
            os.close(self._handle)
        return self.returncode


class _Server:
    """A process that forks others. What is asked of it comes one after another."""

    def __init__(self, target: str, environment: dict[str, str]) -> None:
        self.living = 0
        self._lock = Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            code = "from coursewright.sandbox.forked import main; main()"
            command = [sys.executable, "-s", "-P", "-c", code, str(theirs.fileno()), target]
            nothing = subprocess.DEVNULL
            self._process = subprocess.Popen(  # noqa: S603 - this Python, with a command of ours
                command,
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                cwd="/",
                env=environment,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def ask(self, request: dict[str, Any], pipes: list[int] | None = None) -> int:
        """Its answer. Raises OSError where there is none."""
        message = json.dumps(request).encode()  # which takes paths that are no text, too
        if len(message) > LONGEST:
            raise OSError("a request that is too long")
        with self._lock:
            try:
                socket.send_fds(self._socket, [message], pipes or [])
                answer = int(self._socket.recv(64) or _GONE)
            except BaseException:  # else its answer would be taken for that to the next request
                self._socket.close()
                raise
            self.living += 1 if pipes else -1
        if answer == _GONE:
            raise OSError("the fork server is gone")
        return answer

    def close(self) -> None:
        """End it; its processes see that nobody speaks to them any more."""
        self._socket.close()
        try:
            self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


_servers: dict[_Key, _Server] = {}
_choosing = Lock()


def fork(target: str, arguments: list[str], environment: dict[str, str], home: str) -> ForkedProcess | None:
    """A process that runs `target` with these arguments, in `home`; None where there can be no fork server."""
    if not can_fork():
        return None
    everywhere = {name: "/" if value == home else value for name, value in environment.items()}
    key = (os.getpid(), target, repr(everywhere))  # a fork of this process has servers of its own
    try:
        with _choosing:
            if key not in _servers:
                _make_room()
                _servers[key] = _Server(target, everywhere)
            server = _servers[key]
        return ForkedProcess(server, arguments, environment, home)
    except OSError:
        if lost := _servers.pop(key, None):
            lost.close()
        return None


@cache
def can_fork() -> bool:
    """Whether a fork server can look after its processes here: on Linux, which has handles of them."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))  # from Linux 5.3, unless something forbids it
    except (AttributeError, OSError):
        return False
    return True


def _make_room() -> None:
    """End servers that nobody needs just now, if there are many."""
    for key in [key for key, server in _servers.items() if not server.living][: max(0, len(_servers) + 1 - _MOST)]:
        server = _servers.pop(key)
        if key[0] == os.getpid():
            server.close()


@atexit.register
def _close() -> None:
    for key in list(_servers):
        server = _servers.pop(key)
        if key[0] == os.getpid():
            with suppress(OSError):
                server.close()
