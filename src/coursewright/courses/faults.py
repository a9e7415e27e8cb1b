"""What is wrong in `course.toml` besides its shape: all of it, so that its author mends it in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from coursewright.courses.address import check_address, check_feeds
from coursewright.courses.language import check_language
from coursewright.errors import CoursewrightError, Problem, did_you_mean
from coursewright.sites import check_looks, check_runtimes
from coursewright.tables import declare
from coursewright.zone import known_zone

if TYPE_CHECKING:
    from coursewright.courses.course import Course


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
