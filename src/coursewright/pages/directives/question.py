"""```` ```{question} NAME ````: a question of the course, which marks itself in the page."""

from __future__ import annotations

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.pages.block import Asked
from coursewright.pages.execute import Materials
from coursewright.pages.page import Directive
from coursewright.questions import draw, read_materials, read_question
from coursewright.questions.rows import files_read
from coursewright.questions.setting import set_pictures


class Options(msgspec.Struct, frozen=True):
    """How many `variants` a reader can try, one after the other, and the `seed` that they are drawn with."""

    variants: int = 1
    seed: str = "0"


def run(directive: Directive, options: Options, materials: Materials) -> Asked:
    """The variants of the question in `questions/NAME.md`."""
    if not directive.argument:
        hint = "write the name of a file of questions/ after {question}"
        raise CoursewrightError("which question?", directive.place(), hint)
    if options.variants < 1:
        place = directive.place("{question} :variants:")
        raise CoursewrightError(f"{options.variants} variants cannot be shown", place, "ask for 1 or more")
    question = read_question(materials.file("questions", directive.argument, ".md", "question"))
    materials.used.update(files_read(question, materials.database))
    drawn = draw(
        question,
        [str(number + 1) for number in range(options.variants)],
        seed=options.seed,
        materials=read_materials(question, materials.database, materials.parameters),
    )
    return Asked(tuple(each.variant for each in set_pictures(drawn, {}) if each.variant))
