"""How Supervisor is asked: by XML-RPC over a socket that nobody else can reach."""

from __future__ import annotations

import http.client
import socket
import xmlrpc.client
from pathlib import Path
from typing import Any


def is_up(at: Path) -> bool:
    """Whether the Supervisor of the socket answers."""
    try:
        ask(at, "getState")
    except (OSError, http.client.HTTPException, xmlrpc.client.Error):
        return False
    return True


def ask(at: Path, what: str, *arguments: str | bool) -> Any:
    """Call one of Supervisor's methods. Raises OSError or an error of XML-RPC."""
    with xmlrpc.client.ServerProxy("http://localhost/RPC2", _Transport(str(at))) as server:
        return getattr(server.supervisor, what)(*arguments)


class _SupervisorConnection(http.client.HTTPConnection):
    """HTTP over the socket of Supervisor."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(self.path)
        except OSError:
            self.close()
            raise


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def make_connection(self, host: Any) -> http.client.HTTPConnection:  # noqa: ARG002 - as its base has it
        """A connection to the socket, whatever the host."""
        return _SupervisorConnection(self.path)
