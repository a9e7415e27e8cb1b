"""What a kernel gave, as data that every format can write."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, Literal

from coursewright.pages.blocks.block import Markup, Output, Picture, PrintedText, Raster
from coursewright.pages.engines.asked import CellTask
from coursewright.pages.engines.failure import clean
from coursewright.pages.engines.inside import framed_in, steady
from coursewright.pages.engines.kernel import Ran, left_out
from coursewright.pages.engines.latex import of_latex
from coursewright.pages.engines.sounds import sounds_in
from coursewright.pages.engines.tables import table_in
from coursewright.pages.engines.widgets import what_helps, widget_in
from coursewright.pages.syntax import markdown

_RASTERS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_STREAMS: Mapping[str, Literal["output", "notice", "error", "lost"]] = {
    "stdout": "output",
    "stderr": "notice",
    "error": "error",
    "lost": "lost",
}
_DATE = re.compile(r"\s*<dc:date>[^<]*</dc:date>")  # of its drawing, by which no two builds would be alike
_OBJECT = re.compile(r"<[\w.]+ object(?: at 0x…)?>|<Figure size \S+ with \d+ Axes>|")
_TEXTS = frozenset({"text/plain", "text/html", "text/markdown", "text/latex"})
_TREES = ("application/json", "application/geo+json")
_NO_HTML = "cannot be represented in plain text (need html)"  # what R's htmltools says in the place of a plain text
_SCRIPTED = re.compile(
    r"<(script|iframe|object|embed|link|base|video|svg|canvas|form|button|input|select|textarea|dialog)\b"
    r"|\bon\w+\s*=|javascript:",
    re.IGNORECASE,
)  # what does something, or would be lost where HTML is only read


def shown(ran: Ran, asking: CellTask) -> tuple[Output, ...]:
    """The outputs, in order; pictures have the alternative texts and captions of the cell's metadata."""
    found: list[Output] = []
    for piece in ran.pieces:
        if "stream" in piece:
            text = clean(piece["text"])
            printed = PrintedText(text.rstrip("\n"), _STREAMS[piece["stream"]], piece.get("hint", ""))
            found += [printed] if text.strip() else []
        else:
            found += _of_data(piece["data"], piece["metadata"], asking)
    if said := left_out(ran):
        found.append(PrintedText(said, "lost", "print less of it"))
    return tuple(found)


def _of_data(data: dict[str, Any], metadata: dict[str, Any], asking: CellTask) -> Iterator[Output]:
    """The best that there is of one output."""
    if widget := widget_in(data):
        yield widget
        return
    if "image/svg+xml" in data:
        svg = _DATE.sub("", _text(data["image/svg+xml"]))
        yield Picture(_named("code", svg.encode()), svg, _alt(metadata, "image/svg+xml"))
        return
    for media_type, ending in _RASTERS.items():
        if media_type in data:
            content = base64.b64decode(data[media_type])
            name = f"{_named('code', content)}.{ending}"
            width = metadata.get(media_type, {}).get("width") if isinstance(metadata.get(media_type), dict) else None
            yield Raster(name, content, _alt(metadata, media_type), width=width if isinstance(width, int) else None)
            return
    yield from _of_text(data, asking)


def _of_text(data: dict[str, Any], asking: CellTask) -> Iterator[Output]:
    plain = clean(_text(data.get("text/plain", ""))).rstrip()
    html = _text(data.get("text/html", ""))
    if "<audio" in html.lower():
        found, html = sounds_in(html)
        yield from found
        if not html:
            return
    if "<iframe" in html.lower() and (widget := framed_in(html)):
        yield widget
        return
    by_html = html and not (asking.language == "r" and _said_by_r(html, plain))  # its kernel writes all values as HTML
    table = table_in(html) if "<table" in html else None
    if table is not None:
        yield table
    elif by_html and _says_anything(html, data):
        yield _markup(html, "" if _OBJECT.fullmatch(plain) or _NO_HTML in plain else plain)
    else:
        yield from _without_html(data, plain, asking)


def _without_html(data: Mapping[str, Any], plain: str, asking: CellTask) -> Iterator[Output]:
    """What the other texts of an output say, or what it is that no page can show."""
    markdown_too, latex = (_text(data.get(f"text/{name}", "")).strip() for name in ("markdown", "latex"))
    if asking.language == "r" and plain:
        markdown_too = latex = ""  # its kernel writes every value in these too
    if markdown_too:
        yield _markup(str(markdown().render(markdown_too, {})), markdown_too)
    elif latex:
        yield from of_latex(latex, plain)
    elif tree := next((data[name] for name in _TREES if name in data), None):
        yield PrintedText(json.dumps(tree, indent=2, ensure_ascii=False))
    elif (others := sorted(set(data) - _TEXTS)) or not plain:
        said = "" if _OBJECT.fullmatch(plain) or not plain else f" ({plain})"
        if data:
            kinds = ", ".join(others or data)
            yield PrintedText(f"an output that pages cannot show: {kinds}{said}", "lost", what_helps(others))
    else:
        yield PrintedText(plain)


def _said_by_r(html: str, plain: str) -> bool:
    return bool(plain) and _NO_HTML not in plain and "<table" not in html and not _SCRIPTED.search(html)


def _says_anything(html: str, data: Mapping[str, Any]) -> bool:
    """Whether HTML is more than a place for what a script of the same output would draw."""
    return bool(_words(html) or re.search(r"<(?!/?(?:div|p|span)\b)\w", html)) or not set(data) - _TEXTS


def _markup(html: str, plain: str) -> Markup:
    """HTML that stands in the page, or in a frame where it does something, or would be lost."""
    framed = bool(_SCRIPTED.search(html)) or "<style" in html.lower()
    return Markup(steady(html) if framed else html, plain or ("" if framed else _words(html)), framed)


def _words(html: str) -> str:
    """What HTML without scripts says."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    return " ".join(body.text(separator=" ").split()) if body is not None else ""


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _alt(metadata: dict[str, Any], media_type: str) -> str:
    """The alternative text in the metadata of an output, of all media types or of one."""
    own = metadata.get(media_type)
    given = (own.get("alt") if isinstance(own, dict) else None) or metadata.get("alt")
    return str(given) if given else ""


def _named(word: str, content: bytes) -> str:
    return f"{word}-{blake2b(content, digest_size=6).hexdigest()}"
