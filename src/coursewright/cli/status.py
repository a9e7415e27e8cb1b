"""`coursewright status`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.output import say, write
from coursewright.cli.services_table import follow, table
from coursewright.courses import open_course
from coursewright.environments import home, run
from coursewright.environments.running import Running, Status


def status(course: Path = Path(), *, watch: Annotated[bool, Parameter(negative="")] = False) -> None:
    """Show how the services of the course's environment are.

    Parameters
    ----------
    course
        The course's folder; by default the nearest one here or above.
    watch
        Go on showing it until Ctrl+C.
    """
    opened = open_course(course)
    running = run.prepared(opened.environment(), opened.root, home.home_of(opened.root))
    if watch:
        follow(_looks(running), running)
        return
    statuses = running.statuses()
    for line in table(statuses, running):
        write(line)
    if any(one.how == "left behind" for one in statuses):
        say("Supervisor was killed, and these services still run: coursewright up starts them anew, down ends them")
    for name, addresses in running.doors().items():
        say(f"warning: {name} listens at {' and '.join(addresses)}, where other machines reach it")


def _looks(running: Running) -> Iterator[Sequence[Status]]:
    while True:
        yield running.statuses()
        time.sleep(1)
