"""The wall: what the kernel keeps a process from, whatever code runs in it.

Landlock keeps it to its files, a filter of system calls from programs, networks and other processes, and of root's
privileges none is left but that of reading what is another user's. On Linux, where the system lets it, the process also
has a network of its own with nothing in it.

This module starts with every process, so it imports next to nothing, and what a system lacks is left out there.
"""

from __future__ import annotations

import os
import struct
import sys

from coursewright.sandbox.walls import landlock, seccomp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_CAPABILITIES_3 = 0x20080522  # the form of the call
_KEPT = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: in a container the course may be another user's


def lacking() -> tuple[str, ...]:
    """What this system lacks for a wall, in words; nothing if there can be one."""
    if sys.platform != "linux":
        return ("Linux",)
    missing = []
    if not landlock.version():
        missing.append("Landlock (in Linux from 5.13, unless it is switched off)")
    if not seccomp.available():
        missing.append("seccomp (filters of system calls, on x86_64 and aarch64)")
    return tuple(missing)


def build(home: str, readable: Iterable[str]) -> bool:
    """Keep this process, from now on and for good, to `home` and to reading `readable`; whether that was possible."""
    if sys.platform != "linux" or not _alone():
        return False
    return landlock.lock(home, readable) and _drop_capabilities() and seccomp.filter_calls()


def enclose(home: str, readable: Iterable[str], changed: Iterable[str], started: Iterable[str]) -> bool:
    """Keep this program itself, and whatever it starts, to these files; whether that was possible.

    It changes files in `home` and `changed`, and starts programs of `started`, as Python, alone. What others wrote runs
    in processes with a wall of their own inside, since to start those this one has to be able to start something.
    """
    if sys.platform != "linux" or not _alone():
        return False
    leave_network()
    return landlock.lock(home, readable, changed=changed, started=started) and _drop_capabilities()


def _alone() -> bool:
    """Whether this process has no other threads, which would keep their rights."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - pathlib takes long to import
    except OSError:
        return False


def _drop_capabilities() -> bool:
    import ctypes

    mine = struct.pack("@II", _CAPABILITIES_3, 0)
    held = ctypes.create_string_buffer(24)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capget(mine, held) != 0:
        return False
    effective, permitted = (struct.unpack("@6I", held.raw)[at] & _KEPT for at in (0, 1))
    return bool(libc.capset(mine, struct.pack("@6I", effective, permitted, 0, 0, 0, 0)) == 0)


def leave_network() -> None:
    """Go where there is no network, on a Linux that allows it; elsewhere nothing happens."""
    if sys.platform != "linux":
        return
    user, group = os.getuid(), os.getgid()
    if _unshare(_CLONE_NEWNET):
        return
    if _unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
        # The user keeps name and number, for libraries that ask.
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            try:
                with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123 - pathlib takes long to import
                    file.write(text)
            except OSError:
                return


def _unshare(flags: int) -> bool:
    if sys.version_info >= (3, 12):
        try:
            os.unshare(flags)
        except OSError:
            return False
        return True
    import ctypes

    try:
        return bool(ctypes.CDLL(None).unshare(flags) == 0)
    except (OSError, AttributeError):
        return False
