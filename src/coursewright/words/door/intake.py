"""Columns of other programs as columns of Polars that hold and print the same values as Python does.

What Polars holds as it is stays a column of its own type. Anything else becomes a column of Python's own values, which
is slower and exact, or is refused by name.
"""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.showing import holdable
from coursewright.words.printing.values import is_missing, plain

if TYPE_CHECKING:
    import pyarrow as pa

_SHORT = re.compile(r"Float(16|32)|Extension")  # what lists in Polars do not hand over as it was
_WIDE = {"hugeint", "uhugeint"}
_AS = dict.fromkeys(_WIDE, "DECIMAL(38, 0)") | {"time with time zone": "VARCHAR", "bit": "VARCHAR"}  # nor DuckDB
_OBJECTS_KEPT = {"string", "integer", "floating", "boolean", "date", "empty"}
_NUMPY_ALONE = {"longdouble", "float128", "complex64", "complex128", "complex256"}
_EXTENSION = b"ARROW:extension:name"


def refused(name: str, kind: object) -> CoursewrightError:
    """The error for a column whose values have no meaning here."""
    message = f'the column "{name}" holds values of the type {kind}, which cannot be told'
    return CoursewrightError(message, Place("tell", part="rows"), "make them text or numbers first")


def objects(name: str, items: Sequence[Any]) -> pl.Series:
    """A column of Python's own values, each of which stays what it is: a list of missing values, too, has a length."""
    values = [None if is_missing(item) and not isinstance(item, list | tuple | Mapping) else item for item in items]
    return pl.Series(name, ["", *values], dtype=pl.Object).slice(
        1
    )  # of Enums, were one first, it would take the values


def of_polars(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame in which missing is null and nothing else, and types print as Python's do."""
    return frame.with_columns(map(_held, frame.get_columns())) if frame.width else frame


def _held(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if dtype == pl.Float64:
        return column.fill_nan(None)
    if dtype == pl.Float32:
        return column.cast(pl.String).cast(pl.Float64).fill_nan(None)
    if dtype in {pl.Categorical, pl.Enum, pl.Null}:
        return column.cast(pl.String)
    if dtype in {pl.Int128, pl.UInt128}:
        return whole(column.name, column.to_list())
    if _SHORT.search(str(dtype)):
        return _of_column(column.name, column.to_arrow())
    return column


def whole(name: str, numbers: Sequence[int | None]) -> pl.Series:
    """A column of whole numbers of any length."""
    try:
        return pl.Series(name, numbers, dtype=pl.Int64)
    except (OverflowError, TypeError, pl.exceptions.PolarsError):
        return objects(name, numbers)


def of_arrow(table: pa.Table) -> pl.DataFrame:
    """A table of Arrow as `of_polars` makes it. Raises CoursewrightError for a type that is not known."""
    unknown = [field for field in table.schema if _EXTENSION in (field.metadata or {})]
    if unknown:
        raise refused(unknown[0].name, (unknown[0].metadata or {})[_EXTENSION].decode())
    table = _decoded(table)
    nested = [field.name for field in table.schema if _holds(field.type, "interval")]
    held = holdable(table.drop_columns(nested))
    kept = [field.name for field in held.schema if _is_kept(field.type)]
    frame = pl.from_arrow(held.select(kept))
    columns = {column.name: _held(column) for column in (frame if isinstance(frame, pl.DataFrame) else [frame])}
    return pl.DataFrame(
        [
            columns[name] if name in columns else _of_column(name, (table if name in nested else held).column(name))
            for name in table.column_names
        ]
    )


def _holds(kind: Any, what: str) -> bool:
    """Whether a nested type holds what Arrow calls so: an "interval", or "run_end_encoded" values."""
    import pyarrow.types as kinds

    inner = [kind.field(at).type for at in range(kind.num_fields)] if kinds.is_nested(kind) else []
    return any(getattr(kinds, f"is_{what}")(one) or _holds(one, what) for one in inner)


def _decoded(table: pa.Table) -> pa.Table:
    """A table in which no column is a list of runs, and days are days. Raises CoursewrightError for lists within."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    for at, field in enumerate(table.schema):
        if kinds.is_run_end_encoded(field.type) and not kinds.is_dictionary(field.type.value_type):
            table = table.set_column(at, field.name, pc.run_end_decode(table.column(at)))
        elif kinds.is_date64(field.type):  # in milliseconds, of which Python sees the day
            table = table.set_column(at, field.name, table.column(at).cast(pa.date32(), safe=False))
        elif kinds.is_run_end_encoded(field.type) or _holds(field.type, "run_end_encoded"):
            raise refused(field.name, field.type)
    return table


def _is_kept(kind: Any) -> bool:
    """Whether Polars holds a type of Arrow as it is, or `_held` puts it right."""
    import pyarrow.types as kinds

    if kinds.is_dictionary(kind):
        return _is_kept(kind.value_type)
    if kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind):
        return _is_kept(kind.value_type) and not kinds.is_floating(kind.value_type)
    if kinds.is_struct(kind):
        return all(_is_kept(field.type) and not kinds.is_floating(field.type) for field in kind)
    plain = (
        kinds.is_boolean, kinds.is_integer, kinds.is_float32, kinds.is_float64, kinds.is_decimal32, kinds.is_decimal64,
        kinds.is_decimal128, kinds.is_string, kinds.is_large_string, kinds.is_string_view, kinds.is_binary,
        kinds.is_large_binary, kinds.is_binary_view, kinds.is_fixed_size_binary, kinds.is_date, kinds.is_time,
        kinds.is_timestamp, kinds.is_duration, kinds.is_null,
    )  # fmt: skip
    return any(test(kind) for test in plain) or (kinds.is_map(kind) and _is_kept(kind.item_type))


def _of_column(name: str, column: Any) -> pl.Series:
    import pyarrow as pa
    import pyarrow.types as kinds

    kind = column.type
    try:
        if isinstance(kind, pa.BaseExtensionType):
            return _of_extension(name, column)
        if kinds.is_float16(kind):
            return pl.Series(name, [plain(value) for value in column.to_numpy()], pl.Float64).fill_nan(None)
        if (longer := _longer(kind, pa.string())) != kind:
            column = column.cast(longer).cast(_longer(kind, pa.float64()))
        values = [_entries(value, kind) for value in column.to_pylist()]
        return objects(name, [_with_lengths(value) for value in values] if _holds(kind, "interval") else values)
    except (pa.ArrowException, NotImplementedError, TypeError, ValueError, KeyError):
        raise refused(name, kind) from None


def _entries(value: Any, kind: Any) -> Any:
    """A map of Arrow as a dictionary."""
    import pyarrow.types as kinds

    return dict(value) if kinds.is_map(kind) and value is not None else value


def _with_lengths(value: Any) -> Any:
    """A value with the intervals in it as lengths of time. Raises ValueError for months, which have no length."""
    if isinstance(value, list | tuple) and not hasattr(value, "months"):
        return [_with_lengths(item) for item in value]
    if isinstance(value, dict):
        return {name: _with_lengths(item) for name, item in value.items()}
    if getattr(value, "months", 0):
        raise ValueError("months have no length")
    if hasattr(value, "nanoseconds"):
        return datetime.timedelta(days=value.days, microseconds=value.nanoseconds // 1000)
    return value


def _longer(kind: Any, instead: Any) -> Any:
    """A nested type with another for its short floats: by way of text 0.1 is 0.1 and not 0.10000000149011612."""
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_float16(kind):
        raise TypeError("short floats inside others")
    if kinds.is_float32(kind):
        return instead
    if kinds.is_list(kind):
        return pa.list_(_longer(kind.value_type, instead))
    if kinds.is_large_list(kind):
        return pa.large_list(_longer(kind.value_type, instead))
    if kinds.is_fixed_size_list(kind):
        return pa.list_(_longer(kind.value_type, instead), kind.list_size)
    if kinds.is_struct(kind):
        return pa.struct([pa.field(field.name, _longer(field.type, instead)) for field in kind])
    return kind


def _of_extension(name: str, column: Any) -> pl.Series:
    kind = column.type
    if kind.extension_name == "arrow.uuid":
        return objects(name, column.to_pylist())
    if kind.extension_name in {"pandas.period", "pandas.interval"}:
        return objects(name, [None if value != value else value for value in column.to_pandas().astype(object)])  # noqa: PLR0124 - NaT
    if kind.extension_name == "arrow.bool8":
        return pl.Series(name, [None if value is None else bool(value) for value in column.to_pylist()], pl.Boolean)
    if kind.extension_name == "arrow.json":
        return pl.Series(name, column.to_pylist(), pl.String)
    raise refused(name, kind.extension_name)


def of_duckdb(rows: Any, names: Sequence[str]) -> pl.DataFrame:
    """Columns of a relation as `of_polars` makes them. Raises CoursewrightError for a list of too long numbers."""
    import duckdb

    kinds = dict(zip(rows.columns, rows.types, strict=True))
    asked = {name: _asked(name, kinds[name]) for name in names}
    try:
        frame = of_arrow(rows.project(", ".join(asked.values())).to_arrow_table())
    except duckdb.ConversionException as error:
        for name, expression in asked.items():
            if expression != _quoted(name) and _fails(rows, expression) and not _fails(rows, _quoted(name)):
                raise refused(name, kinds[name]) from None
        message = f"DuckDB cannot make the rows: {str(error).splitlines()[0]}"
        raise CoursewrightError(message, Place("tell", part="rows")) from None
    long = [name for name in names if kinds[name].id in _WIDE]
    return frame.with_columns(_whole_of_text(frame[name]) for name in long) if long else frame


def _fails(rows: Any, expression: str) -> bool:
    import duckdb

    try:
        rows.project(expression).fetchall()
    except duckdb.ConversionException:
        return True
    return False


def _asked(name: str, kind: Any) -> str:
    quoted = _quoted(name)
    as_held = "VARCHAR" if kind.id in _WIDE else _as_held(kind)
    return quoted if as_held == str(kind) else f"CAST({quoted} AS {as_held}) AS {quoted}"


def _as_held(kind: Any) -> str:
    """A type of DuckDB's with another for what it hands over as something else."""
    if kind.id in {"list", "array"}:
        inner, size = kind.children[0][1], "" if kind.id == "list" else kind.children[1][1]
        return f"{_as_held(inner)}[{size}]"
    if kind.id == "map":
        return f"MAP({', '.join(_as_held(inner) for _, inner in kind.children)})"
    if kind.id == "struct" and (fields := [(_quoted(name), inner) for name, inner in kind.children]):
        held = [f"{name} {_as_held(inner)}" for name, inner in fields]
        same = held == [f"{name} {inner}" for name, inner in fields]
        return str(kind) if same else f"STRUCT({', '.join(held)})"
    return _AS.get(kind.id, str(kind))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _whole_of_text(column: pl.Series) -> pl.Series:
    short = column.cast(pl.Int64, strict=False)
    if short.null_count() == column.null_count():
        return short
    return objects(column.name, [None if text is None else int(text) for text in column.to_list()])


def of_pandas(frame: Any) -> pl.DataFrame:
    """A frame of pandas as `of_polars` makes it, each column by itself."""
    return pl.DataFrame([_of_series(str(name), frame[name]) for name in frame.columns])


def _of_series(name: str, column: Any) -> pl.Series:
    import pandas as pd

    dtype = column.dtype
    if isinstance(dtype, pd.SparseDtype):
        return _of_series(name, column.sparse.to_dense())
    if isinstance(dtype, pd.CategoricalDtype) and pd.api.types.infer_dtype(dtype.categories) != "string":
        return _of_series(name, column.astype(object))
    if isinstance(dtype, pd.ArrowDtype):
        import pyarrow as pa

        return of_arrow(pa.table({name: column.array.__arrow_array__()})).to_series()
    if _is_kept_by_pandas(column):
        with contextlib.suppress(TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
            return _held(pl.from_pandas(column.rename(name), nan_to_null=True))
    return objects(name, list(column.astype(object)))


def _is_kept_by_pandas(column: Any) -> bool:
    import pandas as pd

    dtype = column.dtype
    if dtype.kind == "O" and str(dtype) == "object":
        return pd.api.types.infer_dtype(column, skipna=True) in _OBJECTS_KEPT
    return not isinstance(dtype, pd.PeriodDtype | pd.IntervalDtype) and str(dtype) not in _NUMPY_ALONE
