"""```` ```{table} NAME ```` or with SQL inside: a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.pages.blocks.block import Grid
from coursewright.pages.columns.codes import amounts
from coursewright.pages.columns.grids import count
from coursewright.pages.columns.grids import grid as written
from coursewright.pages.columns.looks import ColumnLooks, looks
from coursewright.pages.columns.named import named_columns
from coursewright.pages.columns.tools import tools
from coursewright.pages.columns.words import word
from coursewright.pages.executing.run import Materials
from coursewright.pages.linking.cell_links import cell_links
from coursewright.pages.text.body import Directive
from coursewright.settings import Count
from coursewright.tables import Sql
from coursewright.tables.showing import show
from coursewright.tables.statements import known_dialect

if TYPE_CHECKING:
    import pyarrow as pa


class TableOptions(msgspec.Struct, frozen=True):
    """`caption` stands above the table; no more than `limit` rows are shown; `dialect` is that of the SQL inside.

    `link` says which columns lead to the page of their row, `COLUMN = PAGE`; `hide` names columns that are not shown.
    `tools` says what readers can do with the table; the others say what columns look like. Several stand apart by
    commas.
    """

    caption: str = ""
    limit: Count = 1000
    dialect: str = ""
    link: str = ""
    hide: str = ""
    decimals: str = ""
    thousands: str = ""
    unit: str = ""
    percent: str = ""
    sign: str = ""
    date: str = ""
    align: str = ""
    missing: str = ""
    bar: str = ""
    heat: str = ""
    spark: str = ""
    total: str = ""
    sort: str = ""
    tools: str = ""


Options = TableOptions


def run(directive: Directive, options: TableOptions, materials: Materials) -> Grid:
    """The rows of the SQL, or of the table that is named."""
    if directive.argument and directive.content:
        raise CoursewrightError("a table's name and SQL: only one of them can stand here", directive.place())
    if not (directive.argument or directive.content.strip()):
        hint = "write the name of a table after {table}, or a SELECT inside"
        raise CoursewrightError("which table?", directive.place(), hint)
    if (name := directive.content.strip()) in materials.database.tables:
        hint = f"for the whole table write its name after the braces, {{table}} {name}; for some of it, a SELECT"
        raise CoursewrightError(f'"{name}" is a table, and no SQL', directive.place(), hint)
    dialect = known_dialect(options.dialect, directive.place("{table} :dialect:")) if options.dialect else ""
    if directive.argument:
        sql = materials.database.select(directive.argument)
    else:
        sql = Sql(directive.content, directive.file, directive.content_line, dialect)
    rows = materials.query(sql)
    first = rows.slice(0, options.limit)
    targets = cell_links(first, options.link, directive, materials)
    hidden = list(named_columns(options.hide, first.column_names, directive.place_of("hide")))
    names = [name for name in first.column_names if name not in hidden]
    if not names:
        raise CoursewrightError("every column is hidden", directive.place_of("hide"), "show at least one of them")
    numbers = [name for name in amounts(first.schema, materials.language) if name in names]
    wanted = looks(directive.options, names, directive.place_of, numbers)
    made = written(first, wanted, materials.language, options.caption, hidden)
    materials.remarks.extend(_percentages(made, wanted, directive.place_of("percent")))
    cut = () if "limit" in directive.options else _cut(rows.num_rows, first.num_rows, materials.language)
    return msgspec.structs.replace(
        made,
        links=_in_rows(targets, names, first.num_rows),
        notes=(*cut, *made.notes),
        total=_word_for_total(made, rows.num_rows, directive.place_of("total"), materials.language),
        cut=first.num_rows < rows.num_rows,
        tools=tools(options.tools, first.num_rows, directive.place_of("tools")),
    )


def _percentages(made: Grid, wanted: ColumnLooks, place: Place) -> Iterator[str]:
    """That a column of shares seems to hold percentages, which would be shown a hundred times too large."""
    for name, column in zip(made.columns, made.details, strict=True):
        shares = wanted.of(name).percent and not column.sparks
        values = [value for value in column.values if value not in (None, "NaN")] if shares else []
        known = [abs(float(value or 0)) for value in values]
        if known and min(known) >= 1 and max(known) > 1:
            said = f'every value of "{name}" is 100% or more as a share of one'
            yield f"{place}: {said}; if they are percentages already, write :unit: {name} = %"


def _word_for_total(made: Grid, every: int, place: Place, language: str) -> str:
    """The word in front of the totals, which says if they are not those of all rows; "" where there are none."""
    if all(column.total is None for column in made.details):
        return ""
    if all(column.total is not None for column in made.details):
        hint = "show a column that has none, such as the names of the rows"
        raise CoursewrightError("every column has a total, and none has room for the word", place, hint)
    if len(made.rows) < every:
        return word("total_of_shown", language, shown=count(len(made.rows), language))
    return word("total", language)


def _cut(every: int, shown: int, language: str) -> tuple[str, ...]:
    """That there are more rows than those that are shown, where the author did not ask for it."""
    said = word("cut", language, shown=count(shown, language), all=count(every, language))
    return (said,) if shown < every else ()


def _in_rows(targets: Mapping[str, Sequence[str]], names: Sequence[str], rows: int) -> tuple[tuple[str, ...], ...]:
    if not targets:
        return ()
    empty = [""] * rows
    return tuple(zip(*(targets.get(name, empty) for name in names), strict=True))


def grid(rows: pa.Table, caption: str = "") -> Grid:
    """Arrow rows as a terminal shows them: as text, numbers to the right."""
    import pyarrow.types as kinds

    numeric = [kinds.is_integer(t) or kinds.is_floating(t) or kinds.is_decimal(t) for t in rows.schema.types]
    columns = [column.to_pylist() for column in rows.columns]
    text = tuple(tuple(show(value) for value in row) for row in zip(*columns, strict=True))
    return Grid(tuple(rows.column_names), text, tuple(numeric), caption)
