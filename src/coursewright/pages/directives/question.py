"""```` ```{question} NAME ````: a question of the course, or a finder that asks, which marks itself in the page."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path

import msgspec

from coursewright import errors
from coursewright.errors import CoursewrightError
from coursewright.pages.blocks.block import QuestionBlock
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive
from coursewright.questions import DrawMaterials, Question, draw, read_materials, read_question
from coursewright.questions.drawing import ask_finder, set_pictures
from coursewright.questions.reading import files_read
from coursewright.questions.widget import kind_not_on_page


class QuestionOptions(msgspec.Struct, frozen=True):
    """How many `variants` a reader can try, one after the other, and the `seed` that they are drawn with."""

    variants: int = 1
    seed: str = "0"


Options = QuestionOptions


def run(directive: Directive, options: QuestionOptions, materials: Materials) -> QuestionBlock:
    """The variants of the question in `questions/NAME.md` or, where there is none, of the finder `facts/NAME.sql`."""
    if not directive.argument:
        hint = "write the name of a file of questions/ or facts/ after {question}"
        raise CoursewrightError("which question?", directive.place(), hint)
    if options.variants < 1:
        place = directive.place("{question} :variants:")
        raise CoursewrightError(f"{options.variants} variants cannot be shown", place, "ask for 1 or more")
    question, drawn_from = ready(directive.argument, materials)
    asked = ask(question, drawn_from, options)
    if strange := kind_not_on_page(asked.variants):
        message = f'no question of the kind "{strange}" marks itself in a page'
        hint = f"take {{question}} out here, and export it: coursewright ask {errors.shown(question.file)} --to moodle"
        raise CoursewrightError(message, directive.place(), hint)
    materials.used.update(_pictures(asked, question.file.parent))
    return asked


def ask(question: Question, drawn_from: DrawMaterials, options: QuestionOptions) -> QuestionBlock:
    """The variants of a question."""
    who = [str(number + 1) for number in range(options.variants)]
    drawn = draw(question, who, seed=options.seed, materials=drawn_from)
    return QuestionBlock(tuple(each.variant for each in set_pictures(drawn, {}) if each.variant))


def _pictures(asked: QuestionBlock, folder: Path) -> Iterator[Path]:
    """The files beside the question that its pictures came from; another process has read them."""
    for name in {medium.name for variant in asked.variants for medium in variant.media}:
        yield from folder.rglob(glob.escape(name))


def ready(name: str, materials: Materials) -> tuple[Question, DrawMaterials]:
    """The question called `name`, and what it is drawn from."""
    if not asks(name, materials):
        question = read_question(materials.file("questions", name, ".md", "question"))
        materials.used.update(files_read(question, materials.database))
        return question, read_materials(question, materials.database, materials.parameters, language=materials.language)
    (finder,) = materials.finders((name,))
    return ask_finder(
        finder,
        materials.database,
        timeline=materials.timeline,
        parameters=materials.parameters,
        overrides=materials.overrides,
        language=materials.language,
    )


def asks(name: str, materials: Materials) -> bool:
    """Whether it is a finder that is meant."""
    finders = {file.stem for file in (materials.root / "facts").glob("*.sql")}
    return name in finders and name not in {file.stem for file in (materials.root / "questions").glob("*.md")}
