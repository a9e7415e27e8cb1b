"""A picture in SVG as PNG on white paper, for programs that show no SVG: readers of feeds, previews of links."""

from __future__ import annotations

import importlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.figures.charts.theme import BACKGROUND, FONT
from coursewright.figures.pictures.themed import SVG, parsed, written

# Letters that DejaVu Sans has, in the main: in a picture with others, fonts of the machine help out.
_BY_DEJAVU = re.compile("[\u0000-\u06ff\u1d00-\u2bff\ufb00-\ufb4f\ufe70-\ufefc]*")
_FACES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSans-BoldOblique.ttf")
_DOTS = 96  # an inch: what a pixel of a page is


def as_png(svg: str, *, scale: float = 2, paper: str = BACKGROUND) -> bytes:
    """`svg` as PNG in its light colours, `scale` dots for each pixel of a page; its letters are those of DejaVu Sans.

    Raises CoursewrightError for one that is no picture with a size, MissingPart when what draws it is not installed.
    """
    root = _plain(svg)
    letters = "".join(root.itertext())
    own = bool(_BY_DEJAVU.fullmatch(letters))
    fonts = _fonts() if letters.strip() else []
    try:
        return bytes(
            _resvg().svg_to_bytes(
                svg_string=written(root),
                background=paper,
                skip_system_fonts=own,
                font_files=fonts,
                font_family=FONT,
                sans_serif_family=FONT,
                dpi=_DOTS,
                zoom=scale,
            )
        )
    except ValueError as error:
        raise CoursewrightError(
            f"this picture cannot be made a PNG: {error}", None, "give it a width and a height"
        ) from None


def can_rasterise() -> bool:
    """Whether what draws a PNG is installed."""
    return find_spec("resvg_py") is not None


def _plain(svg: str) -> Any:
    """The picture without style sheets, whose variables are a browser's: each colour stands where it is used, too."""
    from lxml import etree

    try:
        root = parsed(svg)
    except etree.XMLSyntaxError as error:
        raise CoursewrightError(f"this picture is no SVG: {error.msg}") from None
    if "coursewright" in root.get("class", "").split():
        for style in root.findall(f".//{SVG}style"):
            style.getparent().remove(style)
        for element in [root, *root.iter(f"{SVG}text")]:
            element.attrib.pop("font-family", None)
    return root


def _resvg() -> Any:
    try:
        return importlib.import_module("resvg_py")
    except ModuleNotFoundError:
        raise MissingPart("a PNG of a picture needs resvg-py", hint='pip install "coursewright[charts]"') from None


@cache
def _fonts() -> list[str]:
    """The files of the font that came with whatever drew the picture."""
    folders = {"matplotlib": "mpl-data/fonts/ttf", "ziafont": "fonts"}
    for package, inside in folders.items():
        found = find_spec(package)
        if found and found.origin:
            folder = Path(found.origin).parent / inside
            return [str(folder / name) for name in _FACES if (folder / name).is_file()]
    return []
