"""Columns of cells as Arrow has them: of one type each, and text where cells of several kinds stand together."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from coursewright.tables.sources._sheets.cells import Cell, shown

_WHOLE = 2.0**53  # beyond this not every whole number is a number with a point
_MIDNIGHT = datetime.time()


def column(cells: Sequence[Cell]) -> Any:
    """The cells of a column as an Arrow array; None is missing.

    Numbers that are all whole are BIGINT; days and moments together are moments; times of day and lengths of time
    together are lengths, since a program shows a length of less than a day as a time unless it is told otherwise.
    """
    import pyarrow as pa

    kinds = set(map(type, cells)) - {type(None)}
    if kinds == {float}:
        return _numbers(pa.array(cells, pa.float64()))
    alike = {str: pa.string(), bool: pa.bool_(), datetime.date: pa.date32(), datetime.time: pa.time64("us")}
    if len(kinds) == 1 and kinds <= alike.keys():
        return pa.array(cells, alike[kinds.pop()])
    if kinds and kinds <= {datetime.date, datetime.datetime}:
        moments = [datetime.datetime.combine(c, _MIDNIGHT) if type(c) is datetime.date else c for c in cells]
        days = all(moment is None or moment.time() == _MIDNIGHT for moment in moments)
        return pa.array(moments, pa.timestamp("us")).cast(pa.date32() if days else pa.timestamp("us"))
    if kinds and kinds <= {datetime.time, datetime.timedelta}:
        return pa.array([_length(c) if type(c) is datetime.time else c for c in cells], pa.duration("us"))
    return pa.array([None if c is None else shown(c) for c in cells], pa.string())


def _numbers(numbers: Any) -> Any:
    """The numbers as whole ones, if that loses nothing: a spreadsheet itself has none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.all(pc.less(pc.abs(numbers), _WHOLE)).as_py():
        return numbers
    whole = numbers.cast(pa.int64(), safe=False)
    return whole if pc.all(pc.equal(whole.cast(pa.float64()), numbers)).as_py() else numbers


def _length(time: datetime.time) -> datetime.timedelta:
    return datetime.datetime.combine(datetime.date.min, time) - datetime.datetime.combine(datetime.date.min, _MIDNIGHT)
