"""R Markdown and Python in cells (py:percent) as the Markdown of a page, by Jupytext."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from coursewright import settings
from coursewright.errors import CoursewrightError, MissingPart, Place
from coursewright.pages.engines.found import kernel_named, language_of
from coursewright.pages.readers.cell import Line
from coursewright.pages.readers.notebook import lines_of

# What other tools say at the head of such files, and what means nothing here.
_OTHERS = re.compile(
    r"(jupyter|jupytext|kernelspec|output|editor_options|knit|vignette|always_allow_html|header-includes|format"
    r"|execute|engine|editor|documentclass|geometry|classoption|fontsize)\s*:"
)
_AUTHOR = re.compile(r"author\s*:\s*(.*)$")


def read_cells(file: Path) -> Iterator[Line]:
    """The lines of the page. Raises CoursewrightError for a file that Jupytext cannot read."""
    try:
        import jupytext
    except ImportError:
        hint = 'pip install "coursewright[notebooks]"'
        raise MissingPart(f"pages that end in {file.suffix} are read by Jupytext", Place(file), hint) from None
    text = settings.read_text(file)
    python = file.suffix == ".py"
    written = {"extension": ".py", "format_name": "percent"} if python else {"extension": ".Rmd"}
    try:
        notebook = jupytext.reads(text, fmt=written)
    except Exception as error:  # noqa: BLE001 - it raises what its parsers raise
        said = str(error).strip().split("\n")[0]
        hint = "open it in Jupyter with Jupytext, and save it again"
        raise CoursewrightError(f"Jupytext cannot read this page: {said}", Place(file), hint) from None
    known = notebook.metadata.get("jupytext", {}).get("main_language")
    kernel = notebook.metadata.get("kernelspec", {}).get("language")
    language = language_of(known or kernel or ("python" if python else "r"))
    named = kernel_named(notebook.metadata)
    position, lines = 0, text.split("\n")
    for number, cell in enumerate(notebook.cells):
        source = cell.source.rstrip("\n")
        if number == 0 and cell.cell_type == "raw":
            source = _front_matter(source)
        places, position = _places(source.split("\n"), lines, position)

        def at(line: int, places: Sequence[int] = tuple(places)) -> int:
            return places[min(line, len(places)) - 1]

        place = partial(_place, file, places)
        yield from lines_of(cell, source, language, at, place, kernel=named, first=number == 0)


def _place(file: Path, places: Sequence[int], line: int) -> Place:
    return Place(file, places[line - 1])


def _places(source: Sequence[str], lines: Sequence[str], begin: int) -> tuple[list[int], int]:
    """The numbers of the lines of a file, counted from 1, on which those of a cell stand, and where the next begins."""
    wanted = [line.strip() for line in source]
    there = [_bare(line) for line in lines]
    whole = (
        start
        for start in range(begin, len(lines) - len(wanted) + 1)
        if all(line in there[start + number] for number, line in enumerate(wanted))
    )
    if any(wanted) and (start := next(whole, None)) is not None:
        return [start + number + 1 for number in range(len(wanted))], start + len(wanted)
    found, at = [], begin
    for line in wanted:
        at = next((number for number in range(at, len(lines)) if line in there[number]), at)
        found.append(min(at, len(lines) - 1) + 1)
    return found, found[-1] if found else begin


def _bare(line: str) -> tuple[str, ...]:
    """A line as it may stand in a cell: as it is, or behind the sign of a comment."""
    return line.strip(), re.sub(r"^#\s?", "", line.strip()).strip()


def _front_matter(source: str) -> str:
    """Front matter without what other tools say there, in as many lines."""
    kept: list[str] = []
    others = False
    for line in source.split("\n"):
        if re.match(r"[\w-]+\s*:|---", line):
            others = bool(_OTHERS.match(line))
        author = _AUTHOR.match(line)
        if author:
            named = author[1].strip()
            kept.append(f"authors: [{named}]" if named and not named.startswith("[") else f"authors: {named}")
        else:
            kept.append("" if others else line)
    return "\n".join(kept)
