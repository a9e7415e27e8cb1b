"""The rows that a finder found: as mappings for people, and as columns, which are told and scored faster than those."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.facts.fact import Finder
from coursewright.facts.order import rounded

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

_DIGITS = 12  # of a fraction: sums of many numbers differ in the last ones, as rows come in another order
_LONGEST = (1 << 63) - 1
_FEW = 200  # so few rows are told faster as mappings than as columns


@dataclass(frozen=True, eq=False)
class FactRows:
    """Rows with the columns `names`: the `columns` are Python's own values, with numbers as an author expects them.

    `frame` holds the same values, where all of them are of kinds that columns hold as they are.
    """

    names: list[str]
    columns: list[list[Any]]
    records: list[dict[str, Any]]
    frame: pl.DataFrame | None

    @classmethod
    def of(cls, table: pa.Table) -> FactRows:
        """The rows of a table of Arrow, whose decimal numbers become whole ones or fractions."""
        names, frame = table.column_names, _frame(table)
        if frame is None:
            columns = [_numbers(column.to_pylist()) for column in table.columns]
        else:
            columns = [column.to_list() for column in frame]
        return cls(names, columns, [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)], frame)

    @property
    def to_tell(self) -> pl.DataFrame | list[dict[str, Any]]:
        """The rows in the form in which they are told fastest."""
        return self.records if self.frame is None else self.frame

    def scores(self, finder: Finder) -> Sequence[float]:
        """What each row is worth. Raises CoursewrightError for a score that is no number."""
        score, count = finder.settings.score, len(self.records)
        if count and isinstance(score, str) and score not in self.names:
            message, hint = f'no column called "{score}" to score by', did_you_mean(score, self.names)
            raise CoursewrightError(message, finder.place("score"), hint)
        values = [row[score] for row in self.records] if isinstance(score, str) else [score] * count
        if not ({*map(type, values)} <= {int, float} and all(map(math.isfinite, values))):
            wrong = next(value for value in values if type(value) not in (int, float) or not math.isfinite(value))
            message = f"the score of a fact is {'missing' if wrong is None else repr(wrong)}, not a number"
            hint = f"in the SELECT, coalesce(…, 0) AS {score} is a score for every row" if wrong is None else ""
            raise CoursewrightError(message, finder.place("score"), hint)
        written = {value: rounded(value) for value in {*values} if value}  # many facts are worth the same
        return [written[value] if value else rounded(value) for value in values]


def _frame(table: pa.Table) -> pl.DataFrame | None:
    """The rows as columns that hold the same values as Python does; None for few, or for values of other kinds."""
    if len(table) <= _FEW or len({*table.column_names}) < table.num_columns:
        return None
    import polars as pl

    series = [_series(name, column) for name, column in zip(table.column_names, table.columns, strict=True)]
    return None if any(one is None for one in series) else pl.DataFrame(series)


def _series(name: str, column: pa.ChunkedArray) -> pl.Series | None:
    import polars as pl
    import pyarrow as pa
    import pyarrow.types as kinds

    kind = column.type
    if kinds.is_float64(kind):
        values = pl.Series(column).to_list()
        others = {value: _fraction(value) for value in {*values} if value and not value.is_integer()}
        return pl.Series(name, [others.get(value, value) for value in values], pl.Float64)
    if kinds.is_decimal(kind):
        if kind.scale == 0:
            with contextlib.suppress(pa.ArrowInvalid):
                return pl.Series(name, column.cast(pa.int64()))
        values = _numbers(column.to_pylist())
        found = {*map(type, values)} - {type(None)}
        if found <= {int} and all(value is None or abs(value) <= _LONGEST for value in values):
            return pl.Series(name, values, pl.Int64)
        return pl.Series(name, values, pl.Float64) if found == {float} else None
    same = kinds.is_integer, kinds.is_boolean, kinds.is_string, kinds.is_large_string, kinds.is_date32
    return pl.Series(name, column) if any(test(kind) for test in same) else None


def _numbers(values: list[Any]) -> list[Any]:
    return [_number(value) for value in values]


def _number(value: Any) -> Any:
    """DuckDB's sums and decimals as int or float; of fractions, the digits on which all databases agree."""
    if isinstance(value, Decimal):
        value = int(value) if value == int(value) else float(value)
    return _fraction(value) if isinstance(value, float) else value


def _fraction(value: float) -> float:
    return value if value.is_integer() else float(f"{value:.{_DIGITS}g}")
