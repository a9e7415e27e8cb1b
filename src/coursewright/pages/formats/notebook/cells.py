"""One cell of a notebook: what runs in it, what it gave, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from coursewright.pages.blocks.block import Block, Cell
from coursewright.pages.engines import CellTask, asking
from coursewright.pages.engines.asked import CellOptions
from coursewright.pages.engines.found import language_of
from coursewright.pages.executing.cells import CODE_CELL, filled_directive
from coursewright.pages.formats.notebook import sources
from coursewright.pages.formats.notebook.cut import Piece
from coursewright.pages.formats.notebook.idents import Idents
from coursewright.pages.formats.notebook.outputs import as_r_shows, of_cell, of_directive
from coursewright.pages.linking.references import Link
from coursewright.pages.readers.own_cells import OwnCell
from coursewright.pages.reading.document import Document
from coursewright.pages.reading.page import read_options

Kind = Literal["python", "r"]

AUTHORS = "injected-parameters"
"""The id of the cell below one of the author's own that is tagged `parameters`."""


def kernel_of(document: Document) -> Kind:
    """The language of the kernel: R where all code of the page is R, and else Python, which can call the others."""
    cells = (each for each in document.executed.page.directives if each.name == CODE_CELL)
    return "r" if {language_of(each.argument) for each in cells} == {"r"} else "python"


def made(kind: str, ident: str, source: str, metadata: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A cell as the format has it."""
    lines = source.splitlines(keepends=True)
    cell = {"cell_type": kind, "id": ident, "metadata": dict(metadata or {}), "source": lines}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def as_owned(cell: dict[str, Any], own: OwnCell | None, idents: Idents) -> dict[str, Any]:
    """A cell with the id and the metadata that it has in its author's notebook, if it stands there."""
    if own is None:
        return cell
    ident = idents.own(own.id) if own.id else cell["id"]
    return cell | {"id": ident, "metadata": {**cell["metadata"], **json.loads(own.metadata)}}


def running(
    document: Document, piece: Piece, kernel: Kind, links: Mapping[str, Link], idents: Idents
) -> dict[str, Any]:
    """The cell of a directive, with its outputs."""
    directive, block = document.executed.page.directives[piece.directive], document.block(piece.directive)
    if isinstance(block, Cell):
        return _code(asked(document, piece), block, kernel, _ident(piece, "code", "", idents))
    number = str(document.numbers.get(piece.directive, ""))
    source = sources.BY_KERNEL[kernel](directive, document.executed.blocks[piece.directive], number)
    cell = made("code", _ident(piece, directive.name, directive.argument, idents), source)
    outputs = of_directive(block, document.found["language"], links)
    return cell | {"outputs": outputs if kernel == "python" else [as_r_shows(each) for each in outputs]}


def _ident(piece: Piece, kind: str, argument: str, idents: Idents) -> str:
    return idents.own(piece.anchor) if piece.anchor else idents.named(kind, argument)


def asked(document: Document, piece: Piece) -> CellTask:
    """What the page asks of a cell of code."""
    directive = document.executed.page.directives[piece.directive]
    filled = filled_directive(directive, document.executed.parameters)
    return asking(filled, read_options(filled, CellOptions))


def with_parameters(document: Document, piece: Piece) -> bool:
    """Whether a piece is a cell in which the author gives parameters values to try the page with."""
    block: Block | None = document.executed.blocks[piece.directive] if piece.runs else None
    return isinstance(block, Cell) and "parameters" in asked(document, piece).tags


def code_of(document: Document, pieces: Iterable[Piece], kernel: Kind) -> Iterator[str]:
    """The code among `pieces` that run which is in the language of the kernel."""
    directives = document.executed.page.directives
    cells = (asked(document, piece) for piece in pieces if directives[piece.directive].name == CODE_CELL)
    return (each.code for each in cells if each.language == kernel)


def taken(document: Document, piece: Piece) -> tuple[str, ...]:
    """The tables of the course that a cell of code takes, those aside that a cell above gave."""
    page = document.executed.page
    if page.directives[piece.directive].name != CODE_CELL:
        return ()
    above = [each for each in range(piece.directive) if page.directives[each].name == CODE_CELL]
    gave = {name for each in above for name in asked(document, replace(piece, directive=each)).gives}
    return tuple(name for name in asked(document, piece).takes if name not in gave)


def _code(asked: CellTask, cell: Cell, kernel: Kind, ident: str) -> dict[str, Any]:
    own = asked.language == kernel
    source = sources.code(asked.directive) if own else sources.other_language(asked.directive)
    hidden = {"source_hidden": cell.input != "shown", "outputs_hidden": cell.output == "hidden"}
    jupyter = {name: True for name, so in hidden.items() if so}
    metadata = ({"tags": sorted(asked.tags)} if asked.tags else {}) | ({"jupyter": jupyter} if jupyter else {})
    return made("code", ident, source, metadata) | {"outputs": of_cell(cell)}
