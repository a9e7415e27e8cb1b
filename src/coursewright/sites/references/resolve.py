"""The verb: find what a link or a picture of a page leads to."""

from __future__ import annotations

import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import msgspec

from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems, did_you_mean
from coursewright.pages.linking import Term, key_of
from coursewright.sites.index import Entry, Index, Mention

# What an address may begin with that leads out of the site; anything else before a colon is the name of a page.
SCHEMES = frozenset({"data", "doi", "ftp", "geo", "http", "https", "mailto", "sms", "tel", "urn"})

TERM = "term"
"""What stands before the colon in a link to what a term means, unless a page is called so."""

_NAMED = re.compile(r"([^:?#]+):")
_LARGEST_PICTURE = 20_000_000  # bytes: more keeps readers waiting for minutes


class LinkEnd(msgspec.Struct, frozen=True):
    """What a reference leads to: a page or a file of the course, by its path there, and an anchor in it; or `pages`.

    `heading` is the text of the heading that the anchor is of, if it is of one.
    """

    page: str = ""
    file: str = ""
    anchor: str = ""
    title: str = ""
    description: str = ""
    pages: tuple[LinkEnd, ...] = ()
    heading: str = ""


def resolve_all(index: Index, root: Path) -> dict[str, dict[str, LinkEnd]]:
    """What each page's references lead to, in the course at `root`: by address, then as their authors wrote them.

    Raises SeveralProblems with every one that leads nowhere.
    """
    resolver = Resolver(index, root)
    problems: dict[Problem, None] = dict.fromkeys(resolver.twice_explained())
    all_found: dict[str, dict[str, LinkEnd]] = {}
    for entry in index:
        all_found[entry.address] = found = {}
        cells: dict[int, list[Problem]] = defaultdict(list)  # by line: cells that lead nowhere
        for mention in entry.mentions:
            try:
                leads_to = resolver.resolve(mention, entry)
            except CoursewrightError as error:
                if mention.kind == "cell":
                    cells[mention.line].append(error.problem)
                else:
                    problems.update(dict.fromkeys(error.problems))
                continue
            if leads_to:
                found[mention.target] = leads_to
        problems.update(dict.fromkeys(_of_cells(cells, entry, found)))
    if problems:
        raise SeveralProblems(list(problems))
    return all_found


def resolve_page(index: Index, root: Path, entry: Entry) -> dict[str, LinkEnd]:
    """What the references of one page lead to. Raises CoursewrightError for one that leads nowhere."""
    resolver, found = Resolver(index, root), dict[str, LinkEnd]()
    for mention in entry.mentions:
        try:
            leads_to = resolver.resolve(mention, entry)
        except CoursewrightError:
            if mention.kind != "cell":  # which is plain text then
                raise
            continue
        if leads_to:
            found[mention.target] = leads_to
    return found


def _of_cells(cells: Mapping[int, list[Problem]], entry: Entry, found: Mapping[str, LinkEnd]) -> Iterator[Problem]:
    """What is wrong with the cells of a table: one that leads nowhere is plain text, but not if all of them do."""
    well = {mention.line for mention in entry.mentions if mention.kind == "cell" and mention.target in found}
    yield from (problems[0] for line, problems in cells.items() if line not in well)


@dataclass(frozen=True)
class Resolver:
    """Finds what references lead to among the pages of `index` and the files of the course at `root`."""

    index: Index
    root: Path
    _files: dict[tuple[str, str], Path] = field(default_factory=dict)  # of pages: each has many references
    _same: dict[tuple[str, str, str], LinkEnd | None] = field(default_factory=dict)  # from any page of a folder

    def resolve(self, mention: Mention, entry: Entry) -> LinkEnd | None:
        """What `mention`, of the page `entry`, leads to; None for what is elsewhere.

        Raises CoursewrightError with the place of a reference that leads nowhere.
        """
        if mention.kind in ("list", "choice") or "#" in mention.target:  # which hang on the page that they stand on
            return self._read(mention, entry)
        asked = (mention.target, mention.kind, posixpath.dirname(entry.file))
        if asked not in self._same:
            self._same[asked] = self._read(mention, entry)
        return self._same[asked]

    def _read(self, mention: Mention, entry: Entry) -> LinkEnd | None:
        place = self._place(entry, mention)
        found = self._found(mention, entry, place)
        if mention.kind == "unnamed" and not (found and found.title):
            hint = "write it between [ and ]: there is no caption and no number to stand there"
            raise CoursewrightError(f'the link to "{mention.target}" has no text', place, hint)
        return found

    def _found(self, mention: Mention, entry: Entry, place: Place) -> LinkEnd | None:  # noqa: PLR0911 - one for each kind
        if mention.kind == "list":
            return self._list(mention.target.removeprefix("{pages} "), entry, place)
        if mention.kind == "choice":
            return self._choice(self._only_file(mention.target.removeprefix("{choice} "), place), entry)
        named = _NAMED.match(mention.target)
        if named and (named[1].lower() in SCHEMES or mention.target.startswith("//", named.end())):
            return None
        if mention.target.startswith("//"):
            return None
        written, anchor = mention.target.partition("#")[::2]
        path, anchor = unquote(written), unquote(anchor)
        if not path:
            return self._in_page(entry, anchor, place, entry) if anchor else None
        if named and self._is_term(named[1]):
            return self._term(unquote(mention.target[named.end() :]), place)
        if named:
            page = self._named(unquote(named[1]), unquote(written[named.end() :]), place)
            return self._in_page(page, anchor, place, entry)
        if path.startswith("/"):
            hint = f"write it as seen from this page, such as {path.lstrip('/')}: a site may live in a folder"
            raise CoursewrightError(f'"{path}" begins at the root of the web server', place, hint)
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(entry.file), path))
        found = None if mention.kind == "picture" else self._page_at(inside, place)
        return self._in_page(found, anchor, place, entry) if found else self._file(path, mention.kind, entry, place)

    def _is_term(self, word: str) -> bool:
        return word == TERM and TERM not in self.index.by_name

    def _term(self, name: str, place: Place) -> LinkEnd:
        """Where a glossary says what a term means."""
        found = self.index.by_term.get(key_of(name), [])
        if not found:
            known = [term.name.casefold() for (_, term), *_ in self.index.by_term.values()]
            hint = did_you_mean(name.casefold(), known) or (
                "explain it on a page with glossary: true in its front matter: the term on one line, and "
                '": what it means" on the next'
            )
            raise CoursewrightError(f'no term called "{name}"', place, hint)
        page, term = found[0]
        return LinkEnd(page.address, anchor=term.anchor, title=term.name, description=term.meaning)

    def _place(self, page: Entry, stands: Mention | Term) -> Place:
        """Where something stands that `page` says, or the file that it includes."""
        key = page.file, stands.file
        if key not in self._files:
            file = self.root / "pages" / page.file
            self._files[key] = Path(os.path.normpath(file.parent / stands.file)) if stands.file else file
        return Place(self._files[key], stands.line)

    def twice_explained(self) -> Iterator[Problem]:
        """The terms that are explained in two places."""
        for (first, one), *others in self.index.by_term.values():
            for page, term in others:
                place = replace(self._place(page, term), part=term.name)
                where = f"{first.file}, line {one.line}"
                message = f'the term "{one.name}" is explained already'
                yield Problem(message, place, f"keep one of them; the other is in {where}")

    def _in_page(self, page: Entry, anchor: str, place: Place, here: Entry) -> LinkEnd:
        """The place in `page` that is called `anchor`, as it is called on the page `here`."""
        heading = next((each.text for each in page.headings if anchor and each.anchor == anchor), "")
        return LinkEnd(page.address, anchor=anchor, title=self._called(page, anchor, place, here), heading=heading)

    def _called(self, page: Entry, anchor: str, place: Place, here: Entry) -> str:
        """What a link to a place in a page says: the words of its heading, its number or its caption."""
        if not anchor:
            return page.title
        for heading in page.headings:
            if heading.anchor == anchor:
                return heading.text
        for target in page.targets:
            if target.anchor == anchor:
                return f"{target.text} ({page.title})" if target.of_page and page is not here else target.text
        elsewhere = [
            f"{posixpath.relpath(other.file, posixpath.dirname(here.file) or '.')}#{anchor}"
            for other in self.index.by_target.get(anchor, ())
            if other.key == ""
        ]
        known = [heading.anchor for heading in page.headings if heading.anchor]
        known += [target.anchor for target in page.targets]
        hint = f"on another page there is: {elsewhere[0]}" if elsewhere else did_you_mean(anchor, known)
        raise CoursewrightError(f'no heading or name "#{anchor}" in {page.file}', place, hint)

    def _list(self, name: str, entry: Entry, place: Place) -> LinkEnd:
        """The pages that the file called `name` makes, or those of the section, without the page that lists them."""
        section = name.strip("/")
        pages = [each for each in self.index if each.section == section and each.address != entry.address]
        if not pages:
            known = {*self.index.by_name, *filter(None, self.index.sections)}
            if name not in known:
                raise CoursewrightError(f'no page or section called "{name}"', place, did_you_mean(name, known))
            pages = list(self.index.by_file[self._only_file(name, place)].values())
        return LinkEnd(pages=tuple(LinkEnd(one.address, title=one.title, description=one.description) for one in pages))

    def _choice(self, file: str, entry: Entry) -> LinkEnd:
        """The front page of the section of the pages that a file makes; where it has none, few pages themselves."""
        front, others = self.index.chosen_from(file, entry)
        return LinkEnd(
            front.address, title=front.title, pages=tuple(LinkEnd(each.address, title=each.title) for each in others)
        )

    def _named(self, name: str, key: str, place: Place) -> Entry:
        """The page that `name:key` names: by its title after `page:`, or by the key of a row."""
        if name == "page":
            return self._titled(key, place)
        file = self._only_file(name, place)
        rows = self.index.by_file[file]
        if key not in rows:
            hint = f"{file} is one page: link to it by its file" if "" in rows else did_you_mean(key, rows)
            raise CoursewrightError(f'{file} has no page for "{key}"', place, hint)
        return rows[key]

    def _only_file(self, name: str, place: Place) -> str:
        files = self.index.by_name.get(name, [])
        if not files:
            raise CoursewrightError(f'no page called "{name}"', place, did_you_mean(name, self.index.by_name))
        if len(files) > 1:
            message = f'{len(files)} pages are called "{name}"'
            raise CoursewrightError(
                message,
                place,
                f"say which: {' or '.join(PurePosixPath(file).with_suffix('').as_posix() for file in files)}",
            )
        return files[0]

    def _titled(self, title: str, place: Place) -> Entry:
        pages = self.index.by_title.get(title.casefold(), [])
        if len(pages) == 1:
            return pages[0]
        if pages:
            hint = f"link to one of them by its file: {', '.join(page.file for page in pages[:3])}"
            raise CoursewrightError(f'{len(pages)} pages have the title "{title}"', place, hint)
        hint = did_you_mean(title, [entry.title for entry in self.index])
        raise CoursewrightError(f'no page has the title "{title}"', place, hint)

    def _page_at(self, inside: str, place: Place) -> Entry | None:
        """The page that comes from the file `inside`, or that is built there."""
        rows = self.index.by_file.get(inside)
        if rows and "" not in rows:
            hint = f"say which one, such as {PurePosixPath(inside).stem}:{next(iter(rows))}"
            raise CoursewrightError(f"{inside} makes {len(rows)} pages", place, hint)
        if rows:
            return rows[""]
        built = re.sub(r"\.(md|html|ipynb|Rmd|py)$", "", inside)
        pages = self.index.by_address
        return pages.get(built) or pages.get(posixpath.join(inside, "index"))

    def _file(self, path: str, kind: str, entry: Entry, place: Place) -> LinkEnd:
        """A file of the course that a page refers to, and that is published with it."""
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(entry.file), path))
        within = posixpath.normpath(posixpath.join("pages", inside))
        file, parts = self.root / within, PurePosixPath(within).parts
        if ".." in parts or (file.exists() and not file.resolve().is_relative_to(self.root.resolve())):
            hint = "copy it into the course, beside this page or into data/"
            raise CoursewrightError(f'"{path}" is outside the course', place, hint)
        if any(part.startswith(".") for part in parts) or parts[0] == "build":
            raise CoursewrightError(f'"{path}" is not published', place, "hidden files and build/ stay at home")
        if kind == "picture" and inside in self.index.by_file:
            raise CoursewrightError(f'"{path}" is a page, not a picture', place, "leave out the ! to link to it")
        if not file.is_file():
            what = "picture" if kind == "picture" else "page or file"
            hint = did_you_mean(file.name, self._near(file)) if file.parent.is_dir() else self._elsewhere(path, entry)
            raise CoursewrightError(f'no {what} "{path}"', place, hint)
        size = file.stat().st_size
        if kind == "picture" and size > _LARGEST_PICTURE:
            hint = f"make it smaller: readers would wait; {_LARGEST_PICTURE // 1_000_000} MB is the most"
            raise CoursewrightError(f'the picture "{path}" has {size / 1_000_000:.0f} MB', place, hint)
        return LinkEnd(file=within)

    def _near(self, file: Path) -> list[str]:
        """What a reference to `file`, which is not there, could have meant."""
        return [each.name for each in file.parent.iterdir() if each.is_file()]

    def _elsewhere(self, path: str, here: Entry) -> str:
        """The hint for a `path` into a folder that is not there: the pages that there are, as seen from this one."""
        folder = posixpath.dirname(here.file) or "."
        return did_you_mean(path, [posixpath.relpath(file, folder) for file in self.index.by_file])
