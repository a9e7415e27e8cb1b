"""A map of labelled dots from coordinates, with lines of latitude and longitude; it needs no tiles and no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, radians

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.charts.theme import FAINT, INK, SOFT
from coursewright.figures.diagrams.curve import overlap
from coursewright.figures.diagrams.letters import plain, width
from coursewright.figures.diagrams.network import ACCENT
from coursewright.figures.diagrams.paper import Box, Paper, Point
from coursewright.figures.diagrams.said import DiagramWords, said
from coursewright.figures.figure import Figure

MOST = 100  # places
_LONG = 560.0  # the longer side
_SMALL, _TINY = 13.0, 10.5
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60)
_AROUND = [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)]

Coordinates = tuple[float, float]  # latitude, longitude


def points_map(
    places: Mapping[str, Coordinates],
    *,
    outline: Iterable[Sequence[Coordinates]] | None = None,
    highlight: Iterable[str] = (),
    alt: str = "",
) -> Figure:
    """Places at their latitude and longitude in degrees, each with its name; `outline` is lines such as a coast.

    One degree of longitude is as long as it is in the middle of the map (an equirectangular projection). Raises
    CoursewrightError for coordinates that are none, and for a place to highlight that is not there.
    """
    dots = {str(name): _coordinates(str(name), at) for name, at in places.items()}
    if not dots or len(dots) > MOST:
        raise CoursewrightError(f"a map of {len(dots)} places cannot be drawn", hint=f"give 1 to {MOST} places")
    marked = (highlight,) if isinstance(highlight, str) else tuple(str(name) for name in highlight)
    for name in marked:
        if name not in dots:
            raise CoursewrightError(f'no place called "{name}" to highlight', hint=did_you_mean(name, dots))
    lines = tuple(tuple(_coordinates("the outline", at) for at in line) for line in outline or ())
    text = alt or _describe(dots, marked)
    return Figure.later(_picture, dots, lines, marked, text, alt=text)


def _picture(
    dots: Mapping[str, Coordinates], lines: Sequence[Sequence[Coordinates]], marked: Sequence[str], alt: str
) -> Figure:
    frame = _Frame.around([*dots.values(), *(at for line in lines for at in line)])
    paper = Paper()
    _graticule(paper, frame)
    for line in lines:
        if len(line) > 1:
            paper.line(*(frame(at) for at in line), colour=SOFT, thick=1.2)
    _places(paper, frame, dots, marked)
    return paper.figure(alt)


def _coordinates(name: str, at: Coordinates) -> Coordinates:
    try:
        latitude, longitude = (float(degrees) for degrees in at)
    except (TypeError, ValueError):
        latitude, longitude = 999.0, 999.0
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise CoursewrightError(
            f'"{name}" has no place on Earth: {at!r}', hint="give latitude and longitude in degrees"
        )
    return latitude, longitude


@dataclass(frozen=True, slots=True)
class _Frame:
    south: float
    north: float
    west: float
    east: float
    step: float

    @classmethod
    def around(cls, all_places: Sequence[Coordinates]) -> _Frame:
        """The room of all places, out to the next line of the graticule."""
        souths, wests = [at[0] for at in all_places], [at[1] for at in all_places]
        span = max(max(souths) - min(souths), max(wests) - min(wests), 0.02)
        step = next((step for step in _STEPS if span / step <= 6), _STEPS[-1])
        room = step * 0.15
        south, north = floor((min(souths) - room) / step) * step, ceil((max(souths) + room) / step) * step
        west, east = floor((min(wests) - room) / step) * step, ceil((max(wests) + room) / step) * step
        return cls(max(south, -90.0), min(north, 90.0), max(west, -180.0), min(east, 180.0), step)

    def __call__(self, at: Coordinates) -> Point:
        squeeze = max(0.1, cos(radians((self.south + self.north) / 2)))
        scale = _LONG / max((self.east - self.west) * squeeze, self.north - self.south)
        return (at[1] - self.west) * squeeze * scale, (self.north - at[0]) * scale

    def lines(self, low: float, high: float) -> list[float]:
        """Degrees at which a line of the graticule runs."""
        return [
            round(n * self.step, 6) for n in range(ceil(low / self.step - 1e-6), floor(high / self.step + 1e-6) + 1)
        ]


def _graticule(paper: Paper, frame: _Frame) -> None:
    right, foot = frame((frame.south, frame.east))
    for latitude in frame.lines(frame.south, frame.north):
        y = frame((latitude, frame.west))[1]
        paper.line((0, y), (right, y), colour=FAINT, thick=1)
        paper.label(_latitude(said(), latitude), (-7, y), side=1, size=_TINY, colour=SOFT)
    taken = -1e9
    for longitude in frame.lines(frame.west, frame.east):
        x = frame((frame.south, longitude))[0]
        paper.line((x, 0), (x, foot), colour=FAINT, thick=1)
        words = _longitude(said(), longitude)
        if x - width(words, _TINY) / 2 > taken:
            paper.label(words, (x, foot + 13), size=_TINY, colour=SOFT)
            taken = x + width(words, _TINY) / 2 + 8
    paper.rectangle((0, 0, right, foot), colour=SOFT, thick=1)


def _latitude(own: DiagramWords, value: float) -> str:
    return _degrees(value, own("north"), own("south"))


def _longitude(own: DiagramWords, value: float) -> str:
    return _degrees(value, own("east"), own("west"))


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):g}°" + (positive if value > 0 else negative if value < 0 else "")


def _places(paper: Paper, frame: _Frame, dots: Mapping[str, Coordinates], marked: Sequence[str]) -> None:
    """Dots, and each name on the side where it covers the fewest dots and names."""
    spots = {name: frame(at) for name, at in dots.items()}
    taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in spots.values()]
    right, foot = frame((frame.south, frame.east))
    for name, (x, y) in spots.items():
        long, tall = width(plain(name), _SMALL), _SMALL * 1.1
        best: tuple[int, Point, Box] | None = None
        for away in (9, 22, 36):
            for dx, dy in _AROUND:
                middle = (x + dx * (away - 2 * (dy != 0) + long / 2), y + dy * (away + tall / 2 - 2))
                box = (middle[0] - long / 2, middle[1] - tall / 2, middle[0] + long / 2, middle[1] + tall / 2)
                within = box[0] > 3 and box[1] > 3 and box[2] < right - 3 and box[3] < foot - 3
                cost = sum(overlap(box, other) for other in taken) * 2 + (not within)
                if best is None or cost < best[0]:
                    best = (cost, middle, box)
        if best is not None:
            taken.append(best[2])
            edge = min(max(x, best[2][0]), best[2][2]), min(max(y, best[2][1]), best[2][3])
            if abs(edge[0] - x) + abs(edge[1] - y) > 14:
                paper.line((x, y), edge, colour=SOFT, thick=0.7)
            paper.label(name, best[1], size=_SMALL, colour=ACCENT if name in marked else INK, ground=True)
    for name, spot in spots.items():
        paper.dot(spot, 5 if name in marked else 4, colour=ACCENT if name in marked else INK)


def _describe(dots: Mapping[str, Coordinates], marked: Sequence[str]) -> str:
    own = said()
    told = [
        own("place", name=name, north=_latitude(own, round(north, 2)), east=_longitude(own, round(east, 2)))
        for name, (north, east) in dots.items()
    ]
    parts = [own("map", places="; ".join(plain(each) for each in told))]
    return " ".join([*parts, *([own("highlighted", names=own.listed(marked))] if marked else [])])
