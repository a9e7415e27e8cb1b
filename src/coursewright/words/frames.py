"""Takes rows of any kind in and gives texts of the same kind back: pandas, Polars, PyArrow, DuckDB, mappings."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.held import holdable
from coursewright.words.values import is_missing

Give = Callable[[pl.Series], Any]
TEXT = "text"
_KEPT = {str, int, float, bool, datetime.date}  # what Polars gives back as it was


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows taken in: as a frame, or as mappings if no frame can hold them as they are.

    `give` turns the texts into the caller's kind; `give_groups` makes such a function for texts of groups, from what
    names the groups, where that has a place in the answer.
    """

    frame: pl.DataFrame | None
    records: Sequence[Mapping[str, Any]]
    give: Give
    give_groups: Callable[[dict[str, list[Any]]], Give] | None = None

    @property
    def columns(self) -> list[str]:
        """The names of all columns, in order."""
        if self.frame is not None:
            return self.frame.columns
        return list(dict.fromkeys(str(name) for record in self.records for name in record))


def take(rows: Any) -> Rows:
    """Rows of a kind that is known. Raises CoursewrightError for anything else."""
    maker = type(rows).__module__.partition(".")[0]
    if maker in _TAKERS:
        return _TAKERS[maker](rows)
    if hasattr(rows, "to_dict") and hasattr(rows, "index"):
        return _from_pandas(rows)
    if isinstance(rows, Mapping | str) or not isinstance(rows, Iterable):
        raise _not_rows(rows)
    records = list(rows)
    if not all(isinstance(record, Mapping) for record in records):
        raise _not_rows(rows)
    return Rows(_frame_of(records), records, lambda texts: texts.to_list())


def _not_rows(rows: object) -> CoursewrightError:
    return CoursewrightError(
        f"rows are not a {type(rows).__name__}",
        Place("tell", part="rows"),
        "give a pandas, Polars or PyArrow table, a DuckDB relation, or a list of dictionaries",
    )


def _from_polars(rows: Any) -> Rows:
    if isinstance(rows, pl.LazyFrame):
        return Rows(clean(rows.collect()), (), lambda texts: texts.to_frame().lazy())
    if not isinstance(rows, pl.DataFrame):
        raise _not_rows(rows)
    return Rows(clean(rows), (), lambda texts: texts)


def _from_arrow(rows: Any) -> Rows:
    import pyarrow as pa

    if isinstance(rows, pa.RecordBatch):
        return Rows(_from_table(pa.Table.from_batches([rows])), (), lambda texts: texts.to_arrow().cast(pa.string()))
    if not isinstance(rows, pa.Table):
        raise _not_rows(rows)
    return Rows(_from_table(rows), (), lambda texts: pa.chunked_array([texts.to_arrow().cast(pa.large_string())]))


def _from_table(table: Any) -> pl.DataFrame:
    refuse_twins(table.column_names, Place("tell", part="rows"))
    frame = pl.from_arrow(holdable(table))
    return clean(frame if isinstance(frame, pl.DataFrame) else frame.to_frame())


def _from_duckdb(rows: Any) -> Rows:
    import duckdb

    if not isinstance(rows, duckdb.DuckDBPyRelation):
        raise _not_rows(rows)

    def give(texts: pl.Series) -> Any:
        return duckdb.from_arrow(texts.to_frame().to_arrow())

    return Rows(_from_table(rows.to_arrow_table()), (), give)


def _from_pandas(rows: Any) -> Rows:
    import pandas as pd

    if not isinstance(rows, pd.DataFrame):
        raise _not_rows(rows)
    names = [str(name) for name in rows.columns]
    refuse_twins(names, Place("tell", part="rows"))

    def give(texts: pl.Series) -> Any:
        return texts.alias(TEXT).to_pandas().set_axis(rows.index)

    def give_groups(keys: dict[str, list[Any]]) -> Give:
        names, values = list(keys), list(keys.values())
        index = pd.Index(values[0], name=names[0])
        if len(names) > 1:
            index = pd.MultiIndex.from_arrays(values, names=names)
        return lambda texts: texts.alias(TEXT).to_pandas().set_axis(index)

    plain = rows.set_axis(names, axis="columns").reset_index(drop=True)
    try:
        return Rows(clean(pl.from_pandas(plain)), (), give, give_groups)
    except (TypeError, ValueError, pl.exceptions.PolarsError, OverflowError):  # a column of several types
        return Rows(
            None,
            [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")],
            give,
            give_groups,
        )


_TAKERS: dict[str, Callable[[Any], Rows]] = {
    "polars": _from_polars,
    "pyarrow": _from_arrow,
    "duckdb": _from_duckdb,
    "_duckdb": _from_duckdb,
    "pandas": _from_pandas,
}


def _frame_of(records: list[Mapping[str, Any]]) -> pl.DataFrame | None:
    """Mappings as a frame, if that changes no value: the same names in each, and one type in each column."""
    if not records or any(not isinstance(name, str) for name in records[0]):
        return None
    names = list(records[0])
    if any(list(record) != names for record in records):
        return None
    columns = {name: [record[name] for record in records] for name in names}
    for values in columns.values():
        kinds = set(map(type, values)) - {type(None)}
        if len(kinds) > 1 or not kinds <= _KEPT:
            return None
    try:
        return clean(pl.DataFrame(columns, strict=True))
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        return None


def clean(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame in which missing is null and nothing else, and types print as Python's do."""
    changes = []
    for name, dtype in frame.schema.items():
        column = pl.col(name)
        if dtype == pl.Float32:
            changes.append(column.cast(pl.String).cast(pl.Float64).fill_nan(None))
        elif dtype == pl.Float64:
            changes.append(column.fill_nan(None))
        elif dtype in {pl.Categorical, pl.Enum, pl.Null}:
            changes.append(column.cast(pl.String))
    return frame.with_columns(changes) if changes else frame


def grouped(rows: Rows, by: Sequence[str]) -> Rows:
    """One row for each group, in the order in which groups first appear: every other column is a list."""
    need(by, rows.columns, "by")
    if rows.frame is not None:
        groups = rows.frame.group_by(list(by), maintain_order=True).agg(pl.all())
        keys = {name: groups[name].to_list() for name in by}
        return Rows(groups, (), rows.give if rows.give_groups is None else rows.give_groups(keys))
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    others = [name for name in rows.columns if name not in by]
    for record in rows.records:
        named = {name: None if is_missing(record.get(name)) else record[name] for name in by}
        group = found.setdefault(tuple(named.values()), {**named, **{name: [] for name in others}})
        for name in others:
            group[name].append(record.get(name))
    records = list(found.values())
    keys = {name: [record[name] for record in records] for name in by}
    return Rows(None, records, rows.give if rows.give_groups is None else rows.give_groups(keys))


def need(names: Iterable[str], columns: Sequence[str], argument: str) -> None:
    """Raises CoursewrightError for the first name, given as `argument` of `tell`, that is no column."""
    for name in names:
        if name not in columns:
            hint = did_you_mean(name, columns)
            raise CoursewrightError(f'no column called "{name}"', Place("tell", part=argument), hint)


def refuse_twins(columns: Sequence[str], place: Place) -> None:
    """Raises CoursewrightError for a name that two columns have."""
    if twice := next((name for name in columns if columns.count(name) > 1), None):
        raise CoursewrightError(f'the column "{twice}" is there twice', place, "rename one of them")
