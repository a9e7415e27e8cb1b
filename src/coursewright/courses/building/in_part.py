"""What else is wrong with a course of which some pages could not be carried out: their text, and all links."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import msgspec

from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage
from coursewright.errors import CoursewrightError, Problem
from coursewright.pages import Document, read_document
from coursewright.pages.executing import ExecutedPage
from coursewright.pages.reading import InPart
from coursewright.sites import Entry, Index, Mention, read_entry
from coursewright.sites.references import resolve_all


@dataclass(frozen=True)
class Rest:
    """All `problems` of a page that failed, and what of it is known: its `entry` if all is that links ask of it."""

    problems: tuple[Problem, ...]
    executed: ExecutedPage | None = None
    document: Document | None = None
    entry: Entry | None = None


def rest_of(error: CoursewrightError, one: PlannedPage, course: Course) -> Rest:
    """What is known of the page `one`, which failed with `error`."""
    if not isinstance(error, InPart):
        return Rest(error.problems)
    try:
        document = read_document(error.executed, course.conventions)
    except CoursewrightError as more:
        return Rest((*error.problems, *more.problems), error.executed)
    return Rest(
        error.problems, error.executed, document, read_entry(document, one.file, one.key) if error.is_known else None
    )


def dead_links(entries: Mapping[str, Entry], planned: Sequence[PlannedPage], course: Course) -> tuple[Problem, ...]:
    """The links that lead nowhere; where a page is not known, those that cannot lead to it."""
    pages = course.root / "pages"
    files = {file.relative_to(pages).as_posix() for file in course.page_files}
    unknown = files - {one.file for one in planned} | {one.file for one in planned if one.address not in entries}
    known = [entries[one.address] for one in planned if one.address in entries]
    of_any_name = {posixpath.dirname(file) for file in unknown if _names_itself(pages / file)}
    perhaps = {posixpath.splitext(file)[0] for file in unknown} | of_any_name
    sure = [_without(entry, perhaps) for entry in known] if unknown else known
    try:
        resolve_all(Index(sure), course.root)
    except CoursewrightError as error:
        return error.problems
    return ()


def _names_itself(file: Path) -> bool:
    """Whether a page that could not be read may say what it is called, or give several pages."""
    return bool(re.search(rb"\b(for_each|name)\b", file.read_bytes()))


def _without(entry: Entry, perhaps: Set[str]) -> Entry:
    """The entry without what may lead to a page or into a folder of `perhaps`, or is found by what pages say."""
    here = posixpath.dirname(entry.file)

    def is_sure(mention: Mention) -> bool:
        if mention.kind not in ("picture", "link", "html") or ":" in mention.target or mention.target.startswith("#"):
            return False
        path = unquote(mention.target.partition("#")[0])
        inside = posixpath.splitext(posixpath.normpath(posixpath.join(here, path)))[0]
        leads = {inside, f"{inside}/index", posixpath.dirname(inside)}
        return mention.kind == "picture" or perhaps.isdisjoint(leads)

    return msgspec.structs.replace(entry, mentions=tuple(filter(is_sure, entry.mentions)))
