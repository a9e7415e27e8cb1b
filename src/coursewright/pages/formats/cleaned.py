"""HTML that code wrote, with what is text and nothing else: no script, no rule of style, no address that does anything.

What is allowed is listed; so are the words for what is left out, which their author should know of.
"""

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
    a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div
    dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li mark meter nav ol p pre
    progress q rp rt ruby s samp section small span strong sub summary sup table tbody td tfoot th thead time tr u ul
    var wbr
    """,
    )
)
_MATHS = frozenset(
    re.findall(
        r"\w+",
        """
    annotation maction math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow
    ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics
    """,
    )
)
# What is left out with all that is in it; any other element leaves what is in it behind.
_NOTHING = frozenset(
    re.findall(
        r"\w+",
        """
    applet audio base button canvas dialog embed fieldset form frame frameset head iframe input link map
    meta noembed noframes noscript object option param plaintext portal script select source style svg template
    textarea title track video xmp
    """,
    )
)
_SILENT = frozenset({"head", "link", "meta", "noembed", "noframes", "noscript", "param", "source", "template", "title"})
_COUNTED = {"high", "low", "max", "min", "optimum", "value"}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "meter": _COUNTED,
    "ol": {"reversed", "start", "type"},
    "progress": _COUNTED,
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_EVERYWHERE = {"dir", "lang", "style"}
_OF_MATHS = frozenset(
    re.findall(
        r"\w+",
        """
    accent accentunder columnalign columnlines columnspacing columnspan depth dir display displaystyle encoding fence
    form frame height largeop linethickness lquote lspace mathvariant maxsize minsize movablelimits notation rowalign
    rowlines rowspacing rowspan rquote rspace scriptlevel separator stretchy symmetric voffset width xmlns
    """,
    )
)
_DATA = re.compile(
    r"data:image/(png|jpeg|gif|webp|avif|bmp|svg\+xml)[;,].*", re.DOTALL
)  # an <img> runs no script of it
_LOOKS = re.compile(
    r"(?:(?:background-)?color|background|border(?:-\w+)?(?:-(?:color|style|width))?|border-(?:collapse|spacing)"
    r"|font-(?:family|size|style|variant|weight)|height|line-height|list-style-type|max-width|min-width|opacity"
    r"|padding(?:-\w+)?|text-(?:align|decoration|transform)|vertical-align|white-space|width)"
    r"\s*:\s*(?:[\w\s#%.,'\"-]|(?:rgb|hsl)a?\([\w\s%.,/]*\))+"
)
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_PICTURED = re.compile(r"""url\(\s*["']?([^"')]+)""", re.IGNORECASE)


def cleaned(html: str) -> str:
    """`html` as a piece of a page that can do nothing there."""
    return _cleaned(html)[0]


def left_out(html: str) -> tuple[str, ...]:
    """What `cleaned` leaves out of `html` that readers would miss, in words."""
    return _cleaned(html)[1]


def _cleaned(html: str) -> tuple[str, tuple[str, ...]]:
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    if body is None:
        return "", ()
    missed: dict[str, None] = {}
    _clean(body, _TEXT, missed)
    return (body.inner_html or "").strip(), tuple(missed)


def _clean(parent: LexborNode, allowed: frozenset[str], missed: dict[str, None]) -> None:
    for node in list(parent.iter(include_text=True)):
        tag = node.tag or ""
        if tag == "-text":
            continue
        within = _MATHS if tag == "math" else allowed  # in a formula stands nothing but parts of one
        if _goes(node, tag, within, missed):
            node.decompose()
            continue
        _clean(node, within, missed)
        if tag not in within:
            _leave_behind(node)
            continue
        if tag == "img" and not node.attributes.get("src"):
            missed[f"the picture {_short(node.attributes.get('srcset') or 'without an address')}"] = None
        for name, value in dict(node.attributes).items():
            kept = _kept(tag, name, value or "", missed)
            if kept is None:
                del node.attrs[name]
            elif kept != value:
                node.attrs[name] = kept


def _goes(node: LexborNode, tag: str, within: frozenset[str], missed: dict[str, None]) -> bool:
    """Whether an element goes with all that is in it; readers miss nothing that was hidden from them."""
    if "hidden" in node.attributes or _HIDDEN.search(node.attributes.get("style") or ""):
        return True
    if tag in _NOTHING - _SILENT or (tag == "picture" and node.css_first("img") is None):
        missed[f"the <{tag}>"] = None
    return tag in _NOTHING or not re.fullmatch("[a-z0-9]+", tag) or (within is _MATHS and tag not in _MATHS)


def _leave_behind(node: LexborNode) -> None:
    """What is in an element, in its place; an element with nothing in it goes, with its attributes."""
    if node.first_child is None:
        node.decompose()
    else:
        node.unwrap()


def _kept(tag: str, name: str, value: str, missed: dict[str, None]) -> str | None:
    """What of an attribute stays; None for nothing."""
    if tag in _MATHS:
        return value if name in _OF_MATHS else None
    if name not in _ATTRIBUTES.get(tag, ()) and name not in _EVERYWHERE:
        return None
    if name == "style":
        missed.update({f"the picture {_short(address)}": None for address in _PICTURED.findall(value)})
        return "; ".join(each.strip() for each in value.split(";") if _LOOKS.fullmatch(each.strip())) or None
    return _address(name, value, missed) if name in ("src", "href") else value


def _address(name: str, value: str, missed: dict[str, None]) -> str | None:
    """An address of a picture or a link, if it leads somewhere from a page."""
    address = f"https:{value}" if value.startswith("//") else value
    if name == "src":
        leads, thing = _DATA.fullmatch(address) or _leads_out(address, "http", "https"), "picture"
    else:
        leads, thing = _leads_out(address, "http", "https", "mailto"), "link to"
    if not leads and not value.startswith("#"):
        missed[f"the {thing} {_short(value)}"] = None
    return address if leads else None


def _leads_out(address: str, *schemes: str) -> bool:
    try:
        return urlsplit(address.strip()).scheme.lower() in schemes
    except ValueError:
        return False


def _short(address: str) -> str:
    return re.split(r"[;,]", address)[0] if address.startswith("data:") else address.strip()[:80]
