"""What every chart of the course has around it: its words, its size, its colours and what the pointer shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursewright.figures.charts import theme
from coursewright.figures.pictures.colour import hexadecimal, on_dark, on_light

WIDE = 8.0  # inches
NARROW = 3.75  # inches, 360 pixels
TIPS = 600  # marks that say their value; with more of them the picture would be mostly that


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The words around a chart."""

    title: str
    subtitle: str = ""
    caption: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True, slots=True)
class ChartLook:
    """What stands out, and in what colours; whether lines have a curve, and their values in their labels.

    What the chart says by itself is in `language`.
    """

    highlight: tuple[str, ...] = ()
    colours: Mapping[str, str] = field(default_factory=dict)
    fit: bool = False
    valued: bool = False
    language: str = "en-GB"


@dataclass(frozen=True, slots=True)
class Tip:
    """What the pointer shows between two corners, in the units of the chart's panel number `panel`."""

    text: str
    low: tuple[float, float]
    high: tuple[float, float]
    panel: int = 0


def around(words: ChartWords, width: float) -> float:
    """The height in inches of the words above and below a chart of `width` inches, with its margins."""
    said = (
        (words.title, theme.TITLE, "bold"),
        (words.subtitle, theme.SUBTITLE, "normal"),
        (words.caption, theme.CAPTION, ""),
    )
    rows = ((_wrapped(text, width, size, weight or "normal"), size) for text, size, weight in said)
    return 2.5 * theme.MARGIN + sum((text.count("\n") + 1) * size * 1.3 + 10 for text, size in rows if text) / 72


def _wrapped(text: str, width: float, size: float, weight: str = "normal") -> str:
    return theme.wrapped(text, width - 2 * theme.MARGIN, size, weight)


def dressed(
    words: ChartWords, width: float, height: float, right: float = theme.MARGIN, *, slanted: bool = False
) -> Any:
    """The words and the theme, to be added to a plot of `width` by `height` inches, `right` of them for labels."""
    p9 = theme.plotnine()
    blank = {f"axis_title_{each}": p9.element_blank() for each in "xy" if not getattr(words, each)}
    return [
        p9.labs(
            x=words.x or None,
            y=words.y or None,
            title=_wrapped(words.title, width, theme.TITLE, "bold") or None,
            subtitle=_wrapped(words.subtitle, width, theme.SUBTITLE) or None,
            caption=_wrapped(words.caption, width, theme.CAPTION) or None,
        ),
        theme.theme(width, height, right, slanted=slanted),
        p9.theme(**blank),
    ]


def shortened(names: Sequence[str], letters: int) -> list[str]:
    """`names` of at most so many letters; as they are where two would read the same."""
    short = [name if len(name) <= letters else name[: letters - 1].rstrip() + "…" for name in names]
    return short if len(set(short)) == len(set(names)) else list(names)


def coloured(colours: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Colours of an author's choice as they are seen on a light page, and what each of those is on a dark one.

    Raises CoursewrightError for what is no colour.
    """
    chosen = {str(name): hexadecimal(str(colour)) for name, colour in colours.items()}
    light = {name: on_light(colour) for name, colour in chosen.items()}
    return light, {light[name]: on_dark(colour) for name, colour in chosen.items()}
