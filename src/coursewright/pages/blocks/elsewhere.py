"""What HTML in a frame asks for when it is shown: addresses in the web, and files that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_ASKING = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src",),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
_SHEETS = frozenset({"modulepreload", "preload", "stylesheet"})
_HERE = re.compile(r"\s*(?:$|#|(?:about|blob|data|javascript):)", re.IGNORECASE)
_WEB = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_IN_STYLE = re.compile(r"""(?:url\(\s*|@import\s+(?!url))["']?([^"')\s;]+)""", re.IGNORECASE)
_LARGE = 20_000  # letters: a script of so many is a library, in which addresses are names and licences
_LIBRARY = re.compile(rf"(<script\b[^>]*>)(?:(?!</script).){{{_LARGE},}}(</script>)", re.IGNORECASE | re.DOTALL)
# In a short script a text is the address of something that is fetched if it looks like a file, or comes from a host
# of libraries; what a specification is valid by is a name.
_QUOTED = re.compile(r"""(\$schema["']?\s*:\s*)?(["'`])((?:https?:)?//[^"'`\s<>\\]+)\2""")
_FETCHED = re.compile(
    r"(?:https?:)?//(?:(?:ajax|cdn|esm|tiles?|unpkg)\b|[^/]*\{s\})|\.(?:css|csv|geojson|jpe?g|m?js|json|png|wasm|webp)\b"
    r"|[?&]noext\b|\{z\}",
    re.IGNORECASE,
)


def asked_elsewhere(html: str) -> tuple[str, ...]:
    """The addresses that `html` fetches from the web when it is shown in a frame, as far as they can be seen."""
    return tuple(dict.fromkeys(address.strip() for address in _asked(html) if _WEB.match(address)))


def asked_beside(html: str) -> tuple[str, ...]:
    """The files beside the page that it asks for, which a frame has not."""
    return tuple(dict.fromkeys(each.strip() for each in _asked(html) if not _WEB.match(each)))


def says_anything(html: str) -> bool:
    """Whether there is a text in `html` before any script of it draws."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(html).body
    for node in body.css("script, style, noscript, template") if body is not None else ():
        node.decompose()
    return body is not None and bool(body.text().strip() or body.css("svg title, [aria-label], img[alt]"))


def _asked(html: str) -> Iterator[str]:
    from selectolax.lexbor import LexborHTMLParser

    for node in LexborHTMLParser(_LIBRARY.sub(r"\1\2", html)).css("*"):
        yield from (address for address in _of(node) if not _HERE.match(address))


def _of(node: LexborNode) -> Iterator[str]:
    tag, attributes = node.tag or "", node.attributes
    if tag == "link" and not _SHEETS.isdisjoint((attributes.get("rel") or "").lower().split()):
        yield attributes.get("href") or ""
    if tag == "iframe" and (inside := attributes.get("srcdoc")):
        yield from _asked(inside)
    else:
        yield from ((attributes.get(name) or "").split(" ")[0] for name in _ASKING.get(tag, ()))
    yield from _IN_STYLE.findall(attributes.get("style") or "")
    text = node.text(deep=True) if tag in ("script", "style") else ""
    if tag == "style":
        yield from _IN_STYLE.findall(text)
    elif text:
        yield from (found[2] for found in _QUOTED.findall(text) if not found[0] and _FETCHED.search(found[2]))
