"""`coursewright table lock`."""

from __future__ import annotations

from pathlib import Path

from coursewright.cli.options import CoursePath, Refresh
from coursewright.cli.output import say
from coursewright.courses import open_course
from coursewright.courses.publishing import lock as lock_course
from coursewright.errors import shown


def lock(course: CoursePath = Path(), *, refresh: Refresh = False, files: bool = False) -> None:
    """Write data.lock: what every table of the course was fetched from, byte for byte.

    A build that finds something else then says so and stops, until the tables are fetched again with --refresh.

    Parameters
    ----------
    files
        Lock the course's own files too that tables are read from.
    """
    opened = open_course(course, refresh=refresh, report=say)
    say(f"wrote {shown(lock_course(opened, files=files))}")
