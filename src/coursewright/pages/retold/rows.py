"""The author's SQL so that it stands alone: for an engine that holds the tables, and is told the present parameters."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from coursewright.facts.retelling import literal, variable
from coursewright.pages.executing.run import Materials
from coursewright.tables import Sql, quote
from coursewright.words.in_sql import NotInSql

_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "BOOLEAN"), (int, "BIGINT"), (float, "DOUBLE"), (str, "VARCHAR"), (datetime.datetime, "TIMESTAMP"),
    (datetime.date, "DATE"), (Decimal, "DECIMAL(38, 9)"),
)  # fmt: skip
_STAR = re.compile(r"(?<![\w)])\*|\.\*")


@dataclass(frozen=True)
class RetoldRows:
    """The SELECT of the rows, their columns with their types, and the tables that are read.

    Of each table these are the columns that the SQL may name, or None for all.
    """

    rows: str
    columns: Mapping[str, str]
    tables: Mapping[str, frozenset[str] | None]


def retold_rows(sql: Sql, materials: Materials, live: frozenset[str]) -> RetoldRows:
    """What `sql` gives for whatever a reader chooses; `live` are the parameters that they change.

    Raises NotInSql with what cannot be asked so.
    """
    database = materials.database
    sql = sql.one
    values = {name: materials.parameters[name] for name in database.parameters_behind(sql)}
    names = database.query(sql, values).column_names  # which opens its tables; DESCRIBE loses capitals of names
    written = database.as_duckdb(sql)
    for name in written.parameters:
        database.connection.execute(f"SET VARIABLE {quote(name)} = {literal(values[name])}").fetchall()
    rows = written.with_parameters(lambda name: f"CAST({variable(name)} AS {_type(values[name])})") + "\n"
    described = database.connection.execute(f"DESCRIBE {rows}").fetchall()
    columns = dict(zip(names, (kind for _, kind, *_ in described), strict=True))
    if len(columns) < len(described):
        raise NotInSql("two columns of one name")
    tables = {name: _columns(materials, name, sql.text, live) for name in sorted(database.names(sql))}
    return RetoldRows(rows, columns, tables)


def _type(value: Any) -> str:
    found = next((name for kind, name in _TYPES if isinstance(value, kind)), None)
    if found is None:
        raise NotInSql(f"a parameter that is {value!r}")
    return found


def _columns(materials: Materials, name: str, text: str, live: frozenset[str]) -> frozenset[str] | None:
    """The columns of a table whose names come in the SQL; None for all, where it may ask for all."""
    database = materials.database
    for parameter in sorted(database.parameters_behind(database.select(name)) & live):
        raise NotInSql(f'the table "{name}", which hangs on the parameter {parameter}')
    words = {word.lower() for word in re.findall(r"\w+", text)}
    columns = frozenset(column for column in database.columns(name) if column.lower() in words)
    return None if not columns or _STAR.search(text) else columns
