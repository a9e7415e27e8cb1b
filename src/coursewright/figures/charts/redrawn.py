"""Charts that are drawn again where they are read: their kinds, and the styles of the course in CSS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from coursewright.figures.charts.chart import Chart
from coursewright.figures.charts.kinds import bars, dots, lines
from coursewright.figures.charts.series import MOST
from coursewright.figures.charts.theme import DASHES, SHAPES, readable
from coursewright.figures.pictures.colour import COLOURS, DARK_COLOURS, LETTERS, on_dark

REDRAWN: Mapping[str, Callable[..., Chart]] = MappingProxyType({"bars": bars, "dots": dots, "lines": lines})
"""The kinds that scripts draw as well, by the names that authors write."""

_INK = COLOURS.index("#000000")


def styles() -> tuple[dict[str, str], ...]:
    """How each of so many lines as there can be is drawn: its colour, that of its name, its dashes, and its points.

    Colours are values of CSS for light and for dark paper, dashes those of SVG's `stroke-dasharray`.
    """
    turns = [divmod(number, len(COLOURS)) for number in range(MOST)]
    return tuple(_style(colour, turn) for turn, colour in turns)


def _style(colour: int, turn: int) -> dict[str, str]:
    light, dark = COLOURS[colour], DARK_COLOURS[colour]
    own = {"line": f"light-dark({light}, {on_dark(dark)})"}
    own["name"] = f"light-dark({readable(light)}, {on_dark(dark, LETTERS)})"
    if colour == _INK:
        own = {"line": "var(--chart-ink)", "name": "var(--chart-ink)"}
    dash = DASHES[turn % len(DASHES)]
    dashes = "" if isinstance(dash, str) else " ".join(f"{2 * part:g}" for part in dash[1])
    return {**own, "dash": dashes, "shape": _SYMBOLS[SHAPES[turn % len(SHAPES)]]}


_SYMBOLS = {"o": "circle", "s": "square", "^": "triangle"}
