"""`coursewright down`."""

from __future__ import annotations

from pathlib import Path

from coursewright.cli.output import say
from coursewright.courses import open_course
from coursewright.environments.services import home, run


def down(course: Path = Path()) -> None:
    """Stop the course's environment; what its services keep is kept.

    Parameters
    ----------
    course
        The course's folder; by default the nearest one here or above.
    """
    place = home.home_of(open_course(course).root)
    say("stopped" if run.down(place, say) else "nothing was up")
