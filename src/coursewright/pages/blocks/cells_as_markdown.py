"""Cells as Markdown that GitHub shows: the code in a fence, and below it what it gave."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from coursewright.markup import escape_markdown
from coursewright.pages.blocks.block import (
    Cell,
    EmbeddedPage,
    Equation,
    Grid,
    Markup,
    Output,
    Picture,
    PrintedText,
    Raster,
    Sound,
)
from coursewright.pages.syntax.labels import label

Write = Callable[[Grid | Sound | EmbeddedPage], str]


def write_cell(cell: Cell, folder: str, write: Write, language: str) -> str:
    """`cell`, whose pictures are in `folder`; `write` writes its tables, sounds and widgets."""

    def say(word: str) -> str:
        return label(word, {"language": language})

    code = _fenced(cell.code.rstrip("\n"), cell.language) if cell.input != "removed" else ""
    found = "\n\n".join(_shown(each, folder, write, say) for each in cell.seen)
    parts = [
        _opened(say("code"), code) if cell.input == "hidden" and code else code,
        _opened(say("output"), found) if cell.output == "hidden" and found else found,
    ]
    return "\n\n".join(filter(None, parts))


def _shown(each: Output, folder: str, write: Write, say: Callable[[str], str]) -> str:
    match each:
        case PrintedText():
            return _fenced(each.text, "text")
        case Grid() | Sound() | EmbeddedPage():
            return write(each)
        case Picture() | Raster():
            name = f"{each.name}.svg" if isinstance(each, Picture) else each.name
            picture = f"![{escape_markdown(each.alt or each.caption or say('drawn'))}]({quote(f'{folder}/{name}')})"
            return f"{picture}\n\n*{escape_markdown(each.caption)}*" if each.caption else picture
        case Markup():  # what GitHub shows of HTML is not worth the risk: a line of text says more
            return _fenced(each.plain, "text") if each.plain else f"*{escape_markdown(each.title or say('output'))}*"
        case Equation():
            return f"$$\n{each.tex}\n$$"


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{text}\n{marks}"


def _opened(summary: str, inside: str) -> str:
    return f"<details>\n<summary>{escape_markdown(summary)}</summary>\n\n{inside}\n\n</details>"
