"""Fork servers of Python kernels, from outside: a kernel begins where another process has loaded what its page imports.

A server for the imports that a page begins with is a fork of the one that has loaded ipykernel alone. Only on Linux,
which says what threads and files a process has, and ends a process when its parent ends.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import resources
from threading import Lock
from typing import Any

from coursewright.pages.engines.beginning import Beginning
from coursewright.sandbox import can_fork

_LONGEST = 1 << 18  # bytes of an answer
_MOST = 4  # servers with something loaded that are kept
_ENDING = 5.0  # seconds that a server has to end
_LAUNCHER = ["-m", "ipykernel_launcher", "-f"]
_OF_ONE_KERNEL = frozenset({"IPYTHONDIR", "JPY_SESSION_NAME"})
_BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as ipykernel sets it before it runs code


class Unsafe(Exception):
    """Why no process is forked."""


class _Gone(Exception):
    """A server that is no more, or whose packages have changed since it loaded them."""


class KernelProcess:
    """A process that a server has forked, with those of Popen's ways that are needed."""

    stdin = stdout = stderr = None

    def __init__(self, server: _ForkServer, request: Mapping[str, Any], files: Sequence[int]) -> None:
        self._server = server
        self.pid: int = server.ask(request, files)["pid"]
        self.returncode: int | None = None
        server.living += 1
        self._handle = os.pidfd_open(self.pid)

    def poll(self) -> int | None:
        """Its exit status, below 0 for a signal; None while it lives."""
        if self.returncode is None:
            ended = select.poll()
            ended.register(self._handle, select.POLLIN)
            if ended.poll(0):
                self._take_away()
        return self.returncode

    def wait(self) -> int:
        """Its exit status, once it has ended."""
        if self.returncode is None:
            select.select([self._handle], [], [])
            self._take_away()
        assert self.returncode is not None  # noqa: S101 - just taken
        return self.returncode

    def _take_away(self) -> None:
        self._server.living -= 1
        os.close(self._handle)
        try:
            self.returncode = self._server.ask({"ended": self.pid})["status"]
        except _Gone:  # and the status with it, which was this: it ends with its server
            self.returncode = -signal.SIGKILL

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it, if it has not ended."""
        self.send_signal(signal.SIGKILL)

    terminate = kill


class _ForkServer:
    """A process that forks others. What is asked of it comes one after another."""

    def __init__(self) -> None:
        self.living = 0
        self.refused = ""
        self._lock = Lock()
        self._socket, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def ask(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> dict[str, Any]:
        """Its answer. Raises Unsafe when it refuses, and _Gone when it is no longer what it should be."""
        with self._lock:
            try:
                socket.send_fds(self._socket, [json.dumps(request).encode()], files)
            except OSError:
                raise _Gone from None
            said = self._hear()
        if "stale" in said:
            raise _Gone
        if said.get("refused"):
            raise Unsafe(said["refused"])
        return said

    def _hear(self) -> dict[str, Any]:
        try:
            said: dict[str, Any] = json.loads(self._socket.recv(_LONGEST) or b"{}")
        except OSError:
            said = {}
        if not said:
            raise _Gone
        return said

    def close(self) -> None:
        """End it: nobody is there to ask any more."""
        self._socket.close()


class _Root(_ForkServer):
    """The server that has loaded ipykernel, and nothing else; it is begun by the first words of a kernel's command."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        super().__init__()
        source = resources.files("coursewright.pages.engines.sides").joinpath("server.py").read_text(encoding="utf-8")
        with self._theirs, tempfile.TemporaryFile() as said:
            number = self._theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - the kernel's own Python
                [*command, "-c", source, str(number)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env=environment,
                pass_fds=[number],
                start_new_session=True,
            )

    def close(self) -> None:
        """End it, and with it all that it has forked."""
        super().close()
        try:
            self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Branch(_ForkServer):
    """A fork of the root that has imported something. Raises Unsafe when it may not be forked again."""

    def __init__(self, root: _Root, imports: Sequence[str], environment: Mapping[str, str]) -> None:
        super().__init__()
        self._root = root
        with self._theirs:
            request = {"load": imports, "environment": {**_BACKEND, **environment}}
            self._number: int = root.ask(request, [self._theirs.fileno()])["pid"]
        said = self._hear()
        self.refused, self.failed = said["refused"], said["failed"]

    def close(self) -> None:
        """End it."""
        super().close()
        with suppress(_Gone):
            self._root.ask({"ended": self._number})


_Key = tuple[int, tuple[str, ...], str]
_roots: dict[_Key, _Root] = {}
_grown: dict[tuple[_Key, tuple[str, ...]], _Branch] = {}
_choosing = Lock()


def fork(
    command: Sequence[str], beginning: Beginning, cwd: str, environment: Mapping[str, str], files: Sequence[int]
) -> KernelProcess | None:
    """The process of a kernel that `command` would begin; `files` are its input, output and errors.

    None where there can be no server. Raises Unsafe when forking would not be the same as a process of its own.
    """
    if not can_fork() or command[-4:-1] != _LAUNCHER or not all(each.startswith("-X") for each in command[1:-4]):
        return None
    request = {"command": command, "cwd": cwd, "environment": environment, "names": beginning.names}
    for _ in range(2):  # a server whose packages have changed is begun anew
        key = _key(command, environment)
        try:
            with _choosing:
                server = _server(key, beginning.imports, environment)
            return KernelProcess(server, request, files)
        except _Gone:
            with _choosing:
                _end(key)
    return None


def _key(command: Sequence[str], environment: Mapping[str, str]) -> _Key:
    common = {name: value for name, value in environment.items() if name not in _OF_ONE_KERNEL}
    return os.getpid(), tuple(command[:-4]), repr(common)


def _server(key: _Key, imports: tuple[str, ...], environment: Mapping[str, str]) -> _ForkServer:
    """The server that has loaded these imports; where they fail, that which has loaded nothing."""
    if key not in _roots:
        _roots[key] = _Root(key[1], environment)
    if not imports:
        return _roots[key]
    if (key, imports) not in _grown:
        _make_room()
        _grown[key, imports] = _Branch(_roots[key], imports, environment)
    grown = _grown[key, imports]
    if grown.refused or grown.failed:
        grown.ask({"still": True})  # or what it has loaded has changed
    if grown.refused:
        raise Unsafe(f"{', '.join(imports)}: {grown.refused}")
    return _roots[key] if grown.failed else grown


def _make_room() -> None:
    """End those that nobody needs just now, if there are many."""
    idle = [key for key, server in _grown.items() if not server.living]
    for key in idle[: max(0, len(_grown) + 1 - _MOST)]:
        _grown.pop(key).close()


def _end(key: _Key) -> None:
    for each in [each for each in _grown if each[0] == key]:
        _grown.pop(each).close()
    if root := _roots.pop(key, None):
        root.close()


@atexit.register
def close() -> None:
    """End all servers of this process."""
    for key in list(_roots):
        if key[0] == os.getpid():
            _end(key)
