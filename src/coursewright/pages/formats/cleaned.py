"""HTML that code wrote, with what is text and nothing else: no script, no style, no address but those of links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_TEXT = frozenset(
    re.findall(
        r"\w+",
        """
    a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption
    figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary
    sup table tbody td tfoot th thead time tr u ul var wbr
    """,
    )
)
# What is left out with all that is in it; any other element leaves what is in it behind.
_NOTHING = frozenset(
    re.findall(
        r"\w+",
        """
    applet audio base button canvas dialog embed fieldset form frame frameset head iframe input link map math
    meta noembed noframes noscript object option param plaintext portal script select style svg template
    textarea title video xmp
    """,
    )
)
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_EVERYWHERE = {"dir", "lang"}
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")


def cleaned(html: str) -> str:
    """`html` as a piece of a page that can do nothing there."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    if body is None:
        return ""
    _clean(body)
    return (body.inner_html or "").strip()


def _clean(parent: LexborNode) -> None:
    for node in list(parent.iter(include_text=True)):
        tag = node.tag or ""
        if tag == "-text":
            continue
        if tag in _NOTHING or tag == "-comment" or not re.fullmatch("[a-z0-9]+", tag):
            node.decompose()
            continue
        _clean(node)
        if tag not in _TEXT:
            node.unwrap()
            continue
        for name, value in dict(node.attributes).items():
            if not _allowed(tag, name, value or ""):
                del node.attrs[name]


def _allowed(tag: str, name: str, value: str) -> bool:
    if name not in _ATTRIBUTES.get(tag, ()) and name not in _EVERYWHERE:
        return False
    if name == "src":
        return bool(_PICTURE.fullmatch(value))
    if name == "href":
        try:
            return urlsplit(value.strip()).scheme.lower() in ("http", "https", "mailto")
        except ValueError:
            return False
    return True
