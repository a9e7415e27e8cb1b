"""Where the nodes of a network may stand: several layouts, of which the clearest is drawn."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib.util import find_spec
from math import cos, pi, sin
from typing import Any

from coursewright.chance import stream
from coursewright.errors import MissingPart
from coursewright.figures.diagrams.network import Network, turned
from coursewright.figures.diagrams.paper import Point


def need_igraph() -> None:
    """Raise MissingPart where igraph is not installed, without loading it."""
    if find_spec("igraph") is None:
        raise MissingPart("diagrams need igraph", hint='pip install "coursewright[diagrams]"')


def _igraph() -> Any:
    need_igraph()
    return importlib.import_module("igraph")


def automaton_places(network: Network) -> list[list[Point]]:
    """Layouts that read from the start on the left to the right."""
    columns = _columns(network)
    row = [(float(place), 0.0) for place in _order(columns)]
    layouts = [row, _grid(columns), _ring(len(network.names))]
    if len(network.names) > 4:
        layouts += [_sideways(network), *_springs(network, 0, 2)]
    return [turned(layout, network.step) for layout in layouts]


def graph_places(network: Network, seed: int | str) -> list[list[Point]]:
    """Layouts in which joined nodes are near each other, another for each seed."""
    return [turned(layout, network.step) for layout in [*_springs(network, seed, 4), _ring(len(network.names))]]


def _columns(network: Network) -> list[int]:
    """How many moves each node is from the start; nodes that it never reaches come last."""
    column = {network.start or 0: 0}
    front = [network.start or 0]
    while front:
        node = front.pop(0)
        for arrow in network.arrows:
            if arrow.start == node and arrow.end not in column:
                column[arrow.end] = column[node] + 1
                front.append(arrow.end)
    last = max(column.values()) + 1
    return [column.get(node, last) for node in range(len(network.names))]


def _order(columns: Sequence[int]) -> list[int]:
    order = sorted(range(len(columns)), key=lambda node: (columns[node], node))
    return [order.index(node) for node in range(len(columns))]


def _grid(columns: Sequence[int]) -> list[Point]:
    """One column after another, each centred."""
    members: dict[int, list[int]] = {}
    for node, column in enumerate(columns):
        members.setdefault(column, []).append(node)
    return [
        (float(column), members[column].index(node) - (len(members[column]) - 1) / 2)
        for node, column in enumerate(columns)
    ]


def _ring(number: int) -> list[Point]:
    angles = [pi + 2 * pi * node / max(number, 1) for node in range(number)]
    return [(cos(angle), sin(angle)) for angle in angles]


def _sideways(network: Network) -> list[Point]:
    """Layers after Sugiyama, Tagawa and Toda (1981), from left to right."""
    pairs = sorted({(arrow.start, arrow.end) for arrow in network.arrows if arrow.start != arrow.end})
    graph = _igraph().Graph(n=len(network.names), edges=pairs, directed=True)
    placed = graph.layout_sugiyama(layers=_columns(network))
    return [(float(y), float(x)) for x, y in placed.coords[: len(network.names)]]


def _springs(network: Network, seed: int | str, times: int) -> list[list[Point]]:
    """Distances like those in the network, after Kamada and Kawai (1989), from several beginnings."""
    pairs = sorted({(min(a.start, a.end), max(a.start, a.end)) for a in network.arrows if a.start != a.end})
    graph = _igraph().Graph(n=len(network.names), edges=pairs)
    layouts = []
    for turn in range(times):
        chance = stream("diagram", seed, turn)
        begin = {node: [chance.uniform(-1, 1), chance.uniform(-1, 1)] for node in range(len(network.names))}
        pieces = []
        for members in sorted(graph.connected_components(), key=lambda nodes: (-len(nodes), nodes)):
            own = [begin[node] for node in members] if turn or seed else None
            placed = graph.induced_subgraph(members).layout_kamada_kawai(seed=own)
            points = _level(turned([(float(x), float(y)) for x, y in placed.coords], 1.0), network, members)
            pieces.append(dict(zip(members, points, strict=True)))
        layouts.append(_beside(pieces, len(network.names)))
    return layouts


def _beside(pieces: Sequence[dict[int, Point]], number: int) -> list[Point]:
    """Pieces that nothing joins, in rows that are about as wide as all of them are high."""
    sizes = [_size(list(piece.values())) for piece in pieces]
    limit = max(sizes[0][0], 1.5 * sum((wide + 1) * (high + 1) for wide, high in sizes) ** 0.5)
    places: dict[int, Point] = {}
    x = y = row = 0.0
    for piece, (wide, high) in zip(pieces, sizes, strict=True):
        if x and x + wide > limit:
            x, y, row = 0.0, y + row + 1, 0.0
        left, top = min(x for x, _ in piece.values()), min(y for _, y in piece.values())
        places |= {node: (px - left + x, py - top + y) for node, (px, py) in piece.items()}
        x, row = x + wide + 1, max(row, high)
    return [places[node] for node in range(number)]


def _size(points: Sequence[Point]) -> Point:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(xs) - min(xs), max(ys) - min(ys)


def _level(points: list[Point], network: Network, members: Sequence[int]) -> list[Point]:
    """Turned so that it is wider than high, with the start to the left."""
    wide, high = _size(points)
    if high > wide:
        points = [(y, -x) for x, y in points]
    if network.start is not None and network.start in members:
        start = points[list(members).index(network.start)]
        if start[0] > sum(x for x, _ in points) / len(points):
            points = [(-x, y) for x, y in points]
    return points


def tree_places(parents: Sequence[int | None]) -> list[Point]:
    """Nodes of a tree by the parent of each, one unit apart at least, after Reingold and Tilford (1981)."""
    edges = [(parent, node) for node, parent in enumerate(parents) if parent is not None]
    placed = _igraph().Graph(n=len(parents), edges=edges, directed=True).layout_reingold_tilford(mode="out", root=[0])
    return [(float(x), float(y)) for x, y in placed.coords]
