"""How charts of a course look: one theme, and styles that tell up to 24 groups apart without seeing every colour."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coursewright.errors import MissingPart
from coursewright.figures.pictures.colour import COLOURS, LETTERS, on_light

FONT = "DejaVu Sans"  # comes with matplotlib: a chart is laid out the same on every machine
# What a reader sees letters in: the fonts of the page. DejaVu Sans is wider than the others, which leave room.
FONTS = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif'

MARGIN = 0.18  # inches around everything
TITLE, SUBTITLE, CAPTION = 14, 10, 8  # points

INK = "#222222"
SOFT = "#5a5a5a"
FAINT = "#dedede"
BACKGROUND = "#ffffff"
GREY = "#919191"  # groups that are not highlighted

DASHES = ("solid", (0, (4, 1.6)), (0, (1, 1.4)))
SHAPES = ("o", "s", "^")


@dataclass(frozen=True, slots=True)
class Style:
    """How one group is drawn: `dash` and `shape` are matplotlib's."""

    colour: str
    dash: Any = "solid"
    shape: str = "o"
    width: float = 0.8


def styles(number: int) -> list[Style]:
    """A style for each of `number` groups: groups of the same colour differ in line type and in shape of point."""
    turns = [divmod(index, len(COLOURS)) for index in range(number)]
    return [Style(COLOURS[colour], DASHES[turn % len(DASHES)], SHAPES[turn % len(SHAPES)]) for turn, colour in turns]


def plotnine() -> Any:
    """The library that draws; MissingPart when it is not installed."""
    try:
        return importlib.import_module("plotnine")
    except ModuleNotFoundError:
        raise MissingPart("charts need plotnine", hint='pip install "coursewright[charts]"') from None


def widths(rows: Iterable[str], size: float, weight: str = "normal") -> list[float]:
    """How wide each of `rows` is in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=FONT, size=size, weight=weight)
    return [float(text_to_path.get_text_width_height_descent(row, font, ismath=False)[0]) for row in rows]


def wrapped(text: str, width: float, size: float, weight: str = "normal") -> str:
    """`text` in lines of at most `width` inches; a single word may be longer."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and widths([longer], size, weight)[0] > width * 72:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def readable(colour: str) -> str:
    """`colour`, darkened where letters in it could not be read on a light page."""
    return on_light(colour, LETTERS)


def course_theme(width: float = 8, height: float = 5) -> Any:
    """The course's look for a plot of plotnine of your own, `width` by `height` inches, its legend at the top."""
    p9 = plotnine()
    return theme(width, height, MARGIN) + p9.theme(
        legend_position="top", legend_title=p9.element_blank(), legend_text=p9.element_text(color=SOFT, size=9)
    )


def theme(width: float, height: float, right: float, *, slanted: bool = False) -> Any:
    """The course theme of plotnine for a figure of `width` by `height` inches, of which `right` is for labels.

    `slanted` turns the texts under the x axis.
    """
    p9 = plotnine()
    blank = p9.element_blank()
    tick = p9.element_text(color=SOFT, size=9)
    return p9.theme_minimal(base_size=10, base_family=FONT) + p9.theme(
        figure_size=(width, height),
        legend_position="none",
        panel_grid_minor=blank,
        panel_grid_major_x=blank,
        panel_grid_major_y=p9.element_line(color=FAINT, size=0.5),
        axis_line_x=p9.element_line(color=SOFT, size=0.5),
        axis_ticks_major_x=p9.element_line(color=SOFT, size=0.5),
        axis_ticks_length=3,
        axis_text=tick,
        axis_text_x=p9.element_text(color=SOFT, size=8, rotation=45, ha="right") if slanted else tick,
        axis_title=tick,
        plot_title=p9.element_text(color=INK, size=TITLE, weight="bold", ha="left", margin={"b": 6, "unit": "pt"}),
        plot_title_position="plot",
        plot_subtitle=p9.element_text(
            color=SOFT, size=SUBTITLE, ha="left", linespacing=1.3, margin={"b": 10, "unit": "pt"}
        ),
        plot_caption=p9.element_text(color=SOFT, size=CAPTION, ha="left"),
        plot_caption_position="plot",
        plot_background=p9.element_rect(fill=BACKGROUND, color=BACKGROUND),
        panel_background=blank,
        plot_margin=MARGIN / width,
        plot_margin_right=right / width,
    )
