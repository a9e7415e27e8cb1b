"""Widgets that a kernel gave as data, as whole pages: those of plotly and Altair."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from hashlib import blake2b
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.pages.blocks.block import EmbeddedPage, PrintedText

_PLOTLY = "application/vnd.plotly.v1+json"
_VEGA_LITE = "application/vnd.vegalite."


def widget_in(data: Mapping[str, Any]) -> EmbeddedPage | PrintedText | None:
    """The widget in an output, or what is said where it cannot be shown; None for what is no widget."""
    kind = next((kind for kind in data if kind == _PLOTLY or kind.startswith(_VEGA_LITE)), None)
    if kind is None:
        return None
    library, read = ("plotly", _plotly) if kind == _PLOTLY else ("altair", _altair)
    try:
        return _framed(read, data[kind])
    except ImportError:
        said = f"this widget is made by {library}, which is not installed beside Coursewright"
        return PrintedText(said, "lost", f"pip install {library}")
    except CoursewrightError as error:
        return PrintedText(error.problem.message, "lost", error.problem.hint)


_HELP = (
    ("jupyter.widget", 'show what it shows, as a picture or a table; a widget of anywidget by widget(thing, alt="…")'),
    ("bokeh", 'widget(figure, alt="…"), from coursewright'),
    ("javascript", "give HTML with a <script> in it, which stands in a frame of its own"),
    ("pdf", "give SVG or PNG: %config InlineBackend.figure_formats = ['svg']"),
    ("", "give it as a picture, a table, HTML or text"),
)


def what_helps(media_types: Collection[str]) -> str:
    """What the author of an output of these media types can do, none of which a page can show."""
    said = " ".join(media_types)
    return next(hint for word, hint in _HELP if word in said)


def _framed(read: Callable[[Any], Any], data: Any) -> EmbeddedPage:
    from coursewright.figures import HEIGHT, widget

    height = int(data.get("layout", {}).get("height") or HEIGHT)
    made = widget(read(data), alt="-", height=height)
    name = f"code-{blake2b(made.page.encode(), digest_size=6).hexdigest()}"
    return EmbeddedPage(name, made.page, "", height=made.height)


def _plotly(data: Any) -> Any:
    from plotly import io

    return io.from_json(json.dumps(data), skip_invalid=True)


def _altair(data: Any) -> Any:
    import altair

    return altair.Chart.from_dict(data)
