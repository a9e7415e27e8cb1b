"""How charts of a course look: one theme, and styles that tell up to 24 groups apart without seeing every colour."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coursewright.errors import MissingPart

FONT = "DejaVu Sans"  # comes with matplotlib: a chart looks the same on every machine

MARGIN = 0.18  # inches around everything
TITLE, SUBTITLE, CAPTION = 14, 10, 8  # points

INK = "#222222"
SOFT = "#5a5a5a"
FAINT = "#dedede"
BACKGROUND = "#ffffff"
GREY = "#a9a9a9"  # groups that are not highlighted

# Okabe and Ito (2008) without the yellow, which is too pale for a line on white, and with Tol's wine.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#882255")
DASHES = ("solid", (0, (4, 1.6)), (0, (1, 1.4)))
SHAPES = ("o", "s", "^")
CONTRAST = 4.5


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
    """`colour`, darkened where letters in it would not have a contrast of 4.5 to the background (WCAG 2.2, 1.4.3)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    while 1.05 / (_luminance(red, green, blue) + 0.05) < CONTRAST:
        red, green, blue = red * 0.95, green * 0.95, blue * 0.95
    return "#" + "".join(f"{round(part * 255):02x}" for part in (red, green, blue))


def _luminance(*parts: float) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


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
