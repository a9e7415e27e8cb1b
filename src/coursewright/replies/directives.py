"""Directives of pages, carried out for a session, whose variables are parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.magics import NAMES


def materials(told: list[str], variables: Mapping[str, Any]) -> Any:
    """What a directive works with: the course around the session, or none, and the session's `variables`.

    Raises CoursewrightError for a course that is wrong.
    """
    from coursewright.courses import empty_course, find_course, open_course
    from coursewright.pages import Materials

    here = Path.cwd()
    root = find_course(here)
    course = open_course(root, report=told.append) if root else empty_course(here)
    values = {name: _value(given) for name, given in dict(variables).items()}
    return Materials(
        course.root,
        course.database(),
        {**course.parameters, **values},
        course.settings.timeline,
        values,  # for the own parameters of finders
        course.site.language,
    )


def shown(told: list[str], name: str, argument: str, content: str, variables: Mapping[str, Any]) -> dict[str, str]:
    """What a directive gives, as HTML and as text. Raises CoursewrightError with its lines for what is wrong."""
    from coursewright.pages import carry_out, standing_alone
    from coursewright.pages.formats.shown import Told, show

    if name not in NAMES:
        raise CoursewrightError(f'no directive called "{name}"', None, did_you_mean(name, NAMES))
    asked = materials(told, variables)
    block = carry_out(standing_alone(name, argument, content.removeprefix("\n"), Path("the call")), asked)
    told.extend(asked.remarks)
    made = show(block, asked.language)
    return {"html": made.html, "text": made.text} if isinstance(made, Told) else {"html": made.html(), "text": made.alt}


def _value(given: Any) -> Any:
    """A variable as a parameter; days and moments come under the name of their kind."""
    if not isinstance(given, Mapping):
        return given
    return date.fromisoformat(given["date"]) if "date" in given else datetime.fromisoformat(given["moment"])
