"""`coursewright check`."""

from __future__ import annotations

from pathlib import Path

from coursewright.cli.options import CoursePath, Refresh, Set, overrides
from coursewright.cli.output import say
from coursewright.courses import check as check_course
from coursewright.errors import SeveralProblems


def check(course: CoursePath = Path(), *, set_: Set = (), refresh: Refresh = False) -> None:
    """Find every problem of the course, each with its file, its line and what to do about it."""
    problems = check_course(course, overrides(set_), say, refresh=refresh)
    if problems:
        raise SeveralProblems(problems)
    say("no problems")
