"""One page as it is told again: its blocks and passages, and the tables that these read."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage, materials
from coursewright.courses.retelling.blocks import RetoldKind, told_again
from coursewright.courses.retelling.choices import choices_at
from coursewright.courses.retelling.own import own_of
from coursewright.errors import Place
from coursewright.facts.retelling import Retelling
from coursewright.pages import Materials, Page
from coursewright.pages.retold import RetoldRows, retold_rows
from coursewright.pages.text import Passage
from coursewright.sites import retelling
from coursewright.sites.retelling import can_be_retold
from coursewright.sites.runtimes import ours
from coursewright.tables import quote
from coursewright.words.in_sql import NotInSql, count_anew, prelude_for

OUR_ROOMS = ("words",)  # of our own Python, where grammars are told that SQL cannot tell


def retelling_of(course: Course, one: PlannedPage) -> tuple[retelling.RetoldPage, dict[str, bytes]]:
    """What one page needs to be told again, and the files of the tables that it reads.

    Raises CoursewrightError where these are too much, MissingPart where the engine was not fetched.
    """
    given, parts, whens, made, own = prepared(course, one)
    fields = fields_changed(given)
    rows = {name: given.database.connection.sql(select).to_arrow_table() for name, select in made.items()}
    packed = {name: retelling.table_file(table) for name, table in rows.items()}
    sizes = {name: len(content) for name, (_, content) in packed.items()}
    retelling.check_size(one.owner, sizes, form_of(one.page))
    named = {name: file for name, (file, _) in packed.items()}
    values = {name: value for name, value in one.parameters.items() if isinstance(value, str | int | float)}
    choices, total = choices_at(given, fields), sum(sizes.values())
    needed = prelude_for(msgspec.json.encode(parts).decode())
    told = retelling.RetoldPage(
        tuple(parts),
        values,
        named,
        choices,
        total,
        retelling.engine_file(),
        whens=tuple(whens),
        prelude=needed,
        own=own,
    )
    if any(part.figure for part in parts):
        told = msgspec.structs.replace(told, charts=retelling.charts_file())
    if any(part.python or (isinstance(part.facts, Retelling) and part.facts.asks_python) for part in parts):
        told = msgspec.structs.replace(told, python=ours(OUR_ROOMS, course.site.language)[0])
    return told, dict(packed.values())


def form_of(page: Page) -> Place:
    """Where a page that is told again has its form."""
    return next(directive.place() for directive in page.directives if directive.name == "form")


def prepared(
    course: Course, one: PlannedPage
) -> tuple[Materials, list[retelling.RetoldBlock], list[retelling.When], dict[str, str], retelling.OwnTables | None]:
    """What one page is told with, its blocks and passages as they are told again, a SELECT for each table of these, and
    what its readers can bring.
    """
    given = materials(course, course.database(), one)  # a database of its own: it will hold the tables of all moments
    count_anew()  # so that each build writes the same
    parts = [
        told_again(number, directive, given, fields_changed(given))
        for number, directive in enumerate(one.page.directives)
        if can_be_retold(directive)
    ]
    asked = [_passage(passage, given, fields_changed(given)) for passage in one.page.passages]
    whens = [retelling.When(rows=each.rows) if isinstance(each, RetoldRows) else each for each in asked]
    own, besides, below = own_of(one.page, given, fields_changed(given))
    read = [*(each for each in asked if isinstance(each, RetoldRows)), *besides]
    found = [part.facts or part.texts or part.table or part.figure or part.python for part in parts]
    return given, parts, whens, _tables([*found, *read]) | below, own


def _passage(passage: Passage, given: Materials, live: frozenset[str]) -> RetoldRows | retelling.When:
    """Whether a passage is told, as it is asked again, or the reason why that stays."""
    try:
        return retold_rows(passage.sql, given, live)
    except NotInSql as why:
        return retelling.When(stays=str(why))


def fields_changed(given: Materials) -> frozenset[str]:
    """The parameters that a reader changes."""
    return frozenset(name for name, declared in given.declared.items() if declared.offered)


def _tables(told: Sequence[RetoldKind | RetoldRows | None]) -> dict[str, str]:
    """What each table that is read is made of here: a SELECT of the columns that somebody reads."""
    made: dict[str, str] = {}
    read: dict[str, frozenset[str] | None] = {}
    for one in told:
        if isinstance(one, Retelling):
            made |= one.tables
        others = one.tables.items() if one and not isinstance(one, Retelling) else ()
        for name, columns in others:
            before = read.get(name, frozenset())
            read[name] = None if columns is None or before is None else columns | before
    named = {name: "*" if columns is None else ", ".join(map(quote, sorted(columns))) for name, columns in read.items()}
    return {name: f"SELECT {columns} FROM main.{quote(name)}" for name, columns in named.items()} | made  # whole ones
