"""A few rows as lines of text, to stand in a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coursewright.tables.showing.shown import show

_ACROSS = 100  # characters
_LONGEST = 24


def aligned(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Rows under their columns, as many columns as stand side by side."""
    from rich.cells import cell_len, set_cell_size

    left = _ACROSS
    columns: list[list[str]] = []
    for at, name in enumerate(names):
        values = [row[at] for row in rows]
        cells = [_cell(text) for text in (name, *("NULL" if value is None else show(value) for value in values))]
        width = max(map(cell_len, cells))
        left -= width + 2
        if columns and left < 0:
            break
        columns.append([set_cell_size(cell, width) for cell in cells])
    for row in zip(*columns, strict=True):
        yield ("    " + "  ".join(row)).rstrip()


def _cell(text: str) -> str:
    """A text on one line and cut short; what is no character to look at, a line's end too, as the sign for that."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
