"""Whether pages that are told again can be: their SQL, run by the browser's engine over tables without rows, and their
text, tried with values.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage
from coursewright.courses.retelling.page import form_of, prepared
from coursewright.courses.retelling.pages import retold_pages
from coursewright.courses.retelling.text import text_or_why
from coursewright.errors import CoursewrightError, MissingPart, Place, Problem, several
from coursewright.facts.retelling import Retelling, literal
from coursewright.pages import Document
from coursewright.pages.retold import RetoldElsewhere, RetoldTexts
from coursewright.sites import Entry, Index, retelling
from coursewright.tables import Database, quote
from coursewright.words.in_sql import PRELUDE

if TYPE_CHECKING:
    import pyarrow as pa

_Asked = tuple[str, Place | None, str]  # a statement, where it was written, and the page that it is for
_PATIENCE = 120  # seconds: some functions of time zones never come back there
_REMEDY = "write it without that, or leave it out of this page"


def not_there(course: Course, planned: Sequence[PlannedPage]) -> Iterator[str]:
    """What the browser's engine refuses of the pages that are told again, each with its place and a remedy.

    One process runs all of it. Where Node or the engine is not there, that is all that is said. At the end, raises
    CoursewrightError for pages whose tables are too large, which a build refuses.
    """
    pages = list(retold_pages(course, planned))
    if not pages:
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            retelling.look_for_engine()
            found = _PageTables(Path(folder))
            asked = [one for page in pages for one in _asked(course, page, found)]
            answers = retelling.run([*PRELUDE, *(sql for sql, _, _ in asked)], found.files, _PATIENCE)
        except MissingPart as missing:
            yield f"pages were not tried in {retelling.ENGINE}: {missing.problem.message}: {missing.problem.hint}"
            return
    refused: dict[tuple[Place | None, str], str] = {}  # the first at each place: later ones need it
    for (_, place, name), answer in zip(asked, answers[len(PRELUDE) :], strict=True):
        if answer.error:
            said = f"not in {retelling.ENGINE}: {answer.error.splitlines()[0]}"
            stays = f"{name} stays as it was built when a reader chooses something else"
            refused.setdefault((place, name), f"{place}: {said}; {stays}: {_REMEDY}")
    yield from refused.values()
    if found.large:
        raise several(found.large)


def text_stays(
    course: Course, database: Database, entries: Mapping[str, Entry], pages: Mapping[str, tuple[PlannedPage, Document]]
) -> Iterator[str]:
    """The pages told again whose text stays as it was built, each with the place that is the cause and a remedy.

    `entries` are those of all pages of the course by their addresses, `pages` what is known of those told again.
    """
    index = Index(entries.values())
    for one, document in pages.values():
        text = text_or_why(course, database, index, one, document)
        if isinstance(text, str) and text:
            yield text


@dataclass
class _PageTables:
    """The tables of pages: `files` in `folder` without their rows, by our names for them, and those too `large`."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)
    large: list[Problem] = field(default_factory=list)

    def add(self, one: PlannedPage, tables: Mapping[str, pa.Table]) -> Iterator[str]:
        """What makes the tables of a page, by their names, in the engine."""
        try:
            retelling.check_tables(one.owner, tables, form_of(one.page))
        except CoursewrightError as error:
            self.large.append(error.problem)
        for table, rows in tables.items():
            own = f"_{len(self.files)}"
            self.files[own] = _empty(rows.slice(0, 0), self.folder / own)
            yield f"CREATE OR REPLACE TABLE {quote(table)} AS FROM {own}"


def _asked(course: Course, one: PlannedPage, found: _PageTables) -> Iterator[_Asked]:
    """The statements of one page; the tables that they take are `found`."""
    given, parts, whens, made, brought = prepared(course, one)
    of_page, name = Place(one.page.file, 1), f"pages/{one.file}"
    tables = {table: given.database.connection.sql(select).to_arrow_table() for table, select in made.items()}
    yield from ((sql, of_page, name) for sql in found.add(one, tables))
    for parameter, value in {**one.parameters, "_moment": 0}.items():
        if isinstance(value, str | int | float):
            yield f"SET VARIABLE {quote(parameter)} = {literal(value)}", of_page, name
    asked = zip(whens, one.page.passages, strict=True)
    yield from ((when.rows, passage.sql.place(), name) for when, passage in asked if when.rows)
    for each in brought.made if brought else ():
        yield f"CREATE OR REPLACE TABLE {quote(each.name)} AS {each.rows}", of_page, name
    for part in parts:
        block = one.page.directives[part.block]
        if isinstance(part.facts, Retelling):
            places = {finder.name: finder.sql.place() for finder in given.finders(tuple(block.argument.split()))}
            yield from ((step, block.place(), name) for step in part.facts.steps)
            yield from ((sql, places[one.finder], name) for one in part.facts.finders for sql in one.over.tried())
        elif isinstance(part.texts, RetoldTexts):
            yield from ((sql, block.place(), name) for sql in part.texts.over.tried())
        elif rows := part.table or part.figure:
            yield rows.rows, block.place(), name
        elif isinstance(part.python, RetoldElsewhere):
            yield part.python.rows, block.place(), name


def _empty(rows: pa.Table, file: Path) -> Path:
    import pyarrow as pa

    with pa.ipc.new_stream(file, rows.schema) as stream:
        stream.write_table(rows)
    return file
