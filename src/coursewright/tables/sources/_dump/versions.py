"""Conditional comments: `/*!80000 … */` is read by servers of that version and above, others pass over it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SERVER = re.compile(rb"-- Server version:?\s+(\d+)\.(\d+)\.(\d+)([^\n]*)")
_CONDITION = re.compile(rb"/\*(M?)!(\d{5,6})")
_NOT_MARIADB = range(50_700, 100_000)  # versions of MySQL alone, which MariaDB passes over


@dataclass(frozen=True, slots=True)
class DumpServer:
    """The server that a dump is of: its version as conditional comments write it, and whether it is MariaDB."""

    version: int
    is_mariadb: bool

    def passes_over(self, sign: bytes) -> bool:
        """Whether it does not read the conditional comment that begins with `sign`, such as `/*!80000`."""
        found = _CONDITION.match(sign)
        if not found:
            return False
        version = int(found[2])
        other = version in _NOT_MARIADB and not found[1] if self.is_mariadb else bool(found[1])
        return other or version > self.version


def server_of(heading: bytes) -> DumpServer | None:
    """The server that the heading of a dump names."""
    found = _SERVER.search(heading)
    if not found:
        return None
    version = int(found[1]) * 10_000 + int(found[2]) * 100 + int(found[3])
    return DumpServer(version, b"mariadb" in found[4].lower())
