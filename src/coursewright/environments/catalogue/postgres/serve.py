"""Becomes PostgreSQL: python3 serve.py POSTGRES OPTION …, with `-D DATA` first.

A server that is killed, with its container or its machine, leaves its number in a file, and the next one does not start
while a process has that number, whatever it is: in a container numbers are few, and come again in the same order. So
the file is taken away where the process of that number is no PostgreSQL.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_LOCK = "postmaster.pid"


def main(command: list[str]) -> None:
    """Take away what is left of a server that is gone, and become the new one."""
    lock = Path(command[2]) / _LOCK
    number = lock.read_text(encoding="ascii", errors="replace").partition("\n")[0] if lock.exists() else ""
    if number.isdecimal() and is_another(int(number), Path(command[0]).name):
        print(f"process {number} is no PostgreSQL: {lock} is of a server that was killed", flush=True)  # noqa: T201 - a log
        lock.unlink()
    os.execv(command[0], command)  # noqa: S606 - a program with its arguments, no shell


def is_another(process: int, name: str) -> bool:
    """Whether a process is there that is neither of `name` nor this one; never where the system does not tell."""
    try:
        called = Path(f"/proc/{process}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return False
    return called != name and process != os.getpid()


if __name__ == "__main__":
    main(sys.argv[1:])
