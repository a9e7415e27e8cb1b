"""Text as outlines of DejaVu Sans: a label is as wide on every machine as it was when its diagram was laid out."""

from __future__ import annotations

import importlib
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from coursewright.errors import MissingPart

SIZE = 15.0
RISE = 0.73  # height of a capital letter in sizes
_UNIT = 2048  # of DejaVu Sans
_ABSENT = 1.1  # width of a letter that the font does not have, in sizes: no East Asian letter or emoji is wider


@cache
def _font() -> tuple[dict[int, str], Any]:
    """Which outline each letter has, and the outlines, both read when they are asked for.

    The package that brings the font is found but not loaded: it would read all of the font's kerning, for a second.
    """
    home = find_spec("ziafont")
    try:
        reader = importlib.import_module("fontTools.ttLib")
    except ModuleNotFoundError:
        home = None
    if home is None or home.origin is None:
        raise MissingPart("diagrams need fonttools and ziafont", hint='pip install "coursewright[diagrams]"')
    file = Path(home.origin).parent / "fonts" / "DejaVuSans.ttf"
    font = reader.TTFont(BytesIO(file.read_bytes()), lazy=True)  # lazy, it would keep the file itself open
    return font.getBestCmap(), font.getGlyphSet()


@cache
def _letter(letter: str) -> tuple[str, float] | None:
    """The outline of a letter in units of the font, y upwards, and its advance; None when the font lacks it."""
    from fontTools.pens.svgPathPen import SVGPathPen

    names, outlines = _font()
    if ord(letter) not in names:
        return None
    found = outlines[names[ord(letter)]]
    pen = SVGPathPen(outlines, ntos=lambda number: f"{round(number)}")
    found.draw(pen)
    return pen.getCommands(), float(found.width)


def plain(text: object) -> str:
    """`text` on one line, without what XML does not allow."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())


@cache
def width(text: str, size: float = SIZE) -> float:
    """How wide `text` is when its letters have `size`."""
    found = (_letter(letter) for letter in text)
    return sum(letter[1] / _UNIT if letter else _ABSENT for letter in found) * size


@cache
def outline(text: str, size: float = SIZE) -> str:
    """SVG of `text` from its baseline's start at 0, 0; a letter that the font lacks is the reader's own."""
    at, parts = 0.0, []
    scale = f"{size / _UNIT:.5f} {-size / _UNIT:.5f}"
    for letter in text:
        found = _letter(letter)
        if found is None:
            own = f'<text x="{at:.2f}" font-family="sans-serif" font-size="{size:g}">{escape(letter)}</text>'
            parts.append(own)
        elif found[0]:
            parts.append(f'<path transform="translate({at:.2f}) scale({scale})" d="{found[0]}"/>')
        at += (found[1] / _UNIT if found else _ABSENT) * size
    return "".join(parts)
