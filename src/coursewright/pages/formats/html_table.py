"""A table as HTML: its texts for readers, its values for what sorts it and for what is downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from coursewright.labels import foreign
from coursewright.names import slug
from coursewright.pages.blocks.block import Align, Column, Grid, Spark
from coursewright.pages.linking.references import Link
from coursewright.pages.syntax.labels import label, marked, marks, naming, unmarked

_ROOM = 16  # letters of a text that stand on one line, however narrow the page
_WIDTH, _HEIGHT = 92, 16  # of a small line, in pixels, without the room for its ends
_NAMES: dict[Align, str] = {"left": "", "right": "number", "centre": "centre"}
_CLASSES = {align: f' class="{name}"' if name else "" for align, name in _NAMES.items()}


def write_table(grid: Grid, links: Mapping[str, Link], language: str, ident: str = "") -> str:
    """The table, which the keyboard can scroll where it is wider than the page, and the notes below it.

    `ident` stands before all ids in it.
    """
    called = grid.caption or label("table", {"language": language})
    own, inside = ("", "") if grid.caption else (marks(language), unmarked(language))
    name, said = naming(called, language, ident if grid.caption else "")
    caption = [f"<caption{said}>{marked(grid.caption, language)}</caption>"] if grid.caption else []
    details = grid.details or tuple(Column(align="right" if numeric else "left") for numeric in grid.numeric)
    texts = zip(*grid.rows, strict=True) if grid.rows else ((),) * len(details)
    head = "".join(_head(*column) for column in zip(grid.columns, details, texts, strict=True))
    spoken = _spoken(language)
    tools = f' data-tools="{" ".join(grid.tools)}"' if grid.tools else ""
    called = re.sub("--+", "-", slug(grid.caption, "table"))
    file = f' data-file="{escape(called)}.csv"{" data-cut" if grid.cut else ""}' if "download" in grid.tools else ""
    parts = [
        f'<div class="table" role="group" tabindex="0"{name}{own}>',
        f"<table{inside}{tools}{file}>",
        *caption,
        f"<thead><tr>{head}</tr></thead>",
        "<tbody>",
        *_rows(grid, details, links),
        "</tbody>",
        *_foot(grid, details, spoken),
        "</table>",
        "</div>",
        *(f'<p class="table-note"{spoken}>{escape(note)}</p>' for note in grid.notes),
    ]
    return "\n".join(parts) + "\n"


def _spoken(language: str) -> str:
    """That the words of tables are English on a page in a language that they are not known in."""
    return "".join(f' {name}="{value}"' for name, value in foreign("tables", language).items())


def _head(name: str, column: Column, texts: Iterable[str]) -> str:
    """The head of a column, which keeps room for its texts: all of a short one, some words of a long one."""
    sorted_as = f' data-kind="{column.kind}"' if column.values else ""
    longest = max(map(len, texts), default=0) if column.kind == "text" else 0
    room = f' style="--letters-in:{min(longest, _ROOM)}"' if longest > len(name) else ""
    cell = f"{_CLASSES[column.align]}{sorted_as}{room}>{escape(name)}"
    return f'<th scope="col"{cell}</th>' if name.strip() else f"<td{cell}</td>"  # a head without a name is none


def _rows(grid: Grid, details: tuple[Column, ...], links: Mapping[str, Link]) -> Iterator[str]:
    for number, row in enumerate(grid.rows):
        targets = grid.links[number] if grid.links else ("",) * len(row)
        cells = zip(row, targets, details, strict=True)
        yield f"<tr>{''.join(_cell(text, links.get(target), column, number) for text, target, column in cells)}</tr>"


def _foot(grid: Grid, details: tuple[Column, ...], spoken: str) -> Iterator[str]:
    """The totals, with their word in the first column that has none."""
    if not grid.total:
        return
    word = next(number for number, column in enumerate(details) if column.total is None)
    cells = [f"<td{_CLASSES[column.align]}>{escape(column.total or '')}</td>" for column in details]
    cells[word] = f'<th scope="row"{_CLASSES[details[word].align]}{spoken}>{escape(grid.total)}</th>'
    yield f"<tfoot><tr>{''.join(cells)}</tr></tfoot>"


def _cell(text: str, link: Link | None, column: Column, row: int) -> str:
    spark = column.sparks[row] if column.sparks else None
    shown = _svg(spark) if spark else escape(text)
    inside = f'<a href="{escape(link.href)}">{shown}</a>' if link and text else shown
    return f"<td{_drawn(column, row)}{_value(text, column, row)}>{inside}</td>"


def _drawn(column: Column, row: int) -> str:
    """The class of a cell, and what its bar and its shade are drawn from."""
    bar, shade = column.bars[row] if column.bars else None, column.shades[row] if column.shades else None
    if bar is None and not shade:
        return ' class="whole"' if column.kind == "value" and column.align == "left" else _CLASSES[column.align]
    classes, sizes = [_NAMES[column.align]], list[str]()
    if bar is not None:
        classes.append("bar")
        sizes += [f"--from:{bar[0]:g};--to:{bar[1]:g}"]
    if shade:
        classes.append("more" if shade > 0 else "less")
        sizes.append(f"--shade:{abs(shade):g}")
    return f' class="{" ".join(filter(None, classes))}" style="{";".join(sizes)}"'


def _svg(spark: Spark) -> str:
    """A small line: it breaks where a value is missing, and its last point has a dot."""
    step = _WIDTH / max(1, len(spark.points) - 1)
    path, drawn = "", False
    at = (float(_WIDTH), float(_HEIGHT))
    for number, point in enumerate(spark.points):
        if point is not None:
            at = (2 + number * step, 2 + (1 - point) * _HEIGHT)
            path += f"{'L' if drawn else 'M'}{at[0]:g} {at[1]:g}"
            after = spark.points[number + 1] if number + 1 < len(spark.points) else None
            path += "h0" if not drawn and after is None else ""
        drawn = point is not None
    size = f'width="{_WIDTH + 4}" height="{_HEIGHT + 4}" viewBox="0 0 {_WIDTH + 4} {_HEIGHT + 4}"'
    dot = f'<circle cx="{at[0]:g}" cy="{at[1]:g}" r="2"/>'
    return f'<svg class="spark" role="img" {size}><title>{escape(spark.alt)}</title><path d="{path}"/>{dot}</svg>'


def _value(text: str, column: Column, row: int) -> str:
    """What a cell stands for, where its text does not say it."""
    if not column.values:
        return ""
    value, order = column.values[row], column.orders[row] if column.orders else None
    said = "" if value is None and not text else " data-missing" if value is None else ""
    if value is not None and (value != text or not value):
        said = f' data-value="{escape(value)}"'
    return said + (f' data-order="{escape(order)}"' if order is not None else "")
