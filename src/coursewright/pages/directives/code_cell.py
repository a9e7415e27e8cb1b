"""```` ```{code-cell} python ````: code that a kernel carries out, and what it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.pages.blocks.block import (
    Cell,
    EmbeddedPage,
    Grid,
    Markup,
    Output,
    Picture,
    PrintedText,
    Raster,
    Seen,
    Sound,
)
from coursewright.pages.engines import CellTask, asking
from coursewright.pages.engines.asked import CellOptions, without_comments
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive

__all__ = ["Options", "asked", "run", "shown"]

Options = CellOptions
_AS_TEXT = "read it, and build the course without --untrusted if you trust it; ```python shows it as text"


def asked(directive: Directive, options: CellOptions, materials: Materials) -> tuple[str, str]:  # noqa: ARG001 - the same for every directive
    """What the outputs hang on besides what is read, and the cell's own part in that."""
    assert materials.cells  # noqa: S101 - the page has this one
    materials.trust.refuse("code that a kernel runs", directive.place(), _AS_TEXT)
    materials.cells.check(directive)
    return materials.cells.keys(directive)


def run(directive: Directive, _options: CellOptions, materials: Materials) -> Cell | bool:
    """The cell with all that it gave. Raises CoursewrightError when its code fails, or takes too long."""
    assert materials.cells  # noqa: S101 - the page has this one
    return materials.cells.run(directive, materials)


def shown(cell: Cell, directive: Directive, options: CellOptions) -> Cell:
    """The cell as its tags and options want it. Raises CoursewrightError for an error that it may not have."""
    own = asking(directive, options)
    if cell.failure and "raises-exception" not in own.tags:
        hint = "correct the cell, or tag it: :tags: [raises-exception]"
        raise CoursewrightError(cell.failure, own.place(cell.failed_on or 1), hint)
    return msgspec.structs.replace(
        cell,
        code=without_comments(cell.code),
        outputs=tuple(_told(cell.outputs, own)),
        input=_seen("input", own.tags),
        output=_seen("output", own.tags),
    )


def _seen(part: str, tags: frozenset[str]) -> Seen:
    if not tags.isdisjoint({f"remove-{part}", "remove-cell"}):
        return "removed"
    return "shown" if tags.isdisjoint({f"hide-{part}", "hide-cell"}) else "hidden"


def _told(outputs: tuple[Output, ...], own: CellTask) -> Iterator[Output]:
    """The outputs with the words that their author has for them: each text goes to one of them, in order."""
    alts, captions = iter(own.alts), iter(own.captions)
    tables = any(isinstance(each, Grid) for each in outputs)
    drawn = any(isinstance(each, Picture | Raster | Sound | EmbeddedPage | Markup) for each in outputs)
    for each in outputs:
        if isinstance(each, PrintedText):
            stream = {"notice": "stderr", "lost": "output"}.get(each.kind, "stdout")
            if f"remove-{stream}" not in own.tags and (said := _said(each, own)):
                yield said
        elif isinstance(each, Picture | Raster | Sound | EmbeddedPage):
            alt, caption = next(alts, "") or each.alt, next(captions, "") or each.caption
            yield msgspec.structs.replace(each, alt=alt, caption=caption)
        elif isinstance(each, Markup):
            yield msgspec.structs.replace(each, title=next(alts, "") or next(captions, ""))
        elif isinstance(each, Grid) and tables and not drawn:
            yield msgspec.structs.replace(each, caption=next(captions, "") or each.caption)
        else:
            yield each


_OF_R = re.compile(r"Warning messages?(?: in [^\n]*)?:\n(?:“.*?”(?:\n|$))+", re.DOTALL)
"""Warnings as R's kernel writes them among messages."""


def _said(each: PrintedText, own: CellTask) -> PrintedText | None:
    """What a cell says besides, without the messages or the warnings that its author leaves out."""
    left_out = own.tags & {"remove-messages", "remove-warnings"}
    if each.kind != "notice" or not left_out:
        return each
    if own.language != "r" or len(left_out) > 1:
        return None
    warnings = "".join(_OF_R.findall(each.text))
    text = warnings if "remove-messages" in left_out else _OF_R.sub("", each.text)
    return msgspec.structs.replace(each, text=text.strip("\n")) if text.strip() else None
