"""A badge: a small picture with a word for what a link does and one for where, without a server that draws it."""

from __future__ import annotations

from html import escape

_LETTER = 6.6  # pixels of a letter of the font, at 11 pixels, at the most
_ROOM = 12


def badge(word: str, place: str, alt: str) -> str:
    """The picture as SVG, which says `alt` to who does not see it."""
    left, right = (round(len(text) * _LETTER + _ROOM) for text in (word, place))
    told = escape(alt)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{told}">\n'
        f"<title>{told}</title>\n"
        f'<path fill="#4a4a4a" d="M3 0h{left - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>\n'
        f'<path fill="#0b5cad" d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right - 3}z"/>\n'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\n'
        f"{_text(word, left / 2, left)}{_text(place, left + right / 2, right)}</g>\n</svg>\n"
    )


def _text(text: str, middle: float, width: int) -> str:
    place = f'x="{middle:g}" y="14" textLength="{width - _ROOM}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {place}>{escape(text)}</text>\n"
