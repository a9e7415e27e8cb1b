"""Pages that are told again where they are read: which they are, and what the site carries for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import msgspec

from coursewright.courses.building.writing import Writing
from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage
from coursewright.courses.retelling.asking_again import with_question
from coursewright.courses.retelling.page import OUR_ROOMS, retelling_of
from coursewright.courses.retelling.text import STAYS, fields_of, text_or_why
from coursewright.errors import MissingPart
from coursewright.pages import Document, Page
from coursewright.pages.formats import exact
from coursewright.pages.retold import RetoldFigure, RetoldTable, RetoldTexts
from coursewright.sites import Index, retelling
from coursewright.sites.references import addresses
from coursewright.sites.retelling import RetoldBlock, RetoldBody, RetoldPage, can_be_retold, is_retold
from coursewright.sites.runtimes import ours

_NAMED = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_OWNER = "what every site has"


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
        page = one.page if isinstance(text, RetoldBody) else document.executed.page  # without what is not told
        told, tables = retelling_of(course, replace(one, page=page))
        told = _in_site(told, document, writing.index, text if isinstance(text, RetoldBody) else None)
        told = msgspec.structs.replace(
            told, parts=tuple(with_question(part, page, writing, one, remarks.append) for part in told.parts)
        )
        asks, draws = asks or told.python is not None, draws or bool(told.charts)
        remarks += _stays(page, told, fields, text)
        files = {f"{one.address}.json": msgspec.json.encode(exact(msgspec.to_builtins(told))), **tables}
        writing.add("site", {f"{retelling.FOLDER}/{path}": content for path, content in files.items()}, _OWNER)
    if asks:
        writing.add("site", ours(OUR_ROOMS, course.site.language)[1], _OWNER)
    if draws:
        writing.add("site", retelling.charts_files(), _OWNER)
    return tuple(remarks)


def _in_site(told: RetoldPage, document: Document, index: Index, text: RetoldBody | None) -> RetoldPage:
    """What is told with its text, the numbers that tables have on their page, and the pages that are led to.

    Without text, what is Markdown stays, and so do passages.
    """
    names, parts = set(text.links if text else ()), list[RetoldBlock]()
    for part in told.parts:
        number = text.blocks.get(str(part.block), -1) if text else part.block
        said = str(document.numbers.get(number) or "")
        if isinstance(part.table, RetoldTable):
            parts.append(msgspec.structs.replace(part, table=replace(part.table, number=said)))
            names.update(part.table.pages)
        elif isinstance(part.figure, RetoldFigure):
            parts.append(msgspec.structs.replace(part, figure=replace(part.figure, number=said)))
        elif isinstance(part.texts, RetoldTexts) and part.texts.markdown and text is None:
            parts.append(RetoldBlock(part.block, part.flow, stays="Markdown, in a page whose text stays"))
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


def _stays(page: Page, told: RetoldPage, fields: Collection[str], text: RetoldBody | str) -> Iterator[str]:
    """What does not change with what a reader chooses, though it may look so."""
    for part in told.parts:
        if part.stays:
            yield f"{page.directives[part.block].place()}: {STAYS}: {part.stays}"
    for when, passage in zip(told.whens, page.passages, strict=False):
        if when.stays:
            yield f"{passage.sql.place()}: {STAYS}: whether this passage is told: {when.stays}"
    if isinstance(text, RetoldBody):
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


def _absent(page: Page, text: RetoldBody) -> Iterator[str]:
    """What is in a passage that was not told while building, and cannot be made where the page is read."""
    for number, directive in enumerate(page.directives):
        if str(number) not in text.blocks and not can_be_retold(directive):
            yield f"{directive.place()}: who chooses otherwise does not see this, which was not made for this page"
