"""The lists of pages that readers choose from, written beside the pages that have such a choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from coursewright.courses.plan import Planned
from coursewright.courses.state import PageState
from coursewright.courses.writing import Writing
from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.pages import Choice
from coursewright.sites import Entry, choice_file


def write_choices(writing: Writing, planned: Sequence[Planned], states: Mapping[str, PageState]) -> None:
    """Write each list that a page asks for, once. Raises CoursewrightError for a parameter that no page of it has."""
    asked = {choice.asked: (choice, state.entry) for state in states.values() for choice in state.entry.chooses}
    for name, (choice, entry) in sorted(asked.items()):
        wanted = _wanted(planned, choice.name)
        place = _place(writing, choice, entry)
        pages = [(one, states[one.address].entry.title) for one in wanted]
        listed = list(_listed(choice, pages, place))
        writing.add("site", choice_file(name, listed), "what every site has")


def _wanted(planned: Sequence[Planned], name: str) -> list[Planned]:
    """The pages of the file that is called so, by its path or by the last part of that."""
    paths = [(one, PurePosixPath(one.file).with_suffix("").as_posix()) for one in planned]
    return [one for one, path in paths if name in (path, path.rpartition("/")[2])]


def _listed(choice: Choice, pages: Sequence[tuple[Planned, str]], place: Place) -> Iterator[tuple[str, str, str]]:
    for one, title in pages:
        for name in filter(None, (choice.by, choice.label)):
            if name not in one.parameters:
                hint = did_you_mean(name, one.parameters)
                raise CoursewrightError(f'the pages of {one.file} have no parameter called "{name}"', place, hint)
        group = str(one.parameters[choice.by]) if choice.by else ""
        yield group, str(one.parameters[choice.label]) if choice.label else title, one.address


def _place(writing: Writing, choice: Choice, entry: Entry) -> Place:
    """Where the choice stands."""
    line = next((mention.line for mention in entry.mentions if mention.target == choice.target), 1)
    return Place(writing.course.root / "pages" / entry.file, line)
