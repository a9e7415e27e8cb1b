"""A picture in SVG that follows the theme of its reader: as a file, in a page, and under a page's own switch.

Each colour stays where it was written, for programs that know no style sheets, and gets a class. The picture's own
style sheet gives each class a colour for light and for dark: dark where the reader's system asks for it, and where
anything around the picture says `data-theme="dark"`. Ink, quiet ink, grid and paper are taken from a page that sets
`--chart-ink`, `--chart-quiet`, `--chart-grid` and `--chart-paper`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any

from coursewright.figures.charts.theme import BACKGROUND, FAINT, FONTS, INK, SOFT, readable
from coursewright.figures.pictures.colour import (
    COLOURS,
    DARK,
    DARK_COLOURS,
    LETTERS,
    LIGHT,
    MARKS,
    hexadecimal,
    on_dark,
    turned,
)

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
_PAINTED = {"fill": "f", "stroke": "s", "stop-color": "p"}
_WRITTEN = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|black|white")
_SCALE = 24  # colours; more of them are the steps of a scale, which keep their order only as they are
# What the page may say otherwise: its variable, and the colour on light and on dark paper.
ROLES = {
    INK: ("ink", INK, DARK_COLOURS[6]),
    "#000000": ("ink", INK, DARK_COLOURS[6]),
    SOFT: ("quiet", SOFT, "#a4adb8"),
    FAINT: ("grid", FAINT, "#363c44"),
    BACKGROUND: ("paper", LIGHT, DARK),
}

Key = tuple[str, bool]  # a colour as it is drawn, and whether letters have it
Colours = tuple[str, str, str]  # the page's variable or "", and the colour on light and on dark paper


def themed(svg: str | bytes, *, alt: str, title: str = "", dark: Mapping[str, str] | None = None) -> str:
    """`svg`, drawn for white paper, as a picture without paper that follows the theme, with its text inside.

    `dark` gives colours of the drawing other ones on dark paper. All ids begin with one that is made from the content.
    """
    root = _named(svg, alt, title)
    root.set("fill", root.get("fill", "#000000"))
    root.set("font-family", FONTS)
    root.set("class", "coursewright")
    _style(root, _painted(root, _known() | _pairs((dark or {}).items())))
    return written(root)


def identified(svg: str, *, alt: str, title: str = "") -> str:
    """`svg` with its text inside and with ids that begin with one that is made from the content."""
    return written(_named(svg, alt, title))


def inline(svg: str, ident: str, *, alt: str = "", narrow: str = "") -> str:
    """A picture of ours as HTML to stand in a page, where its text is found and its marks say their values.

    `ident`, unique in the page, stands before all of its ids. `alt` says in words what it shows, in place of the
    picture's own text. With `narrow`, the same drawn for a telephone, both are there with the classes `wide` and
    `narrow`, of which the page's style sheet shows one. Empty for any SVG that is not ours: it may hold more than a
    picture, and belongs in an `<img>`.
    """
    root = _ours(svg)
    small = _ours(narrow) if narrow else None
    if root is None:
        return ""
    if small is None:
        return _placed(root, ident, alt)
    root.set("class", f"{root.get('class')} wide")
    small.set("class", f"{small.get('class')} narrow")
    return _placed(root, ident, alt) + _placed(small, f"{ident}-narrow", alt)


def _ours(svg: str) -> Any:
    """The root of a picture that `themed` made; None for any other."""
    from lxml import etree

    try:
        root = parsed(svg)
    except etree.XMLSyntaxError:
        return None
    return root if "coursewright" in root.get("class", "").split() else None


def _placed(root: Any, ident: str, alt: str) -> str:
    old = root.get("id", "")
    told = {each.tag: each for each in root if each.tag in (f"{SVG}title", f"{SVG}desc")}
    desc = told.get(f"{SVG}desc", told.get(f"{SVG}title"))
    root.set("aria-label", alt or (desc.text if desc is not None else "") or "")
    root.attrib.pop("aria-labelledby", None)
    for each in told.values():
        root.remove(each)  # the pointer anywhere on the picture would show them
    for element in root.iter(f"{SVG}style"):
        element.text = (element.text or "").replace(f"#{old}", f"#{ident}")
    _identify(root, ident, old)
    return written(root)


def parsed(svg: str | bytes) -> Any:
    """The root of `svg`, in which nothing is looked up elsewhere."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True, remove_comments=True)
    return etree.fromstring(_bytes(svg), parser)


def written(root: Any) -> str:
    """`root` as text, with one line break at its end."""
    from lxml import etree

    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode")) + "\n"


def printable(text: str) -> str:
    """`text` without the control characters that XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


def _bytes(svg: str | bytes) -> bytes:
    return svg.encode() if isinstance(svg, str) else svg


def _identify(root: Any, ident: str, old: str = "") -> None:
    """Put `ident` before every id and whatever points to one, in place of `old` where that stands there."""

    def new(name: str) -> str:
        return f"{ident}{name.removeprefix(old)}" if old else f"{ident}-{name}"

    for element in root.iter(f"{SVG}*"):
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, new(value))
            elif key in (LINK, "href") and value.startswith("#"):
                element.set(key, f"#{new(value[1:])}")
            elif "url(#" in value:
                element.set(key, re.sub(r"url\(#([^)]+)\)", lambda found: f"url(#{new(found[1])})", value))
    root.set("id", ident)


@cache
def _known() -> dict[Key, Colours]:
    """The colours of the course on light and on dark paper."""
    known = _pairs(zip(COLOURS, DARK_COLOURS, strict=True))
    for colour, role in ROLES.items():
        known[colour, False] = known[colour, True] = role
    return known


def _pairs(colours: Iterable[tuple[str, str]]) -> dict[Key, Colours]:
    """Colours with what they are on dark paper, as marks and in the letters that name the marks."""
    found: dict[Key, Colours] = {}
    for light, dark in colours:
        found[light, False] = ("", light, on_dark(dark))
        for colour in (light, readable(light)):
            found.setdefault((colour, True), ("", colour, on_dark(dark, LETTERS)))
    return found


def _painted(root: Any, known: Mapping[Key, Colours]) -> list[Colours]:
    """Give each element a class for each of its colours; and for each class, by number, its colours."""
    found = [(element, name, key) for element in root.iter(f"{SVG}*") for name, key in _colours(element)]
    strange = {key[0] for _, _, key in found if key not in known}
    numbers: dict[Colours, int] = {}
    for element, name, key in found:
        colours = known.get(key)
        if colours is None:
            kept = len(strange) > _SCALE and not key[1]
            colours = ("", key[0], key[0] if kept else turned(key[0], LETTERS if key[1] else MARKS))
        number = numbers.setdefault(colours, len(numbers))
        element.set("class", f"{element.get('class', '')} {_PAINTED[name]}{number}".strip())
    return list(numbers)


def _colours(element: Any) -> Iterator[tuple[str, Key]]:
    """Each of the element's colours, written as an attribute where a style sheet can change it."""
    declared = dict(part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    style = {name.strip(): value.strip() for name, value in declared.items()}
    for name in _PAINTED:
        if name in style:
            element.set(name, style.pop(name))
    if declared:
        style.pop("font-family", None)
        element.attrib.pop("style")
        for name, value in style.items():
            element.set(name, value.removesuffix("px"))
    for name in _PAINTED:
        value = element.get(name, "")
        if _WRITTEN.fullmatch(value):
            yield name, (hexadecimal({"black": "#000", "white": "#fff"}.get(value, value)), element.tag == f"{SVG}text")


def _named(svg: str | bytes, alt: str, title: str) -> Any:
    """The root of `svg` with its name and its text, for who does not see it."""
    from lxml import etree

    root = parsed(svg)
    ident = "f" + blake2b(f"{title}\0{alt}\0".encode() + _bytes(svg), digest_size=6).hexdigest()
    for element in root.findall(f"{SVG}title"):
        root.remove(element)
    _identify(root, ident)
    told = {"title": printable(title or alt), "desc": printable(alt)} if title else {"title": printable(alt)}
    for place, (name, text) in enumerate(told.items()):
        element = etree.Element(f"{SVG}{name}", id=f"{ident}-{name}")
        element.text = text
        root.insert(place, element)
    root.set("role", "img")
    root.set("aria-labelledby", " ".join(f"{ident}-{name}" for name in told))
    return root


def _style(root: Any, colours: Sequence[Colours]) -> None:
    """The style sheet, which reaches nothing outside of the picture."""
    from lxml import etree

    ident = root.get("id")

    def said(paper: int) -> str:
        each = ((number, colour[0], colour[paper]) for number, colour in enumerate(colours))
        return ";".join(f"--k{n}:{f'var(--chart-{role},{colour})' if role else colour}" for n, role, colour in each)

    names = {name for element in root.iter(f"{SVG}*") for name in element.get("class", "").split()}
    rules = [
        f"#{ident}.{letter}{number},#{ident} .{letter}{number}{{{name}:var(--k{number})}}"
        for name, letter in _PAINTED.items()
        for number in range(len(colours))
        if f"{letter}{number}" in names
    ]
    element = etree.Element(f"{SVG}style")
    element.text = "".join(
        (
            f"#{ident}{{{said(1)}}}",
            f"@media screen and (prefers-color-scheme:dark){{#{ident}{{{said(2)}}}}}",
            f'[data-theme="light"] #{ident}{{{said(1)}}}',
            f'@media screen{{[data-theme="dark"] #{ident}{{{said(2)}}}}}',
            *rules,
        )
    )
    root.insert(len(root.findall(f"{SVG}title")) + len(root.findall(f"{SVG}desc")), element)
