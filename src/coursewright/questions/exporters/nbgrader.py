"""Notebooks for nbgrader, one for each student, each with that student's variants.

They lie as nbgrader wants a course to lie: `source/NAME/STUDENT.ipynb`, from which `nbgrader generate_assignment NAME`
makes what is given out, without solutions and hidden tests. Functions are tested; all else is marked by a person, who
finds the right answer in the solution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from coursewright.markup import escape_markdown
from coursewright.questions.export import Item, Limit, Quiz
from coursewright.questions.exporters._markdown import answers, question
from coursewright.questions.exporters._notebook import (
    Cell,
    begins,
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

TITLE = "nbgrader, a notebook for each student"

_BY_PERSON = Limit("asked, but marked by a person: nbgrader tests code only. The right answer stands in the solution")
_ONCE = Limit("a notebook is handed in once, and says nothing before it is marked")
_SILENT = Limit("a cell of text plays no sound: its description stands there")
_KINDS = ("number", "choice", "choices", "truefalse", "text", "formula", "match", "order", "essay")
_PARTS = (*(kind for kind in _KINDS if kind != "truefalse"), "code")
LIMITS = {
    **dict.fromkeys((*_KINDS, "cloze", *(f"cloze {kind}" for kind in _PARTS)), _BY_PERSON),
    **dict.fromkeys(("hints", "tries", "penalty", "feedback", "feedback by try"), _ONCE),
    **dict.fromkeys(("units", "significant", "weights", "any right", "whole", "whole order"), _BY_PERSON),
    **dict.fromkeys(("wildcard", "regex", "case", "accents"), _BY_PERSON),
    **dict.fromkeys(("distance", "form"), _BY_PERSON),
    "sound": _SILENT,
    "tags": Limit("nbgrader has no place for them"),
}


def item(variant: Variant) -> Item:
    """The variant as cells."""
    return Item.of(variant, encoded(list(_cells(variant))))


def _cells(variant: Variant) -> Iterator[Cell]:
    name = cell_id(variant.question)
    write = say(variant)
    text = f"## {escape_markdown(variant.title)}\n\n{question(variant, write)}"
    yield cell("markdown", f"{name}-text", text, metadata=_marked(f"{name}-text", locked=True), **pictures(variant))
    part = variant.parts[0]
    if variant.kind == "code" and isinstance(part, Code):
        source = f"{begins(part)}### BEGIN SOLUTION\n{part.model.rstrip()}\n### END SOLUTION"
        yield cell("code", f"{name}-answer", source, metadata=_marked(f"{name}-answer", solution=True))
        yield from _tests(part, name, variant.points)
        return
    if variant.kind == "description":
        return
    right = f"### BEGIN SOLUTION\n{answers(variant, write)}\n### END SOLUTION"
    metadata = _marked(f"{name}-answer", solution=True, grade=True, points=variant.points)
    yield cell("markdown", f"{name}-answer", right, metadata=metadata, **pictures(variant))


def _tests(part: Code, name: str, points: float) -> Iterator[Cell]:
    """A cell for each case, since a cell brings all its points or none."""
    whole = sum(case.points for case in part.cases) or 1
    for number, case in enumerate(part.cases, start=1):
        ident = f"{name}-test-{number}"
        source = test(case)
        if not case.shown:
            source = f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
        metadata = _marked(ident, grade=True, locked=True, points=points * case.points / whole)
        yield cell("code", ident, source, metadata=metadata)


def _marked(ident: str, **roles: Any) -> dict[str, Any]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": ident, **plain, **roles}}


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`source/NAME/STUDENT.ipynb` for each student, in `folder`."""
    metadata = _marked("title", locked=True)
    title = cell("markdown", "title", f"# {escape_markdown(quiz.title)}", metadata=metadata)
    for student, bodies in by_student(items):
        cells = (body for part in ([msgspec.json.encode([title])], bodies) for body in part)
        write_notebook(cells, folder / "source" / quiz.name / f"{student}.ipynb")
