"""Fork servers of Python kernels, from outside: a kernel begins where another process has loaded what its page imports.

A server for the imports that a page begins with is a fork of the one that has loaded ipykernel alone. Only on Linux,
which says what threads and files a process has, and ends a process when its parent ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import resources
from typing import Any

from coursewright.pages.engines.beginning import Beginning
from coursewright.sandbox.forking import ForkedProcess, ForkServer, ForkServers, ServerGone, can_fork

_LAUNCHER = ["-m", "ipykernel_launcher", "-f"]
_OF_ONE_KERNEL = frozenset({"IPYTHONDIR", "JPY_SESSION_NAME"})
_BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as ipykernel sets it before it runs code


class Unsafe(Exception):
    """Why no process is forked."""


class KernelProcess(ForkedProcess):
    """The process of a kernel, whose pipes are somebody else's."""

    stdin = stdout = stderr = None


class _KernelServer(ForkServer):
    """A fork server that may refuse to fork, or find that its packages have changed since it loaded them."""

    refused = ""

    def ask(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> dict[str, Any]:
        """Its answer. Raises Unsafe when it refuses, and ServerGone when it is no longer what it should be."""
        said = super().ask(request, files)
        if "stale" in said:
            raise ServerGone("what it has loaded has changed")
        if said.get("refused"):
            raise Unsafe(said["refused"])
        return said


class _Root(_KernelServer):
    """The server that has loaded ipykernel, and nothing else; it is begun by the first words of a kernel's command."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        super().__init__()
        source = resources.files("coursewright.pages.engines.sides").joinpath("server.py").read_text(encoding="utf-8")
        with tempfile.TemporaryFile() as said:
            self.begin([*command, "-c", source], environment, said)


class _Branch(_KernelServer):
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
        with suppress(ServerGone):
            self._root.ask({"ended": self._number})


_Key = tuple[tuple[str, ...], str]
_roots = ForkServers[_Key, _Root]()
_grown = ForkServers[tuple[_Key, tuple[str, ...]], _Branch](most=4)


def fork(
    command: Sequence[str], beginning: Beginning, cwd: str, environment: Mapping[str, str], files: Sequence[int]
) -> KernelProcess | None:
    """The process of a kernel that `command` would begin; `files` are its input, output and errors.

    None where there can be no server. Raises Unsafe when forking would not be the same as a process of its own.
    """
    if not can_fork() or command[-4:-1] != _LAUNCHER or not all(each.startswith("-X") for each in command[1:-4]):
        return None
    request = {"command": command, "cwd": cwd, "environment": environment, "names": beginning.names}
    key = _key(command, environment)
    for _ in range(2):  # a server whose packages have changed is begun anew
        try:
            return KernelProcess(_server(key, beginning.imports, environment), request, files)
        except ServerGone:
            _grown.end(lambda grown: grown[0] == key)
            _roots.end(key.__eq__)
    return None


def _key(command: Sequence[str], environment: Mapping[str, str]) -> _Key:
    common = {name: value for name, value in environment.items() if name not in _OF_ONE_KERNEL}
    return tuple(command[:-4]), repr(common)


def _server(key: _Key, imports: tuple[str, ...], environment: Mapping[str, str]) -> _KernelServer:
    """The server that has loaded these imports; where they fail, that which has loaded nothing."""
    root = _roots.get(key, lambda: _Root(key[0], environment))
    if not imports:
        return root
    grown = _grown.get((key, imports), lambda: _Branch(root, imports, environment))
    if grown.refused or grown.failed:
        grown.ask({"still": True})  # or what it has loaded has changed
    if grown.refused:
        raise Unsafe(f"{', '.join(imports)}: {grown.refused}")
    return root if grown.failed else grown


def close() -> None:
    """End all servers of this process, each before the one that it was forked from."""
    _grown.end()
    _roots.end()
