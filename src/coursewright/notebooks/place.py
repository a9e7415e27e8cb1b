"""`%page FILE PARAMETER …`: the notebook stands where its page does, with its page's parameters."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place
from coursewright.notebooks.problem import CellProblem

if TYPE_CHECKING:
    from coursewright.notebooks.session import Session

REMEDY = "put it into a folder of its course, such as build/notebooks: cells that read tables and files need that"
"""What to do where the course is not there."""


class PageMagic:
    """`%page`: called by IPython with the line behind the name."""

    _ipython_magic_no_var_expand = True  # names may have dollars and braces

    def __init__(self, variables: MutableMapping[str, Any]) -> None:
        self.__name__ = "page"
        self.variables = variables

    def __call__(self, line: str) -> None:
        """Go to the folder of a page of the course around the notebook, and say so where there is none.

        The variables that are named are the page's parameters from now on, with the values that they have; those
        behind `--hide` are taken away then: their names are Python's, and the page's code means that. Raises
        CellProblem for one that is not there or no parameter can be, and for a value that its parameter cannot have.
        """
        from coursewright.notebooks.line import read_line
        from coursewright.notebooks.magic import session

        place = Place(Path(f"cell {len(self.variables['In']) - 1}"), 1, "%page")
        try:
            said, options = read_line(line, {"hide": str}, place)
            name, *parameters = _words(said, place) or [""]
            hidden = frozenset(_words(options.get("hide", ""), place))
            file = stand_at(name)
            self._give(session(), file, parameters, hidden, place)
        except CoursewrightError as error:
            raise CellProblem(error) from None

    def _give(
        self, session: Session, file: Path | None, names: list[str], hidden: frozenset[str], place: Place
    ) -> None:
        given = values_of(names, self.variables, session.given or {}, place)
        session.stand_at(file, given, hidden)
        for name in hidden:
            self.variables.pop(name, None)
        if file:
            materials = session.materials({}, "")
            materials.present.check(names, materials.database)


def values_of(
    names: list[str], variables: Mapping[str, Any], before: Mapping[str, Any], place: Place
) -> dict[str, Any]:
    """The values of parameters, by the variables that are called so, or as they were `before`.

    Raises CoursewrightError for one that has none, or has what no parameter can be.
    """
    from coursewright.notebooks.session import scalars

    found = {name: value for name, value in scalars(variables) if name in names}
    for name in names:
        if name in variables and name not in found:
            said = f"{name} is a {type(variables[name]).__name__}, and a parameter is a number, a text or a date"
            raise CoursewrightError(said, place, "give it such a value in the cell above, and run that again")
        if name not in variables and name not in before:
            raise CoursewrightError(
                f"the parameter {name} has no value", place, "run the cell above, which gives it one"
            )
    return {name: found.get(name, before.get(name)) for name in names}


def stand_at(name: str) -> Path | None:
    """Go to the folder of a page of the course around the notebook, and give its file; say so where there is none."""
    from coursewright.courses import find_course

    root = find_course(Path.cwd())
    if root is None:
        sys.stderr.write(f"note: no course.toml in this folder or one above it\nhint: {REMEDY}\n")
        return None
    file = root.resolve() / "pages" / name
    if not file.is_file():
        sys.stderr.write(f"note: the course around this notebook has no page {name}\nhint: {REMEDY}\n")
        return None
    os.chdir(file.parent)
    return file


def _words(text: str, place: Place) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        hint = 'a name with spaces or quotes stands in quotes: %page "my page.md"'
        raise CoursewrightError(f"cannot read the line: {error}", place, hint) from None
