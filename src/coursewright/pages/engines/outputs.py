"""What a kernel gave, as data that every format can write."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, Literal

from coursewright.pages.block import Formula, Markup, Picture, Printed, Raster, Shown
from coursewright.pages.engines.asked import Asking
from coursewright.pages.engines.failure import clean
from coursewright.pages.engines.kernel import Ran, left_out
from coursewright.pages.engines.sounds import sounds_in
from coursewright.pages.engines.tables import table_in
from coursewright.pages.engines.widgets import widget_in
from coursewright.pages.syntax import markdown

_RASTERS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_STREAMS: Mapping[str, Literal["output", "notice", "error"]] = {
    "stdout": "output",
    "stderr": "notice",
    "error": "error",
    "notice": "notice",
}
_DATE = re.compile(r"\s*<dc:date>[^<]*</dc:date>")  # of its drawing, by which no two builds would be alike
_OBJECT = re.compile(r"<IPython\.core\.display\.\w+ object>|")
_SCRIPTED = re.compile(
    r"<(script|iframe|object|embed|link|base|video|svg|canvas|math|form|button|input|select|textarea|dialog)\b"
    r"|\bon\w+\s*=|javascript:",
    re.IGNORECASE,
)  # what does something, or would be lost where HTML is only read


def shown(ran: Ran, asking: Asking) -> tuple[Shown, ...]:
    """The outputs, in order; pictures have the alternative texts and captions of the cell's metadata."""
    found: list[Shown] = []
    for piece in ran.pieces:
        if "stream" in piece:
            text = clean(_as_terminal(piece["text"]))
            found += [Printed(text.rstrip("\n"), _STREAMS[piece["stream"]])] if text.strip() else []
        else:
            found += _of_data(piece["data"], piece["metadata"], asking)
    if said := left_out(ran):
        found.append(Printed(said, "notice"))
    return tuple(found)


def _of_data(data: dict[str, Any], metadata: dict[str, Any], asking: Asking) -> Iterator[Shown]:
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


def _of_text(data: dict[str, Any], asking: Asking) -> Iterator[Shown]:
    plain = clean(_text(data.get("text/plain", ""))).rstrip()
    html = _text(data.get("text/html", ""))
    if "<audio" in html.lower():
        found, html = sounds_in(html)
        yield from found
        if not html:
            return
    if not html and asking.language != "r" and (source := _text(data.get("text/markdown", ""))):
        yield Markup(str(markdown().render(source, {})), source)
        return
    table = table_in(html) if "<table" in html else None
    latex = _text(data.get("text/latex", "")).strip()
    if table is not None:
        yield table
    elif html and asking.language == "r" and not _SCRIPTED.search(html) and plain:
        yield Printed(plain, "output")  # its kernel writes every value as HTML too
    elif html:
        framed = bool(_SCRIPTED.search(html)) or "<style" in html.lower()
        said = ("" if framed else _words(html)) if _OBJECT.fullmatch(plain) else plain
        yield Markup(html, said, framed)
    elif asking.language != "r" and (tex := _tex(latex)):
        yield Formula(tex)
    elif plain:
        yield Printed(plain, "output")
    elif data:
        yield Printed(f"an output that pages cannot show: {', '.join(sorted(data))}", "notice")


def _words(html: str) -> str:
    """What HTML without scripts says."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    return " ".join(body.text(separator=" ").split()) if body is not None else ""


def _tex(latex: str) -> str:
    """A formula on lines of its own, without its marks; "" for anything else."""
    from coursewright.errors import CoursewrightError
    from coursewright.pages.syntax import formula

    found = re.fullmatch(r"\$\$?(?:\\displaystyle)?([^$]+)\$?\$", latex)
    tex = found[1].strip() if found else ""
    try:
        return tex if tex and formula(tex) else ""
    except CoursewrightError:
        return ""


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _alt(metadata: dict[str, Any], media_type: str) -> str:
    """The alternative text in the metadata of an output, of all media types or of one."""
    own = metadata.get(media_type)
    given = (own.get("alt") if isinstance(own, dict) else None) or metadata.get("alt")
    return str(given) if given else ""


def _named(word: str, content: bytes) -> str:
    return f"{word}-{blake2b(content, digest_size=6).hexdigest()}"


def _as_terminal(text: str) -> str:
    """Text as a terminal ends up showing it: what a line says again after a carriage return stands alone."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.replace("\r\n", "\n").split("\n"))
