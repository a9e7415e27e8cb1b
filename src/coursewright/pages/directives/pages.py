"""```` ```{pages} NAME ````: the pages that a file makes, or those of a section, as links.

With `:form: choice` readers choose one of them instead: a list of a thousand is then no part of the page.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.pages.blocks.block import PageChoice, PageList
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive


class PagesOptions(msgspec.Struct, frozen=True):
    """As a `list` the pages stand in their order, each with its description.

    For a `choice`, `title` says what is chosen; `by` is a parameter of the pages by whose values they are grouped, and
    `label` one that says what each is called in place of its title.
    """

    form: Literal["list", "choice"] = "list"
    title: str = ""
    by: str = ""
    label: str = ""


Options = PagesOptions


def run(directive: Directive, options: PagesOptions, materials: Materials) -> PageList | PageChoice:
    """The name: its pages are known when all have been made."""
    if not directive.argument:
        hint = "write the name of a file of pages/ with for_each, or of a section, after {pages}"
        raise CoursewrightError("which pages?", directive.place(), hint)
    if options.form == "list":
        for name in ("title", "by", "label"):
            if getattr(options, name):
                place = directive.place(f"{{pages}} :{name}:")
                raise CoursewrightError(f"a list of pages has no {name}", place, "add :form: choice, or leave it out")
        return PageList(directive.argument)
    if not options.title:
        hint = "add what readers choose, such as :title: Another race"
        raise CoursewrightError("a choice needs a title", directive.place("{pages} :form:"), hint)
    declared = materials.declared.get(options.by)
    heading = declared.parameter.label if declared and declared.parameter.label else options.by.capitalize()
    return PageChoice(directive.argument, options.title, options.by, heading, options.label)
