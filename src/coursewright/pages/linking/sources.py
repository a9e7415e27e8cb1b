"""What a page cites, and the list of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems, did_you_mean
from coursewright.pages.blocks.block import References
from coursewright.pages.citing import check_files
from coursewright.pages.citing.bibliography import read_bibliography
from coursewright.pages.citing.cited import PageCitations
from coursewright.pages.citing.cited import cite as written
from coursewright.pages.executing.run import ExecutedPage
from coursewright.pages.reading.conventions import Conventions
from coursewright.pages.reading.page import Page
from coursewright.pages.syntax.citations import CitationItem, cited_in

if TYPE_CHECKING:
    from markdown_it.token import Token

_AS_IT_STANDS = "to show it as it stands, write a backslash in front of it"


def files_of(page: Page, conventions: Conventions) -> tuple[Path, ...]:
    """The files whose sources a page can cite. Raises CoursewrightError for one of its own that is not there."""
    own = page.settings.bibliography
    names = (own,) if isinstance(own, str) else own
    everywhere = (conventions.root / name for name in conventions.bibliography)
    return (*everywhere, *check_files(names, conventions.root, page.place("bibliography")))


def cite(
    executed: ExecutedPage,
    tokens: Sequence[Token],
    files: Sequence[Path],
    conventions: Conventions,
    place: Callable[[int], Place],
) -> PageCitations | None:
    """The citations in `tokens`, which are numbered as they come, and their sources; None if nothing is asked of them.

    Raises SeveralProblems with every key that no source has, and CoursewrightError for a file that is not understood.
    """
    found = list(cited_in(tokens))
    lists = [block for block in executed.blocks if isinstance(block, References)]
    _check_lists(executed, files)
    if not found and not lists:
        return None
    bibliography = read_bibliography(files)
    problems: list[Problem] = []
    for number, (token, line) in enumerate(found):
        token.meta["cited"] = number
        where = replace(place(line), part=" ".join(token.content.split()))
        problems += _wrong(token.meta["items"], bibliography.keys, where)
    if problems:
        raise SeveralProblems(problems)
    items = tuple(token.meta["items"] for token, _ in found)
    everything = any(block.everything for block in lists)
    return written(bibliography, items, conventions.style, conventions.language, full=everything)


def _wrong(items: Sequence[CitationItem], keys: frozenset[str], place: Place) -> list[Problem]:
    """What is wrong with a citation."""
    problems = [
        CoursewrightError(
            f'no source called "{item.key}"', place, f"{did_you_mean(item.key, keys)}; {_AS_IT_STANDS}"
        ).problem
        for item in items
        if item.key not in keys
    ]
    if any(item.prefix for item in items[1:]):
        hint = "cite it in brackets of its own: [see @a] [but @b]"
        problems.append(CoursewrightError("words stand before the second source", place, hint).problem)
    if len(items) > 1 and any(item.form == "year" for item in items):
        hint = "cite it in brackets of its own: [-@a]"
        problems.append(CoursewrightError("a source without its author stands among others", place, hint).problem)
    return problems


def _check_lists(executed: ExecutedPage, files: Sequence[Path]) -> None:
    """Of lists of sources there is one at the most, and something to list."""
    told = zip(executed.page.directives, executed.blocks, strict=True)
    places = [directive.place() for directive, block in told if isinstance(block, References)]
    if len(places) > 1:
        raise CoursewrightError("there are two bibliographies on this page", places[1], "take one of them out")
    if places and not files:
        hint = 'name a file in course.toml: [bibliography] files = ["references.bib"]'
        raise CoursewrightError("there is no bibliography to list", places[0], hint)
