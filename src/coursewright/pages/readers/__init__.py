"""Readers: what is no Markdown, as the Markdown of a page: notebooks, R Markdown, Python in cells.

A line of that text is not a line of the file: what it is called there is told to `name_lines`, for messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from coursewright import settings
from coursewright.errors import name_lines
from coursewright.pages.readers.cell import Line

SUFFIXES = (".md", ".ipynb", ".Rmd", ".rmd", ".py")
"""How the names of files of pages end."""

_PERCENT = re.compile(r"^# ?%%|^# ---\s*$", re.MULTILINE)


def is_page(file: Path) -> bool:
    """Whether a file of `pages/` is a page: of Python, one that has cells and is no module."""
    if file.suffix == ".py":
        return bool(_PERCENT.search(file.read_text(encoding="utf-8", errors="replace")))
    return file.suffix in SUFFIXES


def page_text(file: Path) -> str:
    """The Markdown of a page, front matter and all. Raises CoursewrightError for a file that cannot be read as one."""
    if file.suffix == ".ipynb":
        from coursewright.pages.readers.notebook import read_notebook

        return _named(file, read_notebook(file))
    if file.suffix in (".Rmd", ".rmd", ".py"):
        from coursewright.pages.readers.text import read_cells

        return _named(file, read_cells(file))
    return settings.read_text(file)


def _named(file: Path, lines: Iterable[Line]) -> str:
    found = list(lines)
    name_lines(file, [at for _, at in found])
    return "\n".join(text for text, _ in found)
