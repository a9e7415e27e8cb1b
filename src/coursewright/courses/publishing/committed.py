"""What of a course is in no commit: nobody could find again what is published with it."""

from __future__ import annotations

from pathlib import Path

from coursewright import __version__
from coursewright.courses.course import Course
from coursewright.errors import CoursewrightError
from coursewright.git import Repository, said_of
from coursewright.sites.feeds import NAME as TIMES

_WRITTEN = ("build", TIMES)  # by a build, into a course


def uncommitted(course: Course) -> list[str]:
    """What of the course is not as it was committed, but for what a build writes; nothing outside a repository."""
    root = said_of(course.root, "rev-parse", "--show-toplevel")
    if not root:
        return []
    repository, own = Repository(Path(root)), course.root.resolve()
    status = repository.run("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", str(own))
    files = [Path(repository.root, entry[3:]) for entry in status.split("\0") if entry]
    inside = (file.relative_to(own) for file in files if file.is_relative_to(own))
    return [str(file) for file in inside if file.parts and file.parts[0] not in _WRITTEN]


def check_committed(course: Course) -> None:
    """Raise CoursewrightError for a course with changes that are in no commit."""
    if changed := uncommitted(course):
        what = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
        hint = "commit it, so that what is published can be found again, or publish it as it is with --uncommitted"
        raise CoursewrightError(f"the course has changes that are in no commit: {what}", None, hint)


def made_from(course: Course) -> str:
    """What a publication is made from, as its commit says it."""
    commit, at = said_of(course.root, "rev-parse", "HEAD"), said_of(course.root, "branch", "--show-current")
    where = f" of {at}" if at else ""
    also = ", with changes that are in no commit" if uncommitted(course) else ""
    return f"Built{f' from {commit}{where}{also}' if commit else ''} by Coursewright {__version__}."
