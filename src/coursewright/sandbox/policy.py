"""What a process may use of the machine, and what it may reach."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursewright.errors import CoursewrightError


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use: `seconds` for one piece of work, `memory` in megabytes more than it starts with.

    `processor` is in seconds for all its work (None: no end), `file` the largest file, `output` the largest message, in
    megabytes, and `open_files` how many files it may have open.
    """

    seconds: float = 10.0
    memory: int = 2048
    processor: int | None = None
    file: int = 256
    output: int = 256
    open_files: int = 1024


@dataclass(frozen=True, slots=True)
class Wall:
    """What a process may reach: its own folder, Python's own files, and the files and folders in `readable`.

    Nothing else of the machine: no network, no programs, no other processes. That is for the kernel to see to; one that
    cannot is an error where the wall is `needed`, and else there is what there is of it. Without the `fence`, Python
    does not watch as well.
    """

    readable: tuple[str, ...] = ()
    needed: bool = True
    fence: bool = field(default=True, kw_only=True)

    @classmethod
    def of_an_author(cls) -> Wall:
        """For code of the user's own course: it reads what its user can, as far as the system can tell the rest off."""
        return cls(_of_machine(), needed=False)


USUAL = Limits()
CLOSED = Wall()


class NoWall(CoursewrightError):
    """This system cannot build the wall that a process was to have."""

    def __init__(self, missing: Sequence[str], hint: str = "") -> None:
        super().__init__(f"no wall for code that others wrote: this system lacks {', and '.join(missing)}", None, hint)


def _of_machine() -> tuple[str, ...]:
    """All that the user can read but other processes, devices and what is only there while the machine runs."""
    if os.name != "posix":
        return ()
    return tuple(f"/{name}" for name in sorted(os.listdir("/")) if name not in ("dev", "proc", "run"))  # noqa: PTH208 - names are wanted


def of_python() -> tuple[str, ...]:
    """What Python itself reads while it runs: its library, installed packages, and the libraries that these load."""
    paths = sysconfig.get_paths()
    installed = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    own = (*(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")), f"{sys.base_prefix}/lib")
    return tuple(dict.fromkeys((*own, *installed, str(Path(__file__).parent.parent), *_OF_THE_SYSTEM)))


_OF_THE_SYSTEM = (
    *("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"),
    *("/dev/random", "/dev/urandom", "/dev/zero"),
    *("/sys/devices/system/cpu", "/sys/fs/cgroup", "/proc/self/cgroup"),  # DuckDB ends the process without the last
)
