"""Aggregates that DuckDB has and SQLite lacks, in Python."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any


class _Join:
    """`string_agg`: texts in an order, each once if that is wanted; SQLite's own has no order."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, Any]] = []
        self.how: tuple[str, bool, bool] = (",", False, False)

    def step(self, text: Any, separator: str, key: Any, falling: int, distinct: int) -> None:
        """One row."""
        self.how = (separator, bool(falling), bool(distinct))
        if text is not None:
            self.rows.append((key, str(text)))

    def finalize(self) -> str | None:
        """All of them."""
        separator, falling, distinct = self.how
        there = [row for row in self.rows if row[0] is not None]
        there.sort(key=lambda row: _order(row[0]), reverse=falling)
        rows = [*there, *(row for row in self.rows if row[0] is None)]
        texts = [text for _, text in rows]
        return separator.join(dict.fromkeys(texts) if distinct else texts) if texts else None


def _order(value: Any) -> tuple[int, Any]:
    return (0, value) if isinstance(value, int | float) else (1, str(value))


class _Only:
    """The value of a subquery, which may have one row at most."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def step(self, value: Any) -> None:
        """One row."""
        if self.values:
            raise ValueError("a subquery used as a value has several rows: which of them is meant")
        self.values.append(value)

    def finalize(self) -> Any:
        """Its value, or nothing where there is no row."""
        return self.values[0] if self.values else None


class _Spread:
    """An aggregate of numbers, by Python's own statistics."""

    of: Callable[[list[float]], float]
    least = 1

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: float | None) -> None:
        """One row."""
        if value is not None:
            self.values.append(value)

    def finalize(self) -> float | None:
        """What all of them give; nothing where there are too few."""
        return float(type(self).of(self.values)) if len(self.values) >= self.least else None


def _spread(function: Callable[[list[float]], float], least: int) -> type[_Spread]:
    return type("Spread", (_Spread,), {"of": staticmethod(function), "least": least})


AGGREGATES: dict[str, Any] = {
    "coursewright_join": _Join,
    "coursewright_only": _Only,
    "coursewright_median": _spread(statistics.median, 1),
    "coursewright_stddev": _spread(statistics.stdev, 2),
    "coursewright_stddev_pop": _spread(statistics.pstdev, 1),
    "coursewright_variance": _spread(statistics.variance, 2),
    "coursewright_variance_pop": _spread(statistics.pvariance, 1),
}
