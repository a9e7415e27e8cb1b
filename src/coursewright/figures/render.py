"""A chart as bytes: SVG that is the same for the same data and can stand in a page with others, and PNG."""

from __future__ import annotations

import copy
import hashlib
import importlib
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from coursewright.figures.theme import plotnine

if TYPE_CHECKING:
    from coursewright.figures.chart import Chart

_SVG = "http://www.w3.org/2000/svg"
_LINK = "http://www.w3.org/1999/xlink"
_SETTINGS: Any = {
    "font.family": ["DejaVu Sans"],
    "text.parse_math": False,  # a $ in the data is a $
    "svg.fonttype": "path",  # readable without the font
    "svg.hashsalt": "coursewright",
}


def svg(chart: Chart) -> str:
    """`chart` as SVG with its title and alternative text inside."""
    with drawn(chart) as figure:
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _clean(out.getvalue(), chart.title, chart.alt)


def png(chart: Chart, dpi: int) -> bytes:
    """`chart` as PNG of `dpi` dots per inch."""
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
    figure = copy.deepcopy(plot).draw() if type(plot).__module__.startswith("plotnine") else plot
    figure.draw_without_rendering()  # lays it out
    return figure


def _clean(raw: bytes, title: str, alt: str) -> str:
    """`raw` without what only a file of its own needs, with a name and a description, and with ids that are its own."""
    prefix = "f" + hashlib.sha256(raw + f"{title}\0{alt}".encode()).hexdigest()[:10]
    root = ET.fromstring(raw)  # noqa: S314 - matplotlib wrote it a moment ago
    for extra in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(extra)
    for defs in root.findall(f"{{{_SVG}}}defs"):
        for style in defs.findall(f"{{{_SVG}}}style"):
            defs.remove(style)  # its rule for every element would reach into the page
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, f"{prefix}-{value}")
            elif key == f"{{{_LINK}}}href" and value.startswith("#"):
                element.set(key, f"#{prefix}-{value[1:]}")
            elif "url(#" in value:
                element.set(key, value.replace("url(#", f"url(#{prefix}-"))
    names = {"title": _printable(title or alt), "desc": _printable(alt)}
    for place, (name, text) in enumerate(names.items()):
        element = ET.Element(f"{{{_SVG}}}{name}", id=f"{prefix}-{name}")
        element.text = text
        root.insert(place, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _LINK)
    return ET.tostring(root, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """`text` without the control characters that XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
