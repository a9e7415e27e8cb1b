"""Which pages a course has, in which order, and what each is told with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from coursewright.courses.building.page_names import same_pages
from coursewright.courses.course import Course
from coursewright.courses.reading.parameters import of_page, values_of
from coursewright.errors import CoursewrightError, Problem, UsageError, did_you_mean
from coursewright.facts import Together
from coursewright.names import slug
from coursewright.pages import Materials, Page, open_page
from coursewright.pages.text import fill_text
from coursewright.tables import Database

_LAST = float("inf")


@dataclass(frozen=True)
class PlannedPage:
    """One page to make: the page, the file of `pages/` it comes from, its address and what it is executed with.

    `key` tells the pages of one file with `for_each` apart; `together` has what is asked once for all of them.
    """

    page: Page
    file: str
    address: str
    parameters: dict[str, object]
    key: str = ""
    row: int | None = None  # of its `for_each`, counted from 1
    together: Together = field(default_factory=Together, compare=False)

    @property
    def owner(self) -> str:
        """Whose its files are."""
        return f"what pages/{self.file} gives"


def plan(course: Course, database: Database, *, whole: bool = False) -> tuple[list[PlannedPage], list[Problem]]:
    """Every page to make, in order: one for a file, or one for each row of its `for_each`; and what is wrong.

    What is wrong in the bodies of pages is found if they are looked at as a `whole`, or if something else is wrong.
    """
    problems: list[Problem] = []
    planned: list[PlannedPage] = []
    pages = _in_order(course, problems)
    for page in [_whole(page, problems) for page in pages] if whole else pages:
        try:
            planned.extend(plan_page(page, course, database))
        except UsageError:
            raise
        except CoursewrightError as error:
            problems.extend(error.problems)
    try:
        _ = course.conventions
    except CoursewrightError as error:
        problems.extend(error.problems)
    addresses = ((one.page, one.address, one.row) for one in planned)
    problems.extend(same_pages(addresses, lambda page: list(database.rows(page.for_each)[0])))
    if problems and not whole:
        return plan(course, database, whole=True)
    return planned, problems


def _whole(page: Page, problems: list[Problem]) -> Page:
    """The page with its parts found; what is wrong with some is added to `problems`, and the others are looked at."""
    try:
        _ = page.parts
    except CoursewrightError as error:
        problems.extend(error.problems)
        return replace(page, lenient=True)
    return page


def plan_page(page: Page, course: Course, database: Database) -> Iterator[PlannedPage]:
    """The pages that one file gives: itself, or one for each row of its `for_each`."""
    file = page.file.relative_to(course.root / "pages").as_posix()
    section = PurePosixPath(file).parent
    pattern = page.settings.name or page.name
    own = page.settings.parameters
    values = values_of(of_page(page, course), course, database) if own else course.parameters
    if not page.settings.for_each:
        yield PlannedPage(page, file, str(section / slug(pattern, "page")), dict(values))
        return
    rows = database.rows(page.for_each, values)
    if not rows:  # a site without the page that was asked for would say nothing of it
        raise _nothing_found(page, values)
    each = [{**values, **row} for row in rows]
    together = Together(each)
    for number, parameters in enumerate(each, start=1):
        name = fill_text(pattern, parameters, page.place("name"))
        key = "-".join(str(parameters[part]) for part in page.settings.key_names)
        yield PlannedPage(page, file, str(section / slug(name, "page")), parameters, key or name, number, together)


def _nothing_found(page: Page, values: Mapping[str, object]) -> CoursewrightError:
    """What is wrong with a `for_each` without rows."""
    place = page.place("for_each")
    if asked := page.for_each.parameters:
        given = " and ".join(f"{name} = {values[name]}" for name in asked)
        hint = "choose other values with --set, or in [parameters] of course.toml"
        return CoursewrightError(f"for_each finds nothing for {given}", place, hint)
    hint = "there would be no page: let the SELECT find rows, or take this file out"
    return CoursewrightError("for_each finds no rows", place, hint)


def materials(course: Course, database: Database, one: PlannedPage) -> Materials:
    """What the directives of one planned page work with."""
    return Materials(
        course.root,
        database,
        one.parameters,
        course.settings.timeline,
        course.overrides,
        course.site.language,
        together=one.together,
        figures=course.figures,
        trust=course.trust,
        limits=course.settings.cells,
        declared=of_page(one.page, course),
    )


def _in_order(course: Course, problems: list[Problem]) -> list[Page]:
    """The pages as files: those that `[site]` names, then by their own `order`, then by their names."""
    pages = []
    for file in course.page_files:
        try:
            pages.append(open_page(file, course.root))
        except CoursewrightError as error:
            problems.extend(error.problems)
    looks = course.settings.site
    paths = {page.file: page.file.relative_to(course.root / "pages").with_suffix("").as_posix() for page in pages}
    known = {path for name in paths.values() for path in _steps(name)}
    grouped = [name for names in looks.groups.values() for name in names]
    for key, name in [*(("groups", name) for name in grouped), *(("order", name) for name in looks.order)]:
        if name not in known:
            hint = did_you_mean(name, known)
            problems.append(Problem(f'no page or section called "{name}"', course.place("site", key), hint))
    return sorted(pages, key=lambda page: _rank(paths[page.file], page.settings.order, looks.in_order))


def _steps(path: str) -> list[str]:
    """`a/b/c` as `a`, `a/b`, `a/b/c`."""
    parts = path.split("/")
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]


def _rank(path: str, own: float | None, order: Sequence[str]) -> list[tuple[float, bool, float, str]]:
    """What a page is sorted by: step by step down its path; the front page of a section comes first."""
    ranks = []
    for step in _steps(path):
        listed = float(order.index(step)) if step in order else _LAST
        last = own if step == path and own is not None else _LAST
        ranks.append((listed, step.rpartition("/")[2] != "index", last, step))
    return ranks
