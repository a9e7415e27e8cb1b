"""The outside of a walled-off process: starting it, talking to it in messages, and ending it."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Literal

from coursewright.sandbox.forking.piped import PipedProcess, fork
from coursewright.sandbox.home import remove
from coursewright.sandbox.inside import NO_WALL
from coursewright.sandbox.policy import CLOSED, USUAL, Limits, NoWall, Wall, of_python
from coursewright.sandbox.walls import wall as kernel

GRACE = 1.5  # seconds on top of the limit: the process is to stop by itself, and to say where it was
_STARTING = 60.0  # seconds for the target's own imports
_ENDING = 5.0  # seconds between the last message of a process and its end
_LETTING_GO = 1.0  # seconds until the pipes of a process that was killed are at their end
_WAITING = 16  # messages that may wait to be received
_KEPT = 1 << 16  # bytes of stderr
_LINES = 20

Reason = Literal["time", "memory", "died"]


class ProcessEnd(Exception):
    """A process is no more: it took too long, it had no memory, or it died; `detail` has its end and last words."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason: Reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


class Process:
    """A process that runs `target`, "package.module:function", behind a wall, as a context manager.

    The function is called once, with a function that gives the next message to it and one that sends a message back.
    It sees nothing of the environment, and has a folder of its own that is removed in the end. What it prints is kept
    for `ProcessEnd.detail`. A process belongs to one thread at a time. Raises NoWall where the wall is needed and this
    system cannot build it: nothing was run then.
    """

    def __init__(self, target: str, limits: Limits = USUAL, wall: Wall = CLOSED) -> None:
        if wall.needed and (missing := kernel.lacking()):
            raise NoWall(missing)
        self.limits = limits
        self._stopped: ProcessEnd | None = None
        self._ready = False
        self._garbled = False
        self._said = b""
        self._sent: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._received: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._home = tempfile.mkdtemp(prefix="coursewright-")
        try:
            self._process = _start(target, limits, wall, self._home)
        except BaseException:
            remove(self._home)
            raise
        self._pipes = [_open(pipe) for pipe in (self._process.stdin, self._process.stdout, self._process.stderr)]
        # Threads, because a pipe that is full or empty must not hold up the one who waits for a certain time.
        self._threads = [Thread(target=work, daemon=True) for work in (self._write, self._read, self._listen)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: bytes) -> None:
        """Send a message, without waiting until it has been received; raises ProcessEnd if the process is no more."""
        if self._stopped:
            raise self._stopped
        self._sent.put(message)

    def receive(self, timeout: float | None = None) -> bytes:
        """The next message from the process; raises ProcessEnd if there is none in `timeout` seconds.

        By default the time is that of the limits, and a little more. Starting does not count.
        """
        if self._stopped:
            raise self._stopped
        if not self._ready:
            self._started()
        return self._next(self.limits.seconds + GRACE if timeout is None else timeout)

    def _started(self) -> None:
        try:
            self._next(_STARTING)
        except ProcessEnd:
            if self._process.returncode == NO_WALL:  # what the kernel has, this process may not use
                raise NoWall(["the right to build one here"]) from None
            raise
        self._ready = True

    def close(self) -> None:
        """End the process and all that it started, and remove its folder; closing again does nothing."""
        self._stopped = self._stopped or ProcessEnd("died", "the process was closed")
        self._kill()
        self._sent.put(None)
        end = time.monotonic() + _LETTING_GO
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < end:
            with suppress(queue.Empty):  # a message that nobody waits for may hold up the reading
                self._received.get(timeout=0.001)
        for thread, pipe in zip(self._threads, self._pipes, strict=True):
            if not thread.is_alive():  # else a program that got away holds the pipe, and closing it would wait for that
                with suppress(OSError):
                    pipe.close()
        remove(self._home)

    def _next(self, timeout: float) -> bytes:
        try:
            message = self._received.get(timeout=timeout)
        except queue.Empty:
            self._stop("time", f"nothing came for {timeout:g} seconds")
        else:
            if message is not None:
                return message
            self._stop(*self._end())
        assert self._stopped  # noqa: S101 - _stop has seen to it
        raise self._stopped

    def _end(self) -> tuple[Reason, str]:
        """Why the process ended by itself, and how."""
        if self._garbled:
            return "died", "it wrote over its messages"
        try:
            status = self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            return "died", "it closed its pipe"
        self._threads[-1].join(_ENDING)
        said = self._said.decode(errors="replace")
        last = said.strip().rpartition("\n")[2]
        if "\nTimeout (" in "\n" + said or "TooLong" in last:
            return "time", "it took too long"
        how = f"ended by {signal.Signals(-status).name}" if status < 0 else f"ended with exit status {status}"
        if any(sign in said for sign in ("MemoryError", "bad_alloc", "memory allocation", "annot allocate memory")):
            return "memory", f"{how}, out of memory"
        return "died", how

    def _stop(self, reason: Reason, how: str) -> None:
        self._stopped = ProcessEnd(reason, how)
        self.close()
        words = self._said.decode(errors="replace").strip().splitlines()[-_LINES:]
        self._stopped = ProcessEnd(reason, "\n".join([how, *words]))

    def _kill(self) -> None:
        if sys.platform != "win32":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(ProcessLookupError, PermissionError):  # it may not be at the head of its group yet
            self._process.kill()
        self._process.wait()

    def _write(self) -> None:
        pipe = self._pipes[0]
        with suppress(OSError):  # whoever receives learns that the process is gone
            while (message := self._sent.get()) is not None:
                pipe.write(len(message).to_bytes(8, "big"))
                pipe.write(message)
                pipe.flush()

    def _read(self) -> None:
        pipe = self._pipes[1]
        while len(head := pipe.read(8)) == 8:
            size = int.from_bytes(head, "big")
            self._garbled = size > self.limits.output << 20
            if self._garbled or len(message := pipe.read(size)) < size:
                break
            self._received.put(message)
        self._received.put(None)

    def _listen(self) -> None:
        pipe = self._pipes[2].fileno()
        while said := os.read(pipe, _KEPT):
            self._said = (self._said + said)[-_KEPT:]


def _start(target: str, limits: Limits, wall: Wall, home: str) -> subprocess.Popen[bytes] | PipedProcess:
    """A process forked from a server, and where there is none, one of its own."""
    numbers = (limits.seconds, limits.memory, limits.processor or 0, limits.file, limits.open_files)
    told = ["needed" if wall.needed else "", "fenced" if wall.fence else "", *of_python(), *wall.readable]
    arguments = [target, home, *map(str, numbers), *told]
    environment = _environment(home)
    _give_fonts(home)
    if forked := fork(target, arguments, environment, home):
        return forked
    command = [sys.executable, "-s", "-P", "-c", "from coursewright.sandbox.inside import main; main()", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 - this Python, with a command of ours
        command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=home, env=environment, start_new_session=True
    )


def _give_fonts(home: str) -> None:
    """The list of fonts that matplotlib made for the user, if it did: making it takes a second in every process."""
    own = Path(os.environ.get("MPLCONFIGDIR") or Path.home() / ".cache" / "matplotlib")
    with suppress(OSError):
        for fonts in own.glob("fontlist-*.json"):
            shutil.copy(fonts, home)


def _environment(home: str) -> dict[str, str]:
    """All that the process sees of the environment: nothing of the user's but where modules are."""
    threads = ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")
    windows = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}  # where libraries are
    return {
        **(windows if sys.platform == "win32" else {"PATH": os.defpath}),
        **dict.fromkeys(threads, "1"),  # every thread takes address space, and the order of sums is to be the same
        **dict.fromkeys(("HOME", "MPLCONFIGDIR", "TEMP", "TMP", "TMPDIR", "USERPROFILE"), home),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(os.path.abspath(path) for path in sys.path if path),  # noqa: PTH100 - zip files too
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 - the process was started with all three
    return pipe
