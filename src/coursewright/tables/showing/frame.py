"""Rows as a data frame of pandas, with the values that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_EXACT = 2**53  # up to here a float holds every whole number


def as_frame(rows: pa.Table) -> Any:
    """`rows` as pandas has them, which makes floats of whole numbers where one of them is missing.

    Where a float would make another number of one, the column is of pandas' own whole numbers, `Int64`.
    """
    import pyarrow.types as kinds

    frame = rows.to_pandas()
    for place, column in enumerate(rows.columns):
        if kinds.is_integer(column.type) and column.null_count and _is_changed_by_floats(column):
            frame.isetitem(place, _whole(column))
    return frame


def _is_changed_by_floats(column: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    ends = [end for end in pc.min_max(column).as_py().values() if end is not None]
    return any(abs(end) > _EXACT for end in ends)


def _whole(column: pa.ChunkedArray) -> Any:
    import pandas as pd
    import pyarrow as pa

    return column.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype()}.get)
