"""```` ```{table} NAME ```` or with SQL inside: a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.pages.block import Grid
from coursewright.pages.cell_links import cell_links
from coursewright.pages.execute import Materials
from coursewright.pages.page import Directive
from coursewright.tables import Sql
from coursewright.tables.dialects import known_dialect
from coursewright.tables.shown import show

if TYPE_CHECKING:
    import pyarrow as pa


class Options(msgspec.Struct, frozen=True):
    """`caption` stands above the table; no more than `limit` rows are shown; `dialect` is that of the SQL inside.

    `link` says which columns lead to the page of their row, `COLUMN = PAGE`; `hide` names columns that are not shown.
    Several stand apart by commas.
    """

    caption: str = ""
    limit: int = 1000
    dialect: str = ""
    link: str = ""
    hide: str = ""


def run(directive: Directive, options: Options, materials: Materials) -> Grid:
    """The rows of the SQL, or of the table that is named."""
    if directive.argument and directive.content:
        raise CoursewrightError("a table's name and SQL: only one of them can stand here", directive.place())
    dialect = known_dialect(options.dialect, directive.place("{table} :dialect:")) if options.dialect else ""
    if directive.argument:
        sql = materials.database.select(directive.argument)
    else:
        sql = Sql(directive.content, directive.file, directive.content_line, dialect)
    rows = materials.query(sql).slice(0, options.limit)
    targets = cell_links(rows, options.link, directive, materials)
    hidden = _columns(options.hide, rows, directive.place("{table} :hide:"))
    shown = rows.drop_columns(hidden) if hidden else rows
    return msgspec.structs.replace(grid(shown, options.caption), links=_in_rows(targets, shown))


def _columns(names: str, rows: pa.Table, place: Place) -> list[str]:
    """The columns that an option names."""
    columns = [name.strip() for name in names.split(",") if name.strip()]
    for name in columns:
        if name not in rows.column_names:
            raise CoursewrightError(f'no column called "{name}"', place, did_you_mean(name, rows.column_names))
    return columns


def _in_rows(targets: Mapping[str, Sequence[str]], rows: pa.Table) -> tuple[tuple[str, ...], ...]:
    if not targets:
        return ()
    empty = [""] * rows.num_rows
    return tuple(zip(*(targets.get(name, empty) for name in rows.column_names), strict=True))


def grid(rows: pa.Table, caption: str = "") -> Grid:
    """Arrow rows as text, numbers to the right."""
    import pyarrow.types as kinds

    numeric = [kinds.is_integer(t) or kinds.is_floating(t) or kinds.is_decimal(t) for t in rows.schema.types]
    columns = [column.to_pylist() for column in rows.columns]
    text = tuple(tuple(show(value) for value in row) for row in zip(*columns, strict=True))
    return Grid(tuple(rows.column_names), text, tuple(numeric), caption)
