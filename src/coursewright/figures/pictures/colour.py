"""Colours on a light and on a dark page: contrast, and what a colour becomes where it would not be seen.

Contrast is that of WCAG 2.2: 3 for what is drawn (1.4.11), 4.5 for letters (1.4.3).
"""

from __future__ import annotations

import colorsys
import re

from coursewright.errors import CoursewrightError

LIGHT, DARK = "#fdfdfc", "#15181c"  # the papers of the pages
MARKS, LETTERS = 3.0, 4.5
_TINT = 0.75  # lightness from which a colour is a ground for others
_GREY = 24  # of 255: how far the parts of a colour without a hue may stand apart
_STEP = 0.04
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

# Okabe and Ito (2008), where a line in their colour is seen on white and on black; the pale yellow, the orange and the
# sky blue are not, and are Tol's wine, a brown and a stronger blue. The last but one is the ink of the page.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#c976a6", "#8c5d2b", "#4693f1", "#000000", "#882255")
DARK_COLOURS = ("#2373ba", "#d15c02", "#2ca05d", "#cb7aaa", "#e9a201", "#57b8ee", "#e6e8eb", "#a94169")


def hexadecimal(colour: str) -> str:
    """`colour`, written as `#rgb` or `#rrggbb` or by a name that matplotlib knows, as `#rrggbb`.

    Raises CoursewrightError for what is no colour.
    """
    if _HEX.fullmatch(colour):
        digits = colour[1:].lower()
        return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}"
    from matplotlib.colors import is_color_like, to_hex

    if not is_color_like(colour):
        raise CoursewrightError(f'"{colour}" is no colour', hint='write it as "#dc0000" or by its name, such as "red"')
    return to_hex(colour)


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white; both are written as `#rrggbb`."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def on_light(colour: str, least: float = MARKS) -> str:
    """`colour`, darkened until its contrast to the light page is `least`."""
    return _towards(colour, LIGHT, least, 0.0)


def on_dark(colour: str, least: float = MARKS) -> str:
    """`colour`, lightened until its contrast to the dark page is `least`."""
    return _towards(colour, DARK, least, 1.0)


def turned(colour: str, least: float = MARKS) -> str:
    """What `colour`, drawn for a light page, is on the dark page.

    A grey keeps its distance from the paper; a pale ground is a deep one of the same hue; any other colour is
    lightened until its contrast is `least`.
    """
    red, green, blue = _parts(colour)
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if (max(red, green, blue) - min(red, green, blue)) * 255 < _GREY:
        paper, ink = _parts(DARK), _parts(DARK_COLOURS[6])
        grey = _written(*(p + (i - p) * (1 - lightness) for p, i in zip(paper, ink, strict=True)))
        return grey if lightness > _TINT else on_dark(grey, least)
    if lightness >= _TINT:
        return _written(*colorsys.hls_to_rgb(hue, 0.09 + (1 - lightness) * 0.8, saturation * 0.7))
    return on_dark(colour, least)


def _towards(colour: str, paper: str, least: float, end: float) -> str:
    parts = _parts(colour)
    while contrast(_written(*parts), paper) < least:
        parts = tuple(part + (end - part) * _STEP for part in parts)
    return _written(*parts)


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _written(*parts: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
