"""The verb: make each page of a build, or take from the last build what still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from coursewright.courses.building.in_part import dead_links, rest_of
from coursewright.courses.building.page_names import same_pictures
from coursewright.courses.building.put_away import AT_HAND, DocumentPlace, PutAway
from coursewright.courses.building.searching import Records
from coursewright.courses.building.state import (
    Fingerprints,
    FormatFiles,
    PageState,
    State,
    digest,
    outcomes_file,
    read_outcomes,
    write_outcomes,
)
from coursewright.courses.building.why import Causes, StepCauses, Why, done
from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage, materials
from coursewright.courses.retelling.running import cells_here
from coursewright.errors import CoursewrightError, Problem, SeveralProblems
from coursewright.ours import link_or_copy
from coursewright.pages import Directive, Document, execute, read_document
from coursewright.pages.blocks import losses
from coursewright.pages.executing import Outcome, ParameterLog
from coursewright.pages.text import Passage
from coursewright.sites import Entry, read_entry
from coursewright.sites.runtimes import RunCell, runs_of
from coursewright.sites.search import SearchRecord, record
from coursewright.tables import Database

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class PageResult:
    """What came of one page: its state, why it was made if that was asked for, its record; or the problems of it.

    `document` is where its document lies, if that is in a file. With problems, `entry` is what other pages may know of
    it all the same.
    """

    address: str
    state: PageState | None
    problems: tuple[Problem, ...] = ()
    why: Why | None = None
    record: SearchRecord | None = None
    document: DocumentPlace | None = None
    entry: Entry | None = None


Elsewhere = Callable[[Sequence[PlannedPage]], Iterator[PageResult]]


@dataclass
class Making:
    """One build's pages: `old` is what the last one knew, whose outcomes are in `kept`; those of this go to `new`.

    `causes` notes why pages are made, if somebody wants to know; `made` is the number of those that had to be.
    Of the documents of pages that were made, the first `at_hand` stay in memory.
    """

    course: Course
    database: Database
    prints: Fingerprints
    old: State
    kept: Path
    new: Path
    causes: Causes | None = None
    at_hand: int = AT_HAND
    made: int = 0
    _read: set[str] = field(default_factory=set)

    @cached_property
    def _documents(self) -> PutAway:
        # Beside what is put in place, and gone with the rest.
        return PutAway(self.new.parent / "documents", self.at_hand)

    @cached_property
    def changed(self) -> frozenset[str]:
        """The files that are no longer what they were when the last build read them."""
        return self.prints.changed(self.old)

    @cached_property
    def records(self) -> Records:
        """What the pages give to search."""
        return Records(self.kept, self.new)

    def make(
        self,
        planned: Sequence[PlannedPage],
        progress: Progress,
        elsewhere: Elsewhere | None = None,
        first: Mapping[str, Callable[[PageState], None]] = MappingProxyType({}),
    ) -> dict[str, PageState]:
        """The states of all pages by address; those to be made are made `elsewhere` if there are several.

        Those that are `first` are made before the others, and what is to be done with each is done at once.
        Raises SeveralProblems with what is wrong in any of them.
        """
        self.new.mkdir()
        _ = self.changed  # found before any page is made
        states = {one.address: state for one in planned if (state := self._still(one))}
        wanted = [one for one in planned if one.address not in states]
        self.made, still = len(wanted), len(states)
        progress(wanted[0].address if wanted else "", still, len(planned))
        made: dict[str, PageResult] = {}
        in_turn = sorted(wanted, key=lambda one: one.address not in first)
        for each in elsewhere(in_turn) if elsewhere and len(wanted) > 1 else map(self.made_of, in_turn):
            if each.state and each.address in first:
                first[each.address](each.state)
            if each.record:
                self.records.add(each.address, each.record)
            if each.document:
                self._documents.note(each.address, each.document)
            made[each.address] = replace(each, record=None)  # which is in its file
            progress(each.address, still + len(made), len(planned))
        if problems := dict.fromkeys(problem for one in wanted for problem in made[one.address].problems):
            known = {each.address: each.entry for each in made.values() if each.entry}
            known |= {address: state.entry for address, state in states.items()}
            known |= {each.address: each.state.entry for each in made.values() if each.state}
            raise SeveralProblems(dict.fromkeys([*problems, *dead_links(known, planned, self.course)]))
        self.records.put_together()
        for one in wanted:
            self._take(made[one.address])
        states |= {each.address: each.state for each in made.values() if each.state}
        self._read.update(file for state in states.values() for file in state.files)
        return {one.address: states[one.address] for one in planned}

    def made_of(self, one: PlannedPage) -> PageResult:
        """What comes of one page when it is made."""
        try:
            state, found, place = self._make(one)
        except CoursewrightError as error:
            rest = rest_of(error, one, self.course)
            return PageResult(one.address, None, rest.problems, entry=rest.entry)
        return PageResult(
            one.address, state, (), self.causes.whys.pop(one.address) if self.causes else None, found, place
        )

    def _take(self, made: PageResult) -> None:
        if self.causes and made.why:
            self.causes.whys[made.address] = made.why

    def state(self, pages: dict[str, PageState], search: FormatFiles) -> State:
        """What this build leaves for the next; one of a stranger's course leaves nothing."""
        if self.course.trust.stranger:
            return State()
        return State(self.prints.everywhere, self.prints.site, self.files_read(), pages, search)

    def document(self, one: PlannedPage) -> Document:
        """The document of a page that was made."""
        if document := self._documents.get(one.address):
            return document
        outcomes = read_outcomes(self.new, one.address)
        executed = execute(
            one.page, one.address, materials(self.course, self.database, one), lambda asked, *_: outcomes.get(asked)
        )
        return read_document(executed, self.course.conventions)

    def cells(self, document: Document) -> tuple[RunCell, ...]:
        """The cells of a page, if readers can run them in it."""
        return cells_here(self.course, self.database, document)

    def close(self) -> None:
        """Close the files that pages wait in."""
        self.records.close()
        self._documents.close()

    def files_read(self) -> dict[str, str]:
        """The fingerprints of all files that the pages were made from."""
        return {path: self.prints.file(path) for path in sorted(self._read)}

    def _still(self, one: PlannedPage) -> PageState | None:
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

    def _make(self, one: PlannedPage) -> tuple[PageState, SearchRecord, DocumentPlace | None]:
        before = read_outcomes(self.kept, one.address) if one.address in self.old.pages else {}
        became: list[StepCauses] = []

        def still(asked: str, written: Directive | Passage, own: str) -> Outcome | None:
            outcome = before.get(asked)
            if self.causes:
                same = bool(own) and any(own == each.own for each in before.values())
                causes = self.causes.of_directive(outcome, one.parameters, self.changed, same_code=same)
                became.append(done(written, causes))
            return outcome if outcome and outcome.holds(one.parameters, self.changed) else None

        executed = execute(one.page, one.address, materials(self.course, self.database, one), still)
        if problems := list(same_pictures(executed)):
            raise SeveralProblems(problems)
        noted = ParameterLog(one.parameters)
        document = read_document(replace(executed, parameters=noted), self.course.conventions)
        place = self._documents.put(document)
        outcomes = executed.outcomes
        kept = write_outcomes(self.new, one.address, outcomes)
        text = self.prints.text(one)
        if self.causes:
            self.causes.made(one, text, self.changed, became)
        sources = (file.relative_to(self.course.root).as_posix() for file in document.sources)
        state = PageState(
            text,
            tuple(sorted({*sources, *(file for outcome in outcomes for file in outcome.files)})),
            dict(noted.read, **{name: was for outcome in outcomes for name, was in outcome.parameters.items()}),
            digest(text, sorted(noted.read.items()), kept, document.cited),
            read_entry(document, one.file, one.key, runs_of(self.cells(document))),
            sum(1 for _ in losses(executed.page, executed.blocks)),
        )
        return state, record(document), place
