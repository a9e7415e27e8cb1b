"""Where plugins come in: Python entry points, named after what the user types. The built-in ones use the same door.

    [project.entry-points."coursewright.directives"]
    table = "coursewright.pages.directives.table"

| group | what a module of it has |
|---|---|
| `coursewright.directives` | `Options`, what it takes; `run(directive, options, materials)`, which gives a block |
| `coursewright.exporters` | `TITLE`, what people call the format; `LIMITS`, what it cannot express; `item(variant)`, \
which gives one variant; `write(items, quiz, folder)`, which writes the files |
| `coursewright.formats` | `page_files(page)`, which gives the files of one page, text or bytes, by path; \
`site_files(index, site)`, which gives those that the whole has besides |
| `coursewright.importers` | `TITLE`; `recognises(text)`, whether a file is in this format; `read(text, file)`, which \
gives its questions |

How to write one of each: docs/guides/plugins.md.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from coursewright.errors import CoursewrightError, Place, did_you_mean

GROUPS = {
    "directives": ("Options", "run"),
    "exporters": ("TITLE", "LIMITS", "item", "write"),
    "formats": ("page_files", "site_files"),
    "importers": ("TITLE", "recognises", "read"),
}
"""What a module of each group has."""
_OURS = "coursewright"


@cache
def _entries(group: str) -> dict[str, tuple[EntryPoint, ...]]:
    """The entry points of a group by name, the built-in names first: more than one where packages share a name."""
    found: dict[str, list[EntryPoint]] = {}
    for entry in sorted(entry_points(group=f"{_OURS}.{group}"), key=lambda one: (_package(one) != _OURS, one.name)):
        found.setdefault(entry.name, []).append(entry)
    return {name: tuple(entries) for name, entries in found.items()}


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else _OURS


def names(group: str) -> tuple[str, ...]:
    """The names of the plugins in `group`, the built-in ones first, each sorted."""
    return tuple(_entries(group))


def packages() -> dict[str, str]:
    """The versions of the packages, other than Coursewright, that have plugins, by the packages' names."""
    distributions = [one.dist for group in GROUPS for entries in _entries(group).values() for one in entries]
    return {one.name: one.version for one in distributions if one and one.name != _OURS}


@cache
def _load(group: str, name: str) -> Any:
    entry, *others = _entries(group)[name]
    called = f'the {_noun(group)} "{name}"'
    if others:
        within = " and ".join(_named(one) for one in (entry, *others))
        hint = f"uninstall one of them, for instance: pip uninstall {_package(others[-1])}"
        raise CoursewrightError(f"{called} is in several packages: {within}", None, hint)
    if _package(entry) == _OURS:
        return entry.load()
    hint = f"install what it needs, or another version of it: pip install --upgrade {_package(entry)}"
    try:
        found = entry.load()
    except Exception as error:  # whatever a stranger's module does when it is read
        message = f"{called} of {_named(entry)} cannot be read: {type(error).__name__}: {error}"
        raise CoursewrightError(message, None, hint) from error
    if missing := [each for each in GROUPS[group] if not hasattr(found, each)]:
        raise CoursewrightError(f"{called} of {_named(entry)} has no {' and no '.join(missing)}", None, hint)
    return found


def _noun(group: str) -> str:
    return group.removesuffix("s")


def _named(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else _OURS


def load(group: str, name: str, place: Place | None = None) -> Any:
    """The plugin `name` of `group`.

    Raises CoursewrightError, at `place`, with the nearest name when there is none; when several packages have one of
    this name, which would silently be one or the other; and when that of another package cannot be read or lacks
    something.
    """
    if name not in _entries(group):
        raise CoursewrightError(f'no {_noun(group)} called "{name}"', place, did_you_mean(name, sorted(names(group))))
    try:
        return _load(group, name)
    except CoursewrightError as error:
        raise CoursewrightError(error.problem.message, error.problem.where or place, error.problem.hint) from error


def load_all(group: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """All plugins of a group by name, and what is wrong with those of other packages that cannot be used.

    Raises CoursewrightError for a built-in one whose name another package has taken as well.
    """
    found, problems = {}, []
    for name, (entry, *_) in _entries(group).items():
        try:
            found[name] = load(group, name)
        except CoursewrightError as error:
            if _package(entry) == _OURS:
                raise
            problems.append(error.problem.message)
    return found, tuple(problems)


def forget() -> None:
    """Load plugins again when they are asked for: their modules are no longer what they were."""
    _load.cache_clear()
