"""`{figure}` with `:live:` in SQL that stands alone, and what is known while building of how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coursewright.figures import styles
from coursewright.figures.charts import speech
from coursewright.pages.columns.rules import is_number, is_whole, long_day, signs_of
from coursewright.pages.directives import figure
from coursewright.pages.executing.cells import filled_directive
from coursewright.pages.executing.run import Materials
from coursewright.pages.reading.page import read_options
from coursewright.pages.retold.rows import retold_rows
from coursewright.pages.retold.table import Pieces, language_of, said
from coursewright.pages.text.body import Directive
from coursewright.tables import quote
from coursewright.words.in_sql import NotInSql

_SAID = ("title", "subtitle", "caption", "alt", "x_label", "y_label")


@dataclass(frozen=True)
class RetoldFigure:
    """The SELECT of a chart's x, y and group; its `kind`, what its x is, and the styles of its lines.

    `names` are those of its columns, `said` what stands around it: text and names of parameters; `speech` is how it
    says what it shows. What stands before the caption is the `number`. `tables` are those that are read, with the
    columns that the SQL may name, or None for all.
    """

    rows: str
    kind: str
    axis: str
    names: Mapping[str, str]
    said: Mapping[str, Pieces]
    styles: tuple[Mapping[str, str], ...]
    language: Mapping[str, Any]
    speech: Mapping[str, Any]
    tables: Mapping[str, frozenset[str] | None]
    number: str = ""


def retold_figure(directive: Directive, materials: Materials, live: frozenset[str]) -> RetoldFigure:
    """A `{figure}` with `:live:` as scripts draw it again; `live` are the parameters that a reader changes.

    Raises NotInSql with what they cannot draw.
    """
    words = said(directive, _SAID, materials, live)
    directive = filled_directive(directive, materials.parameters)
    options = read_options(directive, figure.FigureOptions)
    names = figure.columns_of(directive, options)
    found = retold_rows(figure.sql_of(directive, options), materials, live)
    kinds = {part: found.columns[name] for part, name in names.items()}  # the build has drawn it: they are there
    axis = _axis(names["x"], kinds["x"], options.live)
    if "group" in kinds and kinds["group"] != "VARCHAR" and not is_whole(kinds["group"]):
        raise NotInSql(f'lines of the column "{names["group"]}", of the type {kinds["group"]}')
    if not is_number(kinds["y"]):
        raise NotInSql(f'a chart of the column "{names["y"]}", of the type {kinds["y"]}')
    columns = ", ".join(
        f"CAST({quote(name)} AS {'DOUBLE' if part == 'y' or (axis == 'number' and part == 'x') else 'VARCHAR'})"
        for part, name in names.items()
    )
    return RetoldFigure(
        f"SELECT {columns} FROM ({found.rows})",
        options.live,
        axis,
        names,
        words,
        styles(),
        language_of(materials.language),
        _speech(materials.language),
        found.tables,
    )


def _speech(language: str) -> dict[str, Any]:
    own = speech(language)
    day = long_day(language)
    return {"language": language, "words": own.words, "lists": own.lists, "signs": signs_of(language), "day": day}


def _axis(name: str, kind: str, chart: str) -> str:
    """What an x of a type is in a chart: "name", "category", "number" or "date"."""
    if chart != "lines" and (kind == "VARCHAR" or is_whole(kind)):
        return "name"
    if chart == "lines" and kind in ("VARCHAR", "DATE"):
        return "date" if kind == "DATE" else "category"
    if chart == "lines" and is_number(kind):
        return "number"
    raise NotInSql(f'{chart} along the column "{name}", of the type {kind}')
