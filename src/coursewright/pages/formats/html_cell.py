"""A cell as HTML: its code in colours, and below it what it gave."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import quote

from coursewright.figures.pictures import inline
from coursewright.media import frame
from coursewright.pages.blocks.block import (
    Cell,
    EmbeddedPage,
    Equation,
    Grid,
    Markup,
    Picture,
    PrintedText,
    Raster,
    Sound,
    Still,
)
from coursewright.pages.formats.cleaned import cleaned
from coursewright.pages.formats.html_sound import write_sound
from coursewright.pages.formats.html_table import write_table
from coursewright.pages.linking.references import Link
from coursewright.pages.syntax.code import coloured
from coursewright.pages.syntax.labels import label, marks
from coursewright.pages.syntax.maths import block as formula

_COLOURS = re.compile(r'\bstyle="[^"]*(?:color|background)')


def write_cell(
    cell: Cell,
    folder: str,
    links: Mapping[str, Link],
    language: str,
    *,
    ident: str,
    framed: Callable[[EmbeddedPage], str],
) -> str:
    """The cell, whose pictures are in `folder`; ids in it begin with `ident`, and `framed` writes its widgets."""

    def say(word: str) -> str:
        return label(word, {"language": language})

    code = _code(cell) if cell.input != "removed" else ""
    numbered = enumerate(cell.seen, start=1)
    found = [
        framed(each)
        if isinstance(each, EmbeddedPage)
        else write_shown(each, folder, links, language, f"{ident}-{number}")
        for number, each in numbered
    ]
    parts = [
        *([_opened(say("code"), code, language) if cell.input == "hidden" else code] if code else []),
        *(
            [_opened(say("output"), "".join(found), language) if cell.output == "hidden" else "".join(found)]
            if found
            else []
        ),
    ]
    return f'<div class="cell">\n{"".join(parts)}</div>\n' if parts else ""


def _code(cell: Cell) -> str:
    mark = escape(cell.language)
    return f'<pre tabindex="0"><code class="language-{mark}">{coloured(cell.code, cell.language)}</code></pre>\n'


def _opened(summary: str, inside: str, language: str) -> str:
    return f"<details>\n<summary{marks(language)}>{escape(summary)}</summary>\n{inside}</details>\n"


def write_shown(each: Still, folder: str, links: Mapping[str, Link], language: str, ident: str) -> str:  # noqa: PLR0911 - one for each kind
    """One output of a cell."""
    said = label("drawn", {"language": language})
    match each:
        case PrintedText():
            return f'<pre tabindex="0" class="printed {each.kind}"><samp>{escape(each.text)}</samp></pre>\n'
        case Grid():
            return write_table(each, links, language)
        case Picture():
            alt = each.alt or each.caption or said
            inside = inline(each.svg, ident, alt=alt, narrow=each.narrow)
            return _figure(inside or _img(f"{folder}/{each.name}.svg", alt), each.caption)
        case Raster():
            alt = each.alt or each.caption
            return _figure(
                _img(f"{folder}/{each.name}", alt or said, each.width, "" if alt else marks(language)), each.caption
            )
        case Sound():
            return write_sound(each, folder, language)
        case Markup() if each.framed:
            title = each.title or label("output", {"language": language})
            spoken = "" if each.title else marks(language)
            return f'<div class="framed"{spoken}>{frame(each.html, title)}</div>\n'
        case Markup():
            inside = cleaned(each.html)
            coloured_too = " coloured" if _COLOURS.search(inside) else ""  # colours were chosen for white paper
            return f'<div class="made{coloured_too}">{inside}</div>\n'
        case Equation():
            return formula(each.tex)


def _img(path: str, alt: str, width: int | None = None, spoken: str = "") -> str:
    size = f' width="{width}"' if width else ""
    return f'<img src="{quote(path)}" alt="{escape(alt)}"{size}{spoken}>'


def _figure(inside: str, caption: str) -> str:
    told = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure>\n{inside}\n{told}</figure>\n"
