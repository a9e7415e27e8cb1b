"""A diagram as a block: its file is named after what it shows, and what is wrong with it has the directive's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from coursewright.chance import text_hash
from coursewright.errors import CoursewrightError, Place
from coursewright.figures import Figure
from coursewright.figures.charts import spoken_in
from coursewright.labels import foreign
from coursewright.pages.blocks.block import Picture
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive


def drawn(directive: Directive, materials: Materials, draw: Callable[[], Figure], caption: str = "") -> Picture:
    """What `draw` gives, as a picture; a CoursewrightError that it raises gets the place of the directive.

    What a diagram says by itself is in the language of the course; where it is English for want of words, that is
    remarked.
    """
    try:
        with spoken_in(materials.language):
            figure = draw()
    except CoursewrightError as error:
        problem = error.problem
        place = problem.where or Place(directive.file, directive.line, f"{{{directive.name}}}")
        raise type(error)(problem.message, place, problem.hint, problem.rule) from None
    if foreign("diagrams", materials.language) and not directive.options.get("alt"):
        said = f"what this diagram says for who does not see it is English; say it in {materials.language}: :alt: …"
        materials.remarks.append(f"{directive.place()}: {said}")
    name = f"{directive.name}-{text_hash(figure.svg):016x}"
    return Picture(name, figure.svg, figure.alt, caption or figure.caption)


@contextmanager
def at_line(directive: Directive, number: int) -> Iterator[None]:
    """What is wrong in what is read inside is so at a line of the directive's content, counted from 0."""
    try:
        yield
    except CoursewrightError as error:
        problem = error.problem
        place = problem.where or Place(directive.file, directive.content_line + number, f"{{{directive.name}}}")
        raise type(error)(problem.message, place, problem.hint, problem.rule) from None
