"""A chart: any plot of plotnine, or figure of matplotlib, with a text beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from coursewright.errors import CoursewrightError
from coursewright.figures.figure import Figure
from coursewright.figures.pictures.later import Later
from coursewright.media import Bundle, JupyterDisplay

if TYPE_CHECKING:
    from coursewright.figures.charts.sheet import Tip


@dataclass(frozen=True, slots=True)
class Chart(JupyterDisplay, Later):
    """A plot of plotnine (or a figure of matplotlib) and `alt`, what it shows in words.

    `caption` stands under the figure in the page; `dark` gives colours of the plot, as `#rrggbb`, others on a dark
    page; `tips` are what the pointer shows where; `at_width` gives the chart at another width in inches; `finish` is
    called with the drawn figure of matplotlib and gives the height in inches that it should have instead, or None when
    all is well. The kinds of the course plot when they are first looked at.
    """

    LATER: ClassVar[str] = "plot"
    plot: Any
    alt: str
    caption: str = ""
    title: str = ""
    finish: Callable[[Any], float | None] | None = field(default=None, repr=False, compare=False)
    dark: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    tips: tuple[Tip, ...] = field(default=(), repr=False, compare=False)
    at_width: Callable[[float], Chart] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise CoursewrightError(
                "this figure has no alternative text", hint='say what it shows: Chart(plot, alt="…")'
            )

    def figure(self, *, narrow: bool = False) -> Figure:
        """The chart as SVG that follows the theme, the same bytes for the same data.

        With `narrow` it is drawn again for telephones, 360 pixels wide, where it can be.
        """
        from coursewright.figures.charts.render import narrowed, svg

        figure = self._figure(svg)
        small = narrowed(self) if narrow else None
        return replace(figure, narrow=svg(small)) if small else figure

    def on_white(self) -> Figure:
        """The chart as SVG on white paper with its text as paths."""
        from coursewright.figures.charts.render import white

        return self._figure(white)

    def _figure(self, draw: Callable[[Chart], str]) -> Figure:
        return Figure(draw(self), self.alt, self.caption, self.title, self.png, lambda: self.on_white().svg)

    def bundle(self) -> Bundle:
        """The chart as Jupyter shows it, whose theme nobody knows: as SVG on white paper."""
        return self.on_white().bundle()

    def taken(self, made: tuple[Any, Callable[[Any], float | None] | None, Sequence[Tip]]) -> Any:
        """What came late: the plot, what finishes it, and what the pointer shows."""
        plot, finish, tips = made
        object.__setattr__(self, "finish", finish)
        object.__setattr__(self, "tips", tuple(tips))
        return plot

    def png(self, dpi: int = 192) -> bytes:
        """The chart as PNG on white paper; 192 dots per inch are two for each pixel of a page."""
        from coursewright.figures.charts.render import png

        return png(self, dpi)
