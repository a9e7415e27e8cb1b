"""Fields of structs as columns of their own: `driver.name` of the column `driver`."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import polars as pl

from coursewright.words.door import intake
from coursewright.words.printing.values import column_of, is_missing, value_of


def columns_of(names: Iterable[str], columns: Collection[str]) -> frozenset[str]:
    """The columns that names stand for, which may be those of fields."""
    return frozenset(name if name in columns else column_of(columns, name) or name for name in names)


def with_fields(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """A frame with a column for each field that is named."""
    made = [_field(frame, name) for name in names]
    return frame.hstack(intake.of_polars(pl.DataFrame(made)).get_columns()) if made else frame


def _field(frame: pl.DataFrame, name: str) -> pl.Series:
    """The values of a field: `values.value_of` of every row."""
    column = column_of(frame.columns, name) or name
    values = frame[column]
    for step in name[len(column) + 1 :].split("."):
        inner = values.dtype.inner if isinstance(values.dtype, pl.List) else values.dtype
        if not isinstance(inner, pl.Struct) or step not in {field.name for field in inner.fields}:
            found = [value_of({column: value}, name) for value in frame[column].to_list()]
            return intake.objects(name, [None if is_missing(value) else value for value in found])
        if isinstance(values.dtype, pl.List):
            values = values.list.eval(pl.element().struct.field(step))
        else:
            values = values.struct.field(step)
    return values.alias(name)
