"""```` ```{math} ````: a formula, which links can lead to by its name and its number."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.pages.blocks.block import Equation
from coursewright.pages.executing.run import Materials
from coursewright.pages.syntax.maths import block as formula
from coursewright.pages.text.body import Directive
from coursewright.questions.writing import tex_escape

_PARAMETER = re.compile(r"\{\{[ \t]*([A-Za-z_]\w*)[ \t]*\}\}")


class MathOptions(msgspec.Struct, frozen=True):
    """There are none but the name that every directive can have."""


Options = MathOptions


def run(directive: Directive, _options: MathOptions, materials: Materials) -> Equation:
    """The formula, which is written in LaTeX; parameters in it are text.

    Raises CoursewrightError for one that is not understood.
    """
    if directive.argument or not directive.content.strip():
        hint = "write LaTeX on the lines below {math}, such as E = mc^2"
        raise CoursewrightError("which formula?", directive.place(), hint)

    def value(found: re.Match[str]) -> str:
        if found[1] not in materials.parameters:
            line = directive.content_line + directive.content.count("\n", 0, found.start())
            hint = did_you_mean(found[1], materials.parameters)
            raise CoursewrightError(f'no parameter called "{found[1]}"', replace(directive.place(), line=line), hint)
        given = materials.parameters[found[1]]
        return "" if given is None else tex_escape(str(given))

    tex = _PARAMETER.sub(value, directive.content.strip())
    formula(tex)
    return Equation(tex)
