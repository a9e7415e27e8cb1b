"""The verb: make each page of a build, or take from the last build what still holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from coursewright.courses.course import Course
from coursewright.courses.page_names import same_pictures
from coursewright.courses.plan import Planned, materials
from coursewright.courses.searching import Records
from coursewright.courses.state import (
    Fingerprints,
    PageState,
    State,
    digest,
    outcomes_file,
    read_outcomes,
    write_outcomes,
)
from coursewright.courses.why import Causes, Done, done
from coursewright.errors import CoursewrightError, Problem, SeveralProblems
from coursewright.ours import link_or_copy
from coursewright.pages import Directive, Document, Noted, Outcome, Passage, execute, read_document
from coursewright.sites import read_entry, record
from coursewright.tables import Database

_AT_HAND = 64  # documents that are kept until they are written; any other is read again from its outcomes


@dataclass
class Making:
    """One build's pages: `old` is what the last one knew, whose outcomes are in `kept`; those of this go to `new`.

    `causes` notes why pages are made, if somebody wants to know; `made` is the number of those that had to be.
    """

    course: Course
    database: Database
    prints: Fingerprints
    old: State
    kept: Path
    new: Path
    causes: Causes | None = None
    made: int = 0
    _at_hand: dict[str, Document] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    @cached_property
    def changed(self) -> frozenset[str]:
        """The files that are no longer what they were when the last build read them."""
        return self.prints.changed(self.old)

    @cached_property
    def records(self) -> Records:
        """What the pages give to search."""
        return Records(self.kept, self.new)

    def make(self, planned: Sequence[Planned], progress: Callable[[str, int, int], None]) -> dict[str, PageState]:
        """The states of all pages by address. Raises SeveralProblems with what is wrong in any of them."""
        self.new.mkdir()
        pages: dict[str, PageState] = {}
        problems: dict[Problem, None] = {}
        for number, one in enumerate(planned):
            progress(one.address, number, len(planned))
            try:
                pages[one.address] = state = self._still(one) or self._make(one)
            except CoursewrightError as error:
                problems.update(dict.fromkeys(error.problems))
                continue
            self._read.update(state.files)
        if problems:
            raise SeveralProblems(list(problems))
        self.records.close()
        return pages

    def document(self, one: Planned) -> Document:
        """The document of a page that was made."""
        if one.address in self._at_hand:
            return self._at_hand.pop(one.address)
        outcomes = read_outcomes(self.new, one.address)
        executed = execute(
            one.page, one.address, materials(self.course, self.database, one), lambda asked, _: outcomes.get(asked)
        )
        return read_document(executed, self.course.conventions)

    def files_read(self) -> dict[str, str]:
        """The fingerprints of all files that the pages were made from."""
        return {path: self.prints.file(path) for path in sorted(self._read)}

    def _still(self, one: Planned) -> PageState | None:
        """What the last build knew of a page, if that is all still so."""
        was = self.old.pages.get(one.address)
        if was is None or was.text != self.prints.text(one) or not self.changed.isdisjoint(was.files):
            return None
        same = (
            name in one.parameters and repr(one.parameters[name]) == value for name, value in was.parameters.items()
        )
        if not all(same) or was.entry.file != one.file:
            return None
        try:
            link_or_copy(outcomes_file(self.kept, one.address), outcomes_file(self.new, one.address))
        except OSError:
            return None
        return was if self.records.again(one.address) else None

    def _make(self, one: Planned) -> PageState:
        self.made += 1
        before = read_outcomes(self.kept, one.address) if one.address in self.old.pages else {}
        became: list[Done] = []

        def still(asked: str, written: Directive | Passage) -> Outcome | None:
            outcome = before.get(asked)
            if self.causes:
                became.append(done(written, self.causes.of_directive(outcome, one.parameters, self.changed)))
            return outcome if outcome and outcome.holds(one.parameters, self.changed) else None

        executed = execute(one.page, one.address, materials(self.course, self.database, one), still)
        if problems := list(same_pictures(executed)):
            raise SeveralProblems(problems)
        noted = Noted(one.parameters)
        document = read_document(replace(executed, parameters=noted), self.course.conventions)
        if len(self._at_hand) < _AT_HAND:
            self._at_hand[one.address] = document
        self.records.add(one.address, record(document))
        outcomes = executed.outcomes
        kept = write_outcomes(self.new, one.address, outcomes)
        text = self.prints.text(one)
        if self.causes:
            self.causes.made(one, text, self.changed, became)
        sources = (file.relative_to(self.course.root).as_posix() for file in document.sources)
        return PageState(
            text,
            tuple(sorted({*sources, *(file for outcome in outcomes for file in outcome.files)})),
            dict(noted.read, **{name: was for outcome in outcomes for name, was in outcome.parameters.items()}),
            digest(text, sorted(noted.read.items()), kept, document.cited),
            read_entry(document, one.file, one.key),
        )
