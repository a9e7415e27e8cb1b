"""```` ```{venn} ````: two or three sets, each on a line of its own: `Even: 2, 4, 6`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.figures import Figure
from coursewright.figures.diagrams import Show, venn
from coursewright.pages.blocks.block import Picture
from coursewright.pages.blocks.drawn import at_line, drawn
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive


class VennOptions(msgspec.Struct, frozen=True):
    """`shade` colours what an expression of the sets says, such as `A and not B`; `show` is what stands inside.

    `alt` stands before the text made from the sets.
    """

    shade: str = ""
    show: Show = "counts"
    alt: str = ""
    caption: str = ""


Options = VennOptions


def run(directive: Directive, options: VennOptions, materials: Materials) -> Picture:
    """The sets as circles; elements stand apart by commas, and are in order as numbers if all of them are."""
    sets: dict[str, list[str]] = {}
    for number, line in enumerate(directive.content.splitlines()):
        with at_line(directive, number):
            if line.strip():
                name, colon, members = (part.strip() for part in line.partition(":"))
                if not colon or not name:
                    raise CoursewrightError(f'"{line.strip()}" is no set', None, "write Even: 2, 4, 6")
                if name in sets:
                    raise CoursewrightError(f'the set "{name}" is there twice', None, "give one another name")
                sets[name] = [member.strip() for member in members.split(",") if member.strip()]

    def draw() -> Figure:
        found = _as_numbers(sets)
        return venn(found, shade=options.shade, show=options.show, alt=options.alt, caption=options.caption)

    return drawn(directive, materials, draw)


def _as_numbers(sets: dict[str, list[str]]) -> Mapping[str, Collection[Any]]:
    """The sets, with numbers for elements where all of them are whole ones: 2 stands before 10."""
    try:
        return {name: [int(member) for member in members] for name, members in sets.items()}
    except ValueError:
        return sets
