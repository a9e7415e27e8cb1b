"""The fence: Python's own watch over code in a walled-off process, which refuses in plain words.

It stops accidents and careless code on every system, and says what was wrong with them. Somebody determined finds ways
around it, so it is no boundary: that is the kernel's (see `wall`).
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any


class Forbidden(PermissionError):
    """The code wanted something of the machine that is outside the wall.

    An OSError, because libraries that only probe for something go on without it when they get one.
    """


def watch(home: str) -> None:
    """Refuse, from now on, what a process has no business with: files outside `home` to change, programs, networks."""
    _replace_fork_exec()
    sys.addaudithook(_hook(home))


def _replace_fork_exec() -> None:
    """Refuse the one way to start a program that tells no audit hook; multiprocessing takes it."""
    try:
        import _posixsubprocess
    except ImportError:
        return

    def fork_exec(*_: object) -> int:
        raise Forbidden(_PROGRAM)

    _posixsubprocess.fork_exec = fork_exec


_NETWORK = "this code may not open the network"
_PROGRAM = "this code may not start programs"
_LIBRARY = "this code may not call the system's libraries by ctypes"
_REFUSED = {
    **dict.fromkeys(("socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto"), _NETWORK),
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname"), _NETWORK),
    "socket.getnameinfo": _NETWORK,
    **dict.fromkeys(("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile"), _PROGRAM),
    **dict.fromkeys(("os.system", "pty.spawn", "subprocess.Popen", "_winapi.CreateProcess"), _PROGRAM),
    "os.killpg": "this code may not stop other processes",
}
_WITHIN = 1  # AF_UNIX: pairs of sockets within a process, as asyncio has them
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
        elif event == "socket.__new__" and arguments[1] != _WITHIN:
            raise Forbidden(_NETWORK)
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
        # What other processes were told, their secrets above all; whoever has the folder open gets at all of them.
        parts = os.path.realpath(path).split("/")
        if parts[1:] == ["proc"] or (parts[1:2] == ["proc"] and parts[2].isdigit() and parts[2] != str(process)):
            raise Forbidden("this code may not look into other processes")


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
            raise Forbidden(f"this code may not change {path}") from None
    real = os.path.realpath(path)
    if not (real + os.sep).startswith(home + os.sep):
        raise Forbidden(f"this code may not change {path}: it may only write in its own temporary folder")
