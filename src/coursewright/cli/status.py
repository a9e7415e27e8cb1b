"""`coursewright status`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.output import as_json, say, write
from coursewright.cli.services_table import follow, table
from coursewright.courses import open_course
from coursewright.environments.services import Running, Status, home, run


def status(
    course: Path = Path(),
    *,
    watch: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Show how the services of the course's environment are; exit status 0 when all that can be started are ready.

    Parameters
    ----------
    course
        The course's folder; by default the nearest one here or above.
    watch
        Go on showing it until Ctrl+C.
    json
        Print it as JSON: name, is, port, path, pid and missing programs of each.
    """
    opened = open_course(course)
    running = run.prepared(opened.environment(), opened.root, home.home_of(opened.root))
    if watch:
        follow(_looks(running), running)
        return
    statuses = running.statuses()
    if json:
        write(as_json([_entry(one) for one in statuses]))
    else:
        for line in table(statuses, running):
            write(line)
    if any(one.how == "left behind" for one in statuses):
        say("Supervisor was killed, and these services still run: coursewright up starts them anew, down ends them")
    for name, addresses in running.doors().items():
        say(f"warning: {name} listens at {' and '.join(addresses)}, where other machines reach it")
    for name, ports in running.unlocked().items():
        say(f"warning: {name} lets in everybody on this machine, at port {' and '.join(map(str, ports))}")
    if not all(one.how in ("ready", "not installed") for one in statuses):
        sys.exit(1)


def _entry(status: Status) -> dict[str, object]:
    return {
        "name": status.name, "is": status.how, "port": status.port, "path": status.path or None, "pid": status.pid,
        "missing": list(status.missing),
    }  # fmt: skip


def _looks(running: Running) -> Iterator[Sequence[Status]]:
    while True:
        yield running.statuses()
        time.sleep(1)
