"""What the author of a page wrote that can hardly be meant: braces that are not closed, pictures without words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from markdown_it.token import Token

from coursewright.errors import CoursewrightError, Place, Problem
from coursewright.pages.executing.run import ExecutedPage
from coursewright.pages.reading.document import Document
from coursewright.pages.reading.page import Page
from coursewright.pages.reading.published import read_published
from coursewright.pages.syntax import markdown
from coursewright.pages.text.fill import fill, without_parameters

# Neither in its paragraph, nor before the next: TeX, which has such braces too, closes all of its own.
_OPENED = re.compile(r"\{\{(?!(?:(?!\n\s*\n)[^}])*\})")
_HALF_CLOSED = re.compile(r"\{\{\s*(\w+)\s*\}(?!\})")
_CLOSE = r"write }} behind the name, or \{{ for the signs themselves"


def slips(executed: ExecutedPage, document: Document | None) -> Iterator[Problem]:
    """What is wrong in the Markdown of a page, though it can be told as it is.

    Without its `document`, where something else is wrong in the text, it is looked at as its author wrote it.
    """
    page = executed.page
    for place in _not_closed(page, executed.parameters.keys()):
        yield Problem("{{ is not closed", place, _CLOSE)
    for look in (fill, read_published) if document is None else ():
        try:
            look(page, executed.parameters)
        except CoursewrightError as error:
            yield from error.problems
    hint = 'say what it shows: ![A line that rises](…); for a mere ornament, <img alt="" src="…">'
    tokens, place_of = (document.tokens, document.place) if document else (markdown().parse(page.body), page.at)
    for line in _wordless(tokens):
        yield Problem("this picture has no alternative text", place_of(line), hint, "alt")


def _not_closed(page: Page, parameters: Collection[str]) -> Iterator[Place]:
    for key in ("title", "description"):
        if _opened(getattr(page.settings, key), parameters):
            yield page.place(key)
    lines = page.body.split("\n")
    told = "\n".join("" if number in page.verbatim else line for number, line in enumerate(lines))
    for at in _opened(told, parameters):
        yield page.at(told.count("\n", 0, at))


def _opened(text: str, parameters: Collection[str]) -> list[int]:
    """Where braces are opened in `text` that are not closed, or by one brace alone behind the name of a parameter."""
    rest = without_parameters(text)
    half = [found.start() for found in _HALF_CLOSED.finditer(rest) if found[1] in parameters]
    return sorted({*(found.start() for found in _OPENED.finditer(rest)), *half})


def _wordless(tokens: Iterable[Token]) -> Iterator[int]:
    """The lines of the pictures without alternative text."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "image" and token.map and not child.content.strip():
                yield token.map[0] + token.content.count("\n", 0, child.meta["at"])
