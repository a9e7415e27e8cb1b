"""A figure: a picture in SVG with what a reader who does not see it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from coursewright.errors import CoursewrightError
from coursewright.figures.later import Later


@dataclass(frozen=True, slots=True)
class Figure(Later):
    """A picture in SVG; `alt` tells a reader who does not see it what it shows, and is never empty.

    `rasterize` gives the same picture as PNG at a number of dots per inch; charts bring it along. The picture of some
    diagrams is drawn when `svg` is first asked for.
    """

    LATER: ClassVar[str] = "svg"
    svg: str
    alt: str
    caption: str = ""
    title: str = ""
    rasterize: Callable[[int], bytes] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise CoursewrightError(
                "this figure has no alternative text", hint='say what it shows: Figure(..., alt="…")'
            )

    def png(self, dpi: int = 144) -> bytes:
        """The picture as PNG; CoursewrightError for a figure that came as SVG only."""
        if self.rasterize is None:
            raise CoursewrightError(
                "this figure exists as SVG only", hint="a chart can be a PNG as well: return a chart"
            )
        return self.rasterize(dpi)
