"""Linux's filter of system calls: what is not in `system_calls` fails with EPERM, whoever makes the call.

The filter is a program for the kernel's own little machine (BPF), put together here, because the library for it
(libseccomp) is not on every system. See https://docs.kernel.org/userspace-api/seccomp_filter.html.
"""

from __future__ import annotations

import errno
import os
import struct
import sys

from coursewright.sandbox.walls.system_calls import (
    ALLOWED,
    CONDITIONS,
    MACHINES,
    NOT_THERE,
    OWN_PROCESS,
    ArgumentCondition,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SET_MODE_FILTER, _GET_ACTION_AVAILABLE = 1, 2
_EVERY_THREAD = 1
_CALL = {"x86_64": 317, "aarch64": 277}
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000  # what a filter answers; the number of the error is added
_LOAD, _AND, _EQUAL, _ANSWER = 0x20, 0x54, 0x15, 0x06  # instructions
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16  # where in the description of a call they are


def machine() -> str:
    """The machine's name, as the kernel has it."""
    return os.uname().machine


def available() -> bool:
    """Whether this kernel filters system calls, and this module knows the machine's."""
    if sys.platform != "linux" or machine() not in MACHINES:
        return False
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    action = ctypes.c_uint32(_FAIL)
    return bool(libc.syscall(_CALL[machine()], _GET_ACTION_AVAILABLE, 0, ctypes.byref(action)) == 0)


def filter_calls() -> bool:
    """Filter the calls of this process, all its threads, from now on and for good; whether that was possible.

    The process needs to have given up new privileges before (`landlock.lock` does that).
    """
    if sys.platform != "linux" or (name := machine()) not in MACHINES:
        return False
    import ctypes

    instructions = program(name, os.getpid())
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    described = struct.pack("@HP", len(instructions) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.syscall(_CALL[name], _SET_MODE_FILTER, _EVERY_THREAD, described) == 0)


def program(called: str, process: int) -> bytes:
    """The filter for the process with this number on a machine called so, as the kernel reads it."""
    column, name = MACHINES[called]
    refuse = _step(_ANSWER, _FAIL | errno.EPERM)
    steps = [_step(_LOAD, _MACHINE), _step(_EQUAL, name, yes=1), refuse, _step(_LOAD, _NUMBER)]
    for call, numbers in ALLOWED.items():
        if (number := numbers[column]) is not None:
            rule = [step for each in CONDITIONS.get(call, ()) for step in _unless(each, process, refuse)]
            steps += [_step(_EQUAL, number, no=len(rule) + 1), *rule, _step(_ANSWER, _ALLOW)]
    for numbers in NOT_THERE.values():
        steps += [_step(_EQUAL, numbers[column], no=1), _step(_ANSWER, _FAIL | errno.ENOSYS)]
    return b"".join([*steps, refuse])


def _unless(condition: ArgumentCondition, process: int, refuse: bytes) -> Iterator[bytes]:
    """Steps that refuse the call unless the condition holds."""
    yield _step(_LOAD, _ARGUMENTS + 8 * condition.argument + 4 * condition.upper)
    yield _step(_AND, condition.mask)
    for number, value in enumerate(condition.values):
        meant = process if value == OWN_PROCESS else value
        yield _step(_EQUAL, meant & 0xFFFFFFFF, yes=len(condition.values) - number)
    yield refuse


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """An instruction; `yes` and `no` are how many of the following to leave out."""
    return struct.pack("@HBBI", code, yes, no, value)
