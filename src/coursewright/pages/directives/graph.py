"""```` ```{graph} ````: a graph from lines such as `a -- b`, `a -- b: 3` or `a -> b`."""

from __future__ import annotations

import re

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.figures import Figure
from coursewright.figures.diagrams.graph import graph
from coursewright.pages.block import Picture
from coursewright.pages.body import Directive
from coursewright.pages.drawn import drawn
from coursewright.pages.execute import Materials

_EDGE = re.compile(r"(?P<one>.+?)\s*(?P<joint>->|--)\s*(?P<other>[^:]+?)\s*(?::\s*(?P<weight>.+?))?")


class Options(msgspec.Struct, frozen=True):
    """`highlight` colours nodes, which stand apart by commas; another `seed` may give another layout."""

    highlight: str = ""
    seed: str = "0"
    alt: str = ""
    caption: str = ""


def run(directive: Directive, options: Options, _: Materials) -> Picture:
    """The graph's picture; all of its edges have a direction, or none."""
    edges: list[tuple[str, ...]] = []
    joints: dict[str, int] = {}
    for number, line in enumerate(directive.content.splitlines(), directive.content_line):
        if not line.strip():
            continue
        found = _EDGE.fullmatch(line.strip())
        if not found and re.search("->|--", line):
            raise CoursewrightError(f'"{line.strip()}" is no edge', Place(directive.file, number), "write a -- b: 3")
        joints.setdefault(found["joint"] if found else "", number)
        edges.append((found["one"], found["other"], found["weight"] or "") if found else (line.strip(),))
    if "->" in joints and "--" in joints:
        place = Place(directive.file, max(joints["->"], joints["--"]))
        raise CoursewrightError("this graph mixes -> and --", place, "give all edges a direction, or none")
    marked = [name.strip() for name in options.highlight.split(",") if name.strip()]

    def draw() -> Figure:
        seed = int(options.seed) if options.seed.isdecimal() else options.seed
        return graph(edges, directed="->" in joints, highlight=marked, seed=seed, alt=options.alt)

    return drawn(directive, draw, options.caption)
