"""The pieces of a page that become cells: stretches of its text, and directives that can run."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from coursewright.errors import line_in
from coursewright.magics import NAMES
from coursewright.pages.executing.cells import CODE_CELL
from coursewright.pages.reading.document import Document
from coursewright.pages.syntax.admonitions import TITLE

if TYPE_CHECKING:
    from markdown_it.token import Token

_CLOSED = -1  # what a piece of text has in the place of a directive's number


@dataclass(frozen=True)
class Piece:
    """Lines of the text of a document, counted from 0, and the number of the directive that they stand for, if any.

    `anchor` is what links call its first line by; `source` is the cell of the author's own notebook, counted from 1.
    """

    lines: range
    directive: int = _CLOSED
    anchor: str = ""
    source: int = 0

    @property
    def runs(self) -> bool:
        """Whether it is a directive."""
        return self.directive != _CLOSED


def pieces(document: Document) -> list[Piece]:
    """The pieces of a page in order.

    A directive inside a list, a quotation or an admonition is no piece: a cell cannot stand there. Text is cut where a
    part of the page begins or, if the page is a notebook itself, as its author cut it.
    """
    whole = document.text.split("\n")
    runs = _running(document)
    heads = dict(_headed(document))
    sources = _sources(document)
    cuts = {0, len(whole), *(line for lines in runs for line in (lines.start, lines.stop))}
    if sources:
        cuts |= {line for line in range(1, len(whole)) if sources[line] != sources[line - 1]}
    else:
        cuts |= heads.keys()
    says = {
        token.map[0] for token in document.tokens if token.map
    }  # where definitions of links alone stand, none begins
    inside = {line for lines in runs for line in lines[1:]} | _within(document.tokens)
    ordered = sorted(cuts - (inside - {line for lines in runs for line in (lines.start, lines.stop)}))
    found = []
    for first, last in pairwise(ordered):
        number = runs.get(range(first, last), _CLOSED)
        if number != _CLOSED or not says.isdisjoint(range(first, last)):
            source = next((sources[line] for line in range(first, last) if whole[line].strip()), 0) if sources else 0
            found.append(Piece(range(first, last), number, _anchor(document, number, heads.get(first, "")), source))
    return found


def _anchor(document: Document, number: int, heading: str) -> str:
    return document.anchor(number) if number != _CLOSED else heading


def _within(tokens: Collection[Token]) -> set[int]:
    """The lines at which nothing can be cut: those inside a block of Markdown that goes over several."""
    blocks = (token.map for token in tokens if token.map and token.level == 0)
    return {line for first, last in blocks for line in range(first + 1, last)}


def _running(document: Document) -> dict[range, int]:
    """The directives that become cells which run, by the lines of the text where they stand."""
    page, within = document.executed.page, _within(document.tokens)
    places = _places(document)
    found = {}
    for number, directive in enumerate(page.directives):
        lines = places.get(number)
        alone = not page.body.split("\n")[directive.lines[0]].split("`")[0].split("~")[0].strip()
        if lines and alone and directive.name in (*NAMES, CODE_CELL) and lines.start not in within:
            found[lines] = number
    return found


def _places(document: Document) -> dict[int, range]:
    """Where in the text each directive stands: as an empty fence, or as Markdown of its own."""
    fences = {number: range(line, line + 2) for line, number in document.fences.items()}
    starts = {directive.lines: number for number, directive in enumerate(document.executed.page.directives)}
    owners = {line: number for lines, number in starts.items() for line in range(*lines)}
    told: dict[int, list[int]] = {}
    for line, origin in enumerate(document.lines):
        if origin in owners and owners[origin] not in fences:
            told.setdefault(owners[origin], []).append(line)
    return fences | {number: range(lines[0], lines[-1] + 1) for number, lines in told.items()}


def _sources(document: Document) -> list[int]:
    """For each line of the text the cell of the author's notebook that it comes from; none, if the page is no notebook.

    A line that is included from another file belongs to the cell above it.
    """
    if not document.executed.page.own.cells:
        return []
    found = [0]
    for number in range(len(document.lines)):
        place = document.place(number)
        said = re.match(r"cell (\d+),", str(line_in(place.file, place.line or 0)))
        found.append(int(said[1]) if said else found[-1])
    return found[1:]


def _headed(document: Document) -> Iterator[tuple[int, str]]:
    """The lines at which a part of the page begins, each with its anchor: headings, named admonitions and pictures."""
    yield from ((line, figure.anchor) for line, figure in document.figures.items() if figure.anchor)
    admonition: Token | None = None
    for token in document.tokens:
        if token.type == "heading_open" and token.level == 0 and token.map:
            yield token.map[0], str(token.attrs.get("id", ""))
        if token.type == "container_admonition_open" and token.level == 0:
            admonition = token
        named = token.meta.get("options", {}).get("name") if token.type == TITLE else ""
        if named and admonition is not None and admonition.map and token.meta is admonition.meta:
            yield admonition.map[0], str(named)
