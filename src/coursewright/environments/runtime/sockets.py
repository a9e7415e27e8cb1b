"""Sockets in the file system, whose paths systems allow to be 104 to 108 signs long, and no longer."""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
from pathlib import Path

_LONGEST = 90  # with some signs for temporary names beside it


def place(wanted: Path) -> Path:
    """Where a socket is that is wanted at `wanted`: there, or in a folder of the user's own with a shorter path.

    Raises PermissionError where that folder is somebody else's.
    """
    if len(os.fsencode(wanted)) <= _LONGEST:
        return wanted
    folder = Path(tempfile.gettempdir()) / f"coursewright-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise PermissionError(0, "it belongs to somebody else, or lets others in", str(folder))
    return folder / f"{hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]}.sock"


def is_answered(path: str) -> bool:
    """Whether something listens there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.settimeout(1)
        try:
            one.connect(path)
        except OSError:
            return False
    return True
