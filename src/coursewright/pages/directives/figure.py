"""```` ```{figure} NAME ````: what `figures/NAME.py` draws from the tables and parameters.

With `:live:` it is a chart of the rows of the SQL inside, which is drawn again where the page is told again.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError, MissingPart, did_you_mean
from coursewright.figures import Figure, FigureRequest, draw, draw_walled
from coursewright.figures.charts import REDRAWN, spoken_in
from coursewright.names import file_name
from coursewright.pages.blocks.block import Picture, Sentences
from coursewright.pages.executing.opened import modules_of, named_in
from coursewright.pages.executing.run import Materials
from coursewright.pages.syntax.labels import label
from coursewright.pages.text.body import Directive
from coursewright.tables import Sql
from coursewright.tables.showing import as_frame
from coursewright.tables.statements import known_dialect

OF_ROWS = ("x", "y", "group", "title", "subtitle", "x_label", "y_label", "dialect")
"""The options of a chart of rows alone."""


class FigureOptions(msgspec.Struct, frozen=True):
    """`alt` and `caption` stand before those of the figure itself; with `png: true` there is a PNG beside the SVG.

    The Markdown then shows the PNG, for readers that show no SVG. With `narrow: true` it is drawn a second time, for
    telephones. `live`, which is lines, bars or dots, makes it a chart of the rows of the SQL inside: its columns `x`,
    `y` and, of lines, `group`, with what stands around it. `dialect` is that of the SQL.
    """

    alt: str = ""
    caption: str = ""
    png: bool = False
    narrow: bool = False
    live: str = ""
    x: str = ""
    y: str = ""
    group: str = ""
    title: str = ""
    subtitle: str = ""
    x_label: str = ""
    y_label: str = ""
    dialect: str = ""


Options = FigureOptions


def run(directive: Directive, options: FigureOptions, materials: Materials) -> Picture | Sentences:
    """The figure, with its alternative text; where none are drawn, a paragraph that says which one is left out."""
    if not directive.argument:
        raise CoursewrightError(
            "which figure?", directive.place(), "write the name of a file of figures/ after {figure}"
        )
    drawn = _of_rows if options.live else _of_file
    with spoken_in(materials.language):
        figure = drawn(directive, options, materials)
    if figure is None:
        left_out = label("left_out", {"language": materials.language})
        return Sentences((f"{left_out}: {options.caption or directive.argument}",), "paragraph")
    alt, caption = options.alt or figure.alt, options.caption or figure.caption
    png = figure.png() if options.png else None
    return Picture(directive.argument, figure.svg, alt, caption, png, figure.narrow)


def _of_file(directive: Directive, options: FigureOptions, materials: Materials) -> Figure | None:
    """What the file of that name draws; None where no figures are drawn."""
    for name in OF_ROWS:
        if name in directive.options:
            hint = "a figure by its name says so in its file: write :live: lines, bars or dots for one of SQL"
            raise CoursewrightError(f"{name} is an option of charts with :live:", directive.place_of(name), hint)
    path = materials.file("figures", directive.argument, ".py", "figure")
    if not materials.figures:
        return None
    values, seconds = FigureValues(materials), materials.limits.of_one
    if materials.trust.stranger:
        asked = FigureRequest(options.narrow, options.png, seconds, materials.language)
        return draw_walled(path, values, materials.root, asked)
    figure = draw(path, values, narrow=options.narrow, seconds=seconds)
    materials.used.update(modules_of(materials.root), named_in(path, materials.root))
    return figure


def _of_rows(directive: Directive, options: FigureOptions, materials: Materials) -> Figure | None:
    """The chart of the rows of the SQL inside; None where no figures are drawn."""
    needed = columns_of(directive, options)
    file_name(directive.argument, directive.place())
    rows = materials.query(sql_of(directive, options))
    if not materials.figures:
        return None
    _look_for_pandas()
    said = {name: getattr(options, name) for name in ("title", "subtitle", "y_label")}
    more = {"x_label": options.x_label} if options.live == "lines" else {}
    try:
        chart = REDRAWN[options.live](rows, **needed, **said, **more)
        return chart.figure(narrow=options.narrow)
    except CoursewrightError as error:
        problem = error.problem
        raise type(error)(problem.message, problem.where or directive.place(), problem.hint, problem.rule) from None


def columns_of(directive: Directive, options: FigureOptions) -> dict[str, str]:
    """The columns of a chart of rows, by what they are for. Raises CoursewrightError for what is missing or wrong."""
    if options.live not in REDRAWN:
        hint = did_you_mean(options.live, REDRAWN)
        raise CoursewrightError(f'no chart called "{options.live}" is drawn again', directive.place_of("live"), hint)
    if not directive.content.strip():
        hint = "write a SELECT between the options and the end of it"
        raise CoursewrightError("a chart with :live: is one of rows", directive.place(), hint)
    of_lines = ("group", "x_label")
    for name in of_lines if options.live != "lines" else ():
        if name in directive.options:
            raise CoursewrightError(f"{options.live} have no {name}", directive.place_of(name), "leave it out")
    names = ("x", "y", "group") if options.live == "lines" else ("x", "y")
    for name in names:
        if not getattr(options, name):
            hint = f"write :{name}: and the name of a column"
            raise CoursewrightError(f"which column is the {name} of these {options.live}?", directive.place(), hint)
    return {name: getattr(options, name) for name in names}


def sql_of(directive: Directive, options: FigureOptions) -> Sql:
    """The SQL of the rows of a chart."""
    dialect = known_dialect(options.dialect, directive.place("{figure} :dialect:")) if options.dialect else ""
    return Sql(directive.content, directive.file, directive.content_line, dialect)


def _look_for_pandas() -> None:
    if importlib.util.find_spec("pandas") is None:
        raise MissingPart("figures need pandas", hint='pip install "coursewright[charts]"')


class FigureValues(Mapping[str, Any]):
    """Parameters, and tables as data frames: a table is read only when a figure asks for it by name."""

    def __init__(self, materials: Materials) -> None:
        self.materials = materials

    def __getitem__(self, name: str) -> Any:
        if name in self.materials.parameters:
            return self.materials.parameters[name]
        database = self.materials.database
        if name not in database.tables:
            raise KeyError(name)
        _look_for_pandas()
        return as_frame(self.materials.query(database.select(name)))

    def __iter__(self) -> Iterator[str]:
        return iter({**self.materials.parameters, **self.materials.database.tables})

    def __len__(self) -> int:
        return len({**self.materials.parameters, **self.materials.database.tables})
