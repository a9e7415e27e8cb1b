"""`coursewright table`."""

from __future__ import annotations

import csv
import sys
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from coursewright.cli.options import Count, Refresh, Set, overrides
from coursewright.cli.output import as_json, harmless, say, write
from coursewright.courses import open_course
from coursewright.errors import UsageError, did_you_mean
from coursewright.pages import Grid
from coursewright.pages.directives.table import grid
from coursewright.pages.formats.markdown import write_grid
from coursewright.tables import Database, Source, Sql, Table, quote
from coursewright.tables.shown import in_full
from coursewright.tables.sources import web

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import Console


def table(
    name: str,
    *,
    course: Path = Path(),
    set_: Set = (),
    format: Literal["text", "csv", "json", "gfm"] = "text",  # noqa: A002 - the option is called --format
    rows: Count = None,
    refresh: Refresh = False,
) -> None:
    """Show a table of the course, or any file or web address that holds one.

    Parameters
    ----------
    name
        A table's name, a path or an address.
    course
        The course's folder; by default the nearest one here or above.
    format
        text shows types, missing values and the first rows; csv, json and gfm print the rows.
    rows
        How many rows: 10 for text, all for the others.
    """
    database, known = _database(name, course, set_, refresh=refresh)
    limit = rows if rows is not None else 10 if format == "text" else None
    select = f"SELECT * FROM {quote(known)}" + (f" LIMIT {int(limit)}" if limit is not None else "")
    found = database.query(Sql(select, name))
    if format == "text":
        _preview(database, known, found)
    elif format == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(found.column_names)
        for batch in found.to_batches():
            writer.writerows(zip(*map(_cells, batch.columns), strict=True))
    elif format == "json":
        write(as_json(found.to_pylist()))
    else:
        write(write_grid(grid(found)))


def _cells(column: pa.Array) -> list[Any]:
    """The cells of a column for CSV, which has numbers and text alone."""
    import pyarrow.types as kinds

    kind, values = column.type, column.to_pylist()
    if kinds.is_nested(kind) or kinds.is_binary(kind) or kinds.is_large_binary(kind) or kinds.is_duration(kind):
        return [value if value is None else in_full(value) for value in values]
    return list(values)


def _database(name: str, folder: Path, set_: tuple[str, ...], *, refresh: bool) -> tuple[Database, str]:
    """The database to look in and the table's name there: `name` itself, unless it is an address."""
    path = Path(name)
    if web.is_address(name) or path.is_file():
        return Database(Path(), [Table("table", Source(file=name))]), "table"
    try:
        opened = open_course(folder, overrides(set_), refresh=refresh, report=say)
    except UsageError:
        if path.suffix:
            raise UsageError(f'no file "{name}"') from None
        raise
    database = opened.database()
    if name not in database.tables:
        raise UsageError(f'no table called "{name}"', None, did_you_mean(name, database.tables))
    return database, name


def _preview(database: Database, name: str, first: pa.Table) -> None:
    """The columns with their types, then as many columns of the first rows as the terminal is wide."""
    from rich.console import Console

    console = Console(highlight=False)
    columns = database.columns(name)
    counts = ", ".join(f"count(*) - count({quote(c)}), approx_count_distinct({quote(c)})" for c in columns)
    ((total, *numbers),) = database.connection.execute(f"SELECT count(*), {counts} FROM {quote(name)}").fetchall()
    about = [
        (column, kind, f"{missing:,}", f"{different:,}")
        for (column, kind), missing, different in zip(columns.items(), numbers[::2], numbers[1::2], strict=True)
    ]
    headings = ("column", "type", "missing", "different, about")
    _print(console, f"{total:,} rows, {len(columns)} columns", Grid(headings, tuple(about), (False, False, True, True)))
    shown = grid(first)
    fitting = _fitting(shown, console.width)
    cut = Grid(shown.columns[:fitting], tuple(row[:fitting] for row in shown.rows), shown.numeric[:fitting])
    _print(console, f"The first {len(shown.rows)}", cut)
    if fitting < len(shown.columns):
        console.print(f"and {len(shown.columns) - fitting} more columns", markup=False)


_WIDEST = 30


def _fitting(shown: Grid, width: int) -> int:
    """How many of the first columns stand side by side in `width` characters; at least one."""
    cells = zip(shown.columns, *shown.rows, strict=True)
    widths = accumulate(min(_WIDEST, max(map(len, column))) + 3 for column in cells)
    return max(1, sum(upto <= width for upto in widths))


def _print(console: Console, title: str, shown: Grid) -> None:
    from rich import box
    from rich.table import Table as Printed
    from rich.text import Text

    def text(value: str) -> Text:  # not str: Rich would take [red] in data for markup
        return Text(harmless(value))

    printed = Printed(box=box.SIMPLE, title=title, title_justify="left", title_style="bold")
    for column, numeric in zip(shown.columns, shown.numeric, strict=True):
        right: Literal["left", "right"] = "right" if numeric else "left"
        printed.add_column(text(column), justify=right, max_width=_WIDEST, no_wrap=True)
    for row in shown.rows:
        printed.add_row(*map(text, row))
    console.print(printed)
