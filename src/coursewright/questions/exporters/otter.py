"""Notebooks for Otter-Grader, one for each student, each with that student's variants.

Each is a master notebook for `otter assign`, which makes of it what is given out and what marks it. Functions are
tested; all else is marked by a person, who finds the right answer in the solution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from coursewright.markup import escape_markdown
from coursewright.questions.export import Item, Quiz
from coursewright.questions.exporters import nbgrader
from coursewright.questions.exporters._markdown import answers, question
from coursewright.questions.exporters._notebook import (
    Cell,
    by_student,
    cell,
    cell_id,
    encoded,
    pictures,
    say,
    test,
    write_notebook,
)
from coursewright.questions.part import Code
from coursewright.questions.variant import Variant

TITLE = "Otter-Grader, a notebook for each student"
LIMITS = nbgrader.limits_of("Otter-Grader")


def item(variant: Variant) -> Item:
    """The variant as cells."""
    return Item.of(variant, encoded(list(_cells(variant))))


def _cells(variant: Variant) -> Iterator[Cell]:
    name = cell_id(variant.question).replace("-", "_")
    write = say(variant)
    text = f"## {escape_markdown(variant.title)}\n\n{question(variant, write)}"
    if not variant.asks:
        yield cell("markdown", f"{name} text", text, **pictures(variant))
        return
    part = variant.parts[0]
    tested = variant.kind == "code" and isinstance(part, Code)

    def raw(line: str) -> Cell:
        return cell("raw", f"{name} {line}", line)

    manual = "" if tested else "\nmanual: true"
    yield raw(f"# BEGIN QUESTION\nname: {name}\npoints: {variant.points:g}{manual}")
    yield cell("markdown", f"{name} text", text, **pictures(variant))
    yield raw("# BEGIN SOLUTION")
    if tested and isinstance(part, Code):
        begin = part.starter if '"""' not in part.starter and "\\" not in part.starter else ""
        prompt = f'""" # BEGIN PROMPT\n{begin}""" # END PROMPT\n' if begin else ""
        source = f"{prompt}# BEGIN SOLUTION\n{part.model.rstrip()}\n# END SOLUTION"
        yield cell("code", f"{name} answer", source)
    else:
        yield cell("markdown", f"{name} answer", answers(variant, write), **pictures(variant))
    yield raw("# END SOLUTION")
    if tested and isinstance(part, Code):
        yield raw("# BEGIN TESTS")
        yield from _tests(part, name, variant.points)
        yield raw("# END TESTS")
    yield raw("# END QUESTION")


def _tests(part: Code, name: str, points: float) -> Iterator[Cell]:
    whole = sum(case.points for case in part.cases) or 1
    for number, case in enumerate(part.cases, start=1):
        settings = f"hidden: {str(not case.shown).lower()}\npoints: {points * case.points / whole:g}"
        source = f'""" # BEGIN TEST CONFIG\n{settings}\n""" # END TEST CONFIG\n{test(case)}'
        yield cell("code", f"{name} test {number}", source)


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME/STUDENT.ipynb` for each student, in `folder`."""
    settings = cell(
        "raw", "assignment", "# ASSIGNMENT CONFIG\ninit_cell: true\nexport_cell: false\ncheck_all_cell: true"
    )
    title = cell("markdown", "title", f"# {escape_markdown(quiz.title)}")
    for student, bodies in by_student(items):
        cells = (body for part in ([msgspec.json.encode([settings, title])], bodies) for body in part)
        write_notebook(cells, folder / quiz.name / f"{student}.ipynb")
