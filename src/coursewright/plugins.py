"""Where plugins come in: Python entry points, named after what the user types. The built-in ones use the same door.

    [project.entry-points."coursewright.directives"]
    table = "coursewright.pages.directives.table"

| group | what a module of it has |
|---|---|
| `coursewright.directives` | `Options`, what it takes; `run(directive, options, materials)`, which gives a block |
| `coursewright.formats` | `page_files(page)`, which gives the files of one page, text or bytes, by path; \
`site_files(index, site)`, which gives those that the whole has besides |
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from coursewright.errors import CoursewrightError, Place, did_you_mean


@cache
def names(group: str) -> tuple[str, ...]:
    """The names of the plugins in `group`, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=f"coursewright.{group}")}))


@cache
def _load(group: str, name: str) -> Any:
    (entry, *_) = entry_points(group=f"coursewright.{group}", name=name)
    return entry.load()


def load(group: str, name: str, place: Place | None = None) -> Any:
    """The plugin `name` of `group`; CoursewrightError with the nearest name when there is none."""
    if name not in names(group):
        raise CoursewrightError(
            f'no {group.removesuffix("s")} called "{name}"', place, did_you_mean(name, names(group))
        )
    return _load(group, name)


def forget() -> None:
    """Load plugins again when they are asked for: their modules are no longer what they were."""
    _load.cache_clear()
