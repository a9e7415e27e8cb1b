"""What else is wrong with a course of which some pages could not be carried out: their text, and all links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coursewright.courses.course import Course
from coursewright.courses.plan import Planned
from coursewright.errors import CoursewrightError, Problem
from coursewright.pages import InPart, read_document
from coursewright.sites import Entry, Index, read_entry, resolve_all


def entry_in_part(error: CoursewrightError, one: Planned, course: Course) -> tuple[tuple[Problem, ...], Entry | None]:
    """All problems of a page that failed with `error`, and its entry, if all is known that links ask of it."""
    if not isinstance(error, InPart):
        return error.problems, None
    try:
        document = read_document(error.executed, course.conventions)
    except CoursewrightError as more:
        return (*error.problems, *more.problems), None
    return error.problems, read_entry(document, one.file, one.key)


def dead_links(entries: Mapping[str, Entry], planned: Sequence[Planned], course: Course) -> tuple[Problem, ...]:
    """The links that lead nowhere; none where a page is not known, since a link to it would seem to."""
    if any(one.address not in entries for one in planned):
        return ()
    try:
        resolve_all(Index(entries[one.address] for one in planned), course.root)
    except CoursewrightError as error:
        return error.problems
    return ()
