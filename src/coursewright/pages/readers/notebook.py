"""A notebook of Jupyter as the Markdown of a page. What it kept of outputs is left out: its cells are carried out."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from coursewright import settings
from coursewright.errors import CoursewrightError, MissingPart, Place
from coursewright.pages.engines.asked import as_it_is
from coursewright.pages.engines.found import kernel_named, language_of
from coursewright.pages.readers.cell import Line, code_cell, markdown_cell
from coursewright.pages.readers.nbformat_schema import is_in_order

_RAW = ("text/markdown", "text/html")  # raw cells of other kinds, and only those, are for what no page is written in
_AGAIN = "open it in Jupyter and save it again"


def read_notebook(file: Path) -> Iterator[Line]:
    """The lines of the notebook. Raises CoursewrightError for a file that is none, or of a format before 4."""
    notebook = _checked(file)
    cells = notebook["cells"]
    metadata = notebook.get("metadata", {})
    language, kernel = main_language(metadata), kernel_named(metadata)
    for number, cell in enumerate(cells, start=1):
        source = _joined(cell["source"]).rstrip("\n")

        def at(line: int, number: int = number) -> str:
            return f"cell {number}, line {line}"

        yield from lines_of(cell, source, language, at, partial(_place, file, number), kernel=kernel, first=number == 1)


def lines_of(
    cell: Mapping[str, Any],
    source: str,
    language: str,
    at: Callable[[int], int | str],
    place: Callable[[int], Place],
    *,
    kernel: str,
    first: bool,
) -> Iterator[Line]:
    """The lines of one cell; front matter is the `first` one, if it is marked as such.

    The notebook's own `language` is carried out by `kernel`, if it names one.
    """
    kind, metadata = cell["cell_type"], cell.get("metadata", {})
    if first and kind in ("raw", "markdown") and source.startswith("---\n") and source.rstrip().endswith("\n---"):
        yield from ((line, at(number)) for number, line in enumerate(source.rstrip().split("\n"), start=1))
    elif kind == "markdown" or (
        kind == "raw" and (metadata.get("raw_mimetype") or metadata.get("format") or _RAW[0]) in _RAW
    ):
        yield from markdown_cell(source, at, place)
    elif kind == "code" and source.strip():
        if metadata.get("results") == "asis":
            raise as_it_is(place(1))
        yield from code_cell(source, metadata, language, at, kernel)


def main_language(metadata: Mapping[str, Any]) -> str:
    """The language of the cells that do not name one."""
    kernel, info = metadata.get("kernelspec") or {}, metadata.get("language_info") or {}
    return language_of(str(kernel.get("language") or info.get("name") or kernel.get("name") or "python"))


def _place(file: Path, number: int, line: int) -> Place:
    return Place(file, None, f"cell {number}, line {line}")


def _joined(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source)


def _checked(file: Path) -> Mapping[str, Any]:
    text = settings.read_text(file)
    try:
        read = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        said = str(error).partition(":")[0]
        raise CoursewrightError(
            f"this notebook is not JSON: {said[:1].lower()}{said[1:]}", Place(file, line), _AGAIN
        ) from None
    if not isinstance(read, dict) or not isinstance(read.get("nbformat"), int):
        raise CoursewrightError("this is no notebook", Place(file), _AGAIN)
    if read["nbformat"] != 4:
        hint = f"{_AGAIN}, which makes it one of format 4"
        raise CoursewrightError(f"this notebook is of format {read['nbformat']}", Place(file), hint)
    _validate(read, file)
    found: Mapping[str, Any] = read
    return found


def _validate(read: dict[str, Any], file: Path) -> None:
    if is_in_order(read):
        return
    try:
        from nbformat import ValidationError, validate
    except ImportError:
        hint = 'pip install "coursewright[notebooks]"'
        raise MissingPart("notebooks are read by nbformat", Place(file), hint) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a cell without an id is a cell
            validate(read, relax_add_props=True)
    except ValidationError as error:
        where = [*error.absolute_path]
        part = f"cell {where[1] + 1}" if len(where) > 1 and where[0] == "cells" else ""
        said = str(error.message).split("\n", maxsplit=1)[0][:200]
        raise CoursewrightError(f"this notebook is broken: {said}", Place(file, None, part), _AGAIN) from None
