"""The cells of a page that readers can run in it, and why they cannot run the others."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import msgspec

from coursewright.pages import Document
from coursewright.pages.blocks import Cell
from coursewright.pages.engines import CellOptions, asking
from coursewright.pages.reading import read_options
from coursewright.sites.runtimes.imports import (
    NotPlain,
    names_of_python,
    names_of_r,
    packages_of_python,
    packages_of_r,
)
from coursewright.sites.runtimes.wheels import UnfitWheel, distributions_for

LANGUAGES = ("python", "r")


class Runs(msgspec.Struct, frozen=True):
    """What a page needs to run in the browser: languages, distributions of Python, tables of the course."""

    languages: tuple[str, ...] = ()
    distributions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


NOTHING = Runs()


@dataclass(frozen=True)
class RunCell:
    """A cell of a page: the number of its block, a key that it keeps while its code is the same, and its code.

    `why` says why it cannot be run: `why_…` is a label, and `named` is what it is about. A `skipped` one is not run by
    its author either.
    """

    number: int
    key: str
    language: str
    code: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    line: int
    why: str = ""
    named: str = ""
    skipped: bool = False
    distributions: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether readers can run it."""
        return not self.why and not self.skipped


def run_cells(document: Document, tables: Collection[str]) -> tuple[RunCell, ...]:
    """The cells of a page in order; `tables` are those of the course that the site can carry."""
    found: list[RunCell] = []
    lost: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for cell in _cells(document):
        told = cell if cell.skipped else _told(cell, found, tables)
        if told.runs and (name := next(iter(sorted(_names(told)[1] & lost[told.language])), "")):
            told = replace(told, why="above", named=name)
        if told.why in ("package", "notation", "frame", "above") and told.language in LANGUAGES:
            lost[told.language] |= {*_names(told)[0], *told.takes}
        found.append(told)
    return tuple(found)


def runs_of(cells: tuple[RunCell, ...]) -> Runs:
    """What cells need that can be run."""
    own = [cell for cell in cells if cell.runs]
    given = {name for cell in cells for name in cell.gives}
    return Runs(
        tuple(language for language in LANGUAGES if any(cell.language == language for cell in own)),
        tuple(dict.fromkeys(name for cell in own for name in cell.distributions)),
        tuple(dict.fromkeys(name for cell in own for name in cell.takes if name not in given)),
    )


def _cells(document: Document) -> Iterator[RunCell]:
    seen: dict[str, int] = {}
    executed = document.executed
    for number, (directive, block) in enumerate(zip(executed.page.directives, executed.blocks, strict=True)):
        if not isinstance(block, Cell):
            continue
        own = asking(directive, read_options(directive, CellOptions))
        key = hashlib.sha256(f"{block.language}\n{block.code}".encode()).hexdigest()[:12]
        seen[key] = seen.get(key, 0) + 1
        ident = key if seen[key] == 1 else f"{key}-{seen[key]}"
        yield RunCell(
            number, ident, block.language, block.code, own.takes, own.gives, directive.line, skipped=not own.runs
        )


def _told(cell: RunCell, above: list[RunCell], tables: Collection[str]) -> RunCell:
    """The cell with why it cannot be run, or with what it needs."""
    if cell.language not in LANGUAGES:
        return replace(cell, why="language", named=cell.language)
    try:
        packages = packages_of_python(cell.code) if cell.language == "python" else packages_of_r(cell.code)
        needed = tuple(name for each in packages for name in _distributions(each, cell.language))
    except NotPlain as error:
        return replace(cell, why="notation", named=str(error))
    except UnfitWheel as error:
        return replace(cell, why="package", named=str(error))
    for name in cell.takes:
        giver = next((each for each in reversed(above) if name in each.gives), None)
        here = giver.language == "r" and giver.runs if giver else name in tables
        if cell.language == "python" or not here:  # of which a frame is one of pandas
            return replace(cell, why="frame", named=name)
    return replace(cell, distributions=needed)


def _distributions(package: str, language: str) -> tuple[str, ...]:
    if language == "r":
        raise UnfitWheel(package)
    return distributions_for(package)


def _names(cell: RunCell) -> tuple[frozenset[str], frozenset[str]]:
    try:
        return names_of_python(cell.code) if cell.language == "python" else names_of_r(cell.code)
    except NotPlain:
        return frozenset(), frozenset()
