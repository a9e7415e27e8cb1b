"""The verb: write a page as a notebook of Jupyter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coursewright.markup import escape_markdown
from coursewright.pages.formats.markdown import references_below, write_stretches
from coursewright.pages.formats.notebook.cells import (
    AUTHORS,
    Kind,
    as_owned,
    code_of,
    kernel_of,
    made,
    running,
    taken,
    with_parameters,
)
from coursewright.pages.formats.notebook.cut import Piece
from coursewright.pages.formats.notebook.idents import Idents, cell_id
from coursewright.pages.formats.notebook.needs import (
    ABOUT,
    BEGIN,
    TAKEN,
    AboutNotebook,
    Needs,
    beginning,
    needs,
    standing,
    words,
)
from coursewright.pages.formats.notebook.parameters import (
    PARAMETERS,
    assigned,
    assignments,
    hiding,
    read_by_cells,
)
from coursewright.pages.linking.references import Link
from coursewright.pages.readers.notebook import main_language
from coursewright.pages.reading.document import Document
from coursewright.pages.syntax import numbers
from coursewright.pages.syntax.footnotes import without_footnotes
from coursewright.pages.syntax.github import without_alerts

Made = dict[str, Any]

_HEADING = re.compile(r"#{1,6}[ \t]+")
_KERNELS: Mapping[Kind, Made] = {
    "python": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
    "r": {"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}, "language_info": {"name": "R"}},
}


def write(document: Document, cells: Sequence[Piece], links: Mapping[str, Link], about: AboutNotebook) -> str:
    """The page as a notebook, each piece of it a cell; `links` says where its references lead."""
    work = _NotebookDraft(document, cells, links, about)
    # 1. what the notebook is and needs, then a cell for each piece of the page, then what it cites
    every = [*work.head(), *work.body(), *work.foot()]
    # 2. the format: keys in order and a line a line, as Jupyter itself saves it
    written = {"cells": every, "metadata": work.metadata(), "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@dataclass(frozen=True)
class _NotebookDraft:
    """A notebook that is being written."""

    document: Document
    pieces: Sequence[Piece]
    links: Mapping[str, Link]
    about: AboutNotebook

    @cached_property
    def kernel(self) -> Kind:
        return kernel_of(self.document)

    @cached_property
    def needs(self) -> Needs:
        return needs(self.document, self.pieces, self.kernel)

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The parameters that its cells read."""
        return read_by_cells(self.document.executed) if self.needs.runs else {}

    @cached_property
    def names(self) -> list[str]:
        """Those of them that variables can hold."""
        return assigned(self.values, self.kernel)

    @cached_property
    def hidden(self) -> list[str]:
        """Those of them whose variables would hide something from the page's code; R looks for functions alone."""
        if self.kernel != "python":
            return []
        runs = (piece for piece in self.pieces if piece.runs)
        return hiding(self.names, "\n".join(code_of(self.document, runs, self.kernel)))

    @cached_property
    def linked(self) -> set[str]:
        """The places that the page itself leads to, as links call them."""
        every = (each for link in self.links.values() for each in (link, *link.pages))
        return {each.href[1:] for each in every if each.href.startswith("#")}

    @cached_property
    def notes(self) -> Mapping[str, int]:
        """The numbers of its footnotes."""
        return numbers(self.document.found)

    def metadata(self) -> Made:
        """What is known of the notebook as a whole."""
        about = {"file": self.about.file, "language": self.about.language}
        authors = [{"name": name} for name in self.about.authors]
        own = json.loads(self.document.executed.page.own.metadata)
        kernel = _KERNELS[self.kernel]
        if own and main_language(own) == self.kernel:
            kernel = {**kernel, **{name: own[name] for name in kernel if name in own}}  # perhaps another environment's
        return {**own, **kernel, "title": self.document.title, "authors": authors, "coursewright": about}

    def head(self) -> Iterator[Made]:
        """The cells that the page did not have."""
        yield made("markdown", ABOUT, words(self.about, self.needs))
        first = next((piece for piece in self.pieces if piece.runs), None)
        names: list[str] = []
        if self.names and first and not with_parameters(self.document, first):
            names = self.names
            tagged = any(with_parameters(self.document, piece) for piece in self.pieces)
            source = assignments(self.values, self.kernel)
            yield made("code", PARAMETERS, source, {} if tagged else {"tags": ["parameters"]})
        if code := beginning(self.about, self.needs, self.kernel, names, self.hidden if names else ()):
            yield made("code", BEGIN, code)

    def body(self) -> Iterator[Made]:
        """The cells of the page."""
        anchors = {cell_id(piece.anchor) for piece in self.pieces if piece.anchor}
        owners = dict(enumerate(self.document.executed.page.own.cells, start=1))
        idents = Idents({ABOUT, BEGIN, PARAMETERS, AUTHORS, TAKEN, *anchors, *(own.id for own in owners.values())})
        texts = [piece for piece in self.pieces if not piece.runs]
        left_out = [piece.lines.start for piece in self.pieces if piece.runs]
        stretches = write_stretches(self.document, self.links, [piece.lines for piece in texts], left_out)
        if not (self.document.text.lstrip().startswith("# ") and self.pieces and not self.pieces[0].runs):
            yield made("markdown", idents.own("title"), f"# {escape_markdown(self.document.title)}")
        for piece in self.pieces:
            own = owners.pop(piece.source, None)
            if piece.runs:
                if cell_id(piece.anchor) in self.linked:
                    yield made("markdown", idents.own(f"{piece.anchor}-anchor"), _anchored(piece.anchor, ""))
                cell = running(self.document, piece, self.kernel, self.links, idents)
                yield from self._around(piece, as_owned(cell, own, idents))
            else:
                yield as_owned(self._text(piece, next(stretches), idents), own, idents)

    def _around(self, piece: Piece, cell: Made) -> Iterator[Made]:
        """The cell of a directive, with what has to stand around it."""
        if self.kernel == "r" and (tables := taken(self.document, piece)):
            named = ", ".join(f'"{name}"' for name in tables)
            yield made("code", cell_id(f"{cell['id']}-takes"), f"take({named})")
        yield cell
        if self.names and with_parameters(self.document, piece):
            yield made("code", AUTHORS, assignments(self.values, self.kernel), {"tags": ["injected-parameters"]})
            if self.needs.ours:
                yield made("code", TAKEN, standing(self.about, self.kernel, self.names, self.hidden))

    def _text(self, piece: Piece, text: str, idents: Idents) -> Made:
        """A cell of text; definitions of links that stand elsewhere stand below it as well."""
        if piece.anchor:
            idents.section = piece.anchor
        ident = idents.own(piece.anchor) if piece.anchor else idents.placed("text")
        plain = without_footnotes(without_alerts(text, self.about.language), self.notes)
        if piece.anchor and cell_id(piece.anchor) in self.linked:
            plain = _anchored(piece.anchor, plain)
        return made("markdown", ident, "\n".join([plain, *self._definitions(piece, text)]))

    def _definitions(self, piece: Piece, text: str) -> list[str]:
        found: Mapping[str, Any] = self.document.found.get("references", {})
        lines = []
        for name, definition in found.items():
            if definition["map"][0] not in piece.lines and f"[{name}]" in text.upper():
                target = definition["href"]
                href = self.links[target].href if target in self.links else target
                lines.append(f"[{name.lower()}]: <{href}>")
        return ["", *lines] if lines else []

    def foot(self) -> Iterator[Made]:
        """What the page cites, where its list stands at the end."""
        if listed := references_below(self.document).strip():
            yield made("markdown", "references-below", listed)


def _anchored(anchor: str, text: str) -> str:
    """A text with the place in front of it that links lead to; a heading has it inside, and a picture of its own."""
    mark = f'<a id="{cell_id(anchor)}"></a>'
    if mark in text:
        return text
    if heading := _HEADING.match(text):
        return f"{heading[0]}{mark}{text[heading.end() :]}"
    return f"{mark}\n\n{text}".rstrip("\n")
