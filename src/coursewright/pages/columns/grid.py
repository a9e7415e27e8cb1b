"""The verb: rows as a grid, whose texts are for readers and whose values are for programs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from coursewright.pages.block import Grid
from coursewright.pages.columns.column import column
from coursewright.pages.columns.looks import Looks
from coursewright.pages.columns.signs import signs

if TYPE_CHECKING:
    import pyarrow as pa


def count(number: int, language: str) -> str:
    """A number of rows in the form of the language."""
    return signs(language).written(Decimal(number), 0)


def grid(rows: pa.Table, looks: Looks, language: str, caption: str = "") -> Grid:
    """Arrow rows in the form of their types, of the language and of the author's choice.

    Raises CoursewrightError for a look that a column cannot have.
    """
    made = [column(name, data, looks, language) for name, data in zip(rows.column_names, rows.columns, strict=True)]
    texts, details = zip(*made, strict=True) if made else ((), ())
    cells = tuple(zip(*texts, strict=True))
    numeric = tuple(one.align == "right" for one in details)
    return Grid(tuple(rows.column_names), cells, numeric, caption, details=tuple(details))
