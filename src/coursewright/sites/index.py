"""The noun: what the pages of a site know of each other. It is folded page by page and never holds a page."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import PurePosixPath

import msgspec
from msgspec import structs

from coursewright.pages import Directive, Document, Page
from coursewright.pages.blocks import Grid, PageChoice, QuestionBlock
from coursewright.pages.linking import Reference, Target, Term, key_of
from coursewright.pages.reading import Heading, Publication
from coursewright.questions.widget import asks_formulas
from coursewright.sites.runtimes.cells import NOTHING, Runs

FEW = 12  # pages of one file with for_each that a menu lists; of more, a page has to make a list of its own
_RETOLD = ("facts", "tell", "table", "question")
LOST = "404"  # the address of the page that servers show for one that is not there: no menu leads to it
_FEW = 50  # pages that are listed where the front page of their section would be linked to
FEW_ABOVE = 7  # lines of a menu that stand side by side above a page


class Mention(msgspec.Struct, frozen=True):
    """What a page refers to, as its author wrote it, and the line of its file; "unnamed" is a link without text.

    `file` is where it stands, as seen from the page's own, if the page includes it.
    """

    target: str
    kind: str
    line: int
    file: str = ""


class Entry(msgspec.Struct, frozen=True):
    """One page: where it is, which file of `pages/` it comes from, what it is called and what it refers to.

    `key` tells the pages of one file with `for_each` apart: `[Monza](circuit:monza)`. `asks` is whether it has
    questions, `asks_formulas` whether one asks for a formula, `tables` whether it has tables. `authors` and `licence`
    are its own, where they are not those of the course. `published` is what feeds say of it, `runs` what its cells need
    to run in the page, `chooses` what readers choose pages by, `retold` whether they can have it told again where pages
    run.
    """

    address: str
    file: str
    title: str
    description: str = ""
    key: str = ""
    headings: tuple[Heading, ...] = ()
    targets: tuple[Target, ...] = ()
    terms: tuple[Term, ...] = ()
    mentions: tuple[Mention, ...] = ()
    asks: bool = False
    asks_formulas: bool = False
    authors: tuple[str, ...] = ()
    licence: str = ""
    published: Publication = Publication()
    tables: bool = False
    runs: Runs = NOTHING
    chooses: tuple[PageChoice, ...] = ()
    retold: bool = False

    @property
    def section(self) -> str:
        """The folder that it is in, "" for the first one."""
        return self.address.rpartition("/")[0]

    @property
    def is_front(self) -> bool:
        """Whether it is the front page of its section."""
        return self.address.rpartition("/")[2] == "index"


def read_entry(document: Document, file: str, key: str = "", runs: Runs = NOTHING) -> Entry:
    """The entry of a document that comes from `file`, a path inside `pages/`."""
    mentions = (
        Mention(each.target, _kind(each), *_place(document, each.line))
        for each in document.references
        if each.kind != "citation"
    )
    asked = [block for block in document.executed.blocks if isinstance(block, QuestionBlock)]
    return Entry(
        document.address,
        file,
        document.title,
        document.description,
        key,
        document.headings,
        document.targets,
        tuple(_term(document, term) for term in document.terms),
        tuple(dict.fromkeys(mentions)),
        bool(asked),
        any(asks_formulas(variant) for block in asked for variant in block.variants),
        authors=document.executed.page.settings.authors,
        licence=document.executed.page.settings.licence,
        published=document.published,
        tables=any(isinstance(block, Grid) for block in document.executed.blocks),
        runs=runs,
        chooses=tuple(block for block in document.executed.blocks if isinstance(block, PageChoice)),
        retold=is_retold(document.executed.page),
    )


def can_be_retold(directive: Directive) -> bool:
    """Whether the block of a directive is one that can be told again where it is read."""
    return directive.name in _RETOLD or (directive.name == "figure" and bool(directive.options.get("live")))


def is_retold(page: Page) -> bool:
    """Whether readers can have a page told again: it has a form, and more than questions to be told again."""
    names = {directive.name for directive in page.directives if can_be_retold(directive)}
    has_form = any(directive.name == "form" for directive in page.directives)
    return has_form and bool(names - {"question"}) and not page.settings.for_each


def _place(document: Document, line: int) -> tuple[int, str]:
    """The line of a file, and the file, as seen from that of the page, if it is another."""
    place, file = document.place(line), document.executed.page.file
    other = "" if place.file == file else os.path.relpath(place.file, file.parent)
    return place.line or 0, other


def _term(document: Document, term: Term) -> Term:
    line, file = _place(document, term.line)
    return structs.replace(term, line=line, file=file)


def _kind(reference: Reference) -> str:
    """What kind of reference it is to the one who resolves it."""
    return "unnamed" if reference.kind == "link" and reference.label >= 0 else reference.kind


class Index:
    """The entries of all pages of a site, in its order."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    @cached_property
    def by_address(self) -> dict[str, Entry]:
        """The pages by their addresses."""
        return {entry.address: entry for entry in self.entries}

    @cached_property
    def by_file(self) -> dict[str, dict[str, Entry]]:
        """The pages by their files and, for those of one file, by their keys."""
        found: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in self.entries:
            found[entry.file][entry.key] = entry
        return dict(found)

    def front(self, file: str) -> Entry:
        """The front page of the section of the pages that a file makes, or the nearest above it; else their first."""
        first = next(iter(self.by_file[file].values()))
        section = first.section
        while section and f"{section}/index" not in self.by_address:
            section = section.rpartition("/")[0]
        return self.by_address.get(f"{section}/index".lstrip("/"), first)

    def chosen_from(self, file: str, here: Entry) -> tuple[Entry, list[Entry]]:
        """The front page for the pages that a file makes, and those other than `here` if it is not for them alone.

        Where there are more than a few, none: nobody looks through them.
        """
        front, pages = self.front(file), list(self.by_file[file].values())
        is_for_them = front.section == pages[0].section and front.address not in (here.address, pages[0].address)
        others = [each for each in pages if each.address != here.address]
        return front, [] if is_for_them or len(others) > _FEW else others

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """The files by the names that links call them by: a path without its ending, and its last part alone."""
        found: dict[str, list[str]] = defaultdict(list)
        for file in self.by_file:
            path = PurePosixPath(file).with_suffix("").as_posix()
            for name in dict.fromkeys((path, path.rpartition("/")[2])):
                found[name].append(file)
        return dict(found)

    @cached_property
    def by_target(self) -> dict[str, list[Entry]]:
        """The pages in which something has a name, by that name."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for target in entry.targets:
                found[target.anchor].append(entry)
        return dict(found)

    @cached_property
    def by_term(self) -> dict[str, list[tuple[Entry, Term]]]:
        """The terms that glossaries explain, each by what it is found by."""
        found: dict[str, list[tuple[Entry, Term]]] = defaultdict(list)
        for entry in self.entries:
            for term in entry.terms:
                found[key_of(term.name)].append((entry, term))
        return dict(found)

    @cached_property
    def by_title(self) -> dict[str, list[Entry]]:
        """The pages by their titles, whatever their capitals."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.title.casefold()].append(entry)
        return dict(found)

    @cached_property
    def sections(self) -> dict[str, list[Entry]]:
        """For each section, what a menu lists: its pages, few of one file, and the first pages of sections in it."""
        found: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in self.entries:
            if len(self.by_file[entry.file]) > FEW or entry.address == LOST:
                continue
            section = entry.section
            found[section].setdefault(entry.address, entry)
            while section and not any(each.section == section for each in found[section.rpartition("/")[0]].values()):
                above = section.rpartition("/")[0]
                found[above][entry.address] = entry
                section = above
        return {section: list(pages.values()) for section, pages in found.items()}

    @cached_property
    def positions(self) -> dict[str, int]:
        """The places of pages in the lists of their sections, counted from 0."""
        return {
            page.address: at
            for section, pages in self.sections.items()
            for at, page in enumerate(pages)
            if page.section == section
        }

    @cached_property
    def leading(self) -> dict[str, list[int]]:
        """For each section, the places of the pages that lead further: its front page, and the sections in it."""
        return {
            section: [at for at, page in enumerate(pages) if page.is_front or page.section != section]
            for section, pages in self.sections.items()
        }

    @cached_property
    def is_deep(self) -> bool:
        """Whether a menu of it has more than the few lines that fit above a page: many, or some below others."""
        listed = ((section, page) for section, pages in self.sections.items() if section for page in pages)
        below = any(not (page.is_front and page.section == section) for section, page in listed)
        return below or len(self.sections.get("", ())) > FEW_ABOVE

    @cached_property
    def neighbours(self) -> dict[str, tuple[Entry | None, Entry | None]]:
        """For each address, the pages before and after: of one file, or of those that stand alone in their files."""
        lists = [list(pages.values()) for pages in self.by_file.values() if "" not in pages]
        lists.append([entry for entry in self.entries if not entry.key and entry.address != LOST])
        found: dict[str, tuple[Entry | None, Entry | None]] = {LOST: (None, None)}
        for pages in lists:
            padded = [None, *pages, None]
            found |= {page.address: (padded[at], padded[at + 2]) for at, page in enumerate(pages)}
        return found
