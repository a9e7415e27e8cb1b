"""Linux's own lock on files and networks, for code that no guard in Python sees.

From Linux 5.13 a process may give up rights for good, whoever its user is. What a kernel does not know yet is left out,
and an older one, or another system, locks nothing. See https://docs.kernel.org/userspace-api/landlock.html.
"""

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the calls' numbers, the same on every architecture
_ASK_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = (1 << right for right in range(4))
_REMOVE = 1 << 4 | 1 << 5  # folders and files
_MAKE = 1 << 7 | 1 << 8 | 1 << 12  # folders, files and links
_MAKE_OTHERS = 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11  # devices, sockets and pipes with a name
_REFER, _TRUNCATE, _CONTROL_DEVICE = 1 << 13, 1 << 14, 1 << 15
_TCP = 0b11  # bind and connect
_SCOPES = 0b11  # abstract sockets and signals

_READ = _READ_FILE | _READ_FOLDER
_OWN = _READ | _WRITE_FILE | _REMOVE | _MAKE | _REFER | _TRUNCATE
_NULL = _READ_FILE | _WRITE_FILE | _TRUNCATE
_OF_A_FILE = _EXECUTE | _READ_FILE | _WRITE_FILE | _TRUNCATE | _CONTROL_DEVICE


def version() -> int:
    """How much this kernel knows of it, from 1; 0 for nothing."""
    return max(0, _call()(_CREATE, None, 0, _ASK_VERSION)) if sys.platform == "linux" else 0


def lock(home: str, readable: Iterable[str], *, changed: Iterable[str] = (), started: Iterable[str] = ()) -> bool:
    """Let this process, from now on, change files in `home` only, read these and what is in `readable`, start no
    program and open no TCP connection; whether that was possible.

    What is in `changed` it can change as well, and start the programs, with their libraries, that are in `started`.
    What is not there is passed over. Threads that run already keep their rights.
    """
    known = version()
    if not known:
        return False
    call = _call()
    rights = _EXECUTE | _READ | _WRITE_FILE | _REMOVE | _MAKE | _MAKE_OTHERS
    rights |= (_REFER if known >= 2 else 0) | (_TRUNCATE if known >= 3 else 0) | (_CONTROL_DEVICE if known >= 5 else 0)
    fields = [rights, *([_TCP] if known >= 4 else []), *([_SCOPES] if known >= 6 else [])]
    attributes = b"".join(field.to_bytes(8, sys.byteorder) for field in fields)
    rules = call(_CREATE, attributes, len(attributes), 0)
    if rules < 0:
        return False
    try:
        allowed = [(home, _OWN), (os.devnull, _NULL), *((path, _READ) for path in readable)]
        allowed += [*((path, _OWN) for path in changed), *((path, _READ | _EXECUTE) for path in started)]
        return (
            all(_allow(call, rules, path, access & rights) for path, access in allowed)
            and _libc().prctl(_NO_NEW_PRIVILEGES, *map(_long, (1, 0, 0, 0))) == 0
            and call(_RESTRICT, rules, 0) == 0
        )
    finally:
        os.close(rules)


def _allow(call: Any, rules: int, path: str, access: int) -> bool:
    try:
        found = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        if not stat.S_ISDIR(os.fstat(found).st_mode):
            access &= _OF_A_FILE
        attributes = access.to_bytes(8, sys.byteorder) + found.to_bytes(4, sys.byteorder)
        return bool(call(_ADD, rules, _PATH_BENEATH, attributes, 0) == 0)
    finally:
        if not path.startswith("/proc/"):  # which forgets a file that nobody holds, and makes it anew without the right
            os.close(found)


def _libc() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def _long(number: int) -> Any:
    import ctypes

    return ctypes.c_ulong(number)


def _call() -> Any:
    """The function that makes system calls, for numbers as wide as the machine's."""
    import ctypes

    syscall = _libc().syscall
    syscall.restype = ctypes.c_long

    def call(number: int, *arguments: int | bytes | None) -> int:
        wide = (ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments)
        return int(syscall(ctypes.c_long(number), *wide))

    return call
