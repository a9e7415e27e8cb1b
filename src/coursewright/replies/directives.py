"""Directives of pages, carried out for a session, whose variables are parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.magics import NAMES

if TYPE_CHECKING:
    from coursewright.courses import Course
    from coursewright.courses.reading import Present
    from coursewright.pages import Materials


@dataclass(frozen=True)
class Variables:
    """The `variables` of a session that can be parameters; in the notebook of a page, `given` are those of its own.

    `page` is its file, as seen from the folder `pages`, if it is there.
    """

    variables: Mapping[str, Any]
    given: Mapping[str, Any] | None = None
    page: str = ""

    def present(self, course: Course) -> Present:
        """The parameters of the session. Raises CoursewrightError for a page that is wrong."""
        from coursewright.courses.reading import present
        from coursewright.pages import open_page

        page = open_page(course.root / "pages" / self.page, course.root) if self.page else None
        given = None if self.given is None else {name: _value(each) for name, each in self.given.items()}
        return present(course, {name: _value(each) for name, each in self.variables.items()}, given, page)


def materials(told: list[str], variables: Variables) -> tuple[Materials, Present]:
    """What a directive works with: the course around the session, or none, and the session's parameters.

    Raises CoursewrightError for a course that is wrong.
    """
    from coursewright.courses import find_course, open_course
    from coursewright.courses.reading import empty_course
    from coursewright.pages import Materials

    here = Path.cwd()
    root = find_course(here)
    course = open_course(root, report=told.append) if root else empty_course(here)
    now = variables.present(course)
    made = Materials(
        course.root,
        course.database(),
        now.values,
        course.settings.timeline,
        now.set_,
        course.site.language,
        declared=now.declared,
    )
    return made, now


def shown(told: list[str], name: str, argument: str, content: str, variables: Variables) -> dict[str, str]:
    """What a directive gives, as HTML and as text. Raises CoursewrightError with its lines for what is wrong."""
    from coursewright.pages.executing import ParameterLog, carry_out
    from coursewright.pages.formats import HtmlWithText, show
    from coursewright.pages.text import standing_alone

    if name not in NAMES:
        raise CoursewrightError(f'no directive called "{name}"', None, did_you_mean(name, NAMES))
    asked, now = materials(told, variables)
    noted = ParameterLog(asked.parameters)
    directive = standing_alone(name, argument, content.removeprefix("\n"), Path("the call"))
    block = carry_out(directive, replace(asked, parameters=noted))
    now.check(noted.read, asked.database)
    told.extend([*asked.remarks, *now.notes(noted.read)])
    made = show(block, asked.language)
    return (
        {"html": made.html, "text": made.text}
        if isinstance(made, HtmlWithText)
        else {"html": made.html(), "text": made.alt}
    )


def _value(given: Any) -> Any:
    """A variable as a parameter; days, moments and what R has as real numbers come under the name of their kind."""
    if not isinstance(given, Mapping):
        return given
    if "real" in given:
        return float(given["real"])
    return date.fromisoformat(given["date"]) if "date" in given else datetime.fromisoformat(given["moment"])
