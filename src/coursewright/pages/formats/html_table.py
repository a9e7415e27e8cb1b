"""A table as HTML: its texts for readers, its values for what sorts it and for what is downloaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from coursewright.pages.block import Align, Column, Grid
from coursewright.pages.references import Link
from coursewright.pages.syntax import label

_CLASSES: dict[Align, str] = {"left": "", "right": ' class="number"', "centre": ' class="centre"'}


def write_table(grid: Grid, links: Mapping[str, Link], language: str) -> str:
    """The table, which the keyboard can scroll where it is wider than the page, and the notes below it."""
    called = grid.caption or label("table", {"language": language})
    caption = [f"<caption>{escape(grid.caption)}</caption>"] if grid.caption else []
    details = grid.details or tuple(Column(align="right" if numeric else "left") for numeric in grid.numeric)
    head = "".join(_head(name, column) for name, column in zip(grid.columns, details, strict=True))
    parts = [
        f'<div class="table" role="group" tabindex="0" aria-label="{escape(called)}">',
        "<table>",
        *caption,
        f"<thead><tr>{head}</tr></thead>",
        "<tbody>",
        *_rows(grid, details, links),
        "</tbody>",
        "</table>",
        "</div>",
        *(f'<p class="table-note">{escape(note)}</p>' for note in grid.notes),
    ]
    return "\n".join(parts) + "\n"


def _head(name: str, column: Column) -> str:
    return f'<th scope="col"{_CLASSES[column.align]}>{escape(name)}</th>'


def _rows(grid: Grid, details: tuple[Column, ...], links: Mapping[str, Link]) -> Iterator[str]:
    for number, row in enumerate(grid.rows):
        targets = grid.links[number] if grid.links else ("",) * len(row)
        cells = zip(row, targets, details, strict=True)
        yield f"<tr>{''.join(_cell(text, links.get(target), column, number) for text, target, column in cells)}</tr>"


def _cell(text: str, link: Link | None, column: Column, row: int) -> str:
    shown = escape(text)
    inside = f'<a href="{escape(link.href)}">{shown}</a>' if link and text else shown
    return f"<td{_CLASSES[column.align]}{_value(text, column, row)}>{inside}</td>"


def _value(text: str, column: Column, row: int) -> str:
    """What a cell stands for, where its text does not say it."""
    if not column.values:
        return ""
    value, order = column.values[row], column.orders[row] if column.orders else None
    said = "" if value is None and not text else " data-missing" if value is None else ""
    if value is not None and (value != text or not value):
        said = f' data-value="{escape(value)}"'
    return said + (f' data-order="{escape(order)}"' if order is not None else "")
