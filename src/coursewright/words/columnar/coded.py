"""Columns as their distinct values and which of them each row has, so that slow work is done once for each value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

ROWS_PER_VALUE = 8  # so often on average must a value come for it to pay to number the values
LARGEST_EXACT = 1 << 53


@dataclass(frozen=True, eq=False)
class ColumnCodes:
    """What was worked out for each distinct value of a column, and which of them each row has."""

    results: list[Any]
    index: NDArray[np.int32]

    def series(self, dtype: Any) -> pl.Series:
        """The results row by row."""
        return pl.Series("", self.results, dtype=dtype).gather(self.index)


Codes = dict[str, tuple[list[Any], NDArray[np.int32]]]


def by_distinct(
    column: pl.Series, work: Callable[[Any], Any], memory: dict[Any, Any], codes: Codes | None = None
) -> ColumnCodes:
    """What `work` gives for every value of a column, called once for each distinct value (null is one).

    `codes` keeps the distinct values of columns by name, if more work is to come on the same rows.
    """
    if column.dtype.is_nested() or column.dtype == pl.Object:
        return ColumnCodes([work(value) for value in column.to_list()], np.arange(len(column), dtype=np.int32))
    known = {} if codes is None else codes
    if column.name not in known:
        known[column.name] = _codes(column)
    values, index = known[column.name]
    return ColumnCodes([_recall(memory, work, value) for value in values], index)


def _codes(column: pl.Series) -> tuple[list[Any], NDArray[np.int32]]:
    """The distinct values of a column and which of them each row has; whole numbers close together need no search."""
    if (whole := span(column)) is not None:
        low, size = whole
        if not column.null_count():
            return list(range(low, low + size)), (column.to_numpy().astype(np.int64) - low).astype(np.int32)
        index = (column.cast(pl.Int64) - low).fill_null(size).to_numpy()
        return [*range(low, low + size), None], index.astype(np.int32)
    coded = column.to_arrow().dictionary_encode()
    values, places = pl.Series(coded.dictionary).to_list(), pl.Series(coded.indices)  # Arrow's own way loads pandas
    if not column.null_count():
        return values, places.to_numpy().astype(np.int32, copy=False)
    return [*values, None], places.fill_null(len(values)).to_numpy().astype(np.int32)


def span(column: pl.Series) -> tuple[int, int] | None:
    """The least of whole numbers that lie close together, and how many there can be."""
    low, high = (column.min(), column.max()) if column.dtype.is_integer() else (None, None)
    if not isinstance(low, int) or not isinstance(high, int) or max(-low, high) >= LARGEST_EXACT:
        return None
    if high - low <= len(column) // ROWS_PER_VALUE:
        return low, high - low + 1
    return None


def _recall(memory: dict[Any, Any], work: Callable[[Any], Any], value: Any) -> Any:
    result = memory.get(value, memory)  # other threads may add and clear
    if result is memory:
        result = memory[value] = work(value)
    return result
