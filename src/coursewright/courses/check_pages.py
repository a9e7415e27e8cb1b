"""What is wrong in the pages of a course: in each, as far as it is known, and in what they link to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from coursewright.courses.building.choosing import choices
from coursewright.courses.building.in_part import dead_links, rest_of
from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage, materials, plan
from coursewright.courses.retelling.check import not_there, text_stays
from coursewright.courses.retelling.pages import retold_pages
from coursewright.courses.retelling.running import cells_here, not_run
from coursewright.errors import CoursewrightError, Problem, SeveralProblems
from coursewright.pages import Document, execute, read_document
from coursewright.pages.blocks import losses, of_the_web
from coursewright.pages.executing import ExecutedPage, without_words
from coursewright.pages.text import slips
from coursewright.sites import Entry, read_entry
from coursewright.tables import Database, Sql
from coursewright.tables.statements import tie

Report = Callable[[str], None]


def check_pages(course: Course, database: Database, report: Report) -> Iterator[Callable[[], object]]:
    """Each page and, as far as they are known, what they link to: functions that raise what is wrong with it."""
    planned, problems = plan(course, database, whole=True)
    looked = _PagesCheck(course, database, report)
    if problems:
        yield partial(_raise, problems)
    for select in {one.file: one.page.for_each for one in planned if one.page.settings.for_each}.values():
        yield partial(_tell_tie, select, database, report)
    yield from (partial(looked.at, one) for one in planned)
    yield partial(_tell_each, not_there(course, looked.well), report)
    if not problems and all(one.address in looked.entries for one in planned):
        yield partial(_tell_each, text_stays(course, database, looked.entries, looked.retold), report)
    yield partial(_look_at_links, looked.entries, planned, course, report)


@dataclass
class _PagesCheck:
    """The pages that were looked at, and what is known of them."""

    course: Course
    database: Database
    report: Report
    entries: dict[str, Entry] = field(default_factory=dict)
    well: list[PlannedPage] = field(default_factory=list)
    retold: dict[str, tuple[PlannedPage, Document]] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    def at(self, one: PlannedPage) -> None:
        """Look at a page. Raises SeveralProblems with all that is wrong with it."""
        course, database = self.course, self.database
        try:
            executed = execute(one.page, one.address, replace(materials(course, database, one), thorough=True))
        except CoursewrightError as error:
            rest = rest_of(error, one, course)
            self.entries.update({one.address: rest.entry} if rest.entry else {})
            raise SeveralProblems((*rest.problems, *_silent(rest.executed, rest.document))) from None
        self.well.append(replace(one, page=executed.page))
        try:
            document = read_document(executed, course.conventions)
        except CoursewrightError as error:
            raise SeveralProblems((*error.problems, *_silent(executed, None))) from None
        self.retold.update((each.address, (each, document)) for each in retold_pages(course, [one]))
        self.entries[one.address] = read_entry(document, one.file, one.key)
        noticed = [remark for outcome in executed.outcomes for remark in outcome.remarks]
        there = not_run(cells_here(course, database, document), one.page.file)
        for remark in (*noticed, *of_the_web(executed.page, executed.blocks), *there):
            if remark not in self.said:
                self.said.add(remark)
                self.report(remark)
        if silent := _silent(executed, document):
            raise SeveralProblems(silent)


def _raise(problems: Sequence[Problem]) -> None:
    raise SeveralProblems(problems)


def _tell_tie(sql: Sql, database: Database, report: Report) -> None:
    _tell_each(filter(None, [tie(sql, database.dialect, database.query)]), report)


def _silent(executed: ExecutedPage | None, document: Document | None) -> list[Problem]:
    """What is wrong in a page, as far as it is known, that keeps nobody from reading it."""
    if executed is None:
        return []
    of_cells = (executed.page, executed.blocks)
    return [*slips(executed, document), *without_words(*of_cells), *losses(*of_cells)]


def _tell_each(remarks: Iterable[str], report: Report) -> None:
    for remark in remarks:
        report(remark)


def _look_at_links(
    entries: Mapping[str, Entry], planned: Sequence[PlannedPage], course: Course, report: Report
) -> None:
    """Where the links of all pages lead, and what readers choose from, as far as the pages are known."""
    if dead := dead_links(entries, planned, course):
        raise SeveralProblems(dead)
    if all(one.address in entries for one in planned):
        choices(planned, entries, course.root)
    dated = any(entry.published.date for entry in entries.values())
    if dated and course.site.feeds.formats and not course.site.url:
        report("no feeds: they need to know where the site will be, [course] url in course.toml")
