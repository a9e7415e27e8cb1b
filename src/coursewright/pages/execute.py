"""The verb: carry out a page's directives, once, for every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coursewright import plugins
from coursewright.errors import CoursewrightError, Problem, SeveralProblems, did_you_mean
from coursewright.facts import Finder, read_finder
from coursewright.pages.block import Block
from coursewright.pages.fill import fill, fill_text
from coursewright.pages.page import Directive, Page, read_options
from coursewright.tables import Database, Timeline


@dataclass(frozen=True)
class Materials:
    """What directives work with: the course's folder, its database, its timeline and the present parameters;
    `overrides` are values for the finders' own parameters.

    `used` collects the files and folders that a page's content came from, `remarks` what its author should know of it.
    """

    root: Path
    database: Database
    parameters: Mapping[str, Any]
    timeline: Timeline | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en-GB"
    used: set[Path] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)

    def finders(self, names: tuple[str, ...] = ()) -> tuple[Finder, ...]:
        """The finders called `names`, or all of them, noted as used with what they read.

        Raises CoursewrightError for a name that no file has.
        """
        folder = self.root / "facts"
        if not names:
            self.used.add(folder)
            names = tuple(file.stem for file in sorted(folder.glob("*.sql")))
        files = [self.file("facts", name, ".sql", "finder") for name in names]
        finders = tuple(read_finder(file) for file in files)
        for finder in finders:
            self.used.update(self.database.files(finder.sql), filter(None, [finder.grammar_file]))
        if self.timeline:  # whose table says what was known, whether a finder names it or not
            self.used.update(self.database.files(self.database.select(self.timeline.table)))
        return finders

    def file(self, folder: str, name: str, suffix: str, word: str) -> Path:
        """The file of `folder` called `name`, noted as used."""
        path = self.root / folder / f"{name}{suffix}"
        available = [file.stem for file in (self.root / folder).glob(f"*{suffix}")]
        if name not in available:
            raise CoursewrightError(f'no {word} called "{name}"', None, did_you_mean(name, available))
        self.used.add(path)
        return path


@dataclass(frozen=True)
class Executed:
    """A page with its directives carried out: one block for each, in order."""

    page: Page
    name: str
    title: str
    description: str
    parameters: Mapping[str, Any]
    blocks: tuple[Block, ...]


def execute(page: Page, name: str, materials: Materials) -> Executed:
    """Carry out every directive of `page` that is told. Raises SeveralProblems with the place of each that failed."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    told = page.without(_left_out(page, materials, problems))
    for directive in page.directives:
        try:
            block = _carry_out(directive, materials, told=directive in told.directives)
            blocks += [block] if block else []
        except CoursewrightError as error:
            problems.extend(p if p.where else replace(p, where=directive.place()) for p in error.problems)
    title, description = page.name, ""
    try:
        title = fill_text(page.settings.title or page.name, materials.parameters, page.place("title"))
        description = fill_text(page.settings.description, materials.parameters, page.place("description"))
        fill(page, materials.parameters, lambda _number: "")
    except CoursewrightError as error:
        problems.extend(error.problems)
    if problems:
        raise SeveralProblems(problems)
    return Executed(told, name, title, description, materials.parameters, tuple(blocks))


def _left_out(page: Page, materials: Materials, problems: list[Problem]) -> set[int]:
    """The lines that are not told: passages whose SELECT has no rows, and what marks the others as passages."""
    lines: set[int] = set()
    for passage in page.passages:
        if passage.lines[0] in lines:  # inside one that is left out
            continue
        try:
            materials.used.update(materials.database.files(passage.sql))
            rows = materials.database.query(passage.sql, materials.parameters)
        except CoursewrightError as error:
            problems.extend(error.problems)
            continue
        lines |= passage.marks if rows.num_rows else set(range(*passage.lines))
    return lines


def _carry_out(directive: Directive, materials: Materials, *, told: bool) -> Block | None:
    """The block of a directive; of one that is not told, only what can be wrong with it without its rows is found."""
    plugin = plugins.load("directives", directive.name, directive.place())
    place = directive.place()
    values = {name: fill_text(text, materials.parameters, place) for name, text in directive.options.items()}
    filled = replace(directive, options=values)
    options = read_options(filled, plugin.Options)
    block: Block | None = plugin.run(filled, options, materials) if told else None
    return block
