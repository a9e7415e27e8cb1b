"""The verb: say what caused what in a build: why a page was made or written again, and what of it was kept."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coursewright.courses.building.state import PageState, State
from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage
from coursewright.errors import CoursewrightError, line_in
from coursewright.pages import Directive
from coursewright.pages.executing import ABSENT, MODULES, VARIABLE, Outcome
from coursewright.pages.text import Passage
from coursewright.sites import Entry, Index
from coursewright.sites.around import Around, MenuItem, around
from coursewright.sites.references import LinkEnd, Resolver
from coursewright.tables.statements import NEVER

_OTHERWISE = "what the site says at its head, such as its feeds"
_TOUCHED = "it is not in build/ as it was written"
_PACKAGE = re.compile(
    r"-packages/([^/]+)-[^/-]+\.(?:dist-info/METADATA|egg-info(?:/PKG-INFO)?)$|/([^/]+)/DESCRIPTION$"
)  # of Python and of R
_DATE = re.compile(r"datetime\.(date|datetime|time)\((\d+(?:, \d+)*)\)")
_LONGEST = 60  # characters of a value that a reader wants to see


@dataclass(frozen=True)
class StepCauses:
    """What became of one directive or passage: `causes` say why it was carried out again; none if it was kept."""

    what: str
    line: int | str
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Why:
    """Why one page was made again, or else written again: the `causes` in words, and what became of its directives."""

    address: str
    file: str
    made: bool
    causes: tuple[str, ...]
    done: tuple[StepCauses, ...] = ()


@dataclass
class Causes:
    """What a build notes while it works: `last` is what the build before left, which `old` is as far as it holds."""

    course: Course
    last: State
    forced: bool
    everywhere: Mapping[str, str]
    site: Mapping[str, str]
    whys: dict[str, Why] = field(default_factory=dict)

    def made(self, one: PlannedPage, text: str, changed: frozenset[str], done: Iterable[StepCauses]) -> None:
        """Note why a page was made again."""
        causes = tuple(dict.fromkeys(self._of_making(one, text, changed)))
        all_anew = self.forced or one.address not in self.last.pages or self.last.everywhere != self.everywhere
        self.whys[one.address] = Why(one.address, one.file, True, causes, () if all_anew else tuple(done))

    def written(
        self, state: PageState, near: Around, found: Mapping[str, LinkEnd], made_from: str, formats: Iterable[str]
    ) -> None:
        """Note why a page was written again that was not made again: `formats` are those that it was written in.

        `state` is that of the build before; `made_from` is the fingerprint of what it is written from now.
        """
        if state.entry.address not in self.whys:
            before = [state.written[name] for name in formats if name in state.written]
            same = before and all(each.made_from == made_from for each in before)
            others = [] if same or not before else [*self._of_writing(state, near, found)] or [_OTHERWISE]
            fresh = [f"it was not there as {name}" for name in formats if name not in state.written]
            causes = tuple(dict.fromkeys([*others, *fresh])) or (_TOUCHED,)
            self.whys[state.entry.address] = Why(state.entry.address, state.entry.file, False, causes)

    def all(self) -> tuple[Why, ...]:
        """What was noted, of the pages that were made first."""
        return tuple(sorted(self.whys.values(), key=lambda why: not why.made))

    def of_directive(
        self,
        outcome: Outcome | None,
        parameters: Mapping[str, Any],
        changed: frozenset[str],
        *,
        same_code: bool = False,
    ) -> list[str]:
        """Why a directive cannot be kept as the `outcome` that it had; nothing if it can.

        Of a cell, `same_code` is whether its own code is what it was.
        """
        if outcome is None:
            return ["the code of another cell that it hangs together with" if same_code else "what is written in it"]
        return [*_values(outcome.parameters, parameters), *self._files(outcome.files, changed)]

    def _of_making(self, one: PlannedPage, text: str, changed: frozenset[str]) -> Iterator[str]:
        was = self.last.pages.get(one.address)
        if was is None:
            yield "it is new"
            return
        before = self.last.everywhere
        if self.forced:
            yield "--force"
        if before != self.everywhere:
            yield from _differences(before, self.everywhere)
        if was.entry.file != one.file:
            yield f"it comes from pages/{one.file}, and came from pages/{was.entry.file}"
        elif was.text != text:
            yield "its text"
        causes = [*_values(was.parameters, one.parameters), *self._files(was.files, changed)]
        yield from causes
        if not causes and not self.forced and before == self.everywhere and was.text == text:
            yield "what was kept of it is gone"

    def _files(self, files: Iterable[str], changed: frozenset[str]) -> Iterator[str]:
        for path in sorted(changed.intersection(files)):
            if path.startswith(VARIABLE):
                yield f"the variable {path.removeprefix(VARIABLE)}"
            elif path.startswith(ABSENT):
                yield f"{path.removeprefix(ABSENT)}, which was not there"
            elif path.startswith(MODULES):
                yield f"the modules in {path.removeprefix(MODULES)}"
            elif package := _PACKAGE.search(path):
                yield f"the package {package[1] or package[2]}"
            elif path == NEVER:
                yield "SQL that looks at a clock or at chance"
            else:
                tables = self._tables.get(path, [])
                yield f"{path} ({', '.join(tables)})" if tables else path

    @cached_property
    def _tables(self) -> dict[str, list[str]]:
        """The tables that come from each file."""
        found: dict[str, list[str]] = {}
        for table in self.course.tables:
            found.setdefault(table.source.address, []).append(f"the table {table.name}")
        return found

    @cached_property
    def _before(self) -> tuple[Index, Resolver]:
        """What the pages of the build before knew of each other."""
        index = Index(state.entry for state in self.last.pages.values())
        return index, Resolver(index, self.course.root)

    def _of_writing(self, state: PageState, near: Around, found: Mapping[str, LinkEnd]) -> Iterator[str]:
        index, resolver = self._before
        entry = state.entry
        yield from _differences(self.last.site, self.site)
        was = around(entry, index)
        yield from _titles(_shown(was), _shown(near))
        for mention in entry.mentions:
            yield from _links(mention.target, _found(resolver, mention, entry), found.get(mention.target))
        if was != near and _shown(was) == _shown(near):
            yield "the order of the pages around it"


def done(written: Directive | Passage, causes: Iterable[str]) -> StepCauses:
    """What became of what an author wrote."""
    if isinstance(written, Directive):
        at = line_in(written.file, written.line)
        return StepCauses(f"{{{written.name}}}", at, tuple(causes))
    return StepCauses("{when}", line_in(written.sql.file, written.sql.line), tuple(causes))


def _values(was: Mapping[str, str], now: Mapping[str, Any]) -> Iterator[str]:
    for name, value in was.items():
        if name not in now:
            yield f"{name}, which is no parameter any more"
        elif repr(now[name]) != value:
            yield f"{name}: {_cut(_dated(value))} → {_cut(_dated(repr(now[name])))}"


def _dated(value: str) -> str:
    """A value as Python writes it, with dates and times as people do."""
    return _DATE.sub(lambda found: str(getattr(datetime, found[1])(*map(int, found[2].split(",")))), value)


def _differences(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """What differs between named values; fingerprints are no value that says anything."""
    for name in sorted({*was, *now}):
        before, after = was.get(name, "none"), now.get(name, "none")
        if before != after:
            said = len(before) <= _LONGEST and len(after) <= _LONGEST
            yield f"{name}: {before} → {after}" if said else name


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _shown(near: Around) -> dict[str, str]:
    """The titles of the pages around a page, by their addresses."""

    def items(each: Iterable[MenuItem | None]) -> Iterator[MenuItem]:
        for item in each:
            if item:
                yield item
                yield from items(item.items)

    return {item.address: item.title for item in items((*near.menu, *near.trail, near.before, near.after))}


def _titles(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for address in dict.fromkeys((*was, *now)):
        if address not in now:
            yield f"{address}, which is no longer around it"
        elif address not in was:
            yield f"{address}, which is new around it"
        elif was[address] != now[address]:
            yield _title(address, was[address], now[address])


def _title(address: str, was: str, now: str) -> str:
    return f'the title of {address}: "{_cut(was)}" → "{_cut(now)}"'


def _found(resolver: Resolver, mention: Any, entry: Entry) -> LinkEnd | None:
    try:
        return resolver.resolve(mention, entry)
    except (CoursewrightError, KeyError):
        return None


def _links(target: str, was: LinkEnd | None, now: LinkEnd | None) -> Iterator[str]:
    if was == now:
        return
    if was and now and was.page == now.page and was.title != now.title:
        yield _title(now.page, was.title, now.title)
    elif was and now and (was.pages or now.pages):
        yield f"the list of {target.removeprefix('{pages} ')}"
    else:
        yield f"what {target} leads to"
