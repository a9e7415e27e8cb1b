"""What a course gives to pages whose cells readers run: which cells these are, and the tables that they take."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage
from coursewright.errors import Place
from coursewright.labels import words
from coursewright.pages import Document
from coursewright.pages.engines import frame_in_r, language_of
from coursewright.pages.executing import CODE_CELL
from coursewright.sites import Entry
from coursewright.sites.runtimes import FOLDER, LANGUAGES, RunCell, missing, run_cells, runs_of
from coursewright.tables import Database

LARGEST = 5_000_000
"""Letters of one table that a site carries at the most."""


def not_here(course: Course, planned: Iterable[PlannedPage]) -> tuple[str, ...]:
    """What is to be done before readers can run the cells of the pages, if they are to and there are any."""
    pages = {id(one.page): one.page for one in planned}
    used = {
        language_of(directive.argument)
        for page in pages.values()
        for directive in page.directives
        if directive.name == CODE_CELL
    }
    wanted = [language for language in LANGUAGES if language in used] if course.settings.runtimes.here else []
    return (said,) if wanted and (said := missing(wanted)) else ()


def languages_here(course: Course) -> tuple[str, ...]:
    """The languages of which readers can run cells in the pages."""
    return tuple(each for each in LANGUAGES if course.settings.runtimes.here and not missing([each]))


def cells_here(course: Course, database: Database, document: Document) -> tuple[RunCell, ...]:
    """The cells of a page, if readers can run them in it: all that it needs was fetched.

    A table that hangs on parameters differs from page to page, and is not carried.
    """
    has_cells = any(directive.name == CODE_CELL for directive in document.executed.page.directives)
    there = languages_here(course) if has_cells else ()  # which looks at every file that was fetched
    if not there:
        return ()
    carried = {name for name in database.tables if not database.parameters_behind(database.select(name))}
    cells = run_cells(document, carried)
    return cells if set(runs_of(cells).languages).issubset(there) else ()


def not_run(cells: Iterable[RunCell], file: Path) -> Iterator[str]:
    """What is to be said of the cells that readers cannot run."""
    for cell in cells:
        if cell.why:
            said = words("runtimes", "en")[f"why_{cell.why}"].replace("{name}", cell.named)
            yield f"{Place(file, cell.line)}: {said}"


def table_files(database: Database, pages: Iterable[Entry]) -> dict[str, str]:
    """The tables that cells of R take, each as the code that makes it, by path in the site."""
    names = sorted({name for entry in pages for name in entry.runs.tables})
    return {f"{FOLDER}/tables/{name}.R": _in_r(database, name) for name in names}


def _in_r(database: Database, name: str) -> str:
    try:
        text = frame_in_r(name, database.query(database.select(name), {}))
    except TypeError as error:
        return f"stop({json.dumps(str(error), ensure_ascii=False)})\n"
    if len(text) <= LARGEST:
        return text
    said = f'the table "{name}" is too large to go along: {len(text) / 1e6:.0f} MB'
    return f"stop({json.dumps(said, ensure_ascii=False)})\n"
