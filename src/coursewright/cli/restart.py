"""`coursewright restart`."""

from __future__ import annotations

from pathlib import Path

from coursewright.cli.output import say
from coursewright.cli.services_table import follow, table
from coursewright.courses import open_course
from coursewright.environments.runtime import is_up
from coursewright.environments.services import home, run
from coursewright.errors import CoursewrightError, SeveralProblems, UsageError, did_you_mean


def restart(service: str, *more: str, course: Path = Path()) -> None:
    """Stop services of the course's environment and start them again, while the others go on.

    Parameters
    ----------
    service
        The service, by name.
    more
        More of them.
    course
        The course's folder; by default the nearest one here or above.
    """
    opened = open_course(course)
    place = home.home_of(opened.root)
    if not is_up(place.layout.socket):
        raise CoursewrightError("the environment is not up", None, "start it: coursewright up")
    running = run.prepared(opened.environment(), opened.root, place)
    for name in (service, *more):
        if name not in running.programs:
            raise UsageError(f'no service called "{name}" is up', None, did_you_mean(name, running.programs))
    run.restart(running, (service, *more))
    statuses = follow(run.wait(running), running)
    for line in table(statuses, running):
        say(line)
    if failed := [one for one in statuses if one.name in (service, *more) and one.how != "ready"]:
        raise SeveralProblems([running.problem(one).problem for one in failed])
