"""`{tell}` in SQL that stands alone: for an engine that holds the tables, and is told the present parameters."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from coursewright.facts.retold import check_key, literal, variable
from coursewright.pages.block import Flow
from coursewright.pages.body import Directive
from coursewright.pages.directives import tell
from coursewright.pages.execute import Materials
from coursewright.tables import Sql, quote
from coursewright.words.in_sql import NotInSql, Over, in_sql, over

_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "BOOLEAN"), (int, "BIGINT"), (float, "DOUBLE"), (str, "VARCHAR"), (datetime.datetime, "TIMESTAMP"),
    (datetime.date, "DATE"), (Decimal, "DECIMAL(38, 9)"),
)  # fmt: skip
_STAR = re.compile(r"(?<![\w)])\*|\.\*")


@dataclass(frozen=True)
class RetoldTexts:
    """The text of each row, in their order. `tables` are those that are read, with the columns that the SQL may name,
    or None for all.
    """

    over: Over
    flow: Flow
    tables: Mapping[str, frozenset[str] | None]


def retold_texts(
    directive: Directive, options: tell.Options, materials: Materials, live: frozenset[str]
) -> RetoldTexts:
    """The texts of a `{tell}` in SQL that stands alone; `live` are the parameters that a reader changes.

    Raises NotInSql with what it cannot tell so.
    """
    if options.by:
        raise NotInSql("texts of groups of rows")
    if options.markdown:
        raise NotInSql("Markdown, whose links lead to pages")
    database = materials.database
    sql = (
        database.select(options.rows)
        if options.rows
        else Sql(directive.content, directive.file, directive.content_line)
    )
    grammar = tell.grammar_of(directive, options, materials)
    values = {name: materials.parameters[name] for name in database.parameters_behind(sql)}
    database.query(sql, values)  # which opens its tables
    written = database.as_duckdb(sql)
    for name in written.parameters:
        database.connection.execute(f"SET VARIABLE {quote(name)} = {literal(values[name])}").fetchall()
    rows = written.with_parameters(lambda name: f"CAST({variable(name)} AS {_type(values[name])})")
    columns = {name: kind for name, kind, *_ in database.connection.execute(f"DESCRIBE {rows}").fetchall()}
    told = in_sql(grammar, columns, options.rule, seed=options.seed, given=[])
    if told.by_position:
        raise NotInSql("words that are dealt")
    key = tuple((name, columns[name]) for name in options.key.split())
    if told.by_key:
        check_key(key)
    tables = {name: _columns(materials, name, sql.text, live) for name in sorted(database.names(sql))}
    asked = over([told.text], rows, key if told.by_key else None, told.places, in_order=True)
    return RetoldTexts(asked, options.form, tables)


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
