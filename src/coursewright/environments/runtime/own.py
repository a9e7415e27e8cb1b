"""The proxy leads only to a listener that is the service's own, also when that has just ended and another came.

On a machine of several people anybody can listen at a port that is free, and would be given what was meant for the
service: a password, a file, a question. The configuration of Jupyter loads this file by its place, in Jupyter's own
Python: it imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LISTENS = "0A"  # of the states in /proc/net/tcp
_HERE = {  # addresses that are answered at 127.0.0.1, as they stand there
    "0100007F", "00000000", "0000000000000000FFFF00000100007F", "0" * 32,
}  # fmt: skip


def lead_to_own(handler: type[Any], owners: Mapping[int, int]) -> None:
    """Let a handler of jupyter-server-proxy's lead to 127.0.0.1, and at the ports in `owners` to these users alone.

    It would look for "localhost" otherwise, which is also ::1, where somebody else may listen at the same port.
    """
    address_of = handler.get_client_uri

    def get_client_uri(self: Any, protocol: str, host: str, port: int, path: str) -> str:
        from tornado.web import HTTPError

        if self.proxy_base and self.unix_socket is None:
            host = "127.0.0.1"
            if port in owners and not listeners(port) <= {owners[port]}:
                raise HTTPError(502, reason=f"another user's program listens at the port of {self.proxy_base}")
        return str(address_of(self, protocol, host, port, path))

    handler.get_client_uri = get_client_uri


def listeners(port: int, tables: Path = Path("/proc/net")) -> set[int]:
    """The numbers of the users who listen at a port of 127.0.0.1; none where the system does not tell."""
    found = set()
    for table in (tables / "tcp", tables / "tcp6"):
        lines = table.read_text(encoding="ascii").splitlines()[1:] if table.exists() else []
        for line in lines:
            _, local, _, state, _, _, _, user, *_ = line.split()
            address, _, at = local.partition(":")
            if state == _LISTENS and int(at, 16) == port and address in _HERE:
                found.add(int(user))
    return found
