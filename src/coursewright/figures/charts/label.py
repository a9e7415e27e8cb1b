"""Labels that keep clear of one another along one axis.

Each label wants to stand at its own position and needs a height of its own. The least movement (in the sense of least
squares) that keeps their order and lets none overlap is an isotonic regression, solved by pooling adjacent violators:
labels that would overlap become one block, which stands where its members want to be on average.

Ayer, Brunk, Ewing, Reid and Silverman: An empirical distribution function for sampling with incomplete information
(1955).
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coursewright.figures.charts import theme

SIZE = 8.5  # points
FLOOR = 6.0  # points; smaller is not read
LINE = 1.25  # height of a line in sizes
LETTERS, LETTERS_NARROW = 26, 13  # in a line of a label
ROWS = 3  # of one label
GUTTER = 16  # points between the panel and the labels, at least
TALLEST = 14.0  # inches; past that the letters shrink


@dataclass(frozen=True, slots=True)
class End:
    """Where a line ends, in the units of the chart, and what it is called."""

    text: str
    x: float
    y: float
    colour: str
    faded: bool = False

    def rows(self, letters: int) -> str:
        """The text in lines of `letters`, short enough to stand beside a chart."""
        rows = textwrap.wrap(self.text, letters, max_lines=ROWS, placeholder="…", break_on_hyphens=False)
        return "\n".join(rows) or " "


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """The labels to the right of a chart."""

    ends: tuple[End, ...]
    letters: int = LETTERS

    @property
    def gutter(self) -> float:
        """The room for the leaders in points; among many labels some stand far from their ends."""
        return GUTTER + max(0, len(self.ends) - 10)

    @property
    def width(self) -> float:
        """The room that the labels and their leaders need, in inches."""
        rows = [row for end in self.ends for row in end.rows(self.letters).split("\n")]
        return (self.gutter + max(theme.widths(rows, SIZE)) + 8) / 72

    def finish(self, figure: Any) -> float | None:
        """Puts the labels on `figure`; or, where they do not fit, gives the height in inches at which they would."""
        axes = figure.axes[0]
        panel = axes.get_window_extent()
        tall = float(panel.height * 72 / figure.dpi)
        size = SIZE
        heights = self._heights(size)
        if not fits(heights, 0, tall):
            height = float(figure.get_figheight())
            better = min(TALLEST, height + (sum(heights) - tall) / 72 + 0.05)
            if better > height:
                return better
            size = max(FLOOR, size * tall / sum(heights))
            heights = self._heights(size)
        figure.set_layout_engine("none")  # what is laid out stays where it is
        for words in figure.texts:
            if words.get_horizontalalignment() == "left":  # title, subtitle and caption start at the edge
                words.set_x(theme.MARGIN / figure.get_figwidth())
        at = [axes.transData.transform((end.x, end.y)) for end in self.ends]
        starts = [((x - panel.x0) / panel.width, (y - panel.y0) / panel.height) for x, y in at]
        places = spread([y * tall for _, y in starts], heights, 0, tall)
        for end, start, place in zip(self.ends, starts, places, strict=True):
            self._put(axes, end, start, place / tall, size)
        return None

    def _heights(self, size: float) -> list[float]:
        return [(end.rows(self.letters).count("\n") + 1) * size * LINE for end in self.ends]

    def _put(self, axes: Any, end: End, start: tuple[float, float], height: float, size: float) -> None:
        """One label at `height` and its leader from `start`, all in parts of the panel."""
        from matplotlib.lines import Line2D

        point = axes.figure.dpi / 72 / axes.get_window_extent().width
        text = 1 + self.gutter * point
        edge = 1 + 2 * point
        colour = theme.SOFT if end.faded else theme.readable(end.colour)
        if start[0] < 1 - 12 * point:  # the line ends early: its height is carried to the edge
            level = [start[0] + 4 * point, edge], [start[1], start[1]]
            axes.add_line(_leader(Line2D, axes, *level, colour=end.colour, dots=True))
        slope = [edge, text - 3 * point], [start[1], height]
        axes.add_line(_leader(Line2D, axes, *slope, colour=end.colour))
        axes.text(
            text,
            height,
            end.rows(self.letters),
            transform=axes.transAxes,
            ha="left",
            va="center",
            size=size,
            family=theme.FONT,
            color=colour,
            linespacing=1.1,
            gid="label",
        )


def _leader(line: Any, axes: Any, x: list[float], y: list[float], *, colour: str, dots: bool = False) -> Any:
    style = (0, (0.6, 2.4)) if dots else "solid"
    return line(
        x, y, transform=axes.transAxes, color=colour, linewidth=0.6, linestyle=style, clip_on=False, alpha=0.8, zorder=1
    )


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Where the middle of each label stands, near `wanted`, between `low` and `high`, in the order of `wanted`.

    Labels that want the same position stand in the order in which they are given, the first one lowest. Where the
    labels are higher than the room they are pressed together evenly: ask `fits` first.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    offsets = _offsets([heights[index] for index in order])
    total = sum(heights)
    squeeze = min(1.0, (high - low) / total) if total else 1.0
    offsets = [offset * squeeze for offset in offsets]
    # Without its offset every label is a point, and "no overlap" is "in ascending order".
    pooled = _ascending([wanted[index] - offset for index, offset in zip(order, offsets, strict=True)])
    last = high - total * squeeze
    places = [0.0] * len(wanted)
    for index, offset, start in zip(order, offsets, pooled, strict=True):
        places[index] = min(max(start, low), max(last, low)) + offset
    return places


def fits(heights: Sequence[float], low: float, high: float) -> bool:
    """Whether labels of these heights stand between `low` and `high` without overlapping."""
    return sum(heights) <= high - low


def _offsets(heights: Sequence[float]) -> list[float]:
    """How far above the foot of the lowest label the middle of each stands when all are stacked."""
    offsets, foot = [], 0.0
    for height in heights:
        offsets.append(foot + height / 2)
        foot += height
    return offsets


def _ascending(values: Sequence[float]) -> list[float]:
    """The ascending numbers nearest to `values` in the sense of least squares."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, size = value, 1
        while blocks and blocks[-1][0] > mean:
            before, members = blocks.pop()
            mean, size = (before * members + mean * size) / (members + size), members + size
        blocks.append((mean, size))
    return [mean for mean, size in blocks for _ in range(size)]
