"""```` ```{tikz} NAME ````: the picture that the TikZ inside draws."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b

import msgspec

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.diagrams import tex_escape, tikz
from coursewright.names import file_name
from coursewright.pages.blocks.block import Picture
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive

_PARAMETER = re.compile(r"\{\{[ \t]*([A-Za-z_]\w*)[ \t]*\}\}")


class TikzOptions(msgspec.Struct, frozen=True):
    """`alt` says in words what the picture shows."""

    alt: str = ""
    caption: str = ""


Options = TikzOptions


def run(directive: Directive, options: TikzOptions, materials: Materials) -> Picture:
    """The picture; parameters in its TikZ are text, not commands."""
    materials.trust.refuse("TikZ, since TeX reads files as you do", directive.place(), "put the picture in as a file")
    if directive.argument:
        file_name(directive.argument, directive.place())
    if not directive.content.strip():
        raise CoursewrightError("this picture is empty", directive.place(), r"draw something: \draw (0,0) -- (1,1);")
    if not options.alt.strip():
        hint = "say what it shows: :alt: A right-angled triangle with sides 3, 4 and 5"
        raise CoursewrightError("this picture has no alternative text", directive.place(), hint)

    def value(found: re.Match[str]) -> str:
        if found[1] not in materials.parameters:
            line = directive.content_line + directive.content.count("\n", 0, found.start())
            place = replace(directive.place(), line=line)
            raise CoursewrightError(
                f'no parameter called "{found[1]}"', place, did_you_mean(found[1], materials.parameters)
            )
        given = materials.parameters[found[1]]
        return "" if given is None else tex_escape(given)

    source = _PARAMETER.sub(value, directive.content)
    try:
        figure = tikz(source, alt=options.alt, caption=options.caption)
    except CoursewrightError as error:
        problem = error.problem
        if problem.where is None:  # not the picture, but what draws it
            raise
        line = problem.where.line
        place = replace(directive.place(), line=directive.line if line is None else directive.content_line + line - 1)
        raise CoursewrightError(problem.message, place, problem.hint) from None
    name = directive.argument or "tikz-" + blake2b(source.encode(), digest_size=5).hexdigest()
    return Picture(name, figure.svg, figure.alt, figure.caption)
