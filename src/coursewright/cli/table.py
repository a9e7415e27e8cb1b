"""`coursewright table`."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from coursewright.cli.options import Set, overrides
from coursewright.cli.output import harmless, write
from coursewright.courses import open_course
from coursewright.errors import UsageError, did_you_mean
from coursewright.pages.directives.table import grid
from coursewright.pages.formats.markdown import write_grid
from coursewright.tables import Database, Sql, Table, quote
from coursewright.tables.sources import files, web

if TYPE_CHECKING:
    import pyarrow as pa


def table(
    name: str,
    *,
    course: Path = Path(),
    set_: Set = (),
    format: Literal["text", "csv", "json", "gfm"] = "text",  # noqa: A002 - the option is called --format
    rows: int | None = None,
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
    database, known = _database(name, course, set_)
    limit = rows if rows is not None else 10 if format == "text" else None
    select = f"SELECT * FROM {quote(known)}" + (f" LIMIT {int(limit)}" if limit is not None else "")
    found = database.query(Sql(select, name))
    if format == "text":
        _preview(database, known, found)
    elif format == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(found.column_names)
        for batch in found.to_batches():
            writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    elif format == "json":
        write(json.dumps(found.to_pylist(), indent=2, ensure_ascii=False, default=str))
    else:
        write(write_grid(grid(found)))


def _database(name: str, folder: Path, set_: tuple[str, ...]) -> tuple[Database, str]:
    """The database to look in and the table's name there: `name` itself, unless it is an address."""
    path = Path(name)
    if web.is_address(name) or (path.suffix.lower() in files.FORMATS and path.is_file()):
        return Database(Path(), [Table("table", name)]), "table"
    try:
        opened = open_course(folder, overrides(set_))
    except UsageError:
        if path.suffix:
            raise UsageError(f'no file "{name}"') from None
        raise
    database = opened.database()
    if name not in database.tables:
        raise UsageError(f'no table called "{name}"', None, did_you_mean(name, database.tables))
    return database, name


def _preview(database: Database, name: str, first: pa.Table) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Preview
    from rich.text import Text

    def text(value: str) -> Text:  # not str: Rich would take [red] in data for markup
        return Text(harmless(value))

    columns = database.columns(name)
    counts = ", ".join(
        f"count(*) - count({quote(column)}), approx_count_distinct({quote(column)})" for column in columns
    )
    (total, *numbers) = database.connection.execute(f"SELECT count(*), {counts} FROM {quote(name)}").fetchall()[0]
    console = Console(highlight=False)
    about = Preview(
        box=box.SIMPLE, title=f"{total:,} rows, {len(columns)} columns", title_justify="left", title_style="bold"
    )
    for heading, right in (("column", False), ("type", False), ("missing", True), ("different, about", True)):
        about.add_column(heading, justify="right" if right else "left")
    for number, (column, kind) in enumerate(columns.items()):
        about.add_row(text(column), kind, f"{numbers[2 * number]:,}", f"{numbers[2 * number + 1]:,}")
    console.print(about)
    shown = grid(first)
    rows = Preview(box=box.SIMPLE, title=f"The first {len(shown.rows)}", title_justify="left", title_style="bold")
    for column, numeric in zip(shown.columns, shown.numeric, strict=True):
        rows.add_column(text(column), justify="right" if numeric else "left", overflow="fold")
    for row in shown.rows:
        rows.add_row(*map(text, row))
    console.print(rows)
