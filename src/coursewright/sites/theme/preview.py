"""The picture that stands beside a link to the site elsewhere: its title on paper, beside a bar of its accent."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from coursewright.labels import direction
from coursewright.sites.references.paths import published
from coursewright.sites.site import Site

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SIZE = (1200, 630)
# What the letters of the font, DejaVu Sans, are sure to have.
LETTERS = re.compile("[ -~\u00a0-\u017f\u0384-\u0386\u0388-\u038a\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u05d0-\u05ea"
                     "\u0621-\u063a\u0641-\u0655\u2010-\u2027\u20ac]*")  # fmt: skip
_EDGE, _LINES = 96, 4
_INK, _QUIET, _PAPER, _ACCENT = "#1d2329", "#59636e", "#fdfdfc", "#0b57a4"


def preview(site: Site) -> str:
    """The path in the site of the picture of its pages; "" where there is none.

    It is drawn where the author gave none, with what charts need: without that, and in letters that its font does not
    have, there is none. Its name tells what is drawn.
    """
    if not site.url:
        return ""
    if site.looks.picture:
        return published(site.looks.picture)
    if not _able() or not LETTERS.fullmatch(site.title + _below(site)):
        return ""
    drawn = (site.title, _below(site), site.looks.accents[0], direction(site.language))
    return f"social-{sha256(repr(drawn).encode()).hexdigest()[:12]}.png"


def draw(site: Site) -> bytes:
    """The picture as PNG; the same for the same site."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    leftwards = direction(site.language) == "rtl"
    width, height = SIZE
    bar = (width - 24, 0, width, height) if leftwards else (0, 0, 23, height)
    pen.rectangle(bar, fill=site.looks.accents[0] or _ACCENT)
    at, side = (width - _EDGE, "r") if leftwards else (_EDGE, "l")
    lines, font = _fitted(site.title, width - 2 * _EDGE)
    for number, line in enumerate(lines):
        pen.text((at, _EDGE + number * font.size * 1.25), line, _INK, font, f"{side}a")
    small = _font("DejaVuSans.ttf", 30)
    below = _wrapped(_below(site), small.getlength, width - 2 * _EDGE)
    pen.text((at, height - _EDGE), "".join(below[:1]), _QUIET, small, f"{side}s")
    written = io.BytesIO()
    picture.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _below(site: Site) -> str:
    """Who wrote it and where it lives."""
    return " · ".join(filter(None, (", ".join(site.authors), urlsplit(site.url).netloc)))


def _fitted(title: str, width: float) -> tuple[list[str], FreeTypeFont]:
    """The lines of the title in letters as large as fit."""
    for size in range(84, 30, -6):
        font = _font("DejaVuSans-Bold.ttf", size)
        lines = _wrapped(title, font.getlength, width)
        if len(lines) <= _LINES and all(font.getlength(line) <= width for line in lines):
            break
    return lines[:_LINES], font


@cache
def _able() -> bool:
    """Whether there is what draws, and its font."""
    return find_spec("PIL") is not None and _font_file("DejaVuSans-Bold.ttf") is not None


@cache
def _font_file(name: str) -> Path | None:
    """A font that comes with what draws charts."""
    found = find_spec("matplotlib")
    file = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / name if found and found.origin else None
    return file if file and file.is_file() else None


def _font(name: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(_font_file(name)), size)


def _wrapped(text: str, length: Callable[[str], float], most: float) -> list[str]:
    """The words of `text` in lines no longer than `most`; a word that is longer has one to itself."""
    lines: list[str] = []
    for word in text.split():
        if lines and length(f"{lines[-1]} {word}") <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
