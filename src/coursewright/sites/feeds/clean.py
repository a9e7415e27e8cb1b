"""HTML as readers of feeds take it: what is allowed and no more, with whole addresses, and without ids.

Several entries stand on one page of a reader, where ids of two pages could be one; what leads to a place inside the
page leads to it on the site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from coursewright.sites.feeds.text import legal

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_TEXT = frozenset(
    re.findall(
        r"[\w-]+",
        """
    a abbr b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3
    h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp small source span strong sub summary
    sup table tbody td tfoot th thead time tr u ul var wbr audio video track
    """,
    )
)
_MATHS = frozenset(
    re.findall(
        r"[\w-]+",
        """
    math annotation menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts
    mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics
    """,
    )
)
# What is left out with all that is in it; any other element leaves what is in it behind.
_NOTHING = frozenset(
    re.findall(
        r"[\w-]+",
        """
    applet audio-player base button canvas dialog embed fieldset frame frameset head input link map meta
    noscript object option param portal script select style svg template textarea title
    """,
    )
)
_EVERYWHERE = frozenset({"dir", "lang", "title"})
_ATTRIBUTES = {
    "a": {"href", "hreflang"},
    "audio": {"controls", "src"},
    "blockquote": {"cite"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "source": {"src", "type"},
    "td": {"align", "colspan", "headers", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"kind", "label", "src", "srclang"},
    "video": {"controls", "height", "poster", "src", "width"},
}
_ADDRESSES = {"cite", "href", "poster", "src"}
_SCHEMES = {"", "ftp", "geo", "http", "https", "mailto", "sms", "tel"}  # of what a link may lead to
_ALIGNED = re.compile(r"text-align:\s*(left|right|center)")


def cleaned(html: str, page: str, title: str = "") -> str:
    """`html`, the content of the page at the address `page`, without its first heading where that says `title`."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(f"<!doctype html><body>{legal(html)}</body>").body
    if body is None:
        return ""
    first = next(body.iter(), None)
    if first is not None and first.tag == "h1" and " ".join(first.text().split()) == " ".join(title.split()):
        first.decompose()
    _clean(body, page)
    return legal((body.inner_html or "").strip())


def said(html: str, site: str) -> str:
    """What cleaned `html` says, however it looks: its text, and where it leads. `site` is the address of the site."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    found: list[str] = []
    for node in body.traverse(include_text=True) if body is not None else ():
        if node.tag == "-text":
            found.append(node.text_content or "")
        elif node.tag in ("a", "audio", "img", "source", "video"):
            values = {name: value or "" for name, value in node.attributes.items()}
            found += [
                values.get("alt", ""),
                *(values[name].removeprefix(site) for name in ("href", "src") if name in values),
            ]
    return " ".join(" ".join(found).split())


def _clean(parent: LexborNode, page: str) -> None:
    for node in list(parent.iter(include_text=False)):
        tag = node.tag or ""
        if tag == "input" and node.attributes.get("type") == "checkbox":
            node.replace_with("☑" if "checked" in node.attributes else "☐")
        elif tag == "iframe":
            _linked(node, page)
        elif tag in _NOTHING:
            node.decompose()
        elif tag == "img" and not _whole(node.attributes.get("src") or "", page):
            node.replace_with(node.attributes.get("alt") or "")
        else:
            _clean(node, page)
            if tag in _TEXT or tag in _MATHS:
                _set_attributes(node, tag, page)
            if not (tag in _TEXT or tag in _MATHS) or (tag == "span" and not node.attributes):
                node.unwrap()


def _set_attributes(node: LexborNode, tag: str, page: str) -> None:
    given = dict(node.attributes)
    aligned = _aligned(given) if tag in ("td", "th") else ""
    for name, value in given.items():
        if not _allowed(tag, name):
            del node.attrs[name]
        elif name in _ADDRESSES:
            whole = _whole(value or "", page)
            if whole:
                node.attrs[name] = whole
            else:
                del node.attrs[name]
    if aligned:
        node.attrs["align"] = aligned


def _aligned(given: Mapping[str, str | None]) -> str:
    """Where the text of a cell stands, of which readers know no style: numbers stand to the right."""
    written = _ALIGNED.search(given.get("style") or "")
    if written:
        return written[1]
    return "right" if "number" in (given.get("class") or "").split() else ""


def _allowed(tag: str, name: str) -> bool:
    if tag in _MATHS:
        return not name.startswith(("on", "xlink:", "data-")) and name not in ("class", "href", "id", "src", "style")
    return name in _EVERYWHERE or name in _ATTRIBUTES.get(tag, ())


def _whole(address: str, page: str) -> str:
    """An address as seen from anywhere; "" for one that leads nowhere from there, or that holds what it shows."""
    try:
        whole = urljoin(page, address.strip())
        return whole if urlsplit(whole).scheme.lower() in _SCHEMES else ""
    except ValueError:
        return ""


def _linked(node: Any, page: str) -> None:
    """In the place of another page that stood in the page, a link to it: readers of feeds show no page in a page."""
    address = _whole(node.attributes.get("src") or "", page)
    if not address:
        node.decompose()
        return
    from selectolax.lexbor import LexborHTMLParser

    name = node.attributes.get("title") or address
    link = LexborHTMLParser(f'<!doctype html><p><a href="{escape(address)}">{escape(name)}</a></p>')
    node.replace_with(link.css_first("p"))
