"""Fork servers from outside, whoever they fork for: how they are asked, kept and ended, and what they have forked.

Python and its imports take most of the time of a short process. A server has loaded them, and a process forked from it
starts with that, and with nothing of any other process. Only on Linux, whose processes can be waited for by others than
their parents.
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
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from threading import Lock, RLock
from typing import IO, Any, Generic, TypeVar

from coursewright.sandbox.forked import LONGEST

_ENDING = 5.0  # seconds that a server has to end


class ServerGone(OSError):
    """A fork server that is no more, or no longer what it should be."""


class ForkServer:
    """A process that forks others, and is asked in JSON: what is asked of it comes one after another.

    `living` is how many of those that it has forked have not been taken away.
    """

    def __init__(self) -> None:
        self.living = 0
        self._lock = Lock()
        self._socket, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self, command: Sequence[str], environment: Mapping[str, str], said: IO[bytes] | int) -> None:
        """Begin it by a command, behind which the number of its socket stands; what it prints goes to `said`."""
        with self._theirs:
            number = self._theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - a Python, with a command of ours
                [*command, str(number)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env=environment,
                pass_fds=[number],
                start_new_session=True,
            )

    def ask(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> dict[str, Any]:
        """Its answer; raises ServerGone where there is none."""
        message = json.dumps(request).encode()  # which takes paths that are no text, too
        if len(message) > LONGEST:
            raise ServerGone("a request that is too long")
        with self._lock:
            return self._hear(message, files)

    def _hear(self, message: bytes = b"", files: Sequence[int] = ()) -> dict[str, Any]:
        """What it says, to a message if there is one."""
        answer = b""
        try:
            with suppress(OSError):
                if message:
                    socket.send_fds(self._socket, [message], files)
                answer = self._socket.recv(LONGEST)
        finally:
            if not answer:  # one that comes later would be taken for the answer to the next request
                self._socket.close()
        if not answer:
            raise ServerGone("the fork server is gone")
        said: dict[str, Any] = json.loads(answer)
        return said

    def fork(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> int:
        """The number of a new process, which has these files."""
        number: int = self.ask(request, files)["pid"]
        with self._lock:
            self.living += 1
        return number

    def take_away(self, number: int) -> int:
        """The exit status of a process that has ended, below 0 for a signal: SIGKILL where the server went with it."""
        with self._lock:
            self.living -= 1
        try:
            status: int = self.ask({"ended": number})["status"]
        except ServerGone:
            return -signal.SIGKILL
        return status

    def close(self) -> None:
        """End it: nobody is there to ask any more, which its processes see, too."""
        self._socket.close()
        if self._process is None:
            return
        try:
            self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class ForkedProcess:
    """A process from a fork server, with those of Popen's ways that are needed. Raises ServerGone if there is none."""

    def __init__(self, server: ForkServer, request: Mapping[str, Any], files: Sequence[int]) -> None:
        self.returncode: int | None = None
        self._server = server
        self.pid = server.fork(request, files)
        self._handle = os.pidfd_open(self.pid)

    def poll(self) -> int | None:
        """Its exit status, below 0 for a signal; None while it lives."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it has ended. Raises TimeoutExpired when it lives on for `timeout` seconds."""
        if self.returncode is None:
            ended = select.poll()
            ended.register(self._handle, select.POLLIN)
            if not ended.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired("a forked process", timeout or 0)
            self.returncode = self._server.take_away(self.pid)
            os.close(self._handle)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it, if it has not ended."""
        self.send_signal(signal.SIGKILL)

    terminate = kill


_Key = TypeVar("_Key", bound=Hashable)
_Server = TypeVar("_Server", bound=ForkServer)


class ForkServers(Generic[_Key, _Server]):
    """The fork servers of this process, by what they have loaded; they end with it. A fork of it has its own.

    Beyond `most`, those that nobody needs just now make room for new ones; 0 is no limit.
    """

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._kept: dict[tuple[int, _Key], _Server] = {}
        self._choosing = RLock()
        atexit.register(self.end)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: _Key, begin: Callable[[], _Server]) -> _Server:
        """The server with this key, which `begin` begins if there is none."""
        own = (os.getpid(), key)
        with self._choosing:
            if own not in self._kept:
                self._make_room()
                self._kept[own] = begin()
            return self._kept[own]

    def servers(self) -> list[_Server]:
        """All of them."""
        return list(self._kept.values())

    def end(self, which: Callable[[_Key], bool] = lambda _key: True) -> None:
        """End those with such keys."""
        with self._choosing:
            self._end([kept for kept in self._kept if which(kept[1])])

    def _make_room(self) -> None:
        idle = [kept for kept, server in self._kept.items() if not server.living]
        self._end(idle[: max(0, len(self._kept) + 1 - self._most)] if self._most else [])

    def _end(self, these: list[tuple[int, _Key]]) -> None:
        for process, key in these:
            server = self._kept.pop((process, key))
            if process == os.getpid():
                server.close()


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
