"""The kinds of charts, each a function of a data frame and the names of its columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.charts.chart import Chart

if TYPE_CHECKING:
    from coursewright.figures.charts.rows import Kind
    from coursewright.figures.charts.sheet import ChartLook

FITS = ("quadratic",)

Names = Collection[str] | str


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
    language: str = "",
    fit: str | None = None,
    highlight: Names = (),
    colours: Mapping[str, str] | None = None,
    stretch: str = "",
    y_label: str = "",
    x_label: str = "",
) -> Chart:
    """One line for each `group` of `frame`, labelled at its end.

    `x` is a column of whole numbers (a line breaks where one is missing), numbers, dates, or text in the order of the
    rows; `y` is a column of numbers; there are 24 groups at most. A line breaks too where the column `stretch` changes.
    `fit="quadratic"` draws the parabola nearest to each line of three points or more. `highlight` names the groups that
    stand out from the others, `colours` gives groups colours of their own, which are moved until they are seen.
    `caption` is a line under the chart, for its source. Without `alt` the text for readers who do not see the chart is
    written from the data, in `language`, which is by default that of the page that is being built.
    """
    from coursewright.figures.charts import describe, plot, series, sheet

    language = _ready(language)
    axis, read = series.read_series(frame, x, y, group, stretch, language=language)
    look, dark = _look(highlight, colours, [each.name for each in read], "line", language, fit=bool(fit))
    _choose([fit] if fit else [], FITS, "fit")
    words = sheet.ChartWords(title, subtitle, caption, x_label, y_label)
    names = {"title": title, "x": x_label or x, "y": y_label or y, "group": group}
    said = alt or describe.describe(axis, read, **names, highlight=look.highlight, fit=fit)
    return _chart(plot.plot, axis, read, words, alt=said, title=title, look=look, dark=dark)


def slopes(
    frame: Any,
    *,
    x: str,
    y: str,
    group: str,
    title: str,
    subtitle: str = "",
    caption: str = "",
    alt: str = "",
    language: str = "",
    highlight: Names = (),
    colours: Mapping[str, str] | None = None,
    y_label: str = "",
) -> Chart:
    """A line for each `group` from the first to the second of two values of `x`, labelled with both of its numbers.

    Raises CoursewrightError where `x` has other than two values, or a group has not both.
    """
    from coursewright.figures.charts import describe, plot, series, sheet

    language = _ready(language)
    axis, read = series.two_ends(*series.read_series(frame, x, y, group, language=language), x)
    look, dark = _look(highlight, colours, [each.name for each in read], "line", language, valued=True)
    words = sheet.ChartWords(title, subtitle, caption, "", y_label)
    said = alt or describe.slopes(axis, read, title=title, y=y_label or y, group=group, highlight=look.highlight)
    return _chart(plot.plot, axis, read, words, alt=said, title=title, look=look, dark=dark)


def multiples(
    frame: Any,
    *,
    x: str,
    y: str,
    group: str,
    title: str,
    subtitle: str = "",
    caption: str = "",
    alt: str = "",
    language: str = "",
    highlight: Names = (),
    colours: Mapping[str, str] | None = None,
    stretch: str = "",
    y_label: str = "",
    x_label: str = "",
) -> Chart:
    """A small chart for each `group`, with the lines of the others behind it, all on the same axes: 24 at most."""
    from coursewright.figures.charts import panels, series, sheet

    language = _ready(language)
    axis, read = series.read_series(frame, x, y, group, stretch, language=language)
    look, dark = _look(highlight, colours, [each.name for each in read], "line", language)
    words = sheet.ChartWords(title, subtitle, caption, x_label, y_label)
    names = {"title": title, "x": x_label or x, "y": y_label or y, "group": group}
    said = alt or panels.describe(axis, read, **names, highlight=look.highlight)
    return _chart(panels.plot, axis, read, words, alt=said, title=title, look=look, dark=dark)


def bars(frame: Any, *, x: str, y: str, title: str, y_label: str = "", **more: Any) -> Chart:
    """A level bar from nought for each row of `frame`, from the top down, with its value: 40 at most.

    `x` is the column of the names, `y` that of the values; `y_label` says below them what they are. Sort the rows in
    the query. `subtitle`, `caption`, `alt`, `highlight` and `colours` are as for `lines`.
    """
    return _rows("bars", frame, x=x, ends=(y, y), title=title, y_label=y_label, **more)


def dots(frame: Any, *, x: str, y: str, title: str, y_label: str = "", **more: Any) -> Chart:
    """As `bars`, with a dot at each value: for values whose distance from nought says nothing."""
    return _rows("dots", frame, x=x, ends=(y, y), title=title, y_label=y_label, **more)


def ranges(frame: Any, *, x: str, low: str, high: str, title: str, y_label: str = "", **more: Any) -> Chart:
    """As `bars`, with a line from an open dot at the column `low` to a full one at the column `high`."""
    return _rows("ranges", frame, x=x, ends=(low, high), title=title, y_label=y_label, **more)


def _rows(
    kind: Kind,
    frame: Any,
    *,
    x: str,
    ends: tuple[str, str],
    title: str,
    y_label: str,
    subtitle: str = "",
    caption: str = "",
    alt: str = "",
    language: str = "",
    highlight: Names = (),
    colours: Mapping[str, str] | None = None,
) -> Chart:
    from coursewright.figures.charts import rows, sheet

    language = _ready(language)
    read = rows.read_rows(frame, x, *ends)
    look, dark = _look(highlight, colours, read.names, "row", language)
    words = sheet.ChartWords(title, subtitle, caption, y_label)  # below: the values go from left to right
    said = alt or rows.describe(read, kind=kind, title=title, x=x, y=y_label, ends=ends, look=look)
    return _chart(rows.plot, read, words, kind, alt=said, title=title, look=look, dark=dark)


def places(
    frame: Any,
    *,
    name: str,
    latitude: str,
    longitude: str,
    title: str,
    size: str = "",
    subtitle: str = "",
    caption: str = "",
    alt: str = "",
    language: str = "",
    highlight: Names = (),
    colours: Mapping[str, str] | None = None,
) -> Chart:
    """A map with a dot for each row, by its degrees, whose area goes by the column `size`.

    Names stand beside the dots that `highlight` names, or beside all where these are twelve or fewer.
    """
    from coursewright.figures.charts import dot_map, sheet

    language = _ready(language)
    read = dot_map.read_places(frame, name, latitude, longitude, size)
    look, dark = _look(highlight, colours, read.names, "place", language)
    words = sheet.ChartWords(title, subtitle, caption)
    said = alt or dot_map.describe(read, title=title, name=name, size=size, look=look)
    return _chart(dot_map.plot, read, words, alt=said, title=title, look=look, dark=dark)


def _ready(language: str) -> str:
    """The language that a chart speaks. Without plotnine, that is the first thing to say."""
    from coursewright.figures.charts.spoken import speech
    from coursewright.figures.charts.theme import plotnine

    plotnine()
    return speech(language).language


def _chart(
    plot: Callable[..., Any], *inputs: object, alt: str, title: str, look: ChartLook, dark: Mapping[str, str]
) -> Chart:
    """The chart that `plot` makes of the inputs at any width, when it is first looked at."""

    def at(width: float) -> Chart:
        return Chart.later(plot, *inputs, look, width, alt=alt, title=title, dark=dark, at_width=at)

    from coursewright.figures.charts.sheet import WIDE

    return at(WIDE)


def _look(
    highlight: Names,
    colours: Mapping[str, str] | None,
    names: Collection[str],
    word: str,
    language: str,
    **more: bool,
) -> tuple[ChartLook, dict[str, str]]:
    """What stands out, all of which there is, in what colours; and what these are on a dark page."""
    from coursewright.figures.charts.sheet import ChartLook, coloured

    chosen = {highlight} if isinstance(highlight, str) else {str(name) for name in highlight}
    _choose(sorted(chosen), names, word)
    light, dark = coloured(colours or {})
    return ChartLook(tuple(sorted(chosen)), light, language=language, **more), dark


def _choose(names: Iterable[str], available: Collection[str], word: str) -> None:
    for name in names:
        if name not in available:
            raise CoursewrightError(f'no {word} called "{name}"', hint=did_you_mean(name, available))
