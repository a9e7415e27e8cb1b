"""```` ```{widget} NAME ````: the widget that `figures/NAME.py` makes, or a page of HTML in a file of the course."""

from __future__ import annotations

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.figures import HEIGHT, draw_widget, widget
from coursewright.names import file_name_for
from coursewright.pages.blocks.block import EmbeddedPage
from coursewright.pages.directives.figure import FigureValues
from coursewright.pages.executing.opened import modules_of, named_in
from coursewright.pages.executing.run import Materials
from coursewright.pages.in_course import file_in_course
from coursewright.pages.text.body import Directive


class WidgetOptions(msgspec.Struct, frozen=True):
    """`alt` says in words what it shows; its frame is `height` pixels tall until the widget says how tall it is."""

    alt: str = ""
    caption: str = ""
    height: int = 0


Options = WidgetOptions


def run(directive: Directive, options: WidgetOptions, materials: Materials) -> EmbeddedPage:
    """The widget, in a frame that its scripts cannot leave."""
    if not directive.argument:
        hint = "write the name of a file of figures/ after {widget}, or that of a file of HTML"
        raise CoursewrightError("which widget?", directive.place(), hint)
    materials.trust.refuse("a widget, which is a program for the reader's browser", directive.place())
    if not directive.argument.lower().endswith((".html", ".htm")):
        path = materials.file("figures", directive.argument, ".py", "widget")
        made = draw_widget(path, FigureValues(materials), seconds=materials.limits.of_one)
        materials.used.update(modules_of(materials.root), named_in(path, materials.root))
        name = directive.argument
    else:
        file = file_in_course(directive, materials, "widget")
        materials.used.add(file)
        made, name = widget(file, alt=options.alt or options.caption), file.stem
    height = options.height or made.height or HEIGHT
    caption = options.caption or made.caption
    return EmbeddedPage(file_name_for(name, "widget"), made.page, options.alt or made.alt, caption, height)
