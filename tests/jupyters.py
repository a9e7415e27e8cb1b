"""A real Jupyter for tests: on loopback, run by an ordinary user in a folder of its own, stopped whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from coursewright.environments.runtime import sockets
from people import python
from servers import _as_user, _user


def python_with(module: str) -> str | None:
    """A Python that has `module` and that the user of `program` can run, or None if the tests' own does not have it."""
    return str(python()) if importlib.util.find_spec(module) else None


JUPYTER = python_with("jupyter_server_proxy")
needs_jupyter = pytest.mark.skipif(not JUPYTER, reason="pip install jupyterlab jupyter-server-proxy")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """A folder that belongs to whoever runs servers when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="coursewright-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _user())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def program(
    command: list[str], folder: Path, *, port: int, environment: Mapping[str, str] | None = None, socket: str = ""
) -> Iterator[None]:
    """A program that listens on `port`, or at `socket`, when this goes on; it is gone with its children afterwards."""
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={
                "PATH": f"{python().parent}:{os.environ['PATH']}",
                "HOME": str(folder),
                "LANG": "C.UTF-8",
                **(environment or {}),
            },
            start_new_session=True,
            **_as_user(),
        )
    try:
        until = time.monotonic() + 60
        while not (sockets.is_answered(socket) if socket else _listens(port)):
            text = (folder / f"{port}.log").read_text(errors="replace")
            assert process.poll() is None, text
            assert time.monotonic() < until, text
            time.sleep(0.05)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Redirects are looked at, not followed."""


@dataclass(frozen=True)
class Jupyter:
    """A running Jupyter: its address, which ends in a slash, and its token."""

    address: str
    token: str = field(repr=False)

    def get(
        self, path: str, *, data: bytes | None = None, token: bool = True, kind: str = "text/plain"
    ) -> tuple[int, Mapping[str, str], str]:
        """Status, headers and body of what it answers; redirects are not followed."""
        headers = {"Authorization": f"token {self.token}"} if token else {}
        request = urllib.request.Request(self.address + path, data, {**headers, "Content-Type": kind})
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()

    def run(self, *cells: str, kernel: str = "python3") -> str:
        """What a new notebook's cells print, one after another in one kernel, reached by its websocket."""
        status, _, body = self.get("api/kernels", data=json.dumps({"name": kernel}).encode(), kind="application/json")
        assert status == 201, body
        number = json.loads(body)["id"]
        try:
            return asyncio.run(self._run(number, cells))
        finally:
            request = urllib.request.Request(f"{self.address}api/kernels/{number}", method="DELETE")
            request.add_header("Authorization", f"token {self.token}")
            urllib.request.urlopen(request, timeout=60).close()

    @contextlib.asynccontextmanager
    async def websocket(self, path: str) -> AsyncIterator[WebSocketClientConnection]:
        """A websocket, wholly closed afterwards: its loop ends with it."""
        where = f"{self.address.replace('http', 'ws', 1)}{path}"
        socket = await websocket_connect(HTTPRequest(where, headers={"Authorization": f"token {self.token}"}))
        try:
            yield socket
        finally:
            socket.close()
            while await socket.read_message() is not None:
                pass

    async def _run(self, kernel: str, cells: Sequence[str]) -> str:
        printed = ""
        async with self.websocket(f"api/kernels/{kernel}/channels") as socket:
            for number, cell in enumerate(cells):
                printed += await _printed(socket, f"m{number}", cell)
        return printed


async def _printed(socket: WebSocketClientConnection, number: str, cell: str) -> str:
    """What one cell prints."""
    header = {"msg_id": number, "msg_type": "execute_request", "session": "s", "username": "", "version": "5.3"}
    content = {"code": cell, "silent": False, "allow_stdin": False}
    said = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await socket.write_message(json.dumps(said))
    printed, over = "", False
    while not over:
        text = await asyncio.wait_for(socket.read_message(), 60)
        assert text, "the kernel went away"
        told = json.loads(text)
        if told["parent_header"].get("msg_id") == number:
            assert told["msg_type"] != "error", told["content"]
            printed += told["content"].get("text", "") if told["msg_type"] == "stream" else ""
            over = told["content"].get("execution_state") == "idle"
    return printed


@contextlib.contextmanager
def jupyter(
    config: str, folder: Path, base: str = "/", environment: Mapping[str, str] | None = None
) -> Iterator[Jupyter]:
    """Jupyter with the text of a jupyter_server_config.py, at /user/x/ as under a hub if `base` says so."""
    assert JUPYTER
    state = folder / "jupyter"
    state.mkdir()
    (state / "jupyter_server_config.py").write_text(config, encoding="utf-8")
    if os.geteuid() == 0:
        shutil.chown(state, _user())
    port, token = free_port(), secrets.token_urlsafe(16)
    own = {"JUPYTER_TOKEN": token, "JUPYTER_CONFIG_PATH": str(state), "JUPYTER_RUNTIME_DIR": str(state)}
    options = [f"--ServerApp.port={port}", f"--ServerApp.base_url={base}"]
    with program(
        [JUPYTER, "-m", "jupyter_server", *options], folder, port=port, environment={**own, **(environment or {})}
    ):
        yield Jupyter(f"http://127.0.0.1:{port}{base}", token)
