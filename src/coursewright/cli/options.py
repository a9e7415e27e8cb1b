"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from coursewright.errors import UsageError

CoursePath = Annotated[
    Path, Parameter(name="course", help="The course's folder; by default the nearest one here or above.")
]
Count = Annotated[int | None, Parameter(validator=Number(gte=0))]
Set = Annotated[
    tuple[str, ...],
    Parameter(name="--set", negative="", help="Give a parameter another value, such as season=2018. Can be repeated."),
]
Jobs = Annotated[
    int,
    Parameter(
        validator=Number(gte=1),
        help="Make pages in so many processes: for courses that take minutes, as many as the machine has cores.",
    ),
]
Refresh = Annotated[
    bool, Parameter(negative="", help="Fetch again what tables come from, on the web or in a database.")
]


def overrides(settings: tuple[str, ...]) -> dict[str, str | int | float | bool]:
    """`("season=2018",)` as a mapping. Raises UsageError for one without a name or an equals sign."""
    values: dict[str, str | int | float | bool] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise UsageError(f'"{setting}" is not NAME=VALUE', None, "for instance: --set season=2018")
        values[name] = value
    return values
