"""`coursewright services`."""

from __future__ import annotations

from pathlib import Path

from coursewright.cli.output import write
from coursewright.courses import open_course
from coursewright.environments import explain as explained
from coursewright.errors import UsageError, did_you_mean


def services(course: Path = Path(), *, explain: str = "") -> None:
    """List the services that the tiers make together, in the order in which they need each other.

    Parameters
    ----------
    course
        The course's folder; by default the nearest one here or above.
    explain
        A service: print every setting of it, with the tier and line that set it and what it replaced.
    """
    environment = open_course(course).environment()
    if not explain:
        for name, service in environment.services.items():
            needs = f"  needs {', '.join(service.needs)}" if service.needs else ""
            write(f"{name}  {service.summary}{needs}")
        return
    if explain not in environment.services:
        raise UsageError(f'no service called "{explain}"', None, did_you_mean(explain, environment.services))
    for setting in explained(environment.composed, explain):
        gone = setting.value is None
        write(f"{setting.key} = {'(removed)' if gone else setting.value}")
        write(f"    {setting.origin.tier}, {setting.origin}")
        for value, origin in setting.before:
            write(f"    {'was' if gone else 'in place of'} {value}, set by {origin.tier}, {origin}")
