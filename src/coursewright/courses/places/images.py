"""The course as an image: what it is built from, once everything that would go wrong has been looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursewright.courses.course import Course
from coursewright.environments import infeasible
from coursewright.environments.images import check, lock
from coursewright.environments.targets import Labels, Recipe, of_tiers, recipe
from coursewright.errors import CoursewrightError, Problem, SeveralProblems
from coursewright.git import said_of


def recipe_of(course: Course, *, stub: str = "", base: str = "", with_course: bool = True) -> Recipe:
    """The recipes of the course's image, called `stub`, on `base`; by default as its settings say.

    The course is in it, or its environment alone.

    Raises CoursewrightError for a course without an environment, and SeveralProblems with everything that could not be
    built or run, or that would let in whom nobody asked.
    """
    environment = course.environment()
    tiers = environment.tiers[environment.in_base :]
    if not tiers:
        hint = 'for instance, in course.toml: [environment] tiers = ["minimal", "base", "jupyter"]'
        raise CoursewrightError("the course has no environment", course.place("environment"), hint)
    check_environment(course)
    if found := list(of_tiers(course.root, tiers)):
        raise SeveralProblems(found)
    return recipe(
        tiers,
        base=base or course.settings.environment.base,
        stub=name_of(course, stub),
        course=course.root if with_course else None,
        labels=_labels(course),
        pins=lock.read(tiers, course.root),
        leave_out=course.settings.environment.leave_out,
    )


def check_environment(course: Course) -> None:
    """Raise SeveralProblems with everything that could not be built or run, or would let in whom nobody asked."""
    environment = course.environment()
    if found := [*check(environment), *infeasible(environment), *old_locks(course)]:
        raise SeveralProblems(found)


def old_locks(course: Course) -> Iterator[Problem]:
    """Which tiers ask for other packages than when their versions were locked."""
    environment = course.environment()
    try:
        lock.read(environment.tiers[environment.in_base :], course.root)
    except SeveralProblems as error:
        yield from error.problems


def _labels(course: Course) -> Labels:
    """What the image says of itself: what the course says, and the commit that it is made from, where it is in git."""
    site = course.site
    revision, _, created = said_of(course.root, "log", "-1", "--format=%H %cI").partition(" ")
    version = said_of(course.root, "describe", "--tags")  # the nearest tag, and how far it is
    if said_of(course.root, "status", "--porcelain", "--", "."):
        revision, version = (f"{one}-changed" if one else "" for one in (revision, version))
    remote = said_of(course.root, "remote", "get-url", "origin")
    source = remote if "@" not in remote and remote.startswith("http") else ""  # a name before @ may be a password
    authors = tuple(map(str, site.authors))
    return Labels(site.title, site.licence, authors, site.url, source, revision, version, created)


def name_of(course: Course, stub: str = "") -> str:
    """What the images of the course are called: `stub`, what its settings say, or the name of its folder."""
    own = re.sub("[^a-z0-9]+", "-", course.root.name.lower()).strip("-") or "course"
    return stub or course.settings.environment.stub or own
