"""```` ```{bibliography} ````: the sources that a page cites, where they do not stand at its end."""

from __future__ import annotations

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.pages.blocks.block import References
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive


class BibliographyOptions(msgspec.Struct, frozen=True):
    """With `all: true` there are all sources of the bibliography, cited or not."""

    all: bool = False


Options = BibliographyOptions


def run(directive: Directive, options: BibliographyOptions, _materials: Materials) -> References:
    """The list, which is known when the whole page has been read."""
    if directive.argument or directive.content.strip():
        hint = "files are named in course.toml, [bibliography], or in the front matter, bibliography:"
        raise CoursewrightError("nothing can stand in a bibliography", directive.place(), hint)
    return References(options.all)
