"""`coursewright logs`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.options import Count
from coursewright.cli.output import write
from coursewright.courses import open_course
from coursewright.environments import home
from coursewright.errors import UsageError, did_you_mean


def logs(
    *services: str,
    course: Path = Path(),
    lines: Count = None,
    follow: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Print what the services of the course's environment say, each line with the service's name.

    Parameters
    ----------
    services
        The services to print, by name; all of them, when none is named.
    course
        The course's folder; by default the nearest one here or above.
    lines
        How many lines of each, from the end; 50 unless it says.
    follow
        Go on printing until Ctrl+C.
    """
    layout = home.home_of(open_course(course).root).layout
    files = {file.stem: file for file in sorted(layout.logs.glob("*.log"))}
    for name in services:
        if name not in files:
            raise UsageError(f'no log of a service called "{name}"', None, did_you_mean(name, files))
    chosen = {name: files[name] for name in services or files}
    width = max(map(len, chosen), default=0)
    read: dict[str, int] = {}
    for name, file in chosen.items():
        text = file.read_text(encoding="utf-8", errors="replace")
        read[name] = file.stat().st_size
        for line in text.splitlines()[-(50 if lines is None else lines) :]:
            write(f"{name.ljust(width)} | {line}")
    while follow:
        time.sleep(0.5)
        for name, file in chosen.items():
            read[name] = _print_new(file, read[name], name.ljust(width))


def _print_new(file: Path, start: int, name: str) -> int:
    """Print the whole lines that were added to a file; how far it has been read."""
    size = file.stat().st_size
    if size < start:  # a new file was begun
        start = 0
    with file.open("rb") as opened:
        opened.seek(start)
        added = opened.read(size - start)
    whole, _, _ = added.rpartition(b"\n")
    for line in whole.decode("utf-8", "replace").splitlines():
        write(f"{name} | {line}")
    return start + (len(whole) + 1 if whole else 0)
