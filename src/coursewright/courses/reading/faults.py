"""What is wrong in `course.toml` besides its shape: all of it, so that its author mends it in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from coursewright.courses.address import check_address, check_feeds
from coursewright.courses.language import check_language
from coursewright.courses.publishing.telltale import unknown_rules
from coursewright.courses.reading.course_toml import Public
from coursewright.errors import CoursewrightError, Problem, did_you_mean
from coursewright.pages.engines import CellLimits
from coursewright.sites.feeds import Feeds
from coursewright.sites.runtimes import Runtimes, check_runtimes
from coursewright.sites.theme import SiteLooks, check_looks
from coursewright.tables.parameters import declare
from coursewright.zone import UTC, known_zone

if TYPE_CHECKING:
    from coursewright.courses.course import Course
    from coursewright.courses.reading.course_toml import CourseSettings

# What nothing else in a course hangs on: sections, and keys of [course].
_APART = {"cells": CellLimits(), "feeds": Feeds(), "publish": Public(), "runtimes": Runtimes(), "site": SiteLooks()}
_APART_OF_COURSE = {"authors": (), "language": "en-GB", "licence": "", "timezone": UTC, "url": ""}


def faults(course: Course, *, whole: bool) -> Iterator[Problem]:
    """Every fault of the settings of `course`; where they are not `whole`, without what hangs on names in them."""
    own, place = course.settings, course.place
    checks: list[Callable[[], object]] = [
        *(partial(_check_parameter, course, name) for name in own.parameters),
        *(partial(_check_name, course, name) for name in own.tables),
        *(partial(table.source.check, table.place) for table in course.tables),
        partial(own.fetch.check, place("fetch")),
        partial(check_language, own.course.language, place),
        partial(check_address, own, place),
        partial(check_feeds, own, place),
        partial(known_zone, own.course.timezone, place("course", "timezone")),
        *([partial(_check_contracts, course), partial(_check_timeline, course)] if whole else []),
    ]
    for check in checks:
        try:
            check()
        except CoursewrightError as error:
            yield from error.problems
    yield from check_looks(own.site, course.root, place)
    yield from check_runtimes(own.runtimes, place)
    yield from unknown_rules(own.publish.accepted, place("publish", "accepted"))


def without(own: CourseSettings, problems: Iterable[Problem]) -> tuple[CourseSettings | None, frozenset[str]]:
    """The settings without those that are wrong, and the names of tables and parameters among these.

    None where all else in the course may hang on one of them.
    """
    sections, keys = set[str](), set[str]()
    named: dict[str, set[str]] = {"tables": set(), "parameters": set()}
    for problem in problems:
        part = problem.where.part if problem.where else ""
        path, _, key = part.lstrip("[").partition("] ")
        section, _, below = path.rstrip("]").partition(".")
        if section == "course":
            keys.add(key)
        elif section in named and (below or key):
            named[section].add(_name(below or key, getattr(own, section)))
        else:
            sections.add(section)
    wrong = frozenset[str]().union(*named.values())
    if sections - {*_APART} or keys - {*_APART_OF_COURSE} or _is_of_timeline(own, named):
        return None, wrong
    kept = msgspec.structs.replace(
        own,
        course=msgspec.structs.replace(own.course, **{key: _APART_OF_COURSE[key] for key in keys}),
        tables={name: each for name, each in own.tables.items() if name not in named["tables"]},
        parameters={name: each for name, each in own.parameters.items() if name not in named["parameters"]},
        **{section: _APART[section] for section in sections},
    )
    return kept, wrong


def _name(path: str, names: Iterable[str]) -> str:
    """The one of the names, any of which may have dots, with which a path begins."""
    return next((name for name in names if f"{path}.".startswith(f"{name}.")), path.partition(".")[0])


def _is_of_timeline(own: CourseSettings, named: Mapping[str, set[str]]) -> bool:
    """Whether one of these says when a moment is: every finder hangs on that."""
    timeline = own.timeline
    return timeline is not None and not (
        named["tables"].isdisjoint((timeline.table, *timeline.known, *timeline.timeless))
        and named["parameters"].isdisjoint(timeline.now)
    )


def _check_parameter(course: Course, name: str) -> None:
    declare(name, course.settings.parameters[name], partial(course.place, "parameters", name)).check()


def _check_name(course: Course, name: str) -> None:
    if name.startswith("_"):
        hint = "choose a name without _ in front"
        raise CoursewrightError(f'a table cannot be called "{name}"', course.place("tables", name), hint)
    source = course.settings.tables[name]
    here = isinstance(source, str) or not source.only_expects
    if here and (course.root / "tables" / f"{name}.sql").exists():
        hint = f"rename one of them; the other is tables/{name}.sql"
        raise CoursewrightError(f'two tables are called "{name}"', course.place("tables", name), hint)


def _check_contracts(course: Course) -> None:
    """Every contract is about a table of the course and can be kept."""
    tables = [*(table.name for table in course.tables), *(table.name for table in course.derived)]
    for name, contract in course.contracts.items():
        if name not in tables and not course.settings.database.url:  # a server has tables of its own
            hint = did_you_mean(name, tables)
            raise CoursewrightError(f'no table called "{name}", of which something is expected', contract.place(), hint)
        referred = (target.partition(".")[0] for target in contract.expect.refers.values())
        contract.check([*tables, *(referred if course.settings.database.url else ())])


def _check_timeline(course: Course) -> None:
    own = course.settings
    if own.timeline:
        tables = [*own.tables, *(file.stem for file in (course.root / "tables").glob("*.sql"))]
        if own.database.url:  # a server has tables of its own, and says which when it is asked
            tables += [own.timeline.table, *own.timeline.known, *own.timeline.timeless]
        own.timeline.check(course.place("timeline"), own.parameters, tables)
