"""The rows of a table as lines: one series for each group, broken where an x is missing."""

from __future__ import annotations

import importlib
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.charts.spoken import Speech, speech

if TYPE_CHECKING:
    import pandas as pd

FITTED = 3  # points that a curve needs
MOST = 24  # lines that a reader can follow and `theme.styles` tells apart


@dataclass(frozen=True, slots=True)
class Axis:
    """The x axis: `ticks` are (position, text); neighbours are `step` apart, 0 where anything goes.

    What stands on it is said in `language`.
    """

    kind: str  # "integer", "number", "date" or "category"
    ticks: tuple[tuple[float, str], ...] = ()
    step: float = 0
    language: str = "en-GB"

    @property
    def speech(self) -> Speech:
        """How what is on it is said."""
        return speech(self.language)

    def told(self, position: float) -> str:
        """The x at `position` in words."""
        if self.kind == "category":
            return self.ticks[round(position)][1]
        if self.kind == "date":
            return self.speech.day(dates().num2date(position).date())
        if self.kind == "number":
            return self.speech.general(position)
        return self.speech.fixed(f"{position:z.0f}", grouped=False)


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its points in the order of x, and for each the number of the unbroken stretch that it belongs to."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    stretch: tuple[int, ...]

    @property
    def lonely(self) -> list[int]:
        """The points without a neighbour to draw a line to."""
        sizes = Counter(self.stretch)
        return [index for index, stretch in enumerate(self.stretch) if sizes[stretch] == 1]


def read_series(
    frame: Any, x: str, y: str, group: str, stretch: str = "", *, language: str = "en-GB"
) -> tuple[Axis, list[Series]]:
    """The lines of `frame` (a pandas or polars data frame, or an Arrow table), in the order of their names.

    The order of a categorical column is its own; of any other text on x, that of its first appearance. A line breaks
    where the column `stretch` changes. What is said of them is in `language`.
    """
    import numpy as np

    others = (x, group, *filter(None, [stretch]))
    table = checked(frame, (*others, y), others)
    parts = table[stretch].astype(str).to_numpy() if stretch else np.full(len(table), "")
    axis, positions = _axis(table[x])
    axis = replace(axis, language=language)
    values = numbers(table, y)
    names = _groups(table[group])
    series = []
    for name in names:
        rows = (table[group].astype(str) == name).to_numpy()
        points = sorted(zip(positions[rows], values[rows], parts[rows], strict=True), key=lambda point: point[:2])
        _refuse_doubles(points, name, axis)
        series.append(_broken(name, points, axis.step))
    drawn = [each for each in series if each.x]
    if not drawn:
        raise CoursewrightError(f'the column "{y}" has no number to draw')
    return axis, drawn


def two_ends(axis: Axis, series: list[Series], x: str) -> tuple[Axis, list[Series]]:
    """The two places of `series` on x as the ends of slopes; CoursewrightError for other than two, and for a gap."""
    at = sorted({position for each in series for position in each.x})
    if len(at) != 2:
        message = f'the column "{x}" has {len(at)} different values, and slopes go from one to another'
        raise CoursewrightError(message, hint="choose the rows of two of them, or draw lines")
    alone = next((each.name for each in series if len(each.x) != 2), None)
    if alone is not None:
        raise CoursewrightError(f'"{alone}" has no value at both ends', hint="leave it out, or draw dots")
    ends = tuple((float(place), axis.told(position)) for place, position in enumerate(at))
    return Axis("category", ends, 1, axis.language), [replace(each, x=(0.0, 1.0), stretch=(0, 0)) for each in series]


def dates() -> Any:
    """What matplotlib knows of dates, which it counts in days."""
    return importlib.import_module("matplotlib.dates")


def checked(frame: Any, columns: tuple[str, ...], full: tuple[str, ...]) -> pd.DataFrame:
    """`frame` with its `columns`, of which those that are `full` have no empty cell; or what is wrong with it."""
    import pandas as pd

    table = frame.to_pandas() if hasattr(frame, "to_pandas") else frame
    if not isinstance(table, pd.DataFrame):
        raise CoursewrightError(f"a chart is drawn from a data frame, not from a {type(frame).__name__}")
    for column in columns:
        if column not in table.columns:
            raise CoursewrightError(f'no column called "{column}"', hint=did_you_mean(column, map(str, table.columns)))
    if table.empty:
        raise CoursewrightError(
            "the table of this chart is empty",
            hint="a chart needs one row or more; look at the query or filter before it",
        )
    for column in full:
        if table[column].isna().any():
            raise CoursewrightError(f'the column "{column}" has empty cells', hint="leave those rows out: dropna()")
    return table


def _axis(column: pd.Series[Any]) -> tuple[Axis, Any]:
    import numpy as np
    import pandas as pd

    # A database's dates and decimals are Python objects in pandas.
    kind = pd.api.types.infer_dtype(column)
    if kind in ("date", "decimal"):
        column = pd.to_datetime(column) if kind == "date" else column.astype(float)
    if pd.api.types.is_datetime64_any_dtype(column):
        return Axis("date"), dates().date2num(column.to_numpy())
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        positions = column.to_numpy(dtype=float)
        if not np.isfinite(positions).all() or (positions != np.round(positions)).any():
            return Axis("number"), positions
        distinct = np.unique(positions)
        return Axis("integer", step=float(np.diff(distinct).min()) if len(distinct) > 1 else 1), positions
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.cat.remove_unused_categories()
        codes, names = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, names = pd.factorize(column)
    ticks = tuple((float(code), str(name)) for code, name in enumerate(names))
    return Axis("category", ticks, 1), codes.astype(float)


def numbers(table: pd.DataFrame, y: str) -> Any:
    """The column `y` as numbers; what is none but empty is not a number."""
    import numpy as np

    try:
        values = table[y].astype(object).where(table[y].notna(), np.nan).to_numpy(dtype=float)
    except (TypeError, ValueError):
        raise CoursewrightError(
            f'the column "{y}" has no numbers', hint="convert it in the query, for example with try_cast(… as double)"
        ) from None
    return np.where(np.isfinite(values), values, np.nan)


def _groups(column: pd.Series[Any]) -> list[str]:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        names = [str(name) for name in column.cat.remove_unused_categories().cat.categories]
    else:
        names = sorted({str(name) for name in column})
    if len(names) > MOST:
        raise CoursewrightError(
            f"this chart has {len(names)} lines, and a reader can tell {MOST} apart at most",
            hint="choose the groups that the story is about, or draw several charts",
        )
    return names


def _refuse_doubles(points: list[tuple[float, float, str]], name: str, axis: Axis) -> None:
    for (before, *_), (after, *_) in pairwise(points):
        if before == after:
            raise CoursewrightError(
                f'"{name}" has more than one value at {axis.told(after)}', hint="a line has one value at each x"
            )


def _broken(name: str, points: list[tuple[float, float, str]], step: float) -> Series:
    """`points` as a series: a stretch ends at a missing value, at a missing x where x goes in steps, with its part."""
    kept: list[tuple[float, float, int]] = []
    stretch, broken, within = 0, False, ""
    for position, value, part in points:
        if value != value:  # noqa: PLR0124 - only NaN differs from itself
            broken = True
            continue
        if kept and (broken or part != within or (step and position - kept[-1][0] > step)):
            stretch += 1
        kept.append((float(position), float(value), stretch))
        broken, within = False, part
    x, y, stretches = zip(*kept, strict=True) if kept else ((), (), ())
    return Series(name, x, y, stretches)
