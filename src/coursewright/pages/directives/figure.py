"""```` ```{figure} NAME ````: what `figures/NAME.py` draws from the tables and parameters."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.figures import draw
from coursewright.pages.block import Picture, Sentences
from coursewright.pages.body import Directive
from coursewright.pages.execute import Materials
from coursewright.pages.opened import modules_of, named_in
from coursewright.pages.syntax.labels import label


class Options(msgspec.Struct, frozen=True):
    """`alt` and `caption` stand before those of the figure itself; with `png: true` there is a PNG beside the SVG.

    The Markdown then shows the PNG, for readers that show no SVG. With `narrow: true` it is drawn a second time, for
    telephones.
    """

    alt: str = ""
    caption: str = ""
    png: bool = False
    narrow: bool = False


def run(directive: Directive, options: Options, materials: Materials) -> Picture | Sentences:
    """The figure, with its alternative text; where none are drawn, a paragraph that says which one is left out."""
    if not directive.argument:
        raise CoursewrightError(
            "which figure?", directive.place(), "write the name of a file of figures/ after {figure}"
        )
    path = materials.file("figures", directive.argument, ".py", "figure")
    if not materials.figures:
        left_out = label("left_out", {"language": materials.language})
        return Sentences((f"{left_out}: {options.caption or directive.argument}",), "paragraph")
    figure = draw(path, Values(materials), narrow=options.narrow)
    materials.used.update(modules_of(materials.root), named_in(path, materials.root))
    alt, caption = options.alt or figure.alt, options.caption or figure.caption
    png = figure.png() if options.png else None
    return Picture(directive.argument, figure.svg, alt, caption, png, figure.narrow)


class Values(Mapping[str, Any]):
    """Parameters, and tables as data frames: a table is read only when a figure asks for it by name."""

    def __init__(self, materials: Materials) -> None:
        self.materials = materials

    def __getitem__(self, name: str) -> Any:
        if name in self.materials.parameters:
            return self.materials.parameters[name]
        database = self.materials.database
        if name not in database.tables:
            raise KeyError(name)
        if importlib.util.find_spec("pandas") is None:
            raise MissingPart("figures need pandas", hint='pip install "coursewright[charts]"')
        return self.materials.query(database.select(name)).to_pandas()

    def __iter__(self) -> Iterator[str]:
        return iter({**self.materials.parameters, **self.materials.database.tables})

    def __len__(self) -> int:
        return len({**self.materials.parameters, **self.materials.database.tables})
