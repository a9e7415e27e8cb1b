"""Names beside dots, none over another name, over a dot or past the edge.

Each name wants to stand close to its dot, at its right or else at one of seven other sides; where all of these are
taken it goes further away, and a line leads there. Names with the fewest free sides choose first, as in Christensen,
Marks and Shieber: An empirical study of algorithms for point-feature label placement (1995), whose order of sides this
is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_GAP = 4.5  # points from the edge of a dot to its name
_AWAY = (0.0, 7.0, 14.0, 22.0, 32.0, 44.0, 60.0, 80.0, 110.0)  # more points to the name: the further, the later
_SIDES = ((1.0, 0.0), (0.8, 0.7), (0.8, -0.7), (-1.0, 0.0), (-0.8, 0.7), (-0.8, -0.7), (0.0, 1.0), (0.0, -1.0))
_NEAR = len(_SIDES)
_LEFT = 0.72  # part of the room past which names stand to the left first
_STEP = 3.0  # points at which a line is looked at
_MANY = 500  # dots: of more, those with names alone are kept free


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a dot is and how far it reaches, in points."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Box:
    """Where a name stands: its lower left corner and its size, in points; `far` from its dot, a line leads to it."""

    x: float
    y: float
    wide: float
    tall: float
    far: bool = False

    def holds(self, x: float, y: float, room: float = 0.0) -> bool:
        """Whether a point lies in it, or within `room` of it."""
        right, head = self.x + self.wide, self.y + self.tall
        return self.x - room < x < right + room and self.y - room < y < head + room

    def meets(self, other: Box) -> bool:
        """Whether two of them have points in common."""
        beside = self.x >= other.x + other.wide or other.x >= self.x + self.wide
        return not (beside or self.y >= other.y + other.tall or other.y >= self.y + self.tall)

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """The point of it that is nearest to another."""
        return min(max(x, self.x), self.x + self.wide), min(max(y, self.y), self.y + self.tall)


def beside(
    named: Sequence[Dot], sizes: Sequence[tuple[float, float]], others: Sequence[Dot], wide: float, tall: float
) -> list[Box | None]:
    """Where the name of each dot stands in a room so many points wide and tall; None where there is no place for it.

    `sizes` are those of the names, `others` are the dots without one.
    """
    dots = [*named, *(others if len(named) + len(others) <= _MANY else ())]
    free = [
        _clear_first(dot, [box for box in _places(dot, *size, wide) if _inside(box, wide, tall)], dots)
        for dot, size in zip(named, sizes, strict=True)
    ]
    found: list[Box | None] = [None] * len(named)
    for at in sorted(range(len(named)), key=lambda each: sum(not box.far for box in free[each][:_NEAR])):
        taken = [box for box in found if box]
        found[at] = next((box for box in free[at] if _fits(box, named[at], taken, dots)), None)
    return found


def _places(dot: Dot, wide: float, tall: float, room: float) -> Iterator[Box]:
    """The places for a name, the best first."""
    sides = _SIDES if dot.x < _LEFT * room else tuple((-across, up) for across, up in _SIDES)
    for away in _AWAY:
        reach = dot.radius + _GAP + away
        for across, up in sides:
            x = dot.x + across * reach - (0.0 if across > 0 else wide if across < 0 else wide / 2)
            y = dot.y + up * reach - tall / 2 + (up > 0) * tall / 4 - (up < 0) * tall / 4
            yield Box(x, y, wide, tall, away > 0)


def _inside(box: Box, wide: float, tall: float) -> bool:
    return box.x >= 0 and box.y >= 0 and box.x + box.wide <= wide and box.y + box.tall <= tall


def _clear_first(dot: Dot, boxes: Sequence[Box], dots: Sequence[Dot]) -> list[Box]:
    """The boxes that are over no dot; those that stand nearer to another dot come behind some with a line to theirs."""
    free = [box for box in boxes if not any(box.holds(each.x, each.y, each.radius) for each in dots)]
    others = [each for each in dots if each is not dot]
    near = [box for box in free if not box.far]
    clear = [box for box in near if all(_from(each, box) > _from(dot, box) for each in others)]
    far = free[len(near) :]
    return [*clear, *far[:_NEAR], *(box for box in near if box not in clear), *far[_NEAR:]]


def _from(dot: Dot, box: Box) -> float:
    """How far a box stands from the edge of a dot."""
    x, y = box.nearest(dot.x, dot.y)
    return math.hypot(x - dot.x, y - dot.y) - dot.radius


def _fits(box: Box, dot: Dot, taken: Sequence[Box], dots: Sequence[Dot]) -> bool:
    """Whether a name there, and the line to it, meet no name, and the line no other dot."""
    if any(box.meets(other) for other in taken):
        return False
    return not box.far or not any(
        any(other.holds(x, y) for other in taken)
        or any(math.hypot(each.x - x, each.y - y) < each.radius for each in dots if each is not dot)
        for x, y in _line(dot, box)
    )


def _line(dot: Dot, box: Box) -> Iterator[tuple[float, float]]:
    x, y = box.nearest(dot.x, dot.y)
    steps = max(1, round(math.hypot(x - dot.x, y - dot.y) / _STEP))
    for step in range(1, steps + 1):
        yield dot.x + (x - dot.x) * step / steps, dot.y + (y - dot.y) * step / steps
