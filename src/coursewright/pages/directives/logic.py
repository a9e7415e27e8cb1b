"""```` ```{logic} A and not B ````: the circuit of a Boolean expression."""

from __future__ import annotations

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.figures.diagrams import logic
from coursewright.pages.blocks.block import Picture
from coursewright.pages.blocks.drawn import drawn
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive


class LogicOptions(msgspec.Struct, frozen=True):
    """`output` is written at the end of the circuit; `alt` stands before the text made from the gates."""

    output: str = "Q"
    alt: str = ""
    caption: str = ""


Options = LogicOptions


def run(directive: Directive, options: LogicOptions, materials: Materials) -> Picture:
    """The circuit; its expression stands behind {logic} or inside."""
    expression = " ".join(f"{directive.argument} {directive.content}".split())
    if not expression:
        raise CoursewrightError("which expression?", directive.place(), "write it after {logic}: A and not (B or C)")
    return drawn(
        directive, materials, lambda: logic(expression, output=options.output, alt=options.alt), options.caption
    )
