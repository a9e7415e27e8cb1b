"""What stands behind a statement: the tables that it names, and those that they are derived from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from coursewright.errors import CoursewrightError
from coursewright.tables.statements.sql import Sql
from coursewright.tables.table import DerivedTable, Table


def tables_behind(
    sql: Sql, names: Callable[[Sql], Collection[str]], tables: Mapping[str, Table | DerivedTable]
) -> dict[str, Table | DerivedTable]:
    """The tables that `sql` reads, by name, whether it names them or a derived table does.

    `names` gives the names of those of the `tables` that a statement names.
    """
    behind: dict[str, Table | DerivedTable] = {}
    waiting = [*names(sql)]
    while waiting:
        name = waiting.pop()
        if name not in behind:
            behind[name] = table = tables[name]
            waiting.extend(names(table.sql) if isinstance(table, DerivedTable) else ())
    return behind


def parameters_behind(
    sql: Sql, names: Callable[[Sql], Collection[str]], tables: Mapping[str, Table | DerivedTable]
) -> frozenset[str]:
    """The named parameters of `sql` and of the SQL of the tables that it reads."""
    return frozenset(sql.parameters).union(derived_with(sql, names, tables))


def derived_with(
    sql: Sql, names: Callable[[Sql], Collection[str]], tables: Mapping[str, Table | DerivedTable]
) -> tuple[str, ...]:
    """The named parameters of the tables that `sql` reads, without its own."""
    behind = tables_behind(sql, names, tables).values()
    return tuple(sorted({name for table in behind if isinstance(table, DerivedTable) for name in table.sql.parameters}))


def refuse_circle(table: DerivedTable, within: tuple[str, ...]) -> None:
    """Raise CoursewrightError when `table` is one of those that are being made from it."""
    if table.name in within:
        circle = " → ".join((*within[within.index(table.name) :], table.name))
        raise CoursewrightError(f"these tables are made from each other: {circle}", table.sql.place())
