"""What was known when: the order of the moments in a course's data, and the stage of a moment at which rows appear.

A course about events (races, elections, weeks) says in `[timeline]` which table lists the moments. From that the tool
can hand out tables as they stood just before a moment, so that nothing written about it can know what came later. The
idea is the "as of" join of time series databases, applied to every table of the course at once.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.table import quote


class Timeline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[timeline]` of `course.toml`.

    `table` has one row per moment and `key` names its column that other tables point at; `order` are its columns that
    tell which moment is earlier; `now` are the parameters, one per column of `order`, that name the present moment.
    `stages` are the steps of one moment, in order; `known` says at which of them a table's rows appear (the last, when
    it does not say). `timeless` tables hold nothing that a moment changes.
    """

    table: str
    key: str
    order: tuple[str, ...]
    now: tuple[str, ...]
    stages: tuple[str, ...] = ("before", "after")
    known: dict[str, str] = {}
    timeless: tuple[str, ...] = ()

    def check(self, place: Place, parameters: Iterable[str], tables: Iterable[str]) -> None:
        """Refuse a timeline that contradicts itself or names what the course does not have."""
        if len(self.order) != len(self.now) or not self.order:
            raise CoursewrightError("`order` and `now` name the same number of things, one or more", place)
        for name in self.now:
            if name not in parameters:
                raise CoursewrightError(f'no parameter called "{name}"', place, did_you_mean(name, parameters))
        for name in (self.table, *self.known, *self.timeless):
            if name not in tables:
                raise CoursewrightError(f'no table called "{name}"', place, did_you_mean(name, tables))
        for stage in self.known.values():
            self.stage(stage, place)

    def stage(self, name: str, place: Place | None) -> int:
        """The position of the stage called `name`."""
        if name not in self.stages:
            raise CoursewrightError(f'no stage called "{name}"', place, did_you_mean(name, self.stages))
        return self.stages.index(name)

    def moments(self) -> str:
        """SQL for all moments: their key, their `order` columns and their position, `_moment`."""
        order = ", ".join(map(quote, self.order))
        position = f"dense_rank() OVER (ORDER BY {order}) AS _moment"  # what happens at once is one moment
        return f"SELECT {quote(self.key)}, {order}, {position} FROM {quote(self.table)}"

    def comparison(self, table: str, stage: int) -> str:
        """How the moment of a row of `table` must stand to the present one to be known at `stage`."""
        own = self.stages.index(self.known[table]) if table in self.known else len(self.stages) - 1
        return "<=" if own <= stage else "<"
