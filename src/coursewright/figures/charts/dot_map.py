"""A map of dots: places by their degrees, as large as their values, on a net of degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.figures.charts import theme
from coursewright.figures.charts.beside import Dot, beside
from coursewright.figures.charts.describe import sentence
from coursewright.figures.charts.series import checked, numbers
from coursewright.figures.charts.sheet import ChartLook, ChartWords, Tip, around, dressed
from coursewright.figures.charts.spoken import Speech, speech
from coursewright.figures.pictures.colour import COLOURS

NAMED = 12  # places whose names stand on the map when none is highlighted
_LEAST, _MOST, _PLAIN = 1.2, 7.0, 2.6  # sizes of a dot
_FLAT, _TALL = 0.4, 1.3  # height of the map by its width
_SIZE = 8.5  # points of a name
_LINE = 1.25
_RADIUS = 0.9  # points, of a dot of size 1


@dataclass(frozen=True, slots=True)
class PlacePoints:
    """Places, each with a value or with the value 1."""

    names: tuple[str, ...]
    longitudes: tuple[float, ...]
    latitudes: tuple[float, ...]
    values: tuple[float, ...]
    sized: bool


def read_places(frame: Any, name: str, latitude: str, longitude: str, size: str) -> PlacePoints:
    """The places of `frame`, the largest first, so that a small one lies over it.

    Raises CoursewrightError for degrees that do not exist, and for sizes below nought.
    """
    table = checked(frame, (name, latitude, longitude, *filter(None, [size])), full=(name, latitude, longitude))
    north, east = numbers(table, latitude), numbers(table, longitude)
    values = numbers(table, size) if size else [1.0] * len(table)
    rows = zip(table[name].astype(str), map(float, east), map(float, north), map(float, values), strict=True)
    kept = [row for row in rows if row[3] == row[3]]
    for place, x, y, value in kept:
        if not (-180 <= x <= 180 and -90 <= y <= 90):
            raise CoursewrightError(
                f'"{place}" lies at {y:g}, {x:g}, which is nowhere',
                hint="latitudes are -90 to 90, longitudes -180 to 180",
            )
        if value < 0:
            raise CoursewrightError(f'"{place}" has the size {value:g}', hint="a dot has a size of 0 or more")
    if not kept:
        raise CoursewrightError(f'the column "{size}" has no number to draw')
    kept.sort(key=lambda row: -row[3])
    names, longitudes, latitudes, values = zip(*kept, strict=True)
    return PlacePoints(names, longitudes, latitudes, values, bool(size))


def plot(places: PlacePoints, words: ChartWords, look: ChartLook, width: float) -> tuple[Any, Any, list[Tip]]:
    """The plot, what writes names on it, and what the pointer shows at its dots."""
    p9, own = theme.plotnine(), speech(look.language)
    drawn = p9.ggplot(p9.aes("x", "y"))
    for layer in _dots(places, look):
        drawn += layer
    (left, right), (foot, head) = _frame(places.longitudes), _frame(places.latitudes)
    ratio = 1 / max(0.2, math.cos(math.radians((foot + head) / 2)))
    left, right, foot, head = _shaped(left, right, foot, head, ratio)
    drawn += p9.scale_x_continuous(labels=lambda at: [_degrees(own, each, "east", "west") for each in at])
    drawn += p9.scale_y_continuous(labels=lambda at: [_degrees(own, each, "north", "south") for each in at])
    drawn += p9.coord_fixed(ratio=ratio, xlim=(left, right), ylim=(foot, head), expand=False)
    drawn += dressed(words, width, around(words, width) + 0.3 + (width - 0.9) * (head - foot) * ratio / (right - left))
    drawn += p9.theme(panel_grid_major_x=p9.element_line(color=theme.FAINT, size=0.5))
    most = max(places.values)
    known = zip(places.names, places.values, strict=True)
    told = [f"{name}: {own.number(value, most)}" if places.sized else name for name, value in known]
    at = list(zip(places.longitudes, places.latitudes, strict=True))
    tips = [Tip(text, spot, spot) for text, spot in zip(told, at, strict=True)]
    everyone = not look.highlight and len(at) <= NAMED
    names = [name if everyone or name in look.highlight else "" for name in places.names]
    spots = [(*spot, _RADIUS * size) for spot, size in zip(at, _sizes(places), strict=True)]
    return drawn, lambda figure: _name(figure, names, spots), tips


def _dots(places: PlacePoints, look: ChartLook) -> list[Any]:
    """The dots, the quiet ones first."""
    import pandas as pd

    quiet = [bool(look.highlight) and name not in look.highlight for name in places.names]
    colours = [
        theme.GREY if soft else look.colours.get(name, COLOURS[0])
        for name, soft in zip(places.names, quiet, strict=True)
    ]
    columns = {"x": places.longitudes, "y": places.latitudes, "area": _sizes(places), "quiet": quiet, "colour": colours}
    table = pd.DataFrame(columns).sort_values("quiet", ascending=False, kind="stable")
    colour = list(table["colour"])
    return [
        theme.plotnine().geom_point(
            data=table, size=list(table["area"]), color=colour, fill=colour, alpha=0.75, stroke=0.3
        )
    ]


def _sizes(places: PlacePoints) -> list[float]:
    """How large each dot is: its area grows with the value."""
    most = max(places.values) or 1.0
    return [_LEAST + (_MOST - _LEAST) * math.sqrt(value / most) if places.sized else _PLAIN for value in places.values]


def _frame(degrees: tuple[float, ...]) -> tuple[float, float]:
    low, high = min(degrees), max(degrees)
    room = max((high - low) * 0.08, 0.5)
    return low - room, high + room


def _shaped(left: float, right: float, foot: float, head: float, ratio: float) -> tuple[float, float, float, float]:
    """A frame that is neither a ribbon nor a tower."""
    wide, tall = right - left, (head - foot) * ratio
    if tall < _FLAT * wide:
        more = (_FLAT * wide - tall) / ratio / 2
        return left, right, foot - more, head + more
    if tall > _TALL * wide:
        more = (tall / _TALL - wide) / 2
        return left - more, right + more, foot, head
    return left, right, foot, head


def _degrees(own: Speech, value: float, positive: str, negative: str) -> str:
    side = own.words[positive if value > 0 else negative] if value else ""
    return f"{own.general(abs(value))}°{side}"


def _name(figure: Any, names: list[str], spots: list[tuple[float, float, float]]) -> None:
    """Names beside their dots, each a place with its radius; one for which there is no room is left to the pointer."""
    axes = figure.axes[0]
    panel, scale = axes.get_window_extent(), 72 / figure.dpi
    wide, tall = panel.width * scale, panel.height * scale
    shown = [axes.transData.transform((x, y)) for x, y, _ in spots]
    dots = [
        Dot((x - panel.x0) * scale, (y - panel.y0) * scale, radius)
        for (x, y), (*_, radius) in zip(shown, spots, strict=True)
    ]
    named = [(name, dot) for name, dot in zip(names, dots, strict=True) if name]
    sizes = [(width, _SIZE * _LINE) for width in theme.widths([name for name, _ in named], _SIZE)]
    others = [dot for name, dot in zip(names, dots, strict=True) if not name]
    for (name, dot), box in zip(named, beside([dot for _, dot in named], sizes, others, wide, tall), strict=True):
        if box is None:
            continue
        if box.far:
            x, y = box.nearest(dot.x, dot.y)
            axes.plot(
                [dot.x / wide, x / wide], [dot.y / tall, y / tall],
                transform=axes.transAxes, color=theme.GREY, linewidth=0.6, zorder=1,
            )  # fmt: skip
        axes.text(
            box.x / wide,
            (box.y + box.tall / 2) / tall,
            name,
            transform=axes.transAxes,
            ha="left",
            va="center",
            size=_SIZE,
            color=theme.INK,
            family=theme.FONT,
            gid="label",
        )


def describe(places: PlacePoints, *, title: str, name: str, size: str, look: ChartLook) -> str:
    """What the map shows: how many places, how far they reach, which are the largest."""
    own, count = speech(look.language), len(places.names)
    ends = {
        "west": _degrees(own, round(min(places.longitudes), 1), "east", "west"),
        "east": _degrees(own, round(max(places.longitudes), 1), "east", "west"),
        "south": _degrees(own, round(min(places.latitudes), 1), "north", "south"),
        "north": _degrees(own, round(max(places.latitudes), 1), "north", "south"),
    }
    word = "places" if count > 1 else "place"
    parts = [sentence(title), own.say(word, count=count, name=name if count > 1 else places.names[0], **ends)]
    if size:
        most = max(places.values)
        told = [f"{each} {own.number(value, most)}" for each, value in zip(places.names, places.values, strict=True)]
        some = own.words["apart"].join(told[:3])
        parts.append(own.say("larger", size=size, told=some) if count > 3 else f"{size}: {some}.")
    if look.highlight:
        parts.append(own.highlighted([each for each in places.names if each in look.highlight]))
    elif 1 < count <= NAMED and not size:
        parts.append(f"{own.listed(places.names)}.")
    return " ".join(filter(None, parts))
