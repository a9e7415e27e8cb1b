"""Pages and pictures that would share a file with another: problems, for one of them would be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from coursewright.errors import Problem
from coursewright.names import alike
from coursewright.pages import Page
from coursewright.pages.blocks import EmbeddedPage, Picture, Sound, pictures
from coursewright.pages.executing import ExecutedPage


def same_pages(
    pages: Iterable[tuple[Page, str, int | None]], columns: Callable[[Page], Sequence[str]]
) -> Iterator[Problem]:
    """Of each file the first page whose address another has; with each page, its address and the number of its row.

    `columns` gives those of the rows that a page is made for.
    """
    taken: dict[str, Page] = {}
    told: set[Path] = set()
    for page, address, row in pages:
        if page.file in told:
            continue
        if alike(address) in taken:  # not every file system tells capitals apart
            other = taken[alike(address)]
            hint = f"the other is {other.file.name}: give one of them another `name` in its front matter"
            if other.file == page.file:
                pattern = "-".join(f"{{{{ {column} }}}}" for column in columns(page)[:2])
                hint = f'give it a `name` that differs from row to row, such as name: "{pattern}"'
            place = page.place("name")
            if row is not None:
                place = replace(place, part=f"{place.part}, row {row}")
            yield Problem(f'two pages are called "{address}"', place, hint)
            told.add(page.file)
        taken.setdefault(alike(address), page)


def same_pictures(page: ExecutedPage) -> Iterator[Problem]:
    """Pictures of `page` that have the name of another one in it."""
    taken: dict[str, Picture] = {}
    sounds: dict[str, Sound] = {}
    widgets: dict[str, EmbeddedPage] = {}
    for directive, block in zip(page.page.directives, page.blocks, strict=True):
        for picture in pictures([block]):
            if isinstance(picture, Picture):  # what code draws is called after what it shows
                other = taken.setdefault(alike(picture.name), picture)
                if other.svg != picture.svg or (other.png and picture.png and other.png != picture.png):
                    message = f'two pictures of this page are called "{picture.name}"'
                    yield Problem(message, directive.place(), "give one of them another name")
        if isinstance(block, EmbeddedPage) and widgets.setdefault(alike(block.name), block).page != block.page:
            message = f'two widgets of this page are called "{block.name}"'
            yield Problem(message, directive.place(), "give one of them another name")
        if isinstance(block, Sound) and sounds.setdefault(alike(block.name), block).data != block.data:
            message = f'two sounds of this page are called "{block.name}"'
            yield Problem(message, directive.place(), "give one of their files another name")
