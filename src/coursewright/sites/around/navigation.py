"""What a page shows of the rest of the site: never more than what is near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import msgspec

from coursewright.sites.index import Entry, Index

MANY = 60  # pages of a section that a menu lists
NEAR = 10  # of more, so many before the reader's, and behind


class MenuItem(msgspec.Struct, frozen=True):
    """One line of a menu: a page, whether the reader is there, and the lines below it where the reader is inside.

    `file` is that of the page, below `pages/`.
    """

    address: str
    title: str
    here: bool = False
    items: tuple[MenuItem, ...] = ()
    file: str = ""


class Around(msgspec.Struct, frozen=True):
    """The menu of a page, the pages before and after it, and the trail of pages above it, outermost first.

    `side` is whether the menu of the site needs a place of its own, beside the text.
    """

    menu: tuple[MenuItem, ...] = ()
    side: bool = False
    trail: tuple[MenuItem, ...] = ()
    before: MenuItem | None = None
    after: MenuItem | None = None


def around(entry: Entry, index: Index) -> Around:
    """What is near `entry`."""
    before, after = index.neighbours[entry.address]
    return Around(
        menu(index, "", entry.address),
        index.is_deep,
        tuple(_item(front) for front in _above(entry, index)),
        _item(before) if before else None,
        _item(after) if after else None,
    )


def _item(entry: Entry) -> MenuItem:
    return MenuItem(entry.address, entry.title)


def _above(entry: Entry, index: Index) -> list[Entry]:
    """The front pages of the sections that `entry` is in, outermost first; of a page in none, the menu says enough."""
    if not entry.section:
        return []
    fronts = []
    section = entry.section
    while section:
        front = index.by_address.get(f"{section}/index")
        if front and front.address != entry.address:
            fronts.append(front)
        section = section.rpartition("/")[0]
    front = index.by_address.get("index")
    return [*([front] if front else []), *reversed(fronts)]


def menu(index: Index, section: str, here: str) -> tuple[MenuItem, ...]:
    """The pages of `section` and the sections in it; of a section that `here` is in, also what is inside."""
    items: list[MenuItem] = []
    for entry in _near(index, section, here):
        if section and entry.section == section and entry.is_front:
            continue  # it stands one level above
        inside = entry.section != section
        below = menu(index, entry.section, here) if inside and _within(here, entry.section) else ()
        items.append(MenuItem(entry.address, entry.title, entry.address == here, below, entry.file))
    return tuple(items)


def _near(index: Index, section: str, here: str) -> Sequence[Entry]:
    """What a menu lists of `section`: all of it or, of very many pages, those around `here` and what leads further."""
    pages = index.sections.get(section, ())
    if len(pages) <= MANY:
        return pages
    at = index.positions.get(here, 0) if here.rpartition("/")[0] == section else 0
    near = range(max(0, at - NEAR), min(len(pages), at + NEAR + 1))
    return [pages[each] for each in sorted({*near, *index.leading[section]})]


def grouped(items: Sequence[MenuItem], groups: Mapping[str, Sequence[str]]) -> list[tuple[str, list[MenuItem]]]:
    """A menu in the groups that its author made, each with its title; "" for what stands in none."""
    titles = {name: title for title, names in groups.items() for name in names}
    found: list[tuple[str, list[MenuItem]]] = []
    for item in items:
        title = titles.get(PurePosixPath(item.file).with_suffix("").as_posix().partition("/")[0], "")
        if not found or found[-1][0] != title:
            found.append((title, []))
        found[-1][1].append(item)
    return found


def _within(address: str, section: str) -> bool:
    return address.startswith(f"{section}/")
