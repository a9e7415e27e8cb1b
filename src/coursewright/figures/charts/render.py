"""A chart as bytes: SVG that is the same for the same data and can stand in a page with others, and PNG."""

from __future__ import annotations

import copy
import importlib
import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coursewright.figures.charts.sheet import NARROW, TIPS
from coursewright.figures.charts.theme import FONT, plotnine, widths
from coursewright.figures.pictures.themed import SVG, identified, parsed, printable, themed, written

if TYPE_CHECKING:
    from coursewright.figures.charts.chart import Chart
    from coursewright.figures.charts.sheet import Tip

_SETTINGS: Any = {
    "font.family": [FONT],
    "text.parse_math": False,  # a $ in the data is a $
    "svg.fonttype": "none",
    "svg.hashsalt": "coursewright",
}
_WHITE = (1.0, 1.0, 1.0, 1.0)
_LONG = re.compile(r"-?\d+\.\d{3,}")  # a number that is more exact than the eye
_ROUND = 1e-4  # points by which the ends of a circle's curves may differ in their distance
_NEAR = 4.0  # points around a mark in which the pointer is on it
_WITHOUT_DATE: Any = {"Date": None, "Creator": None, "Format": None, "Type": None}


def svg(chart: Chart) -> str:
    """`chart` as SVG that follows the theme, with its text as text, its title and its alternative text inside."""
    with drawn(chart) as figure:
        if _is_plotnine(chart.plot):  # it is a copy
            for patch in figure.patches:
                patch.set_visible(patch.get_facecolor() != _WHITE)
        out = io.BytesIO()
        figure.savefig(out, format="svg", facecolor="none", metadata=_WITHOUT_DATE)
        boxes = list(_boxes(figure, chart.tips))
    return themed(_prepared(out.getvalue(), boxes), alt=chart.alt, title=chart.title, dark=chart.dark)


def narrowed(chart: Chart) -> Chart | None:
    """`chart` at the width of a telephone; None for a figure of matplotlib, which has the size that it was given."""
    if chart.at_width:
        return chart.at_width(NARROW)
    if not _is_plotnine(chart.plot):
        return None
    return replace(chart, plot=chart.plot + plotnine().theme(figure_size=(NARROW, NARROW)), finish=None)


def white(chart: Chart) -> str:
    """`chart` as SVG on white paper with its text as paths, which is readable without a font."""
    import matplotlib as mpl

    with drawn(chart) as figure, mpl.rc_context({"svg.fonttype": "path"}):
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata=_WITHOUT_DATE)
    return identified(_prepared(out.getvalue()), alt=chart.alt, title=chart.title)


def png(chart: Chart, dpi: int) -> bytes:
    """`chart` as PNG of `dpi` dots per inch on white paper."""
    with drawn(chart) as figure:
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return out.getvalue()


@contextmanager
def drawn(chart: Chart) -> Iterator[Any]:
    """The chart as a figure of matplotlib; a chart whose labels need more room is drawn again, taller."""
    import matplotlib as mpl

    if mpl.get_backend(auto_select=False) is None:
        mpl.use("agg")  # no window: a figure is only ever written to a file
    with mpl.rc_context():
        mpl.rcdefaults()  # settings of this user or machine do not show
        mpl.rcParams.update(_SETTINGS)
        figures = [_draw(chart.plot)]
        try:
            height = chart.finish(figures[0]) if chart.finish else None
            if chart.finish and height:
                width = figures[0].get_figwidth()
                figures.append(_draw(chart.plot + plotnine().theme(figure_size=(width, height))))
                chart.finish(figures[1])
            yield figures[-1]
        finally:
            # A figure that pyplot knows would stay in memory, and pyplot warns at the twentieth.
            for figure in figures:
                importlib.import_module("matplotlib.pyplot").close(figure)


def _draw(plot: Any) -> Any:
    # A plot of plotnine draws into its old figure when it is drawn twice: a copy has none.
    figure = copy.deepcopy(plot).draw() if _is_plotnine(plot) else plot
    figure.draw_without_rendering()  # lays it out
    return figure


def _is_plotnine(plot: Any) -> bool:
    return type(plot).__module__.startswith("plotnine")


def _boxes(figure: Any, tips: Sequence[Tip]) -> Iterator[tuple[str, dict[str, str]]]:
    """What the pointer shows, and the rectangle of the SVG in which it does."""
    scale = 72 / figure.dpi
    height = figure.bbox.height * scale
    for tip in tips if len(tips) <= TIPS else ():
        ends = figure.axes[tip.panel].transData.transform([tip.low, tip.high]) * scale
        (left, foot), (right, head) = ends.min(axis=0) - _NEAR, ends.max(axis=0) + _NEAR
        place = {"x": left, "y": height - head, "width": right - left, "height": head - foot}
        yield tip.text, {name: f"{value:.1f}" for name, value in place.items()}


def _prepared(raw: bytes, boxes: Sequence[tuple[str, dict[str, str]]] = ()) -> str:
    """What matplotlib wrote without what only a file of its own needs, with what the pointer shows in `boxes`.

    Numbers beside the axis keep to it in a font whose digits are not as wide.
    """
    from lxml import etree

    root = parsed(raw)
    for extra in [*root.findall(f"{SVG}metadata"), *root.findall(f"{SVG}defs/{SVG}style")]:
        extra.getparent().remove(extra)  # its rule for every element would reach into the page
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    for group in root.iter(f"{SVG}g"):
        if group.get("id", "").startswith("ytick_"):
            for text in group.iter(f"{SVG}text"):
                _end(text)
    _drop_names(root)
    _shorten(root)
    if boxes:
        shown = etree.SubElement(root, f"{SVG}g", {"fill-opacity": "0"})
        for text, place in boxes:
            etree.SubElement(etree.SubElement(shown, f"{SVG}rect", place), f"{SVG}title").text = printable(text)
    return written(root)


def _drop_names(root: Any) -> None:
    """Take away the ids that nothing points to; some of them come twice."""
    values = [value for element in root.iter(f"{SVG}*") for value in element.attrib.values()]
    wanted = {name for value in values for name in re.findall(r"^#(.+)$|url\(#([^)]+)\)", value)}
    kept = {one or other for one, other in wanted}
    for element in root.iter(f"{SVG}*"):
        if element.get("id") not in kept:
            element.attrib.pop("id", None)


def _shorten(root: Any) -> None:
    """Write places to the hundredth of a point, and the curves of a round dot as a circle."""
    for path in root.iter(f"{SVG}path"):
        circle = _circle(path.get("d", "")) if path.getparent().tag == f"{SVG}g" else None
        if circle:
            path.tag = f"{SVG}circle"
            path.attrib.pop("d")
            path.attrib.update(dict(zip(("cx", "cy", "r"), (f"{value:.6f}" for value in circle), strict=True)))
    for element in root.iter(f"{SVG}*"):
        for name in {"d", "x", "y", "width", "height", "cx", "cy", "r", "transform"} & set(element.attrib):
            element.set(
                name, _LONG.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), element.get(name))
            )


def _circle(d: str) -> tuple[float, float, float] | None:
    """Middle and radius, if the eight curves of a path go around one point."""
    if re.sub(r"[^A-Za-z]", "", d) != "MCCCCCCCCz":
        return None
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", d)]
    ends = [(numbers[at], numbers[at + 1]) for at in (0, *range(6, len(numbers), 6))]
    x, y = (sum(values) / 8 for values in zip(*ends[1:], strict=True))
    distances = [math.dist((x, y), end) for end in ends]
    return (x, y, distances[0]) if max(distances) - min(distances) < _ROUND else None


def _end(text: Any) -> None:
    """Hold the end of a level text where it is."""
    style = text.get("style", "")
    if "text-anchor: start" not in style or not text.get("transform", "").startswith("rotate(-0 "):
        return
    size = float(style.split("font-size: ")[1].split("px")[0])
    text.set("x", f"{float(text.get('x')) + widths([text.text or ''], size)[0]:.2f}")
    text.attrib.pop("transform")
    text.set("style", style.replace("text-anchor: start", "text-anchor: end"))
