"""```` ```{graph} ````: a graph from lines such as `a -- b`, `a -- b: 3`, `a -- b -- c` or `a -> b`, as in DOT."""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.figures import Figure
from coursewright.figures.diagrams import graph
from coursewright.pages.blocks.block import Picture
from coursewright.pages.blocks.drawn import drawn
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive

_QUOTED_OUT = r'(?=(?:[^"]*"[^"]*")*[^"]*$)'  # what follows has whole quotes
_JOINT = re.compile(rf"\s*(?<![-<>])(->(?!>)|--(?![->]))\s*{_QUOTED_OUT}")
_WEIGHED = re.compile(r'("[^"]*"|[^:]+?)\s*(?::\s*(.+))?')
_NO_NAME = re.compile(r"--|->|<-|[←→↔⇐⇒⇔]|(?:^|\s)[-\u2013\u2014\u2212=~<>]+(?:\s|$)|\[\s*\w+\s*=")
_AROUND = re.compile(r"(?:strict\s+)?(?:di)?graph\b[^{]*\{|\}")


class GraphOptions(msgspec.Struct, frozen=True):
    """`highlight` colours nodes, which stand apart by commas; another `seed` may give another layout."""

    highlight: str = ""
    seed: str = "0"
    alt: str = ""
    caption: str = ""


Options = GraphOptions


def run(directive: Directive, options: GraphOptions, materials: Materials) -> Picture:
    """The graph's picture; all of its edges have a direction, or none."""
    edges: list[tuple[str, ...]] = []
    joints: dict[str, int] = {}
    for number, line in enumerate(directive.content.splitlines(), directive.content_line):
        if line.strip():
            pieces = _JOINT.split(line.strip().removesuffix(";").rstrip())
            edges += _edges(pieces, line.strip(), Place(directive.file, number))
            for joint in pieces[1::2]:
                joints.setdefault(joint, number)
    if "->" in joints and "--" in joints:
        place = Place(directive.file, max(joints["->"], joints["--"]))
        raise CoursewrightError("this graph mixes -> and --", place, "give all edges a direction, or none")
    marked = [name.strip() for name in options.highlight.split(",") if name.strip()]

    def draw() -> Figure:
        seed = int(options.seed) if options.seed.isdecimal() else options.seed
        return graph(edges, directed="->" in joints, highlight=marked, seed=seed, alt=options.alt)

    return drawn(directive, materials, draw, options.caption)


def _edges(pieces: list[str], line: str, place: Place) -> list[tuple[str, ...]]:
    """The edges of a line, from its names and what stands between them, or the one node that it names."""
    *names, last = pieces[::2]
    weighed = _WEIGHED.fullmatch(last) if names else None
    names.append(weighed[1] if weighed else last)
    read = [_name(name, line, place) for name in names]
    weight = (weighed[2] if weighed else "") or ""
    return [(one, other, weight) for one, other in pairwise(read)] or [(read[0],)]


def _name(name: str, line: str, place: Place) -> str:
    if len(name) > 2 and name[0] == name[-1] == '"' and name.count('"') == 2:
        return name[1:-1]
    if _AROUND.fullmatch(line):
        raise CoursewrightError(f'"{line}" is no edge', place, "write the edges alone, each on a line: a -- b")
    if not name or _NO_NAME.search(name):
        hint = "write a -- b, a -> b for a direction, a -- b: 3 for a weight"
        quotes = f', "{line}" in quotes for a name' if name == line and '"' not in name else ""
        raise CoursewrightError(f'"{line}" is no edge', place, hint + quotes)
    return name
