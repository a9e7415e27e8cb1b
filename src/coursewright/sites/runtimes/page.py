"""A page whose cells can be run in it: which they are, for the script that does it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from coursewright.pages import Document
from coursewright.pages.blocks import Cell
from coursewright.pages.engines.sides import SIDES
from coursewright.pages.formats import write_block
from coursewright.pages.linking import Link
from coursewright.sites.runtimes.cells import LANGUAGES, RunCell, Runs
from coursewright.sites.runtimes.wheels import wheel_name

ANCHOR = "site.cell"
"""The id of the first cell of a page that can be run."""


def marked(document: Document, number: int, links: Mapping[str, Link], cells: Sequence[RunCell]) -> str:
    """A block as HTML; a cell says which of `cells` it is."""
    html = write_block(document, number, links)
    key = next((cell.key for cell in cells if cell.number == number), "")
    first = next((cell.number for cell in cells if cell.runs and _is_seen(document, cell)), None)
    ident = f' id="{ANCHOR}"' if number == first else ""
    own = f'<div class="cell"{ident} data-cell="{escape(key)}">'
    return html.replace('<div class="cell">', own, 1) if key else html


def told(document: Document, cells: Sequence[RunCell], runs: Runs) -> str:
    """The cells of a page and what they begin with, as data in its HTML."""
    values = document.executed.parameters
    page = {
        "address": document.address,
        "setup": {language: _setup(language, cells, values) for language in LANGUAGES},
        "wheels": [wheel_name(name) for name in runs.distributions],
        "tables": runs.tables,
        "cells": [_told(document, cell) for cell in cells],
    }
    data = json.dumps(page, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="site.cells">{data}</script>\n'


def _is_seen(document: Document, cell: RunCell) -> bool:
    block = document.executed.blocks[cell.number]
    return isinstance(block, Cell) and block.input != "removed"


def _told(document: Document, cell: RunCell) -> dict[str, Any]:
    block = document.executed.blocks[cell.number]
    assert isinstance(block, Cell)  # noqa: S101 - it was found as one
    own = {"key": cell.key, "language": cell.language, "runs": cell.runs, "code": cell.code}
    return own | ({"why": cell.why, "named": cell.named} if cell.why else {})


def _setup(language: str, cells: Sequence[RunCell], values: Mapping[str, Any]) -> str:
    """The parameters that code names, as variables."""
    side, code = SIDES[language], "\n".join(cell.code for cell in cells if cell.language == language)
    found: list[str] = []
    for name in values:
        if name in code and side.is_name(name):
            try:
                found.append(side.assign({name: values[name]}))
            except TypeError:  # a kind of value that the language has not: the build has said so, if a cell reads it
                continue
    return "\n".join(found)
