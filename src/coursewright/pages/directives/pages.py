"""```` ```{pages} NAME ````: the pages that a file makes, or those of a section, as links."""

from __future__ import annotations

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.pages.block import Listed
from coursewright.pages.body import Directive
from coursewright.pages.execute import Materials


class Options(msgspec.Struct, frozen=True):
    """There are none: the pages stand in their order, each with its description."""


def run(directive: Directive, options: Options, materials: Materials) -> Listed:  # noqa: ARG001 - the same for every directive
    """The name: its pages are known when all have been made."""
    if not directive.argument:
        hint = "write the name of a file of pages/ with for_each, or of a section, after {pages}"
        raise CoursewrightError("which pages?", directive.place(), hint)
    return Listed(directive.argument)
