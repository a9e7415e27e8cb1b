"""Widgets: what brings a whole page of HTML, such as a chart that the pointer moves, in a frame of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError, MissingPart, Place
from coursewright.media import Bundle, JupyterDisplay

HEIGHT = 400  # pixels
_PAGE = re.compile(r"\s*(?:<!doctype html|<html)", re.IGNORECASE)
_INSIDE = re.compile(r"(<script\b[^>]*>)(.*?)(</script>)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(
    r"""<(?P<tag>script|link|img|iframe)\b[^>]*?\b(?:src|href)\s*=\s*["'](?P<address>(?:https?:)?//[^"']+)["'][^>]*>"""
    r"(?P<end>\s*</script>)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Widget(JupyterDisplay):
    """A whole page of HTML that asks nothing of any network; `alt` says in words what it shows.

    `height` is that of its frame in pixels, before the page in it says how tall it is.
    """

    page: str
    alt: str
    caption: str = ""
    height: int = HEIGHT

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise CoursewrightError(
                "this widget has no alternative text", hint='say what it shows: widget(thing, alt="…")'
            )

    def bundle(self) -> Bundle:
        """The page by its media type."""
        return Bundle({"text/html": self.page.encode()}, self.alt, self.caption)


def widget(
    thing: Any,
    *,
    alt: str,
    caption: str = "",
    height: int = HEIGHT,
    libraries: Mapping[str, str | Path] | None = None,
) -> Widget:
    """A figure of plotly, a chart of Altair, a model of Bokeh, a map of folium, an anywidget, or a page of HTML.

    `libraries` are files, by the ends of the addresses that the page asks for elsewhere; they are put inside. Raises
    CoursewrightError for what is no widget, for a page that still asks for something elsewhere, and for an empty
    `alt`; MissingPart where its library lacks a part.
    """
    make = next((make for fits, make in _KINDS if fits(thing)), None)
    if make is None:
        hint = "give a figure of plotly, Altair, Bokeh or folium, an anywidget, or a whole page of HTML"
        raise CoursewrightError(f"{_in_words(thing)} is no widget", None, hint)
    page = _TAG.sub(lambda found: _inside(found, libraries or {}), make(thing, height))
    elsewhere = dict.fromkeys(found["address"] for found in _TAG.finditer(_INSIDE.sub(r"\1\3", page)))
    if elsewhere:
        first, number = next(iter(elsewhere)), len(elsewhere)
        more = f" and {number - 1} more" if number > 1 else ""
        hint = f'give it as a file: libraries={{"{first.rpartition("/")[2] or first}": "…"}}'
        raise CoursewrightError(f"this widget needs {first}{more}, which is not there without a network", None, hint)
    return Widget(page, alt, caption, height)


def _inside(found: re.Match[str], libraries: Mapping[str, str | Path]) -> str:
    """What a page asks for elsewhere, put inside where a file is given for it."""
    file = next((file for end, file in libraries.items() if found["address"].split("?")[0].endswith(end)), None)
    if file is None or found["tag"].lower() not in ("script", "link"):
        return found[0]
    try:
        text = Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise CoursewrightError(f"this library cannot be read: {error.strerror}", Place(file)) from None
    if found["tag"].lower() == "link":
        return f"<style>{_closed(text)}</style>"
    return f"<script>{_closed(text)}</script>"


def _of(library: str, way: str) -> Callable[[Any], bool]:
    """Whether a thing is of `library`, itself or what it is made from, and has a certain way to give its page."""
    return lambda thing: (
        hasattr(thing, way) and any(each.__module__.partition(".")[0] == library for each in type(thing).__mro__)
    )


def _plotly(thing: Any, height: int) -> str:
    return str(thing.to_html(full_html=True, include_plotlyjs=True, default_height=f"{height}px", div_id="figure"))


def _altair(thing: Any, _height: int) -> str:
    try:
        return str(thing.to_html(inline=True))
    except (ImportError, ValueError) as error:
        raise MissingPart(
            f"charts of Altair need more to stand alone: {str(error).split(chr(10))[0]}",
            hint="pip install vl-convert-python",
        ) from None


def _bokeh(thing: Any, _height: int) -> str:
    from bokeh.embed import file_html
    from bokeh.resources import INLINE

    return str(file_html(thing, INLINE, "Bokeh"))


def _folium(thing: Any, _height: int) -> str:
    return str(thing.get_root().render())


def _anywidget(thing: Any, _height: int) -> str:
    """The page of an anywidget with the state that it has now: what its script would say to Python goes nowhere."""
    state = {name: value for name, value in thing.get_state().items() if not name.startswith("_")}
    values = {"'STATE'": json.dumps(state, default=str), "'CODE'": json.dumps(str(thing._esm))}
    script = _closed(re.sub("'STATE'|'CODE'", lambda found: values[found[0]], _HOST))
    style = _closed(str(getattr(thing, "_css", "") or ""))
    return (
        f'<!doctype html>\n<meta charset="utf-8">\n<title>{escape(type(thing).__name__)}</title>\n'
        f'<style>{style}</style>\n<div id="here"></div>\n<script>{script}</script>\n'
    )


def _closed(text: str) -> str:
    """Text of an element of HTML that nothing in it can end."""
    return re.sub("</(script|style)", r"<\\/\1", text, flags=re.IGNORECASE)


_HOST = """\
const state = 'STATE', hears = {}, el = document.getElementById('here')
const model = {
  get: name => state[name],
  set: (name, value) => { state[name] = value; for (const hear of hears[`change:${name}`] || []) hear() },
  on: (name, hear) => { (hears[name] ||= []).push(hear) }, off: name => { delete hears[name] },
  save_changes: () => {}, send: () => {}
}
import(URL.createObjectURL(new Blob(['CODE'], { type: 'text/javascript' }))).then(async found => {
  const made = typeof found.default === 'function' ? await found.default() : found.default || found
  await made.initialize?.({ model })
  await made.render({ model, el })
})
"""


def _page(thing: Any, _height: int) -> str:
    if isinstance(thing, Path):
        try:
            thing = thing.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            said = getattr(error, "strerror", None) or "it is no text in UTF-8"
            raise CoursewrightError(f"this widget cannot be read: {said}", Place(thing)) from None
        if not _PAGE.match(thing):
            raise CoursewrightError("this file is no whole page of HTML", None, "it begins with <!doctype html>")
    return str(thing)


_KINDS: tuple[tuple[Callable[[Any], bool], Callable[[Any, int], str]], ...] = (
    (_of("plotly", "to_html"), _plotly),
    (_of("altair", "to_html"), _altair),
    (_of("bokeh", "references"), _bokeh),
    (_of("folium", "get_root"), _folium),
    (_of("anywidget", "get_state"), _anywidget),
    (lambda thing: isinstance(thing, Path) or (isinstance(thing, str) and bool(_PAGE.match(thing))), _page),
)


def _in_words(thing: Any) -> str:
    if thing is None:
        return "nothing (None)"
    name = type(thing).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
