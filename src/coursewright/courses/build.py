"""The verb: build a course, redoing only what changed and leaving the last good build in place when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursewright import plugins
from coursewright.courses.cache import CACHE, Cache, is_older
from coursewright.courses.course import Course
from coursewright.courses.page_names import same_pages, same_pictures
from coursewright.errors import CoursewrightError, Problem, SeveralProblems
from coursewright.names import FileName, slug
from coursewright.ours import replacing
from coursewright.pages import Executed, Materials, Page, execute, read_page
from coursewright.pages.fill import fill_text
from coursewright.tables import Database


@dataclass(frozen=True)
class Built:
    """What a build made: its folder, its pages by name, and how many of them had to be executed."""

    folder: Path
    pages: tuple[str, ...]
    executed: int


@dataclass(frozen=True)
class Planned:
    """One page to make: the page, its name and the parameters it is executed with."""

    page: Page
    name: FileName
    parameters: dict[str, object]
    row: int | None = None  # of its `for_each`, counted from 1


def build(
    course: Course,
    *,
    only: Sequence[str] = (),
    force: bool = False,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Built:
    """Build `course` into its `build/` folder.

    `only` names the formats to write (all, when empty); `force` executes every page again; `progress` is called with
    what is being done, how many pages are done and how many there are. Raises SeveralProblems with all that is wrong;
    the folder is then as it was.
    """
    formats = {name: plugins.load("formats", name) for name in only or plugins.names("formats")}
    target = course.root / "build"
    with replacing(target, [*formats, CACHE], kept=plugins.names("formats"), older=is_older) as folder:
        # 1. which pages there are
        course.check_overrides()
        database = course.database()
        planned = plan(course, database)
        # 2. each page executed, or taken from the last build
        cache = Cache(None if force else target / CACHE, folder / CACHE, course)
        pages, executed = _execute(course, database, planned, cache, progress)
        # 3. every page in every format
        for name, module in formats.items():
            progress(name, len(planned), len(planned))
            for path, content in module.write(pages, course.site).items():
                file = folder / name / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content if isinstance(content, bytes) else content.encode())
        # 4. at the end of the block, each format in the place of what it made before
    return Built(target, tuple(page.name for page in pages), executed)


def plan(course: Course, database: Database) -> list[Planned]:
    """Every page to make, in order: one for a file, or one for each row of its `for_each`."""
    planned: list[Planned] = []
    problems: list[Problem] = []
    for file in course.page_files:
        try:
            planned.extend(plan_page(read_page(file), course, database))
        except CoursewrightError as error:
            problems.extend(error.problems)
    problems.extend(same_pages((one.page, one.name, one.row) for one in planned))
    if problems:
        raise SeveralProblems(problems)
    return planned


def plan_page(page: Page, course: Course, database: Database) -> Iterator[Planned]:
    """The pages that one file gives: itself, or one for each row of its `for_each`."""
    if not page.settings.for_each:
        yield Planned(page, slug(page.settings.name or page.name, "page"), dict(course.parameters))
        return
    rows = database.rows(page.for_each)
    asked = page.for_each.parameters
    if asked and not rows:  # a site without the page that was asked for would say nothing of it
        values = " and ".join(f"{name} = {course.parameters[name]}" for name in asked)
        hint = "choose other values with --set, or in [parameters] of course.toml"
        raise CoursewrightError(f"for_each finds nothing for {values}", page.place("for_each"), hint)
    for number, row in enumerate(rows, start=1):
        parameters = {**course.parameters, **row}
        name = fill_text(page.settings.name or page.name, parameters, page.place("name"))
        yield Planned(page, slug(name, "page"), parameters, number)


def materials(course: Course, database: Database, one: Planned) -> Materials:
    """What the directives of one planned page work with."""
    return Materials(
        course.root, database, one.parameters, course.settings.timeline, course.overrides, course.site.language
    )


def _execute(
    course: Course,
    database: Database,
    planned: Sequence[Planned],
    cache: Cache,
    progress: Callable[[str, int, int], None],
) -> tuple[list[Executed], int]:
    pages: list[Executed] = []
    problems: list[Problem] = []
    executed = 0
    for number, one in enumerate(planned):
        progress(one.name, number, len(planned))
        page = cache.get(one.page, one.name, one.parameters)
        if page is None:
            given = materials(course, database, one)
            try:
                page = execute(one.page, one.name, given)
            except CoursewrightError as error:
                problems.extend(p for p in error.problems if p not in problems)
                continue
            problems.extend(same_pictures(page))
            executed += 1
            cache.put(page, given.used)
        pages.append(page)
    if problems:
        raise SeveralProblems(problems)
    return pages, executed
