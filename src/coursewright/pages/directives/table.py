"""```` ```{table} NAME ```` or with SQL inside: a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.pages.block import Grid
from coursewright.pages.execute import Materials
from coursewright.pages.page import Directive
from coursewright.tables import Sql
from coursewright.tables.dialects import known_dialect
from coursewright.tables.shown import show

if TYPE_CHECKING:
    import pyarrow as pa


class Options(msgspec.Struct, frozen=True):
    """`caption` stands above the table; no more than `limit` rows are shown; `dialect` is that of the SQL inside."""

    caption: str = ""
    limit: int = 1000
    dialect: str = ""


def run(directive: Directive, options: Options, materials: Materials) -> Grid:
    """The rows of the SQL, or of the table that is named."""
    if directive.argument and directive.content:
        raise CoursewrightError("a table's name and SQL: only one of them can stand here", directive.place())
    dialect = known_dialect(options.dialect, directive.place("{table} :dialect:")) if options.dialect else ""
    if directive.argument:
        sql = materials.database.select(directive.argument)
    else:
        sql = Sql(directive.content, directive.file, directive.content_line, dialect)
    rows = materials.query(sql)
    return grid(rows.slice(0, options.limit), options.caption)


def grid(rows: pa.Table, caption: str = "") -> Grid:
    """Arrow rows as text, numbers to the right."""
    import pyarrow.types as kinds

    numeric = [kinds.is_integer(t) or kinds.is_floating(t) or kinds.is_decimal(t) for t in rows.schema.types]
    columns = [column.to_pylist() for column in rows.columns]
    text = tuple(tuple(show(value) for value in row) for row in zip(*columns, strict=True))
    return Grid(tuple(rows.column_names), text, tuple(numeric), caption)
