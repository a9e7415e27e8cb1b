"""What is found out once for each statement of a course: pages ask the same ones again and again, with other values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.tables.fetching.kept import CopyStore
from coursewright.tables.load import found
from coursewright.tables.statements.behind import derived_with, parameters_behind, tables_behind
from coursewright.tables.statements.dialects import as_duckdb
from coursewright.tables.statements.outside import files_outside
from coursewright.tables.statements.relative import from_course
from coursewright.tables.statements.scopes import folded
from coursewright.tables.statements.sql import Sql, StatementReads, read
from coursewright.tables.table import DerivedTable, Table

if TYPE_CHECKING:
    import duckdb

Found = TypeVar("Found")


class Once(dict[Sql, Found]):
    """What `find` gives for a statement, found out when it is first asked for."""

    def __init__(self, find: Callable[[Sql], Found]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, sql: Sql) -> Found:
        self[sql] = known = self.find(sql)
        return known


@dataclass(frozen=True)
class KnownStatements:
    """The statements of a course at `root`, whose SQL is of a `dialect` where it does not say; by statement.

    `parameters` are the values of the course, with which the addresses of its `tables` are filled in.
    """

    root: Path
    connection: duckdb.DuckDBPyConnection
    tables: Mapping[str, Table | DerivedTable]
    parameters: Mapping[str, object]
    kept: CopyStore
    dialect: str
    by_folded: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        # SQL does not tell RESULTS from results
        object.__setattr__(self, "by_folded", {folded(name): name for name in self.tables})

    @cached_property
    def readings(self) -> Once[StatementReads]:
        """What a statement reads, each table being one of the course."""
        return Once(self._read)

    @cached_property
    def names(self) -> Once[frozenset[str]]:
        """The tables of the course that a statement itself names."""
        return Once(self._names)

    @cached_property
    def outside(self) -> Once[frozenset[Path]]:
        """The files that a statement itself names; one that is never there stands for clocks and chance."""
        return Once(lambda sql: files_outside(self.readings[sql], self.root))

    @cached_property
    def files(self) -> Once[frozenset[Path]]:
        """The files behind a statement: those outside, and those of data and of SQL."""
        return Once(self._files)

    @cached_property
    def parameters_behind(self) -> Once[frozenset[str]]:
        """The named parameters of a statement and of the SQL of the tables that it reads."""
        return Once(lambda sql: parameters_behind(sql, self.names.__getitem__, self.tables))

    @cached_property
    def derived_with(self) -> Once[tuple[str, ...]]:
        """The named parameters of the tables that a statement reads, without its own."""
        return Once(lambda sql: derived_with(sql, self.names.__getitem__, self.tables))

    @cached_property
    def written(self) -> Once[tuple[Sql, str]]:
        """A statement of the embedded database, and its text as that takes it."""
        return Once(self._written)

    def as_duckdb(self, sql: Sql) -> Sql:
        """A statement in the dialect of the embedded database, with the files that it names as seen from the course."""
        return from_course(as_duckdb(sql, sql.dialect or self.dialect), self.root, self.connection)

    def _written(self, sql: Sql) -> tuple[Sql, str]:
        ours = self.as_duckdb(sql)
        return ours, ours.with_parameters(lambda name: f"${name}")

    def _read(self, sql: Sql) -> StatementReads:
        reading = read(as_duckdb(sql, sql.dialect or self.dialect), self.connection)  # names as they were written
        for reference in reading.references:
            known = reference.schema or "." in reference.name or folded(reference.name) in self.by_folded
            if reference.kind == "table" and not known:
                message, hint = f'SQL: no table called "{reference.name}"', did_you_mean(reference.name, self.tables)
                raise CoursewrightError(message, sql.place(reference.line), hint)
        return reading

    def _names(self, sql: Sql) -> frozenset[str]:
        named = {folded(reference.name) for reference in self.readings[sql].references}
        return frozenset(self.by_folded[name] for name in named & self.by_folded.keys())

    def _files(self, sql: Sql) -> frozenset[Path]:
        behind = set(self.outside[sql])
        for table in tables_behind(sql, self.names.__getitem__, self.tables).values():
            if isinstance(table, DerivedTable):
                behind |= {Path(table.sql.file), *self.outside[table.sql]}
            else:
                behind.add(found(table, root=self.root, kept=self.kept, parameters=self.parameters)[0])
        return frozenset(behind)
