"""A table as the terminal shows it: what its columns hold, and its first rows."""

from __future__ import annotations

from itertools import accumulate

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table as Printed
from rich.text import Text

from coursewright.pages.blocks import Grid
from coursewright.pages.directives import grid
from coursewright.tables import Database, Sql, quote
from coursewright.tables.showing import Summary, summarise
from coursewright.tables.statements import DUCKDB

_WIDEST = 30
_TALLEST = 60  # columns that are summed up: more than that nobody reads
_CLEAR = 2


def preview(database: Database, name: str, *, rows: int) -> None:
    """Print the columns of a table with what they hold, then as many columns of its first rows as fit side by side."""
    console = Console(highlight=False, emoji=False)
    summary = summarise(database, name, limit=_TALLEST)
    title = f"{_many(summary.rows, 'row')}, {_many(summary.width, 'column')}"
    _print(console, title, _columns(summary, console.width))
    _print_left(console, summary.width - len(summary.columns), "not summed up")
    if not rows or not summary.rows:
        return
    names = ", ".join(quote(column.name) for column in summary.columns)
    first = grid(database.query(Sql(f"SELECT {names} FROM {quote(name)} LIMIT {rows}", name, dialect=DUCKDB)))
    shown = _fitting(first, console.width)
    console.print()
    title = "All rows" if len(first.rows) == summary.rows else f"The first {_many(len(first.rows), 'row')}"
    _print(console, title, shown)
    _print_left(console, summary.width - len(shown.columns), "not shown here")


def _print_left(console: Console, number: int, what: str) -> None:
    if number:
        console.print(f"and {_many(number, 'more column')} {what}", markup=False, soft_wrap=True)


def _columns(summary: Summary, width: int) -> Grid:
    """What the columns hold, no wider than `width`: names and types are cut, then what the values are like."""
    rows = [
        (_cut(column.name, 28), _cut(column.type, 18), f"{column.missing:,}", _count(column.different), column.values)
        for column in summary.columns
    ]
    names = ("column", "type", "missing", "different", "values")
    left = width - sum(
        max(cell_len(cell) for cell in column) + _CLEAR
        for column in zip(names[:4], *(row[:4] for row in rows), strict=True)
    )
    cut = tuple((*row[:4], _cut(row[4], max(left, 10))) for row in rows)
    return Grid(names, cut, (False, False, True, True, False))


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def _fitting(shown: Grid, width: int) -> Grid:
    """The first columns, as many as stand side by side in `width` characters; at least one. Long cells are cut."""
    columns = [[_cut(cell, _WIDEST) for cell in column] for column in zip(shown.columns, *shown.rows, strict=True)]
    upto = accumulate(max(map(cell_len, column)) + _CLEAR for column in columns)
    kept = columns[: max(1, sum(end - _CLEAR <= width for end in upto))]
    names, *rows = zip(*kept, strict=True)
    return Grid(names, tuple(rows), shown.numeric[: len(kept)])


def _print(console: Console, title: str, shown: Grid) -> None:
    console.print(Text(title, "bold"), soft_wrap=True)  # not the table's own, which is no wider than the table
    printed = Printed(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, _CLEAR - 1, 0, 0),
    )
    for column, numeric in zip(shown.columns, shown.numeric, strict=True):
        printed.add_column(Text(column), justify="right" if numeric else "left", no_wrap=True, overflow="ellipsis")
    for row in shown.rows:
        printed.add_row(*map(Text, row))
    console.print(printed)


def _cut(value: str, width: int) -> str:
    """A cell on one line, no wider than `width`; a character that is none to look at as the sign for that."""
    value = value[: width + 1]
    line = "".join(" " if letter in "\n\r\t" else letter if letter.isprintable() else "\ufffd" for letter in value)
    return line if cell_len(line) <= width else f"{set_cell_size(line, width - 1).rstrip()}…"
