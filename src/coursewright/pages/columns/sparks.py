"""Lists of numbers as small lines, with what they show in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coursewright.pages.blocks.block import Spark
from coursewright.pages.columns.drawn import Known, blocks
from coursewright.pages.columns.looks import ColumnLooks
from coursewright.pages.columns.numbers import is_single, numbers, shortest
from coursewright.pages.columns.words import word

if TYPE_CHECKING:
    import pyarrow as pa


def sparks(name: str, data: pa.ChunkedArray, looks: ColumnLooks, language: str) -> tuple[list[str], list[Spark | None]]:
    """Each list of a column as a line of blocks, and as a small line. Raises CoursewrightError for what is no list."""
    kind = _numbers_of(name, data.type, looks)
    rows = [_exact(values or (), single=is_single(kind)) for values in data.to_pylist()]
    known = [value for row in rows for value in row if value is not None]
    write = numbers(name, kind, known, looks.of(name), language)
    scale = _scale(known)
    texts, drawn = list[str](), list[Spark | None]()
    for row in rows:
        own = [value for value in row if value is not None]
        low, high = _scale(own) if looks.of(name).spark == "alone" else scale
        texts.append(blocks(row, low, high) if own else looks.of(name).missing)
        drawn.append(Spark(_points(row, low, high), _alt(own, write, language)) if own else None)
    return texts, drawn


def _numbers_of(name: str, kind: pa.DataType, looks: ColumnLooks) -> pa.DataType:
    from pyarrow import types

    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        inner: pa.DataType = kind.value_type
        if types.is_integer(inner) or types.is_floating(inner) or types.is_decimal(inner):
            return inner
    hint = "gather them in the SELECT: list(points ORDER BY round)"
    raise looks.refuse("spark", name, "does not hold lists of numbers", hint)


def _exact(values: Sequence[Any], *, single: bool) -> list[Known]:
    """The numbers of one list; what has no place on a line is None."""
    endless = [isinstance(value, float) and not math.isfinite(value) for value in values]
    return [
        None if value is None or none else shortest(value, single=single)
        for value, none in zip(values, endless, strict=True)
    ]


def _scale(known: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    return (min(known), max(known)) if known else (Decimal(0), Decimal(0))


def _points(row: Sequence[Known], low: Decimal, high: Decimal) -> tuple[float | None, ...]:
    if low == high:
        return tuple(None if value is None else 0.5 for value in row)
    return tuple(None if value is None else round(float((value - low) / (high - low)), 3) for value in row)


def _alt(known: Sequence[Decimal], write: Callable[[Any], str], language: str) -> str:
    """How many values there are, the first and the last, the least and the greatest; of one, itself."""
    if len(known) == 1:
        return write(known[0])
    ends = {"first": known[0], "last": known[-1], "low": min(known), "high": max(known)}
    return word("spark", language, count=str(len(known)), **{end: write(value) for end, value in ends.items()})
