"""The parameters of a course and its pages: their values, and whether they can have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from coursewright.pages import Page
from coursewright.tables import Database
from coursewright.tables.parameters import Declaration, Scalar, check_values

if TYPE_CHECKING:
    from coursewright.courses.course import Course


def read_overrides(declared: Mapping[str, Declaration], overrides: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """The values that the caller set, those of declared parameters as their kind.

    Raises CoursewrightError for a declaration that contradicts itself, and UsageError for a value that it does not
    allow, as far as that can be told without the tables.
    """
    values = dict(overrides)
    for name, own in declared.items():
        own.check()
        if name in values:
            values[name] = own.read(values[name])
            own.check_value(values[name], own.listed(), default=False)
    return values


def of_page(page: Page, course: Course) -> dict[str, Declaration]:
    """The parameters of a page: those of the course, and its own in their place or besides.

    Raises CoursewrightError for a declaration that contradicts itself.
    """
    own = page.declared(course.declared)
    for declared in own.values():
        declared.check()
    return {**course.declared, **own}


def values_of(declared: Mapping[str, Declaration], course: Course, database: Database) -> dict[str, Scalar]:
    """The value of each parameter, set by the caller or by default.

    Raises CoursewrightError for a default that is none of its choices, and UsageError for such a value of the caller's.
    """
    set_ = course.overrides
    values = {name: own.read(set_.get(name, own.parameter.default)) for name, own in declared.items()}
    check_values(declared, values, set_, database)
    return values
