"""The style sheet of a site: the theme's parts, one after another, and what the author's settings change in it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import PurePosixPath

from coursewright.sites.references.paths import published, relative
from coursewright.sites.theme.looks import Fonts, SiteLooks

PARTS = ("page.css", "written.css", "tables.css", "figures.css", "cells.css", "search.css")
_FORMATS = {".woff2": "woff2", ".woff": "woff", ".ttf": "truetype", ".otf": "opentype"}


def style() -> str:
    """The theme's own style sheet."""
    return "\n".join(map(theme_file, PARTS))


def theme_file(name: str) -> str:
    """The text of a file of the theme."""
    return resources.files("coursewright.sites.theme").joinpath(name).read_text(encoding="utf-8")


def settings_style(looks: SiteLooks, *, fonts: bool = True) -> str:
    """What `looks` change: rules that stand after the theme's; those about files of fonts on request only."""
    light, dark = looks.accents
    said = [f"  --link: light-dark({light or '#0b57a4'}, {dark or '#8ec1ff'});"] if light or dark else []
    if fonts:
        said += _families(looks.fonts)
    faces = list(_faces(looks.fonts)) if fonts else []
    return "".join(f"{line}\n" for line in [*faces, *([":root {", *said, "}"] if said else [])])


def _families(fonts: Fonts) -> list[str]:
    families = {"letters": fonts.text, "headings": fonts.headings, "typewriter": fonts.code}
    names = {"letters": "text", "headings": "headings", "typewriter": "code"}
    behind = {"letters": "system-ui, sans-serif", "headings": "var(--letters)", "typewriter": "ui-monospace, monospace"}
    return [f'  --{each}: "Course {names[each]}", {behind[each]};' for each, file in families.items() if file]


def _faces(fonts: Fonts) -> Iterator[str]:
    """A rule for each file; a file that has the weight to itself may hold all weights."""
    weight = "400" if fonts.bold else "100 900"
    yield from _face("text", fonts.text, weight, "normal")
    yield from _face("text", fonts.bold, "600 900", "normal")
    yield from _face("text", fonts.italic, "100 900", "italic")
    yield from _face("headings", fonts.headings, "100 900", "normal")
    yield from _face("code", fonts.code, "100 900", "normal")


def _face(name: str, file: str, weight: str, slant: str) -> Iterator[str]:
    if file:
        source = f'url("{relative(published(file), "style")}") format("{_FORMATS[PurePosixPath(file).suffix.lower()]}")'
        yield (
            f'@font-face {{ font-family: "Course {name}"; src: {source}; font-weight: {weight}; font-style: {slant}; '
            "font-display: swap; }"
        )
