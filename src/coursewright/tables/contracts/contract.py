"""The noun: what a course expects of a table, as `[tables.NAME.expect]` of `course.toml` says it.

The idea is the data contract of data engineering: NOT NULL, UNIQUE, CHECK and REFERENCES of a database, for rows that
come from somewhere else and can change there.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import msgspec

from coursewright.errors import CoursewrightError, Place, did_you_mean

Scalar = str | int | float | bool

KINDS = ("text", "integer", "number", "date", "time", "timestamp", "boolean")

# What the ends of a range are, and how they are written; the first that fits.
_ENDS = {
    "number": r"[+-]?[0-9]+(\.[0-9]+)?",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "timestamp": r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?",
    "time": r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?",
}


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is true of every row of a table, and of the table as a whole.

    `rows` is how many there are: a number, or "1000..", "..20" or "10..20". `columns` are there, and with `exactly` no
    others. `types` says of columns whether they are text, integer, number, date, time, timestamp or boolean. `not_null`
    columns have a value in every row; of the columns of each entry in `unique`, no two rows have the same values.
    `ranges` are written like `rows`, of numbers, dates or times, both ends included; `values` lists what a column may
    hold, `match` is a regular expression for the whole of a text, and `refers` says of a column in which column of
    another table its values are, as "drivers.driverId". A missing value breaks `not_null` and no other rule.
    """

    rows: int | str = ""
    columns: tuple[str, ...] = ()
    exactly: bool = False
    types: dict[str, str] = {}
    not_null: tuple[str, ...] = ()
    unique: tuple[str | tuple[str, ...], ...] = ()
    ranges: dict[str, str] = {}
    values: dict[str, tuple[Scalar, ...]] = {}
    match: dict[str, str] = {}
    refers: dict[str, str] = {}

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The entries of `unique`, each as the names of its columns."""
        return tuple((entry,) if isinstance(entry, str) else entry for entry in self.unique)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `low` to `high`, both included and either perhaps missing; `kind` is number, date, timestamp or time."""

    low: str
    high: str
    kind: str


def read_span(text: str) -> Bounds | None:
    """`"0..50"`, `"1950-05-13.."` or `"7"` as Bounds; None when it is no range, or ends before it begins."""
    low, dots, high = text.strip().partition("..")
    ends = [end.strip() for end in ((low, high) if dots else (low, low))]
    kinds = {_kind_of_end(end) for end in ends if end}
    if len(kinds) != 1 or None in kinds:
        return None
    kind = str(kinds.pop())
    if all(ends) and _order(ends[0], kind) > _order(ends[1], kind):
        return None
    return Bounds(ends[0], ends[1], kind)


def _kind_of_end(end: str) -> str | None:
    kind = next((kind for kind, pattern in _ENDS.items() if re.fullmatch(pattern, end)), None)
    try:
        return kind if kind is None or _order(end, kind) is not None else None
    except ValueError:  # such as 2024-02-30
        return None


def _order(end: str, kind: str) -> float:
    """A number that is greater for a later end."""
    if kind == "number":
        return float(end)
    text = f"1970-01-01 {end}" if kind == "time" else end
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC).timestamp()


@dataclass(frozen=True)
class Contract:
    """What is expected of one table; `place` gives the place of a rule, such as `place("ranges", "points")`."""

    expect: Expect
    place: Callable[..., Place]

    @cached_property
    def spans(self) -> dict[str, Bounds]:
        """`ranges`, read. Raises CoursewrightError for one that is no range."""
        return {column: self._span(text, "ranges", column) for column, text in self.expect.ranges.items()}

    @cached_property
    def rows(self) -> Bounds | None:
        """`rows`, read; None when any number will do. Raises CoursewrightError for what is no number of rows."""
        if self.expect.rows == "":
            return None
        span = self._span(str(self.expect.rows), "rows")
        if span.kind != "number" or not re.fullmatch("[0-9]*", span.low) or not re.fullmatch("[0-9]*", span.high):
            raise CoursewrightError(f'"{self.expect.rows}" is no number of rows', self.place("rows"), _ROWS)
        return span

    def check(self, tables: Iterable[str]) -> None:
        """Raise CoursewrightError for a contract that no table can keep: no range, no type, no such table to refer to.

        `tables` are the names of all tables.
        """
        _ = self.rows, self.spans
        for column, kind in self.expect.types.items():
            if kind not in KINDS:
                raise CoursewrightError(
                    f'no type called "{kind}"', self.place("types", column), did_you_mean(kind, KINDS)
                )
        for column, pattern in self.expect.match.items():
            try:
                re.compile(pattern)
            except re.error as error:
                message = f'"{pattern}" is no regular expression: {error}'
                raise CoursewrightError(message, self.place("match", column)) from None
        known = list(tables)
        for column, target in self.expect.refers.items():
            table, dot, other = target.partition(".")
            place = self.place("refers", column)
            if not (table and dot and other):
                raise CoursewrightError(
                    f'"{target}" is no column of a table', place, 'for instance: "drivers.driverId"'
                )
            if table not in known:
                raise CoursewrightError(f'no table called "{table}"', place, did_you_mean(table, known))
        if () in self.expect.keys:
            raise CoursewrightError("a key has one column or more", self.place("unique"), 'for instance: ["raceId"]')

    def _span(self, text: str, *rule: str) -> Bounds:
        span = read_span(text)
        if span is None:
            raise CoursewrightError(f'"{text}" is no range', self.place(*rule), _ROWS if rule == ("rows",) else _RANGE)
        return span


_ROWS = 'for instance: rows = 20, rows = "1000.." or rows = "10..20"'
_RANGE = 'for instance: "0..50", "1950..", "..-1" or "2024-01-01..2024-12-31"'
