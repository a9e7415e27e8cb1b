"""Circles and arrows: every way that an arrow could go and every place of its label is tried, and the clearest kept.

Arrows come one after another, the straightest first; each takes the way that meets the fewest circles and arrows.
Labels follow in the same manner.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot, pi

from coursewright.figures.charts.theme import BACKGROUND, INK
from coursewright.figures.diagrams.curve import Curve, bow, crossings, far, inside, loop, near, overlap, ray
from coursewright.figures.diagrams.letters import SIZE, plain, width
from coursewright.figures.diagrams.paper import STROKE, Box, Paper, Point
from coursewright.figures.figure import Figure
from coursewright.figures.pictures.colour import COLOURS

ACCENT = COLOURS[1]
_TINT = "#fbe8d9"  # behind the name of a highlighted node
_LETTERS = 10  # in a line of a node's name
_SMALL = 13.0  # letters at an arrow
_BENDS = (0.0, 0.3, -0.3, 0.55, -0.55, 0.85, -0.85, 1.2, -1.2)
_SIDES = (-pi / 2, pi / 2, 0.0, pi, -pi / 4, -3 * pi / 4, pi / 4, 3 * pi / 4)
_ARRIVALS = (pi, -pi / 2, pi / 2, -3 * pi / 4, 3 * pi / 4, 0.0)
_NODE, _CROSS, _LABEL = 100.0, 12.0, 40.0  # what meeting one costs


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one node to another, or without a direction; nodes are numbers."""

    start: int
    end: int
    label: str = ""
    directed: bool = True
    bold: bool = False


@dataclass(frozen=True)
class Network:
    """Named nodes and what joins them; `start` has an arrow from outside, `double` nodes a second circle."""

    names: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    start: int | None = None
    double: frozenset[int] = frozenset()
    bold: frozenset[int] = frozenset()

    @cached_property
    def rows(self) -> list[list[str]]:
        """Each name in lines that fit into a circle."""
        return [textwrap.wrap(plain(name), _LETTERS, break_on_hyphens=False) or [""] for name in self.names]

    @cached_property
    def radius(self) -> float:
        """Of every circle, so that the longest name fits."""
        across = max(hypot(max(width(row) for row in rows), len(rows) * SIZE) for rows in self.rows)
        return max(20.0, across / 2 + (9 if self.double else 6))

    @cached_property
    def step(self) -> float:
        """From the middle of a circle to the middle of the next, so that a label fits between."""
        free = max([56.0, *(width(arrow.label, _SMALL) + 34 for arrow in self.arrows)])
        labelled = sum(bool(arrow.label) for arrow in self.arrows)
        return 2 * self.radius + free * (1.3 if labelled > 1.5 * len(self.names) else 1.0)


@dataclass
class NetworkLayout:
    """A network whose nodes stand at `places`, with the ways that its arrows take and the room of its labels."""

    network: Network
    places: Sequence[Point]
    ways: dict[int, Curve] = field(default_factory=dict)
    labels: dict[int, Point] = field(default_factory=dict)
    entry: Curve | None = None
    cost: float = 0.0
    _lines: list[list[Point]] = field(default_factory=list)
    _boxes: list[Box] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cost += self._size() / 400
        arrows = self.network.arrows
        two_way = {(arrow.start, arrow.end) for arrow in arrows}
        order = sorted(range(len(arrows)), key=lambda n: (arrows[n].start == arrows[n].end, self._length(arrows[n]), n))
        for number in order:
            arrow = arrows[number]
            if arrow.start != arrow.end:
                pair = arrow.directed and (arrow.end, arrow.start) in two_way
                bends = [bend for bend in (*_BENDS, 0.2) if bend > 0] if pair else list(_BENDS)
                ends = self.places[arrow.start], self.places[arrow.end]
                bends.sort(key=lambda bend: (abs(bend), bend < 0))
                ways = (bow(*ends, bend, self.network.radius) for bend in bends)  # mostly the first is the best
                self.ways[number] = self._best(ways, {arrow.start, arrow.end})
        if self.network.start is not None:
            here = self.places[self.network.start]
            rays = [ray(here, angle, self.network.radius, 34) for angle in _ARRIVALS]
            self.entry = self._best(rays, {self.network.start})
        for number in order:
            arrow = arrows[number]
            if arrow.start == arrow.end:
                here = self.places[arrow.start]
                below = here[1] > sum(y for _, y in self.places) / len(self.places) + self.network.radius
                sides = [-angle for angle in _SIDES] if below else _SIDES  # outwards
                loops = [loop(here, angle, self.network.radius) for angle in sides]
                self.ways[number] = self._best(loops, {arrow.start})
        for number in order:
            if arrows[number].label:
                self.labels[number] = self._label(arrows[number].label, self.ways[number])

    def _size(self) -> float:
        xs, ys = [x for x, _ in self.places], [y for _, y in self.places]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        return wide + high + 2 * max(0.0, high - wide) + 4 * max(0.0, wide - 800)

    def _length(self, arrow: Arrow) -> float:
        return round(far(self.places[arrow.start], self.places[arrow.end]), 1)

    def _best(self, ways: Iterable[Curve], own: set[int]) -> Curve:
        """The way that meets least; of equals the first, which is the least bent."""
        best: tuple[float, Curve] | None = None
        for number, way in enumerate(ways):
            cost = number * 3.0
            if best is not None and cost >= best[0]:
                break
            points = way.points()
            for node, centre in enumerate(self.places):
                room = self.network.radius + (-1 if node in own else 8)
                cost += _NODE * near(centre, points[2:-2], room)
            cost += sum(_CROSS * crossings(points, line) + 4.0 * _hugs(points, line) for line in self._lines)
            if best is None or cost < best[0] - 0.001:
                best = (cost, way)
        assert best is not None  # noqa: S101 - there is always a way
        self.cost += best[0]
        self._lines.append(best[1].points())
        return best[1]

    def _label(self, text: str, way: Curve) -> Point:
        """The middle of a label that stands beside `way` and on nothing else."""
        long, tall = width(text, _SMALL) / 2 + 1, _SMALL * 0.55
        others = [line for line in self._lines if line[0] != way.a or line[-1] != way.d]
        best: tuple[float, Point, Box] | None = None
        for number, (t, side) in enumerate((t, s) for t in (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78) for s in (-1, 1)):
            if best is not None and number * 0.5 >= best[0]:
                break
            (x, y), (right, down) = way.at(t), way.normal(t)
            away = (abs(right) * long + abs(down) * tall + 6) * side
            middle = (x + right * away, y + down * away)
            box = (middle[0] - long, middle[1] - tall, middle[0] + long, middle[1] + tall)
            cost = number * 0.5 + _LABEL * sum(overlap(box, other) for other in self._boxes)
            cost += 4.0 * sum(min(4, inside(box, line)) for line in self._lines)
            cost += 1.2 * sum(min(4, inside(box, line, 9)) for line in others)  # it is plain whose label it is
            room = self.network.radius
            for cx, cy in self.places:
                edge = min(max(cx, box[0]), box[2]), min(max(cy, box[1]), box[3])
                cost += _LABEL * (far(edge, (cx, cy)) < room + 3)
            if best is None or cost < best[0]:
                best = (cost, middle, box)
        assert best is not None  # noqa: S101 - there is always a place
        self.cost += best[0]
        self._boxes.append(best[2])
        return best[1]


def _hugs(one: list[Point], other: list[Point]) -> int:
    """How many points of two lines all but touch, away from their ends."""
    return sum(near(point, other[3:-3:3], 8) for point in one[4:-4:4])


def clearest(network: Network, layouts: Sequence[Sequence[Point]]) -> NetworkLayout:
    """The plan of the layout in which least meets."""
    return min((NetworkLayout(network, places) for places in layouts), key=lambda plan: round(plan.cost, 3))


def picture(plan: NetworkLayout, alt: str) -> Figure:
    """The plan drawn."""
    paper, network = Paper(), plan.network
    for number, way in sorted(plan.ways.items()):
        arrow = network.arrows[number]
        _draw(paper, way, directed=arrow.directed, bold=arrow.bold)
    if plan.entry:
        _draw(paper, plan.entry, directed=True, bold=False)
    for number, (at, rows) in enumerate(zip(plan.places, network.rows, strict=True)):
        bold = number in network.bold
        style = {"colour": ACCENT if bold else INK, "fill": _TINT if bold else BACKGROUND}
        paper.circle(at, network.radius, thick=STROKE * (1.6 if bold else 1), **style)
        if number in network.double:
            paper.circle(at, network.radius - 4, colour=style["colour"])
        paper.rows(rows, at)
    for number, middle in sorted(plan.labels.items()):
        paper.label(network.arrows[number].label, middle, size=_SMALL)
    return paper.figure(alt)


def _draw(paper: Paper, way: Curve, *, directed: bool, bold: bool) -> None:
    colour = ACCENT if bold else INK
    paper.reach(*way.points())
    line = way.without(6) if directed else way
    paper.path(line.d_path(), colour=colour, thick=STROKE * (1.8 if bold else 1))
    if directed:
        paper.path(way.head(), colour=colour, fill=colour, thick=0.6)


def turned(places: Mapping[int, Point] | Sequence[Point], step: float) -> list[Point]:
    """`places` of a layout of any size, scaled so that no two are nearer to each other than `step`."""
    points = [places[number] for number in range(len(places))]
    least = min((far(a, b) for n, a in enumerate(points) for b in points[n + 1 :]), default=1.0) or 1.0
    scale = step / least
    return [(x * scale, y * scale) for x, y in points]
