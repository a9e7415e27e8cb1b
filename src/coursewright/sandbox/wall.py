"""The inside of a walled-off process: what an author's code may use of the machine, and for how long.

The environment is empty but for a few fixed values, and its home is a folder of its own. On Linux, where the system
lets it, the process has a network of its own with nothing in it, and the kernel keeps it from changing files elsewhere
(see `landlock`). And an audit hook refuses networks, programs and files outside that folder in plain words. The hook
stops accidents and careless code; someone determined finds ways around it, so it is no boundary against an attacker:
the environment, the network and the kernel's lock are. Files can be read as the user can, and a process of root's that
is set on it finds its way back to the network.

This module starts with every process, so it imports next to nothing, and what a system lacks (signals on Windows,
namespaces outside Linux) is left out there.
"""

from __future__ import annotations

import faulthandler
import os
import sys

from coursewright.sandbox import patience
from coursewright.sandbox.landlock import lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

_LARGEST_FILE = 256 << 20
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


class Forbidden(PermissionError):
    """The code wanted something of the machine that is outside the wall.

    An OSError, because libraries that only probe for something go on without it when they get one.
    """


def main() -> None:
    """Run the target named on the command line, `package.module:function`, within the wall."""
    target, memory, seconds, home = sys.argv[1:]
    patience.own_seconds = float(seconds)
    receive, send = _pipes()
    faulthandler.enable(file=2)
    _leave_network()
    # The target and what it imports are ours; the author's code comes with the messages.
    module, _, name = target.partition(":")
    function = getattr(__import__(module, fromlist=[name]), name)
    _limit(int(memory) << 20)
    sys.dont_write_bytecode = True
    _replace_fork_exec()
    lock(home)
    sys.addaudithook(_hook(home))
    send(b"")  # ready
    function(receive, send)


def _pipes() -> tuple[Callable[[], bytes], Callable[[bytes], None]]:
    """How to receive and send a message; whatever is printed from now on goes to stderr."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)

    def receive() -> bytes:
        head = source.read(8)
        size = int.from_bytes(head, "big")
        message = source.read(size)
        if len(head) < 8 or len(message) < size:
            sys.stdout.flush()
            os._exit(0)  # the other side is gone
        return message

    def send(message: bytes) -> None:
        rest = memoryview(len(message).to_bytes(8, "big") + message)
        while rest:
            rest = rest[os.write(sink, rest) :]

    return receive, send


def _leave_network() -> None:
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


def _limit(memory: int) -> None:
    """At most `memory` bytes more than now, no large files and no core dumps."""
    try:
        import resource
    except ImportError:
        return
    limits = {resource.RLIMIT_FSIZE: _LARGEST_FILE, resource.RLIMIT_CORE: 0}
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib takes long to import
            limits[resource.RLIMIT_AS] = int(file.read().split()[0]) * resource.getpagesize() + memory
    except OSError:
        pass  # only Linux counts address space in a way that a limit on it is of use
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)  # noqa: PLW2901 - never more than allowed
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):
            continue


def _replace_fork_exec() -> None:
    """Refuse the one way to start a program that tells no audit hook; multiprocessing takes it."""
    try:
        import _posixsubprocess
    except ImportError:
        return

    def fork_exec(*_: object) -> int:
        raise Forbidden(_PROGRAM)

    _posixsubprocess.fork_exec = fork_exec


_NETWORK = "question code may not open the network"
_PROGRAM = "question code may not start programs"
_LIBRARY = "question code may not call the system's libraries by ctypes"
_REFUSED = {
    **dict.fromkeys(("socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto"), _NETWORK),
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname"), _NETWORK),
    "socket.getnameinfo": _NETWORK,
    **dict.fromkeys(("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile"), _PROGRAM),
    **dict.fromkeys(("os.system", "pty.spawn", "subprocess.Popen", "_winapi.CreateProcess"), _PROGRAM),
    "os.killpg": "question code may not stop other processes",
}
_CTYPES = {"ctypes.call_function", "ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.string_at"}
_CTYPES_FILE = os.sep + os.path.join("ctypes", "__init__.py")  # noqa: PTH118 - pathlib takes long to import
# Where the arguments of an event have its paths, and for each the folder that it is relative to.
_CHANGES: dict[str, tuple[tuple[int, int | None], ...]] = {
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.link": ((0, 2), (1, 3)),
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.removexattr": ((0, None),),
    "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),),
    "os.setxattr": ((0, None),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
    "os.utime": ((0, 3),),
    "sqlite3.connect": ((0, None),),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _hook(home: str) -> Callable[[str, tuple[Any, ...]], None]:
    """The audit hook that lets code change files in `home` and nowhere else, and reach for nothing else."""
    home = os.path.realpath(home)
    process = os.getpid()
    libraries = tuple(path + os.sep for path in sys.path if path)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _open(home, process, *arguments)
        elif event in _REFUSED:
            raise Forbidden(_REFUSED[event])
        elif event in _CHANGES:
            for path, folder in _CHANGES[event]:
                _change(home, arguments[path], -1 if folder is None else arguments[folder])
        elif event in _CTYPES and not _asked_by(libraries):
            raise Forbidden(_LIBRARY)
        elif event == "os.kill" and arguments[0] != process:
            raise Forbidden(_REFUSED["os.killpg"])

    return hook


def _asked_by(libraries: tuple[str, ...]) -> bool:
    """Whether a library wants ctypes, as polars does when it is imported, and not the author's own code."""
    frame: FrameType | None = sys._getframe(2)
    while frame and frame.f_code.co_filename.endswith(_CTYPES_FILE):
        frame = frame.f_back
        if frame and frame.f_code.co_filename.startswith("<frozen importlib"):
            return True  # ctypes itself is being imported
    return frame is None or frame.f_code.co_filename.startswith(libraries)


def _open(home: str, process: int, path: Any, mode: str | None, flags: int) -> None:
    if isinstance(path, int) or path is None:
        return
    if flags & _WRITING or set(mode or "") & set("wax+"):
        _change(home, path, -1)
    elif "proc" in (path := os.fsdecode(path)):
        # What other processes were told, their secrets above all.
        parts = os.path.realpath(path).split("/")
        if parts[1:2] == ["proc"] and len(parts) > 2 and parts[2].isdigit() and parts[2] != str(process):
            raise Forbidden("question code may not look into other processes")


def _change(home: str, path: Any, folder: int) -> None:
    if isinstance(path, int):
        return
    path = os.fsdecode(path)
    if path in (os.devnull, ":memory:"):
        return
    if folder != -1 and not path.startswith("/"):
        try:
            path = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), path)  # noqa: PTH118, PTH115 - no pathlib here
        except OSError:
            raise Forbidden(f"question code may not change {path}") from None
    real = os.path.realpath(path)
    if not (real + os.sep).startswith(home + os.sep):
        raise Forbidden(f"question code may not change {path}: it may only write in its own temporary folder")
