"""Text as outlines: DejaVu Sans comes with ziafont, so that a label is as wide on every machine as it was laid out."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from coursewright.errors import MissingPart

SIZE = 15.0
RISE = 0.73  # height of a capital letter in sizes
_UNIT = 2048  # of DejaVu Sans
_ABSENT = 1.1  # width of a letter that the font does not have, in sizes: no East Asian letter or emoji is wider


@cache
def _font() -> Any:
    try:
        return importlib.import_module("ziafont").Font()
    except ModuleNotFoundError:
        raise MissingPart("diagrams need ziafont", hint='pip install "coursewright[diagrams]"') from None


@cache
def _letter(letter: str) -> tuple[str, float] | None:
    """The outline of a letter in units of the font, y downwards, and its advance; None when the font lacks it."""
    font = _font()
    if not font.glyphindex(letter):
        return None
    glyph = font.glyph(letter)
    parts: list[str] = []
    for operator in glyph.operators:
        segment = operator.path(0, 0, scale=1)
        parts += ["Z"] if segment[0] == "M" and parts else []
        parts.append(_short(segment))
    return "".join(parts) + "Z" * bool(parts), glyph.advance()


def _short(segment: str) -> str:
    """A part of an outline with its numbers as whole units, a two-thousandth of the letters' size."""
    words = segment.replace(",", " ").split()
    return words[0][0] + " ".join(
        f"{round(float(word))}" for word in [*([words[0][1:]] if words[0][1:] else []), *words[1:]]
    )


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
    scale = f"{size / _UNIT:.5f}"
    for letter in text:
        found = _letter(letter)
        if found is None:
            own = f'<text x="{at:.2f}" font-family="sans-serif" font-size="{size:g}">{escape(letter)}</text>'
            parts.append(own)
        elif found[0]:
            parts.append(f'<path transform="translate({at:.2f}) scale({scale})" d="{found[0]}"/>')
        at += (found[1] / _UNIT if found else _ABSENT) * size
    return "".join(parts)
