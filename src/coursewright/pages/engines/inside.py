"""Widgets that a kernel gave as HTML: a frame that holds a whole page, as `widget()` of Python and of R makes it."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

from coursewright.media import untold
from coursewright.pages.blocks.block import EmbeddedPage

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_HEIGHT = re.compile(r"\bheight:\s*(\d+)px")
_USUAL = 400  # pixels
_DRAWN = re.compile(r"\bhtmlwidget-[0-9a-f]{16,}")  # ids that htmlwidgets draws at random


def framed_in(html: str) -> EmbeddedPage | None:
    """The widget that is all of `html`, so that its libraries can be in the site once; None for anything else."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    frames = body.css("iframe") if body is not None else []
    if body is None or len(frames) != 1 or not _is_ours(frames[0]):
        return None
    frame = frames[0].attributes
    page, title, caption = untold(frame.get("srcdoc") or ""), frame.get("title") or "", body.css_first("figcaption")
    told = " ".join(caption.text().split()) if caption is not None else ""
    for node in (*body.css("script"), *body.css("figcaption"), *frames):
        node.decompose()
    if body.text().strip() or body.css("img, audio, table, svg, details"):
        return None
    height = _HEIGHT.search(frame.get("style") or "")
    name = f"code-{blake2b(page.encode(), digest_size=6).hexdigest()}"
    return EmbeddedPage(name, page, title, told, int(height[1]) if height else _USUAL)


def steady(html: str) -> str:
    """HTML for a frame of its own, in which widgets of R have ids that are the same in each run."""
    ids = {each: f"htmlwidget-{number}" for number, each in enumerate(dict.fromkeys(_DRAWN.findall(html)), start=1)}
    return _DRAWN.sub(lambda found: ids[found[0]], html)


def _is_ours(frame: LexborNode) -> bool:
    """Whether it is a frame that its scripts cannot leave, with a whole page in it."""
    page = (frame.attributes.get("srcdoc") or "").lstrip().lower()
    return frame.attributes.get("sandbox") == "allow-scripts" and page.startswith(("<!doctype html", "<html"))
