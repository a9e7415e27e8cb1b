"""A figure: a picture in SVG with what a reader who does not see it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from coursewright.errors import CoursewrightError
from coursewright.figures.pictures.later import Later
from coursewright.media import Bundle, JupyterDisplay


@dataclass(frozen=True, slots=True)
class Figure(JupyterDisplay, Later):
    """A picture in SVG; `alt` tells a reader who does not see it what it shows, and is never empty.

    What this program draws follows the reader's theme; `white` gives the same on white paper. `narrow` is the same
    picture drawn for a telephone, or empty. `rasterize` gives it as PNG at a number of dots per inch; charts bring it
    along. Some diagrams are drawn when their picture is first asked for.
    """

    LATER: ClassVar[str] = "svg"
    svg: str
    alt: str
    caption: str = ""
    title: str = ""
    rasterize: Callable[[int], bytes] | None = field(default=None, repr=False, compare=False)
    white: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    narrow: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise CoursewrightError(
                "this figure has no alternative text", hint='say what it shows: Figure(..., alt="…")'
            )

    def png(self, dpi: int = 192) -> bytes:
        """The picture as PNG; CoursewrightError for a figure that came as SVG only."""
        if self.rasterize is None:
            raise CoursewrightError(
                "this figure exists as SVG only", hint="a chart can be a PNG as well: return a chart"
            )
        return self.rasterize(dpi)

    def bundle(self, *, png: bool = False) -> Bundle:
        """The picture as SVG, and as PNG for readers that show no SVG."""
        data = {"image/svg+xml": self.svg.encode()} | ({"image/png": self.png()} if png else {})
        return Bundle(data, self.alt, self.caption)

    def save(self, path: Path | str) -> Path:
        """The file that now has the picture: as SVG, or as PNG if the name of `path` ends so and it can be one.

        Raises CoursewrightError where it cannot be written.
        """
        return self.bundle(png=Path(path).suffix.lower() == ".png").save(path)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """What Jupyter shows, whose theme nobody knows: the picture on white."""
        return self.on_white().bundle()._repr_mimebundle_(include, exclude)

    def on_white(self) -> Figure:
        """The picture on white paper with its letters as outlines, for places whose theme and fonts nobody knows."""
        drawn = replace(self)  # which draws it, where that is yet to be done
        return drawn if drawn.white is None else replace(drawn, svg=drawn.white(), white=None, narrow="")

    def taken(self, made: Figure | str) -> str:
        """What came late: the picture, and that on white paper where there is one."""
        if isinstance(made, str):
            return made
        object.__setattr__(self, "white", made.white)
        return made.svg
