"""`coursewright logs`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.options import Count
from coursewright.cli.output import write
from coursewright.courses import open_course
from coursewright.environments.runtime import Follower, last, said
from coursewright.environments.services import home
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
    chosen = services or tuple(files)
    width = max(map(len, chosen), default=0)
    logs_of = {name: Follower(files[name]) for name in chosen if follow}
    for name in chosen:
        kept = logs_of[name].new() if follow else said(files[name])
        for line in last(kept, 50 if lines is None else lines):
            write(f"{name.ljust(width)} | {line}")
    while follow:
        time.sleep(0.5)
        for name, log in logs_of.items():
            for line in log.new():
                write(f"{name.ljust(width)} | {line}")
