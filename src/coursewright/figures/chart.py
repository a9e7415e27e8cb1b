"""Charts in the look of the course: lines labelled at their ends, and any plot of plotnine with a text beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.figure import Figure
from coursewright.figures.later import Later

FITS = ("quadratic",)


@dataclass(frozen=True, slots=True)
class Chart(Later):
    """A plot of plotnine (or a figure of matplotlib) and `alt`, what it shows in words.

    `caption` stands under the figure in the page; `dark` gives colours of the plot, as `#rrggbb`, others on a dark
    page; `finish` is called with the drawn figure of matplotlib and gives the height in inches that it should have
    instead, or None when all is well.
    """

    LATER: ClassVar[str] = "plot"
    plot: Any
    alt: str
    caption: str = ""
    title: str = ""
    finish: Callable[[Any], float | None] | None = field(default=None, repr=False, compare=False)
    dark: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def figure(self) -> Figure:
        """The chart as SVG that follows the theme, the same bytes for the same data."""
        from coursewright.figures.render import svg

        return self._figure(svg)

    def on_white(self) -> Figure:
        """The chart as SVG on white paper with its text as paths."""
        from coursewright.figures.render import white

        return self._figure(white)

    def _figure(self, draw: Callable[[Chart], str]) -> Figure:
        if not self.alt.strip():
            raise CoursewrightError(
                "this figure has no alternative text", hint='say what it shows: Chart(plot, alt="…")'
            )
        return Figure(draw(self), self.alt, self.caption, self.title, self.png, lambda: self.on_white().svg)

    def png(self, dpi: int = 144) -> bytes:
        """The chart as PNG."""
        from coursewright.figures.render import png

        return png(self, dpi)


def lines(
    frame: Any,
    *,
    x: str,
    y: str,
    group: str,
    title: str,
    subtitle: str = "",
    caption: str = "",
    alt: str = "",
    fit: str | None = None,
    highlight: Collection[str] | str = (),
    stretch: str = "",
    y_label: str = "",
    x_label: str = "",
) -> Chart:
    """One line for each `group` of `frame`, labelled at its end.

    `x` is a column of whole numbers (a line breaks where one is missing), numbers, dates, or text in the order of the
    rows; `y` is a column of numbers; there are 24 groups at most. A line breaks too where the column `stretch` changes.
    `fit="quadratic"` draws the parabola nearest to each line of three points or more. `highlight` names the groups that
    stand out from the others. `caption` is a line under the chart, for its source. Without `alt` the text for readers
    who do not see the chart is written from the data.
    """
    from coursewright.figures.describe import describe
    from coursewright.figures.plot import Words, labels, plot
    from coursewright.figures.series import read_series
    from coursewright.figures.theme import plotnine

    plotnine()  # without it, that is the first thing to say
    axis, series = read_series(frame, x, y, group, stretch)
    highlight = {highlight} if isinstance(highlight, str) else {str(name) for name in highlight}
    _choose(sorted(highlight), [each.name for each in series], "line")
    _choose([fit] if fit else [], FITS, "fit")
    words = Words(title, subtitle, caption, x_label, y_label)
    finish = labels(series, highlight).finish
    said = alt or describe(
        axis, series, title=title, x=x_label or x, y=y_label or y, group=group, highlight=highlight, fit=fit
    )
    return Chart.later(plot, axis, series, words, highlight, bool(fit), alt=said, title=title, finish=finish)


def _choose(names: Iterable[str], available: Collection[str], word: str) -> None:
    for name in names:
        if name not in available:
            raise CoursewrightError(f'no {word} called "{name}"', hint=did_you_mean(name, available))
