"""What of the outputs of a page's cells readers do not see, or see with a network alone, for the author to know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coursewright.errors import Place, Problem
from coursewright.pages.blocks.block import Block, Cell, EmbeddedPage, Markup, PrintedText
from coursewright.pages.blocks.elsewhere import asked_beside, asked_elsewhere, says_anything
from coursewright.pages.executing.cells import CODE_CELL
from coursewright.pages.formats.cleaned import cleaned, left_out
from coursewright.pages.reading.page import Page

# What a page asks the web for, and how it comes to have that itself.
_INSIDE = (
    (r"vega|altair", 'give the chart as data: alt.renderers.enable("mimetype"), or by widget(chart, alt="…")'),
    (r"plotly", 'give the figure itself, or by widget(figure, alt="…"); to_html(include_plotlyjs=True) has it inside'),
    (r"bokeh", 'give it by widget(figure, alt="…"), or with output_notebook(resources=INLINE)'),
    (
        r"\.(?:css|m?js)\b|//cdn|unpkg",
        'put inside what it needs: widget(thing, alt="…", libraries={"leaflet.js": "…"})',
    ),
    (r"", "say in the text beside it what it shows, for readers without a network"),
)
_HERE = "show the file itself, such as by Image(filename=…) or audio(…), or link to it in the text of the page"
_IN_FRAME = "put it inside: an address that begins with data:, or the script or style itself"
_WAIT = "wait for it in a cell: thread.join(), or await task; or end it there"
_WORDLESS = re.compile(r"<img\b(?![^>]*\balt=)[^>]*>")


def losses(page: Page, blocks: Sequence[Block]) -> Iterator[Problem]:
    """What was left out of the outputs of the cells of `page`, and of its widgets; its blocks are `blocks`."""
    for place, each in _outputs(page, blocks):
        if isinstance(each, PrintedText) and each.kind == "lost":
            yield Problem(each.text, place, each.hint, "output")
        elif isinstance(each, EmbeddedPage):
            if beside := asked_beside(each.page):
                said = f"this widget is shown without the file {_listed(beside)}"
                yield Problem(said, place, _IN_FRAME, "output")
        elif isinstance(each, Markup):
            missed = [f"the file {name}" for name in asked_beside(each.html)] if each.framed else left_out(each.html)
            if missed:
                yield Problem(f"this output is shown without {_listed(missed)}", place, _HERE, "output")
            if each.framed and not each.title and not says_anything(each.html):
                said = "say what it shows, in a comment of the cell: #| alt: A line that rises"
                yield Problem("this output has no alternative text", place, said, "alt")
            if not each.framed and _WORDLESS.search(cleaned(each.html)):
                said = 'say what it shows: <img alt="…">, or Image(…, alt="…")'
                yield Problem("this picture has no alternative text", place, said, "alt")


def of_the_web(page: Page, blocks: Sequence[Block]) -> Iterator[str]:
    """The outputs of the cells of `page`, and its widgets, that stay blank in part or whole without a network."""
    for place, each in _outputs(page, blocks):
        html = (
            each.page
            if isinstance(each, EmbeddedPage)
            else each.html
            if isinstance(each, Markup) and each.framed
            else ""
        )
        if asked := asked_elsewhere(html):
            hint = next(hint for word, hint in _INSIDE if re.search(word, " ".join(asked).lower()))
            what = "widget" if isinstance(each, EmbeddedPage) else "output"
            yield f"{place}: this {what} needs {_listed(asked)}, which is not there without a network; {hint}"


def _outputs(page: Page, blocks: Sequence[Block]) -> Iterator[tuple[Place, object]]:
    for directive, block in zip(page.directives, blocks, strict=True):
        if isinstance(block, Cell):
            place = directive.place(f"{{{CODE_CELL}}} {directive.argument}")
            yield from ((place, each) for each in block.seen)
            if block.running:
                who = _listed([f'"{name}"' for name in block.running])
                said = f"{who} ran on when the last cell of this page had ended: what came later is not shown"
                yield place, PrintedText(said, "lost", _WAIT)
        elif isinstance(block, EmbeddedPage):
            yield directive.place(), block


def _listed(parts: Sequence[str]) -> str:
    return f"{parts[0]} and {len(parts) - 1} more" if len(parts) > 1 else parts[0]
