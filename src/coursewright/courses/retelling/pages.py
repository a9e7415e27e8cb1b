"""Pages that are told again where they are read: which they are, and what the site carries for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import msgspec

from coursewright.courses.building.writing import Writing
from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage, materials
from coursewright.courses.retelling.asking_again import again, with_question
from coursewright.courses.retelling.choices import choices_at
from coursewright.courses.retelling.own import own_of
from coursewright.courses.retelling.text import STAYS, fields_of, text_or_why
from coursewright.errors import MissingPart, Place
from coursewright.facts.retelling import Retelling, retold
from coursewright.pages import Directive, Document, Materials, Page
from coursewright.pages.directives import facts, tell
from coursewright.pages.executing import filled_directive
from coursewright.pages.formats import exact
from coursewright.pages.reading import read_options
from coursewright.pages.retold import (
    RetoldElsewhere,
    RetoldFigure,
    RetoldRows,
    RetoldTable,
    RetoldTexts,
    retold_elsewhere,
    retold_figure,
    retold_rows,
    retold_table,
    retold_texts,
)
from coursewright.pages.text import Passage
from coursewright.sites import Index, retelling
from coursewright.sites.references import addresses
from coursewright.sites.retelling import can_be_retold, is_retold
from coursewright.sites.runtimes import FETCH, can_ask, ours
from coursewright.tables import quote
from coursewright.words.in_sql import NotInSql, count_anew, prelude_for

_NAMED = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_OWNER = "what every site has"
_ROOMS = ("words",)  # of our own Python, where grammars are told that SQL cannot tell

_TOLD_THERE = f"Python in the page tells it: run: {FETCH}"

_Retold = Retelling | RetoldTexts | RetoldTable | RetoldFigure | RetoldElsewhere


def retold_pages(course: Course, planned: Sequence[PlannedPage]) -> Iterator[PlannedPage]:
    """The pages that readers can have told again: those with a form, and facts, sentences or tables."""
    if not course.site.runtimes.here or course.settings.database.url:  # SQL of servers is not for the browser
        return
    for one in planned:
        if is_retold(one.page):
            yield one


def write_retellings(writing: Writing, planned: Sequence[PlannedPage]) -> tuple[str, ...]:
    """Write into the site what its pages need to be told again; what their authors should know of it.

    Where the engine was not fetched nothing is written, and the pages read as they were built.
    """
    course, remarks, asks, draws = writing.course, list[str](), False, False
    pages = list(retold_pages(course, planned))
    if not pages:
        return ()
    try:
        engine = retelling.engine_files(course.site.language)
    except MissingPart:
        said = "no page can be told again yet, since DuckDB was not fetched"
        return (f"{said}: run: coursewright runtimes fetch duckdb arrow",)
    writing.add("site", engine, _OWNER)
    for one in pages:
        document = writing.making.document(one)
        fields = fields_of(one.page, course)
        text = text_or_why(course, writing.making.database, writing.index, one, document)
        page = one.page if isinstance(text, retelling.Text) else document.executed.page  # without what is not told
        told, tables = retelling_of(course, replace(one, page=page))
        told = _in_site(told, document, writing.index, text if isinstance(text, retelling.Text) else None)
        told = msgspec.structs.replace(
            told, parts=tuple(with_question(part, page, writing, one, remarks.append) for part in told.parts)
        )
        asks, draws = asks or told.python is not None, draws or bool(told.charts)
        remarks += _stays(page, told, fields, text)
        files = {f"{one.address}.json": msgspec.json.encode(exact(msgspec.to_builtins(told))), **tables}
        writing.add("site", {f"{retelling.FOLDER}/{path}": content for path, content in files.items()}, _OWNER)
    if asks:
        writing.add("site", ours(_ROOMS, course.site.language)[1], _OWNER)
    if draws:
        writing.add("site", retelling.charts_files(), _OWNER)
    return tuple(remarks)


def _in_site(told: retelling.Told, document: Document, index: Index, text: retelling.Text | None) -> retelling.Told:
    """What is told with its text, the numbers that tables have on their page, and the pages that are led to.

    Without text, what is Markdown stays, and so do passages.
    """
    names, parts = set(text.links if text else ()), list[retelling.Part]()
    for part in told.parts:
        number = text.blocks.get(str(part.block), -1) if text else part.block
        said = str(document.numbers.get(number) or "")
        if isinstance(part.table, RetoldTable):
            parts.append(msgspec.structs.replace(part, table=replace(part.table, number=said)))
            names.update(part.table.pages)
        elif isinstance(part.figure, RetoldFigure):
            parts.append(msgspec.structs.replace(part, figure=replace(part.figure, number=said)))
        elif isinstance(part.texts, RetoldTexts) and part.texts.markdown and text is None:
            parts.append(retelling.Part(part.block, part.flow, stays="Markdown, in a page whose text stays"))
        else:
            parts.append(part)
            names.update(part.texts.links if isinstance(part.texts, RetoldTexts) else ())
    pages = {name: dict(addresses(index, name, document.address)) for name in sorted(names)}
    left_out = document.executed.page.left_out
    whens = tuple(
        msgspec.structs.replace(when, told=passage.lines[0] + passage.head not in left_out)
        for when, passage in zip(told.whens, document.executed.page.passages, strict=True)
    )
    return msgspec.structs.replace(told, parts=tuple(parts), pages=pages, text=text, whens=whens if text else ())


def _stays(page: Page, told: retelling.Told, fields: Collection[str], text: retelling.Text | str) -> Iterator[str]:
    """What does not change with what a reader chooses, though it may look so."""
    for part in told.parts:
        if part.stays:
            yield f"{page.directives[part.block].place()}: {STAYS}: {part.stays}"
    for when, passage in zip(told.whens, page.passages, strict=False):
        if when.stays:
            yield f"{passage.sql.place()}: {STAYS}: whether this passage is told: {when.stays}"
    if isinstance(text, retelling.Text):
        yield from _absent(page, text)
        return
    if text:
        yield text
    for number, line in enumerate(page.body.split("\n")):
        named = [] if number in page.verbatim else _NAMED.findall(line)
        for name in sorted(set(named).intersection(fields)):
            yield f"{page.at(number)}: {STAYS}: {{{{ {name} }}}} in text; write it by {{tell}}"
    for passage in page.passages:
        yield f"{passage.sql.place()}: {STAYS}: whether this passage is told"


def _absent(page: Page, text: retelling.Text) -> Iterator[str]:
    """What is in a passage that was not told while building, and cannot be made where the page is read."""
    for number, directive in enumerate(page.directives):
        if str(number) not in text.blocks and not can_be_retold(directive):
            yield f"{directive.place()}: who chooses otherwise does not see this, which was not made for this page"


def retelling_of(course: Course, one: PlannedPage) -> tuple[retelling.Told, dict[str, bytes]]:
    """What one page needs to be told again, and the files of the tables that it reads.

    Raises CoursewrightError where these are too much, MissingPart where the engine was not fetched.
    """
    given, parts, whens, made, own = prepared(course, one)
    fields = _fields(given)
    rows = {name: given.database.connection.sql(select).to_arrow_table() for name, select in made.items()}
    packed = {name: retelling.table_file(table) for name, table in rows.items()}
    sizes = {name: len(content) for name, (_, content) in packed.items()}
    retelling.check_size(one.owner, sizes, form_of(one.page))
    named = {name: file for name, (file, _) in packed.items()}
    values = {name: value for name, value in one.parameters.items() if isinstance(value, str | int | float)}
    choices, total = choices_at(given, fields), sum(sizes.values())
    needed = prelude_for(msgspec.json.encode(parts).decode())
    told = retelling.Told(
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
        told = msgspec.structs.replace(told, python=ours(_ROOMS, course.site.language)[0])
    return told, dict(packed.values())


def form_of(page: Page) -> Place:
    """Where a page that is told again has its form."""
    return next(directive.place() for directive in page.directives if directive.name == "form")


def prepared(
    course: Course, one: PlannedPage
) -> tuple[Materials, list[retelling.Part], list[retelling.When], dict[str, str], retelling.OwnTables | None]:
    """What one page is told with, its blocks and passages as they are told again, a SELECT for each table of these, and
    what its readers can bring.
    """
    given = materials(course, course.database(), one)  # a database of its own: it will hold the tables of all moments
    count_anew()  # so that each build writes the same
    parts = [
        _part(number, directive, given, _fields(given))
        for number, directive in enumerate(one.page.directives)
        if can_be_retold(directive)
    ]
    asked = [_passage(passage, given, _fields(given)) for passage in one.page.passages]
    whens = [retelling.When(rows=each.rows) if isinstance(each, RetoldRows) else each for each in asked]
    own, besides, below = own_of(one.page, given, _fields(given))
    read = [*(each for each in asked if isinstance(each, RetoldRows)), *besides]
    found = [part.facts or part.texts or part.table or part.figure or part.python for part in parts]
    return given, parts, whens, _tables([*found, *read]) | below, own


def _passage(passage: Passage, given: Materials, live: frozenset[str]) -> RetoldRows | retelling.When:
    """Whether a passage is told, as it is asked again, or the reason why that stays."""
    try:
        return retold_rows(passage.sql, given, live)
    except NotInSql as why:
        return retelling.When(stays=str(why))


def _fields(given: Materials) -> frozenset[str]:
    """The parameters that a reader changes."""
    return frozenset(name for name, declared in given.declared.items() if declared.offered)


def _tables(told: Sequence[_Retold | RetoldRows | None]) -> dict[str, str]:
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


def _part(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> retelling.Part:
    """One block told again, or the reason why it stays."""
    try:
        return _TOLD_BY[directive.name](number, directive, given, live)
    except NotInSql as why:
        return retelling.Part(number, "", stays=str(why))


def _facts(number: int, directive: Directive, given: Materials, _live: frozenset[str]) -> retelling.Part:
    options = read_options(filled_directive(directive, given.parameters), facts.FactsOptions)
    finders = given.finders(tuple(directive.argument.split()))
    made = retold(
        given.database,
        given.timeline,
        finders,
        given.parameters,
        overrides=given.overrides,
        language=given.language,
    )
    for name, why in made.untold.items():
        raise NotInSql(f"the finder {name}: {why}")
    by_python = [one for one in made.finders if one.telling]
    if by_python and not can_ask():
        raise NotInSql(f"the finder {by_python[0].finder}: {by_python[0].why}; {_TOLD_THERE}")
    return retelling.Part(number, options.form, made, limit=options.limit, least=options.least, label=directive.label)


def _texts(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> retelling.Part:
    options = read_options(filled_directive(directive, given.parameters), tell.TellOptions)
    try:
        texts = retold_texts(directive, options, given, live)
    except NotInSql as why:
        told = retold_elsewhere(directive, options, given, live, str(why))
        if can_ask():
            return retelling.Part(number, told.flow, python=told, label=directive.label)
        return retelling.Part(number, "", stays=f"{why}; {_TOLD_THERE}")
    return retelling.Part(number, texts.flow, texts=texts, label=directive.label)


def _table(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> retelling.Part:
    found = retold_table(directive, given, live)
    return retelling.Part(number, "", table=found, label=directive.label)


def _figure(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> retelling.Part:
    found = retold_figure(directive, given, live)
    if retelling.can_draw():
        return retelling.Part(number, "", figure=found, label=directive.label)
    return retelling.Part(
        number, "", stays="what draws charts was not fetched; run: coursewright runtimes fetch plot d3"
    )


def _question(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> retelling.Part:
    return retelling.Part(number, "", question=again(directive, given, live), label=directive.label)


_TOLD_BY = {"facts": _facts, "tell": _texts, "table": _table, "figure": _figure, "question": _question}
