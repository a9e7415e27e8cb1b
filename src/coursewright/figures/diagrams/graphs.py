"""Graphs and trees: what is joined to what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.charts.theme import BACKGROUND
from coursewright.figures.diagrams.layout import graph_places, need_igraph, tree_places
from coursewright.figures.diagrams.letters import plain
from coursewright.figures.diagrams.network import Arrow, Network, clearest, picture
from coursewright.figures.diagrams.paper import MINUS, Paper, listed
from coursewright.figures.diagrams.said import said
from coursewright.figures.figure import Figure
from coursewright.figures.pictures.kept import kept

MOST = 40  # nodes of a graph
MOST_OF_TREE = 120

Node = tuple[str | None, int | None]  # its name, or None for an empty place; and which node it hangs on


def graph(
    edges: Iterable[Sequence[Any]],
    *,
    directed: bool = False,
    highlight: Iterable[Any] = (),
    seed: int | str = 0,
    alt: str = "",
    caption: str = "",
) -> Figure:
    """A graph from its edges: `("a", "b")`, or `("a", "b", 3)` with a weight; `("c",)` is a node on its own.

    `highlight` colours nodes by their names and edges as pairs of names. Another `seed` may give another layout.
    Raises CoursewrightError for what is no edge, for something to highlight that is not there, and for more than 40
    nodes.
    """
    read = [_edge(edge) for edge in edges]
    names = tuple(dict.fromkeys(name for edge in read for name in edge[:2] if name is not None))
    if not names:
        raise CoursewrightError("this graph has no nodes", hint='give edges, such as ("a", "b") or ("a", "b", 3)')
    if len(names) > MOST:
        raise CoursewrightError(
            f"a graph of {len(names)} nodes is too large for a picture", hint=f"draw at most {MOST}"
        )
    joined = [(one, other, weight) for one, other, weight in read if other is not None]
    nodes, pairs = _highlighted(list(highlight), names, joined, directed=directed)
    number = {name: index for index, name in enumerate(names)}
    arrows = tuple(
        Arrow(number[one], number[other], weight, directed=directed, bold=(one, other) in pairs)
        for one, other, weight in joined
    )
    bold = tuple(sorted({number[name] for name in nodes}))
    text = alt or _describe(names, joined, nodes, pairs, directed=directed)
    need_igraph()
    return Figure.later(_graph_picture, names, arrows, bold, seed, text, alt=text, caption=caption)


def _graph_picture(
    names: tuple[str, ...], arrows: tuple[Arrow, ...], bold: tuple[int, ...], seed: int | str, alt: str
) -> Figure:
    network = Network(names, arrows, bold=frozenset(bold))
    return kept(
        ("graph", names, arrows, bold, seed, alt),
        lambda: picture(clearest(network, graph_places(network, seed)), alt),
    )


def _edge(edge: Any) -> tuple[str, str | None, str]:
    if isinstance(edge, str) or not isinstance(edge, Sequence) or len(edge) not in (1, 2, 3):
        raise CoursewrightError(
            f"{edge!r} is no edge", hint='give two names, and a weight if it has one: ("a", "b", 3)'
        )
    names = [str(name) for name in edge[:2]]
    weight = edge[2] if len(edge) == 3 and edge[2] is not None else ""
    shown = f"{weight:g}" if isinstance(weight, float) else str(weight)
    return names[0], names[1] if len(names) > 1 else None, plain(re.sub(r"^-(?=\d)", MINUS, shown))


def _highlighted(
    things: list[Any], names: Sequence[str], joined: list[tuple[str, str, str]], *, directed: bool
) -> tuple[list[str], set[tuple[str, str]]]:
    """Nodes, and edges in the direction in which they are drawn."""
    nodes, pairs = [], set()
    drawn = {(one, other) for one, other, _ in joined}
    for thing in things:
        ends = [str(thing)] if isinstance(thing, str) or not isinstance(thing, Sequence) else [str(n) for n in thing]
        for end in ends:
            if end not in names:
                raise CoursewrightError(f'no node called "{end}" to highlight', hint=did_you_mean(end, names))
        if len(ends) == 1:
            nodes.append(ends[0])
            continue
        found = [pair for pair in (tuple(ends), tuple(ends[::-1])[: 0 if directed else 2]) if pair in drawn]
        if not found:
            raise CoursewrightError(f"no edge between {listed(ends)} to highlight", hint="highlight two joined nodes")
        pairs |= {(pair[0], pair[1]) for pair in found}
    return nodes, pairs


def _describe(
    names: Sequence[str],
    joined: list[tuple[str, str, str]],
    nodes: list[str],
    pairs: set[tuple[str, str]],
    *,
    directed: bool,
) -> str:
    own, start = said(), "directed_" if directed else ""

    def edge(one: str, other: str) -> str:
        return own(f"{start}edge", one=plain(one), other=plain(other))

    told = [edge(one, other) + (f" ({weight})" if weight else "") for one, other, weight in joined]
    parts = [
        own("directed" if directed else "graph", nodes=own.counted("node", "nodes", names)),
        own(f"{start}edges", edges="; ".join(told)) if told else own("no_edges"),
    ]
    between = [own("the_edge", edge=edge(one, other)) for one, other, _ in joined if (one, other) in pairs]
    marked = [*nodes, *between]
    return " ".join([*parts, *([own("highlighted", names=own.listed(marked))] if marked else [])])


def tree(children: Any, *, alt: str = "") -> Figure:
    """A tree with its root at the top, and children in the order given.

    `{"8": ["3", "10"], "3": ["1", "6"]}` names the children of each node; `{"8": {"3": ["1", "6"], "10": None}}` is
    nested; so is `["+", 1, ["*", 2, 3]]`, a node and then its children. None in a list keeps the place of a child that
    is not there. Raises CoursewrightError for what is no tree, and for more than 120 nodes.
    """
    nodes: list[Node] = []
    if isinstance(children, Mapping) and not _nested(children):
        _grow_flat(nodes, {str(parent): _several(below) for parent, below in children.items()})
    else:
        _grow(nodes, children, None)
    if len(nodes) > MOST_OF_TREE:
        raise CoursewrightError(f"a tree of {len(nodes)} nodes is too large for a picture", hint="draw at most 120")
    text = alt or _describe_tree(nodes)
    need_igraph()
    return Figure.later(_tree_picture, tuple(nodes), text, alt=text)


def _nested(children: Mapping[Any, Any]) -> bool:
    return len(children) == 1 and isinstance(next(iter(children.values())), Mapping)


def _several(below: Any) -> list[Any]:
    """The children that are written as a list, as one name, or as nothing."""
    if below is None:
        return []
    if isinstance(below, Mapping):
        return [{name: under} for name, under in below.items()]
    return [below] if isinstance(below, str) or not isinstance(below, Iterable) else list(below)


def _grow(nodes: list[Node], thing: Any, parent: int | None) -> None:
    """Adds `thing` and what is below it."""
    if isinstance(thing, Mapping) and len(thing) == 1:
        ((name, below),) = thing.items()
        items = _several(below)
    elif isinstance(thing, list | tuple) and thing and not isinstance(thing[0], list | tuple | Mapping):
        name, items = thing[0], list(thing[1:])
    elif not isinstance(thing, Mapping | list | tuple) and (thing is not None or parent is not None):
        name, items = thing, []
    else:
        raise _no_tree("one root is needed, and every node needs a name")
    nodes.append((None if name is None else str(name), parent))
    here = len(nodes) - 1
    for item in items:
        _grow(nodes, item, here)


def _grow_flat(nodes: list[Node], below: Mapping[str, list[Any]]) -> None:
    named = [str(child) for children in below.values() for child in children if child is not None]
    roots = [name for name in below if name not in named]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise _no_tree(f'"{twice}" hangs on more than one node')
    if len(roots) != 1:
        raise _no_tree(f"its roots are {listed(roots)}" if roots else "it has no root")
    front: list[Node] = [(roots[0], None)]
    while front:
        name, parent = front.pop(0)
        nodes.append((name, parent))
        here = len(nodes) - 1
        front += [(None if child is None else str(child), here) for child in below.get(name or "", []) if name]
    if len({name for name, _ in nodes if name}) < len({*named, roots[0]}):
        raise _no_tree("some nodes go round in a circle")


def _no_tree(why: str) -> CoursewrightError:
    return CoursewrightError(f"this is no tree: {why}", hint='write {"8": ["3", "10"], "3": ["1", "6"]}')


def _tree_picture(nodes: Sequence[Node], alt: str) -> Figure:
    paper = Paper()
    network = Network(tuple(name or "" for name, _ in nodes), ())
    radius = network.radius
    places = [(x * (2 * radius + 24), y * (2 * radius + 36)) for x, y in tree_places([up for _, up in nodes])]
    for (name, parent), at in zip(nodes, places, strict=True):
        if name is not None and parent is not None:
            paper.line(places[parent], at)
    for (name, _), at, rows in zip(nodes, places, network.rows, strict=True):
        if name is not None:
            paper.circle(at, radius, fill=BACKGROUND)
            paper.rows(rows, at)
    return paper.figure(alt)


def _describe_tree(nodes: list[Node]) -> str:
    root = plain(nodes[0][0])
    own = said()
    parts = [own("tree", name=root)]
    for number, (name, _) in enumerate(nodes):
        below = [child or own("empty_place") for child, parent in nodes if parent == number]
        if below:
            parts.append(own("below", name=plain(name), names=own.listed(below)))
    return " ".join(parts)
