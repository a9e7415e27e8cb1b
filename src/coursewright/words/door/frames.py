"""Takes rows of any kind in and gives texts of the same kind back: pandas, Polars, PyArrow, DuckDB, mappings."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from coursewright.errors import CoursewrightError, Place
from coursewright.words.door import intake
from coursewright.words.marks import GAP
from coursewright.words.printing.values import text_of
from coursewright.words.rowwise.trouble import need

Give = Callable[[pl.Series], Any]
TEXT = "text"
_KEPT = {str, int, float, bool, datetime.date}  # what Polars gives back as it was
_NO_COLUMN = f"{GAP} rows"


@dataclass(frozen=True, eq=False)
class InputRows:
    """Rows taken in, none of them converted yet.

    `read` gives a frame of the columns named, of which there is one at least; `count` how many rows there are. `give`
    turns the texts into the caller's kind; `give_groups` makes such a function for texts of groups, from what names the
    groups, where that has a place in the answer.
    """

    columns: Sequence[str]
    count: Callable[[], int]
    read: Callable[[Sequence[str]], pl.DataFrame]
    give: Give
    give_groups: Callable[[dict[str, list[Any]]], Give] | None = None

    def frame(self, names: Iterable[str]) -> pl.DataFrame:
        """The rows with those of their columns that are named: what no text needs is not converted."""
        asked = set(names)
        wanted = [name for name in self.columns if name in asked]
        if not wanted:
            return pl.DataFrame({_NO_COLUMN: pl.repeat(None, self.count(), eager=True)})
        return self.read(wanted)


def take(rows: Any) -> InputRows:
    """Rows of a kind that is known. Raises CoursewrightError for anything else, and for a column of a name of ours."""
    taken = _taken(rows)
    refuse_ours(taken.columns, Place("tell", part="rows"))
    return taken


def _taken(rows: Any) -> InputRows:
    maker = type(rows).__module__.partition(".")[0]
    if maker in _TAKERS:
        return _TAKERS[maker](rows)
    if hasattr(rows, "to_dict") and hasattr(rows, "index"):
        return _from_pandas(rows)
    if isinstance(rows, Mapping | str) or not isinstance(rows, Iterable):
        raise not_rows(rows)
    records = list(rows)
    if not all(isinstance(record, Mapping) for record in records):
        raise not_rows(rows)
    return _from_records(records)


def not_rows(rows: object) -> CoursewrightError:
    """The error for what is no rows of any kind."""
    return CoursewrightError(
        f"rows are not a {type(rows).__name__}",
        Place("tell", part="rows"),
        "give a pandas, Polars or PyArrow table, a DuckDB relation, a list of dictionaries, a Dask or Spark DataFrame, "
        "or a Ray Dataset",
    )


def _from_polars(rows: Any) -> InputRows:
    if isinstance(rows, pl.LazyFrame):
        return InputRows(
            rows.collect_schema().names(),
            lambda: int(rows.select(pl.len()).collect().item()),
            lambda names: intake.of_polars(rows.select(names).collect()),
            lambda texts: texts.to_frame().lazy(),
        )
    if not isinstance(rows, pl.DataFrame):
        raise not_rows(rows)
    return InputRows(
        rows.columns, lambda: rows.height, lambda names: intake.of_polars(rows.select(names)), lambda texts: texts
    )


def _from_arrow(rows: Any) -> InputRows:
    import pyarrow as pa

    if not isinstance(rows, pa.RecordBatch | pa.Table):
        raise not_rows(rows)
    whole = isinstance(rows, pa.Table)
    refuse_twins(rows.schema.names, Place("tell", part="rows"))

    def read(names: Sequence[str]) -> pl.DataFrame:
        chosen = rows.select(list(names))
        return intake.of_arrow(chosen if whole else pa.Table.from_batches([chosen]))

    def give(texts: pl.Series) -> Any:
        array = texts.to_arrow()
        return pa.chunked_array([array.cast(pa.large_string())]) if whole else array.cast(pa.string())

    return InputRows(rows.schema.names, lambda: int(rows.num_rows), read, give)


def _from_duckdb(rows: Any) -> InputRows:
    import duckdb

    if not isinstance(rows, duckdb.DuckDBPyRelation):
        raise not_rows(rows)
    refuse_twins(rows.columns, Place("tell", part="rows"))

    def give(texts: pl.Series) -> Any:
        return duckdb.from_arrow(texts.to_frame().to_arrow())

    return InputRows(rows.columns, lambda: len(rows), lambda names: intake.of_duckdb(rows, names), give)


def _from_pandas(rows: Any) -> InputRows:
    import pandas as pd

    if not isinstance(rows, pd.DataFrame):
        raise not_rows(rows)
    names = [str(name) for name in rows.columns]
    refuse_twins(names, Place("tell", part="rows"))

    def read(wanted: Sequence[str]) -> pl.DataFrame:
        chosen = rows.iloc[:, [names.index(name) for name in wanted]]
        return intake.of_pandas(chosen.set_axis(list(wanted), axis="columns").reset_index(drop=True))

    def give(texts: pl.Series) -> Any:
        return texts.alias(TEXT).to_pandas().set_axis(rows.index)

    def give_groups(keys: dict[str, list[Any]]) -> Give:
        names, values = list(keys), list(keys.values())
        index = pd.Index(values[0], name=names[0])
        if len(names) > 1:
            index = pd.MultiIndex.from_arrays(values, names=names)
        return lambda texts: texts.alias(TEXT).to_pandas().set_axis(index)

    return InputRows(names, lambda: len(rows), read, give, give_groups)


def _from_records(records: Sequence[Mapping[Any, Any]]) -> InputRows:
    names = {str(name): name for record in records for name in record}

    def read(wanted: Sequence[str]) -> pl.DataFrame:
        return pl.DataFrame([_of_values(name, [record.get(names[name]) for record in records]) for name in wanted])

    return InputRows(list(names), lambda: len(records), read, lambda texts: texts.to_list())


def _of_values(name: str, values: Sequence[Any]) -> pl.Series:
    """Values of one type as a column of it, if that changes none of them; any others as they are."""
    kinds = set(map(type, values)) - {type(None)}
    if len(kinds) <= 1 and kinds <= _KEPT:
        with contextlib.suppress(TypeError, OverflowError, pl.exceptions.PolarsError):
            column = pl.Series(name, values, strict=True)
            return intake.of_polars(column.to_frame()).to_series()
    return intake.objects(name, values)


_TAKERS: dict[str, Callable[[Any], InputRows]] = {
    "polars": _from_polars,
    "pyarrow": _from_arrow,
    "duckdb": _from_duckdb,
    "_duckdb": _from_duckdb,
    "pandas": _from_pandas,
}


def grouped(rows: InputRows, by: Sequence[str]) -> InputRows:
    """One row for each group, in the order in which groups first appear: every other column is a list."""
    need(by, rows.columns, "by")
    named = rows.frame(by)
    numbers = pl.DataFrame([_numbered(named[name]) for name in by]).with_row_index(_NO_COLUMN)
    groups = numbers.group_by(by, maintain_order=True).agg(_NO_COLUMN)[_NO_COLUMN]
    firsts = groups.list.first()

    def read(wanted: Sequence[str]) -> pl.DataFrame:
        frame = rows.frame(wanted)
        return pl.DataFrame(
            [_firsts(frame[name], firsts) if name in by else _listed(frame[name], groups) for name in wanted]
        )

    keys = {name: _firsts(named[name], firsts).to_list() for name in by}
    give = rows.give if rows.give_groups is None else rows.give_groups(keys)
    return InputRows(rows.columns, lambda: len(groups), read, give)


def _numbered(column: pl.Series) -> pl.Series:
    """A column by which groups can be told apart: itself, or numbers for Python's own values."""
    if column.dtype != pl.Object:
        return column
    known: dict[Any, int] = {}
    values = [value if isinstance(value, Hashable) else text_of(value) for value in column.to_list()]
    return pl.Series(column.name, [known.setdefault(value, len(known)) for value in values])


def _firsts(column: pl.Series, firsts: pl.Series) -> pl.Series:
    if column.dtype != pl.Object:
        return column.gather(firsts)
    values = column.to_list()
    return intake.objects(column.name, [values[first] for first in firsts])


def _listed(column: pl.Series, groups: pl.Series) -> pl.Series:
    """The values of each group as a list."""
    if column.dtype == pl.Object:
        values = column.to_list()
        return intake.objects(column.name, [[values[row] for row in rows] for rows in groups])
    group = pl.Series(_NO_COLUMN, range(len(groups)))
    frame = pl.DataFrame({_NO_COLUMN: groups, "group": group}).explode(_NO_COLUMN).sort(_NO_COLUMN)
    listed = frame.select("group").with_columns(column).group_by("group", maintain_order=True).agg(column.name)
    return listed[column.name]


def refuse_ours(columns: Iterable[str], place: Place) -> None:
    """Raises CoursewrightError for a name that begins as those of our own columns, which stand beside all others."""
    if ours := next((name for name in columns if str(name).startswith(GAP)), None):
        said = f'the column "{ours}" begins with a character that Unicode keeps for programs'
        raise CoursewrightError(said, place, "rename it")


def refuse_twins(columns: Sequence[str], place: Place) -> None:
    """Raises CoursewrightError for a name that two columns have."""
    if twice := next((name for name in columns if columns.count(name) > 1), None):
        raise CoursewrightError(f'the column "{twice}" is there twice', place, "rename one of them")
