"""The verb: find what the parameters of a notebook are at present."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursewright.courses.course import Course
from coursewright.courses.reading.parameters import of_page
from coursewright.pages import Page
from coursewright.tables import Database
from coursewright.tables.parameters import Declaration, check_values, depends


@dataclass(frozen=True)
class Present:
    """The `values` of a notebook's parameters, `set_` those that it gives to the own parameters of finders.

    `declared` says what they can be. Of the notebook's variables, `free` are called as no parameter is and can be named
    like one; those `apart` are called as a parameter and have another value, which counts for its own code alone.
    """

    values: Mapping[str, Any]
    set_: Mapping[str, Any]
    declared: Mapping[str, Declaration]
    free: Collection[str] = ()
    apart: Mapping[str, Any] = field(default_factory=dict)

    def check(self, names: Collection[str], database: Database) -> None:
        """Raise UsageError for the first parameter, among `names` and those that they hang on, that cannot be so."""
        waiting, checked = [name for name in names if name in self.declared], dict[str, Declaration]()
        while waiting:
            name = waiting.pop()
            if name in self.declared and name not in checked:
                checked[name] = self.declared[name]
                waiting += depends(checked[name], database)
        check_values(checked, self.values, checked, database)

    def notes(self, read: Collection[str]) -> list[str]:
        """What a reader should know who has given a variable the value that they want a parameter to have."""
        return [
            f"{name} is {self.values[name]} here; the variable {name} of this notebook, {value}, is another thing\n"
            "hint: parameters have the values of the cell that is tagged so: run it again, and the one below it"
            for name, value in self.apart.items()
            if name in read
        ]


def present(
    course: Course, variables: Mapping[str, Any], given: Mapping[str, Any] | None = None, page: Page | None = None
) -> Present:
    """The parameters of a notebook of `course` with these `variables`.

    In the notebook of a page they are what the page has, with the values that were `given` to them: what its code makes
    of a variable changes no parameter, as on the page. In any other notebook `given` is None, and variables are
    parameters. Raises CoursewrightError for a declaration of the page that contradicts itself.
    """
    if given is None:
        return Present({**course.parameters, **variables}, variables, course.declared)
    declared = of_page(page, course) if page else course.declared
    values = {name: own.parameter.default for name, own in declared.items()}
    values |= {name: declared[name].as_whole(value) if name in declared else value for name, value in given.items()}
    free = {name: value for name, value in variables.items() if name not in values}
    apart = {name: value for name, value in variables.items() if name in values and values[name] != value}
    return Present({**free, **values}, given, declared, frozenset(free), apart)
