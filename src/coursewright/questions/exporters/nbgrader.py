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
from coursewright.questions.export import FormatLimits, Item, Limit, Quiz
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

_UNMARKED = ("units", "significant", "weights", "any right", "whole", "whole order")
_COMPARED = ("wildcard", "regex", "case", "accents", "distance", "form")


def limits_of(platform: str) -> FormatLimits:
    """What notebooks for a platform that tests code, and nothing else, do not have."""
    by_person = Limit(
        f"asked, but marked by a person: {platform} tests code only. The right answer stands in the solution"
    )
    once = Limit("a notebook is handed in once, and says nothing before it is marked")
    said = {
        **dict.fromkeys(("hints", "tries", "penalty", "feedback", "feedback by try"), once),
        **dict.fromkeys((*_UNMARKED, *_COMPARED), by_person),
        "sound": Limit("a cell of text plays no sound: its description stands there"),
        "tags": Limit(f"{platform} has no place for them"),
    }
    return FormatLimits(said, kinds=("code", "description"), no_kind=by_person, gaps=(), no_gap=by_person)


LIMITS = limits_of("nbgrader")


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
    if not variant.asks:
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
