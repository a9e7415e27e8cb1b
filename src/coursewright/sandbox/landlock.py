"""Linux's own lock on files and networks, for code that no audit hook sees: libraries written in C.

From Linux 5.13 a process may give up rights for good, whoever its user is. What a kernel does not know yet is left out,
and an older one, or another system, locks nothing. See https://docs.kernel.org/userspace-api/landlock.html.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the calls' numbers, the same on every architecture
_ASK_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38

_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_CHANGE = _WRITE_FILE | sum(1 << right for right in range(4, 13))  # remove and make whatever there is
_REFER = 1 << 13
_TCP = 0b11  # bind and connect
_SCOPES = 0b11  # abstract sockets and signals


def lock(home: str) -> bool:
    """Let this process, from now on, change files in `home` only and open no TCP connection; whether that was possible.

    Threads that run already keep their rights.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    call = libc.syscall
    call.restype = ctypes.c_long
    version = call(_CREATE, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return False
    rights = _CHANGE | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    fields = [rights, *([_TCP] if version >= 4 else []), *([_SCOPES] if version >= 6 else [])]
    attributes = b"".join(field.to_bytes(8, sys.byteorder) for field in fields)
    rules = call(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    try:
        allowed = ((home, rights), (os.devnull, rights & (_WRITE_FILE | _TRUNCATE)))
        return (
            all(_allow(call, rules, path, access) for path, access in allowed)
            and libc.prctl(_NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))) == 0
            and call(_RESTRICT, rules, 0) == 0
        )
    finally:
        os.close(rules)


def _allow(call: Any, rules: int, path: str, access: int) -> bool:
    folder = os.open(path, os.O_PATH)
    try:
        attributes = access.to_bytes(8, sys.byteorder) + folder.to_bytes(4, sys.byteorder)
        return bool(call(_ADD, rules, _PATH_BENEATH, attributes, 0) == 0)
    finally:
        os.close(folder)
