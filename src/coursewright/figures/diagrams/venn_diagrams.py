"""Venn diagrams of two or three sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import cos, hypot, pi, sin
from typing import Any, Literal

from coursewright.chance import text_hash
from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.diagrams.boolean import BooleanTerm, read
from coursewright.figures.diagrams.letters import SIZE, plain, width
from coursewright.figures.diagrams.paper import Box, Paper, Point
from coursewright.figures.diagrams.said import DiagramWords, said
from coursewright.figures.figure import Figure

MOST = 80  # elements that are written
Show = Literal["counts", "elements", "none"]
Region = tuple[bool, ...]  # for each set whether the region is inside it

_SHADE = "#a8d0ea"
_SMALL = 13.0
_LEAST, _GREATEST = 90, 420  # radius of a circle
_ROW = 1.25  # height of a row of elements in sizes


def venn(
    sets: Mapping[str, Collection[Any]],
    *,
    shade: str = "",
    show: Show = "counts",
    alt: str = "",
    caption: str = "",
) -> Figure:
    """Two or three sets as circles, with how many elements each region has, or with the elements themselves.

    `shade` is a Boolean expression of the sets' names, such as "A and not B". Raises CoursewrightError for another
    number of sets, for a name in `shade` that is none of them, and for elements that are too many to write.
    """
    names = tuple(str(name) for name in sets)
    if len(names) not in (2, 3):
        raise CoursewrightError(f"a Venn diagram of {len(names)} sets cannot be drawn", hint="give two or three sets")
    if show not in ("counts", "elements", "none"):
        raise CoursewrightError(f'"{show}" cannot be shown', hint=did_you_mean(show, ("counts", "elements", "none")))
    term = read(shade) if shade else None
    for name in sorted(term.names()) if term else ():
        if name not in names:
            raise CoursewrightError(f'no set called "{name}" to shade', hint=did_you_mean(name, names))
    regions = _regions([frozenset(members) for members in sets.values()])
    written = sum(len(members) for members in regions.values())
    if show == "elements" and written > MOST:
        raise CoursewrightError(f"{written} elements do not fit into a picture", hint='show="counts"')
    shaded = _shaded(names, term)
    text = alt or _describe(names, regions, shaded, show)
    return replace(_picture(names, regions, shaded, show, text), caption=caption)


def _regions(sets: Sequence[frozenset[Any]]) -> dict[Region, list[str]]:
    """The elements of each region but the outer one, as text, in their own order where they have one."""
    everything = list(set().union(*sets))
    try:
        everything.sort()
    except TypeError:
        everything.sort(key=str)
    inside = {each: tuple(each in members for members in sets) for each in everything}
    regions = [region for region in product((True, False), repeat=len(sets)) if any(region)]
    return {region: [plain(each) for each in everything if inside[each] == region] for region in regions}


def _shaded(names: tuple[str, ...], term: BooleanTerm | None) -> list[Region]:
    if term is None:
        return []
    regions = product((True, False), repeat=len(names))
    return [region for region in regions if term.value(dict(zip(names, region, strict=True)))]


@dataclass(frozen=True)
class _Rings:
    """Circles of one radius, two beside each other or three in a triangle."""

    number: int
    radius: float

    @cached_property
    def centres(self) -> list[Point]:
        if self.number == 2:
            return [(-0.62 * self.radius, 0.0), (0.62 * self.radius, 0.0)]
        angles = (-5 * pi / 6, -pi / 6, pi / 2)
        return [(cos(angle) * 0.64 * self.radius, sin(angle) * 0.64 * self.radius) for angle in angles]

    def middle(self, region: Region) -> Point:
        """Where the text of a region has most room."""
        inner = [centre for centre, inside in zip(self.centres, region, strict=True) if inside]
        x, y = sum(x for x, _ in inner) / len(inner), sum(y for _, y in inner) / len(inner)
        if self.number == 2 or len(inner) == 3:
            stretch = 1.62 if len(inner) == 1 else 1.0
        else:
            stretch = 1.66 if len(inner) == 1 else 2.05
        return x * stretch, y * stretch

    def holds(self, region: Region, box: Box) -> bool:
        """Whether a box is within a region; a circle is round, so its corners and middles tell."""
        left, top, right, foot = box
        corners = [(x, y) for x in (left, (left + right) / 2, right) for y in (top, (top + foot) / 2, foot)]
        for (cx, cy), inside in zip(self.centres, region, strict=True):
            away = [hypot(x - cx, y - cy) for x, y in corners]
            if not (max(away) < self.radius - 5 if inside else min(away) > self.radius + 5):
                return False
        return True

    def fit(self, region: Region, words: Sequence[str]) -> list[tuple[str, Point]] | None:
        """The rows of a region's words and where they stand; None where there is no room."""
        x, y = self.middle(region)
        tall = _SMALL * _ROW
        for number in range(1, len(words) + 1):
            rows = _wrapped(words, number)
            placed = [(row, (x, y + (at - (len(rows) - 1) / 2) * tall)) for at, row in enumerate(rows)]
            boxes = [
                (px - width(row, _SMALL) / 2, py - tall / 2, px + width(row, _SMALL) / 2, py + tall / 2)
                for row, (px, py) in placed
            ]
            if all(self.holds(region, box) for box in boxes):
                return placed
        return [] if not words else None


def _wrapped(words: Sequence[str], number: int) -> list[str]:
    """`words` in about `number` rows of about the same width."""
    parts = [f"{word}," for word in words[:-1]] + list(words[-1:])
    limit = max(sum(width(part, _SMALL) + 5 for part in parts) / number, *(width(part, _SMALL) for part in parts), 1)
    rows: list[str] = []
    for part in parts:
        longer = f"{rows[-1]} {part}" if rows else part
        if rows and width(longer, _SMALL) <= limit * 1.1:
            rows[-1] = longer
        else:
            rows.append(part)
    return rows


def _texts(regions: Mapping[Region, list[str]], show: Show) -> dict[Region, list[str]]:
    if show == "none":
        return {}
    return {key: [str(len(members))] if show == "counts" else members for key, members in regions.items()}


def _picture(
    names: tuple[str, ...], regions: dict[Region, list[str]], shaded: list[Region], show: Show, alt: str
) -> Figure:
    texts = _texts(regions, show)
    for radius in range(_LEAST, _GREATEST, 10):
        rings = _Rings(len(names), float(radius))
        fitted = [rings.fit(region, words) for region, words in texts.items()]
        if all(rows is not None for rows in fitted):
            break
    else:
        raise CoursewrightError("these elements do not fit into a Venn diagram", hint='show="counts"')
    paper = Paper()
    sides = [_name_at(rings, number) for number in range(len(names))]
    frame = _frame(rings, [width(plain(name)) / 2 for name in names], sides)
    if shaded:
        _fill(paper, rings, frame, shaded, f"venn-{text_hash(alt + repr((names, shaded))):016x}")
        paper.rectangle(frame)
    for centre in rings.centres:
        paper.circle(centre, radius)
    for name, at in zip(names, sides, strict=True):
        paper.label(name, at)
    for row, at in (each for rows in fitted for each in rows or ()):
        paper.label(row, at, size=SIZE if show == "counts" else _SMALL)
    return paper.figure(alt)


def _name_at(rings: _Rings, number: int) -> Point:
    """Above the upper circles and below the lower one."""
    x, y = rings.centres[number]
    return (x * 1.3 if number < 2 else x), y + (rings.radius + 16) * (-1 if number < 2 else 1)


def _frame(rings: _Rings, halves: list[float], sides: list[Point]) -> Box:
    """Everything there is, around circles and names."""
    reach = max(abs(x) for x, _ in rings.centres) + rings.radius
    wide = max([reach, *(abs(x) + half for (x, _), half in zip(sides, halves, strict=True))]) + 18
    ys = [y for _, y in sides] + [y + rings.radius for _, y in rings.centres]
    return -wide, min(ys) - 22, wide, max(ys) + 22


def _fill(paper: Paper, rings: _Rings, frame: Box, shaded: list[Region], name: str) -> None:
    """Each shaded region as the frame, cut by what is inside or outside each circle."""
    left, top, right, foot = frame
    whole = f"M{left:.2f} {top:.2f}H{right:.2f}V{foot:.2f}H{left:.2f}Z"
    radius = f"{rings.radius:.2f}"
    for number, (x, y) in enumerate(rings.centres):
        arc = f"a{radius} {radius} 0 1 0 "
        ring = f"M{x - rings.radius:.2f} {y:.2f}{arc}{2 * rings.radius:.2f} 0{arc}{-2 * rings.radius:.2f} 0Z"
        for side, d in (("in", ring), ("out", whole + ring)):
            cut = f'<path clip-rule="evenodd" d="{d}"/>'
            paper.raw(f'<clipPath id="{name}-{side}-{number}">{cut}</clipPath>')
    for region in shaded:
        cuts = [f"{name}-{'in' if inside else 'out'}-{number}" for number, inside in enumerate(region)]
        opened = "".join(f'<g clip-path="url(#{cut})">' for cut in cuts)
        paper.raw(f'{opened}<path d="{whole}" fill="{_SHADE}" stroke="{_SHADE}"/>{"</g>" * len(cuts)}')
    paper.reach((left, top), (right, foot))


def _describe(names: tuple[str, ...], regions: dict[Region, list[str]], shaded: Sequence[Region], show: Show) -> str:
    """The diagram in words: which regions are shaded, not by what expression, which the picture does not tell."""
    own = said()
    parts = [own("venn", names=own.listed(names))]
    for region, members in regions.items() if show != "none" else ():
        told = _where(own, names, region)
        content = own.listed(members) if show == "elements" else len(members)
        parts.append(f"{told[0].upper()}{told[1:]}: {content}.")
    if shaded:
        parts.append(own("shaded", names="; ".join(_where(own, names, region) for region in shaded)))
    return " ".join(parts)


def _where(own: DiagramWords, names: tuple[str, ...], region: Region) -> str:
    inside = [name for name, there in zip(names, region, strict=True) if there]
    if len(inside) == 1:
        return own("only_in", name=plain(inside[0]))
    if not inside:
        return own("outside")
    return own("inside_only" if len(inside) < len(names) else "inside", names=own.listed(inside))
