"""What is wrong in `course.toml` besides its shape: all of it, so that its author mends it in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
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
from coursewright.sites.theme import Looks, check_looks
from coursewright.tables.parameters import declare
from coursewright.zone import UTC, known_zone

if TYPE_CHECKING:
    from coursewright.courses.course import Course
    from coursewright.courses.reading.course_toml import Settings

# What nothing else in a course hangs on: sections, and keys of [course].
_APART = {"cells": CellLimits(), "feeds": Feeds(), "publish": Public(), "runtimes": Runtimes(), "site": Looks()}
_APART_OF_COURSE = {"authors": (), "language": "en-GB", "licence": "", "timezone": UTC, "url": ""}


def faults(course: Course, *, whole: bool) -> Iterator[Problem]:
    """Every fault of the settings of `course`; where they are not `whole`, without what hangs on names in them."""
    own, place = course.settings, course.place
    checks: list[Callable[[], object]] = [
        *(partial(declare, name, said, partial(place, "parameters", name)) for name, said in own.parameters.items()),
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


def without(own: Settings, problems: Iterable[Problem]) -> Settings | None:
    """The settings without those that are wrong; None where something else in the course may hang on one of them."""
    sections, keys = set[str](), set[str]()
    for problem in problems:
        part = problem.where.part if problem.where else ""
        section, key = re.split(r"\W", part.lstrip("["), maxsplit=1)[0], part.rpartition(" ")[2]
        if section == "course":
            keys.add(key)
        else:
            sections.add(section)
    if sections - {*_APART} or keys - {*_APART_OF_COURSE}:
        return None
    about = msgspec.structs.replace(own.course, **{key: _APART_OF_COURSE[key] for key in keys})
    return msgspec.structs.replace(own, course=about, **{section: _APART[section] for section in sections})


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
        contract.check(tables)


def _check_timeline(course: Course) -> None:
    own = course.settings
    if own.timeline:
        tables = [*own.tables, *(file.stem for file in (course.root / "tables").glob("*.sql"))]
        own.timeline.check(course.place("timeline"), own.parameters, tables)
