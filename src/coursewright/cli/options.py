"""The options that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from coursewright.errors import UsageError
from coursewright.trust import OWN, STRANGER, Trust

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
LOCAL = "local"
WorkersAt = Annotated[
    str,
    Parameter(
        name="--workers",
        help="Who works: local, processes of this machine, or dask://HOST:PORT, those of a Dask cluster that is there.",
    ),
]
Refresh = Annotated[
    bool, Parameter(negative="", help="Fetch again what tables come from, on the web or in a database.")
]

Untrusted = Annotated[
    bool,
    Parameter(
        name="--untrusted",
        negative="",
        help="The course is a stranger's: it reads its own folder, reaches no network, and what it runs is walled off.",
    ),
]


def trusted(*, untrusted: bool, course: Path, changed: Sequence[Path] = (), read: Sequence[Path] = ()) -> Trust:
    """Whose the course at `course` is. A stranger's is looked at in a process that only changes files in `changed`.

    `read` are what it reads besides the course. Raises NoWall on a system where that cannot be.
    """
    if not untrusted:
        return OWN
    from coursewright.sandbox.walls import enclose

    inside = [path for path in map(Path, sys.path) for root in changing(course) if path.resolve().is_relative_to(root)]
    if inside:  # as python -m does
        hint = "start it by its name, coursewright, in a Python that is not the course's own"
        raise UsageError(f'Python looks for modules in the course: "{inside[0]}"', None, hint)
    here = [*(folder for folder in [_nearest(course)] if folder), *(path.resolve() for path in read)]
    for folder in changed:
        folder.mkdir(parents=True, exist_ok=True)  # in there none can be made beside it
    enclose(here, [path.resolve() for path in changed])
    return STRANGER


def refuse_strangers(workers: str, *, untrusted: bool) -> None:
    """Raise UsageError for a stranger's course that would be run by a cluster, which has no wall around it."""
    if untrusted and workers != LOCAL:
        raise UsageError("--untrusted goes with local workers only", None, "leave out --workers")


def changing(course: Path) -> list[Path]:
    """The folders that commands change of the course around `course`: its own, in which the build goes."""
    nearest = _nearest(course)
    return [nearest] if nearest else []


def files_of(questions: Sequence[str]) -> list[Path]:
    """The folders of the questions that are named by their files."""
    return [Path(name).parent for name in questions if name.endswith((".md", ".sql"))]


def _nearest(folder: Path) -> Path | None:
    """The folder of the course around `folder`, if there is one."""
    above = [folder.resolve(), *folder.resolve().parents]
    return next((each for each in above if (each / "course.toml").is_file()), None)


def overrides(settings: tuple[str, ...]) -> dict[str, str | int | float | bool]:
    """`("season=2018",)` as a mapping. Raises UsageError for one without a name or an equals sign."""
    values: dict[str, str | int | float | bool] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise UsageError(f'"{setting}" is not NAME=VALUE', None, "for instance: --set season=2018")
        values[name] = value
    return values
