"""The lists of pages that readers choose from, written beside the pages that have such a choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from coursewright.courses.building.state import PageState
from coursewright.courses.building.writing import Writing
from coursewright.courses.plan import PlannedPage
from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.pages.blocks import PageChoice
from coursewright.sites import Entry
from coursewright.sites.around import choice_file

Listed = tuple[str, str, str]  # the group of a page, what it is called, and its address


def write_choices(writing: Writing, planned: Sequence[PlannedPage], states: Mapping[str, PageState]) -> None:
    """Write each list that a page asks for, once. Raises CoursewrightError for a parameter that no page of it has."""
    entries = {address: state.entry for address, state in states.items()}
    for name, pages in choices(planned, entries, writing.course.root).items():
        writing.add("site", choice_file(name, pages), "what every site has")


def choices(planned: Sequence[PlannedPage], entries: Mapping[str, Entry], root: Path) -> dict[str, list[Listed]]:
    """The lists that pages ask for, by their names; `entries` are those of all `planned` pages of the course in `root`.

    Raises CoursewrightError, with its place, for a parameter that no page of a list has.
    """
    asked = {choice.asked: (choice, entry) for entry in entries.values() for choice in entry.chooses}
    found: dict[str, list[Listed]] = {}
    for name, (choice, entry) in sorted(asked.items()):
        pages = [(one, entries[one.address].title) for one in _wanted(planned, choice.name)]
        found[name] = list(_listed(choice, pages, _place(choice, entry, root)))
    return found


def _wanted(planned: Sequence[PlannedPage], name: str) -> list[PlannedPage]:
    """The pages of the file that is called so, by its path or by the last part of that."""
    paths = [(one, PurePosixPath(one.file).with_suffix("").as_posix()) for one in planned]
    return [one for one, path in paths if name in (path, path.rpartition("/")[2])]


def _listed(choice: PageChoice, pages: Sequence[tuple[PlannedPage, str]], place: Place) -> Iterator[Listed]:
    for one, title in pages:
        for name in filter(None, (choice.by, choice.label)):
            if name not in one.parameters:
                hint = did_you_mean(name, one.parameters)
                raise CoursewrightError(f'the pages of {one.file} have no parameter called "{name}"', place, hint)
        yield _said(one, choice.by), _said(one, choice.label) or title, one.address


def _said(one: PlannedPage, name: str) -> str:
    """The value of a parameter of a page, "" where it is missing or none is named."""
    value = one.parameters[name] if name else None
    return "" if value is None else str(value)


def _place(choice: PageChoice, entry: Entry, root: Path) -> Place:
    """Where the choice stands."""
    line = next((mention.line for mention in entry.mentions if mention.target == choice.target), 1)
    return Place(root / "pages" / entry.file, line)
