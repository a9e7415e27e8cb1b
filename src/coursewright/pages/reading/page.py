"""The noun: a page, one file of `pages/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import msgspec

from coursewright import settings
from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems, did_you_mean
from coursewright.pages.engines.asked import CellLimits
from coursewright.pages.readers import page_text
from coursewright.pages.readers.own_cells import NONE, OwnCells, own_cells
from coursewright.pages.text.body import BodyParts, Directive, Passage, find_parts, line_at
from coursewright.pages.text.including import Including, Origin
from coursewright.pages.text.typed import as_typed
from coursewright.tables import Parameter, Sql
from coursewright.tables.parameters import Declaration, Scalar, declare


class PageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The front matter of a page.

    `name` is the page's name in addresses, by default that of its file. With `for_each`, a SELECT, there is one page
    for each row, the row's columns being parameters; `name` is then a pattern, such as "{{ season }}-{{ round }}".
    Pages with an `order` stand before those without, in its order. `authors` and `licence` are the page's own, where
    they are not those of the course. What has a caption has a number too if the page is
    `numbered`, as `[site]` says for all; `chapter` stands in front of its numbers: "2.1". `bibliography` names files of
    the course whose sources the page cites, besides those of all pages. Of a `glossary`, links find the terms. `date`
    and `updated` say when it was published and changed last; feeds have it with its `tags`, unless `feed` is no.
    `cells` says how long its code may take. `parameters` are the page's own, in place of the course's or besides them.
    """

    title: str = ""
    description: str = ""
    for_each: str = ""
    name: str = ""
    order: float | None = None
    authors: tuple[str, ...] = ()
    licence: str = ""
    numbered: bool | None = None
    chapter: str = ""
    bibliography: str | tuple[str, ...] = ()
    glossary: bool = False
    date: str = ""
    updated: str = ""
    tags: tuple[str, ...] = ()
    feed: bool = True
    cells: CellLimits = CellLimits()
    parameters: dict[str, Scalar | Parameter] = {}

    @property
    def key_names(self) -> tuple[str, ...]:
        """The parameters in `name`, which tell the pages of a `for_each` apart."""
        return tuple(re.findall(r"\{\{\s*([^{}]*?)\s*\}\}", self.name))


@dataclass(frozen=True)
class Page:
    """One Markdown file of `pages/`: its settings, its body, and the directives and passages in it.

    The parts of its body are found when they are first asked for: what has not changed since the last build is not.
    `left_out` are lines of the body, counted from 0, that are not told. `origins` says where each line of the body
    comes from, if it includes any, and `problems` what is wrong with that. `own` is what its author's notebook says of
    its cells, if it is one. Of a `lenient` page the parts are given though something is wrong with others of them.
    """

    name: str
    file: Path
    settings: PageSettings
    body: str
    body_line: int
    front_matter: str = ""
    left_out: frozenset[int] = frozenset()
    origins: tuple[Origin, ...] = ()
    problems: tuple[Problem, ...] = ()
    own: OwnCells = NONE
    lenient: bool = False

    @cached_property
    def parts(self) -> BodyParts:
        """What is in its body. Raises SeveralProblems with all that is wrong there."""
        parts = find_parts(self.body, self.file, self.body_line, self.origins)
        if (problems := [*self.problems, *parts.problems]) and not self.lenient:
            raise SeveralProblems(sorted(problems, key=lambda problem: (problem.where and problem.where.line) or 0))
        return parts

    @cached_property
    def directives(self) -> tuple[Directive, ...]:
        """The directives that are told."""
        return tuple(directive for directive in self.parts.directives if directive.lines[0] not in self.left_out)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages, told or not."""
        return self.parts.passages

    @property
    def verbatim(self) -> frozenset[int]:
        """The lines of code, counted from 0, in which no parameter is filled in."""
        return self.parts.verbatim

    def without(self, lines: Collection[int]) -> Page:
        """The page as it is told without `lines`, and without the directives that begin there."""
        return replace(self, left_out=frozenset(lines))

    def at(self, line: int) -> Place:
        """Where a line of the body, counted from 0, comes from."""
        return line_at(line, self.file, self.body_line, self.origins)

    def place(self, key: str) -> Place:
        """The place of the front matter's `key`."""
        return Place(self.file, 2 + (settings.line_of(self.front_matter, (key,)) or 0), key)

    def declared(self, course: Mapping[str, Declaration]) -> dict[str, Declaration]:
        """The parameters that its front matter declares; of one of the `course`, it may give the default alone.

        Raises CoursewrightError for such a value of another kind.
        """
        return {name: self._declared(name, own, course.get(name)) for name, own in self.settings.parameters.items()}

    def _declared(self, name: str, own: Scalar | Parameter, course: Declaration | None) -> Declaration:
        place = partial(settings.place_in, self.file, 2, self.front_matter, "parameters", name)
        if course and not isinstance(own, Parameter):
            return course.with_default(own, place())
        return declare(name, own, place)

    @property
    def for_each(self) -> Sql:
        """The SELECT of `for_each`; after `for_each: |` it begins on the next line."""
        line = settings.line_of(self.front_matter, ("for_each",)) or 0
        below = self.front_matter.split("\n")[line].rstrip().endswith(("|", "|-", ">", ">-"))
        return Sql(self.settings.for_each, self.file, 2 + line + below)


def read_page(file: Path, root: Path | None = None) -> Page:
    """The page in `file`, in a course at `root`, by default its folder.

    Raises CoursewrightError for front matter that is wrong, and for all that is in its body.
    """
    page = open_page(file, root or file.parent)
    _ = page.parts
    return page


def open_page(file: Path, root: Path) -> Page:
    """The same, before the parts of its body are found, unless its front matter is wrong."""
    text = page_text(file)
    front = settings.split_front_matter(text, file)
    own, wrong = PageSettings(), list[Problem]()
    try:
        own = _settings(front, file)
    except CoursewrightError as error:
        wrong += error.problems
    body, body_line = (front.body, front.body_line) if front else (text, 1)
    including = Including(root)
    body, origins = including.body(body, file, body_line)
    front_matter = front.text if front else ""
    page = Page(
        file.stem,
        file,
        own,
        body,
        body_line,
        front_matter,
        origins=origins,
        problems=tuple(including.problems),
        own=own_cells(file),
    )
    if wrong:
        raise SeveralProblems([*wrong, *_problems_of(lambda: page.parts)])
    return page


def read_settings(file: Path) -> PageSettings:
    """The front matter of the page in `file`. Raises CoursewrightError for one that is wrong."""
    return _settings(settings.split_front_matter(page_text(file), file), file)


@lru_cache(maxsize=256)  # each cell that leads to a page asks for the name of that
def _settings(front: settings.FrontMatter | None, file: Path) -> PageSettings:
    own: PageSettings = (
        settings.read_yaml(front.text, PageSettings, file, front.first_line) if front else PageSettings()
    )
    if front and own.parameters:
        own = msgspec.structs.replace(own, parameters=as_typed(front.text, own.parameters))
    return own


def read_options(directive: Directive, shape: type[Any], also: Callable[[Directive, Any], object] | None = None) -> Any:
    """The directive's options as a `shape` (a frozen Struct).

    Raises CoursewrightError for each that it does not take, and for what `also` finds wrong with the others.
    """
    wrong: list[Problem] = []
    fine: dict[str, str] = {}
    for name, value in directive.options.items():
        if misfits := _misfits(directive, name, shape):
            wrong += misfits
        else:
            fine[name] = value
    needed = [each.encode_name for each in msgspec.structs.fields(shape) if each.required]
    if lacking := [name for name in needed if name not in directive.options]:
        hint = "write it below the first line of the directive, for instance :{}: …"
        place = directive.place()
        missing = [Problem(f'the option "{name}" is missing', place, hint.format(name)) for name in lacking]
        raise SeveralProblems([*wrong, *missing])
    made = settings.fit(fine, shape, directive.place_of)
    if not wrong:
        return made
    raise SeveralProblems([*wrong, *(_problems_of(lambda: also(directive, made)) if also else ())])


def _misfits(directive: Directive, name: str, shape: type[Any]) -> list[Problem]:
    """What is wrong with one option."""
    fields = shape.__struct_encode_fields__
    if name not in fields:
        return [Problem(f'no option called "{name}"', directive.place_of(name), did_you_mean(name, fields))]
    found = _problems_of(lambda: settings.fit({name: directive.options[name]}, shape, directive.place_of))
    return [each for each in found if each.rule != "missing"]  # of the other options that it needs


def _problems_of(look: Callable[[], object]) -> list[Problem]:
    try:
        look()
    except CoursewrightError as error:
        return list(error.problems)
    return []
