"""Curves between circles: cubic Bézier curves, cut where they meet the circles, with arrowheads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, pi, sin

from coursewright.figures.diagrams.paper import Box, Point

SAMPLES = 28
HEAD = 10.0  # length of an arrowhead


@dataclass(frozen=True, slots=True)
class Curve:
    """A cubic Bézier curve."""

    a: Point
    b: Point
    c: Point
    d: Point

    def at(self, t: float) -> Point:
        """The point at `t` from 0 to 1."""
        s = 1 - t
        p, q, r, u = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        return (
            p * self.a[0] + q * self.b[0] + r * self.c[0] + u * self.d[0],
            p * self.a[1] + q * self.b[1] + r * self.c[1] + u * self.d[1],
        )

    def points(self) -> list[Point]:
        """Points along it, from end to end."""
        return [self.at(number / SAMPLES) for number in range(SAMPLES + 1)]

    def normal(self, t: float) -> Point:
        """The direction, of length 1, that is to its right at `t`."""
        (x0, y0), (x1, y1) = self.at(max(0.0, t - 0.01)), self.at(min(1.0, t + 0.01))
        length = hypot(x1 - x0, y1 - y0) or 1.0
        return -(y1 - y0) / length, (x1 - x0) / length

    def between(self, start: float, end: float) -> Curve:
        """The part of it from `start` to `end`."""
        first = self._until(end)
        back = Curve(first.d, first.c, first.b, first.a)._until(1 - start / end)
        return Curve(back.d, back.c, back.b, back.a)

    def _until(self, t: float) -> Curve:
        """De Casteljau's way of halving, at `t`."""
        ab, bc, cd = _mix(self.a, self.b, t), _mix(self.b, self.c, t), _mix(self.c, self.d, t)
        abc, bcd = _mix(ab, bc, t), _mix(bc, cd, t)
        return Curve(self.a, ab, abc, _mix(abc, bcd, t))

    def d_path(self) -> str:
        """It as an SVG path."""
        shown = " ".join(f"{x:.2f} {y:.2f}" for x, y in (self.b, self.c, self.d))
        return f"M{self.a[0]:.2f} {self.a[1]:.2f}C{shown}"

    def without(self, length: float) -> Curve:
        """It without about `length` at its end, where an arrowhead stands."""
        low, high = 0.0, 1.0
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if far(self.at(middle), self.d) > length else (low, middle)
        return self.between(0.0, low) if low > 0 else self

    def head(self) -> str:
        """An arrowhead at its end, as an SVG path."""
        start = self.without(HEAD).d
        angle = atan2(self.d[1] - start[1], self.d[0] - start[0])
        corners = [self.d, *(_away(self.d, angle + pi + turn, HEAD) for turn in (0.36, -0.36))]
        return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in corners) + "Z"


def bow(start: Point, end: Point, bend: float, radius: float) -> Curve:
    """From circle to circle of `radius`, bulging to the left by `bend` of the distance."""
    (x0, y0), (x1, y1) = start, end
    middle = ((x0 + x1) / 2 + (y1 - y0) * bend, (y0 + y1) / 2 - (x1 - x0) * bend)
    whole = Curve(start, _mix(start, middle, 2 / 3), _mix(end, middle, 2 / 3), end)
    return whole.between(_leaves(whole, start, radius), 1 - _leaves(Curve(end, whole.c, whole.b, start), end, radius))


def loop(centre: Point, angle: float, radius: float) -> Curve:
    """From a circle of `radius` to itself, on the side of `angle`."""
    spread, out = 0.42, radius + 46
    return Curve(
        _away(centre, angle - spread, radius),
        _away(centre, angle - 0.52, out),
        _away(centre, angle + 0.52, out),
        _away(centre, angle + spread, radius),
    )


def ray(centre: Point, angle: float, radius: float, length: float) -> Curve:
    """A straight way of `length` to a circle from the side of `angle`."""
    start, end = _away(centre, angle, radius + length), _away(centre, angle, radius)
    return Curve(start, _mix(start, end, 1 / 3), _mix(start, end, 2 / 3), end)


def far(one: Point, other: Point) -> float:
    """How far two points are from each other."""
    return hypot(one[0] - other[0], one[1] - other[1])


def near(place: Point, points: Sequence[Point], room: float) -> bool:
    """Whether one of `points` is nearer than `room` to `place`."""
    x, y = place
    least = room * room
    return any((x - px) * (x - px) + (y - py) * (y - py) < least for px, py in points)


def crossings(one: list[Point], other: list[Point]) -> int:
    """How often two lines of points cross; a look at every fourth point is enough."""
    if _apart(_around(one), _around(other)):
        return 0
    return sum(_cross(a, b, c, d) for a, b in pairwise(one[::4]) for c, d in pairwise(other[::4]))


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share any room."""
    return not _apart(one, other)


def inside(box: Box, points: list[Point], room: float = 2.0) -> int:
    """How many of `points` are in `box` or within `room` of it."""
    left, top, right, foot = box[0] - room, box[1] - room, box[2] + room, box[3] + room
    return len([1 for x, y in points if left < x < right and top < y < foot])


def _around(points: list[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _apart(one: Box, other: Box) -> bool:
    return one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _mix(one: Point, other: Point, t: float) -> Point:
    return one[0] + (other[0] - one[0]) * t, one[1] + (other[1] - one[1]) * t


def _away(start: Point, angle: float, length: float) -> Point:
    return start[0] + cos(angle) * length, start[1] + sin(angle) * length


def _leaves(curve: Curve, centre: Point, radius: float) -> float:
    """Where a curve that begins at `centre` is `radius` away from it."""
    low, high = 0.0, 0.5
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if far(curve.at(middle), centre) < radius else (low, middle)
    return high
