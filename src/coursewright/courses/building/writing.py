"""The verb: write the pages of a build in each format, and only what is not there already."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

import msgspec

from coursewright.courses.building.making import Making
from coursewright.courses.building.state import FormatFiles, PageState, digest
from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage
from coursewright.courses.retelling.running import table_files
from coursewright.errors import CoursewrightError
from coursewright.names import alike
from coursewright.ours import link_or_copy
from coursewright.pages.blocks import FOLDER
from coursewright.sites import Index, SitePage
from coursewright.sites.around import LOST, around
from coursewright.sites.feeds import Feed, Head, feeds_of, heads
from coursewright.sites.offline import offline_files
from coursewright.sites.references import LinkEnd, published
from coursewright.sites.search import pieces


@dataclass(frozen=True)
class Writing:
    """The files of one build, written into `new`; those of the last one are in `last`."""

    making: Making
    index: Index
    found: Mapping[str, Mapping[str, LinkEnd]]
    last: Path
    new: Path
    owners: dict[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def course(self) -> Course:
        """The course that is built."""
        return self.making.course

    @cached_property
    def feeds(self) -> tuple[Feed, ...]:
        """The feeds that the site has."""
        return feeds_of(self.index, self.course.site)

    @cached_property
    def everywhere(self) -> str:
        """The fingerprint of what all pages hang on: the course's settings, and what writes them."""
        return digest(sorted(self.making.prints.everywhere.items()), self.course.site)

    def page(self, one: PlannedPage, state: PageState, formats: Mapping[str, Any]) -> PageState:
        """Write one page; its state with what was written."""
        found, near = self.found[one.address], around(state.entry, self.index)
        named = heads(self.feeds, state.entry, self.course.site)
        made_from = digest(self.everywhere, state.content, near, named, sorted(found.items()))
        written = dict(state.written)
        page: SitePage | None = None
        anew: list[str] = []
        for name, module in formats.items():
            before = written.get(name)
            if before and before.made_from == made_from and self._again(name, before):
                continue
            page = page or self._page(one, state, named)
            written[name] = FormatFiles(made_from, self._write(name, module.page_files(page)))
            anew.append(name)
        if anew and self.making.causes:
            self.making.causes.written(state, near, found, made_from, anew)
        for name in formats:
            self._own(name, written[name].files, one.owner)
        return msgspec.structs.replace(state, written=written)

    def _page(self, one: PlannedPage, state: PageState, named: tuple[Head, ...]) -> SitePage:
        document, near = self.making.document(one), around(state.entry, self.index)
        cells = self.making.cells(document)
        return SitePage(document, state.entry, self.found[one.address], near, self.course.site, named, cells)

    def add(self, name: str, files: Mapping[str, str | bytes | Callable[[], bytes]], owner: str) -> None:
        """Write files of `owner` into the folder of a format, besides what the format itself gives.

        What a function makes is made only if the last build has no file of its name.
        """
        made = {path: self._made(name, path, content) for path, content in files.items()}
        self._own(name, self._write(name, made), owner)

    def rest(self, formats: Mapping[str, Any]) -> None:
        """Write what a site has besides its pages: its own files, and those of the course that pages refer to."""
        wanted = sorted({each.file for found in self.found.values() for each in found.values() if each.file})
        for name, module in formats.items():
            given = module.site_files(self.index, self.course.site)
            carried = {str(file) for file in given.values() if isinstance(file, PurePath)}
            own = {path: what for path, what in given.items() if not isinstance(what, PurePath)}
            made = {path: self._made(name, path, what) for path, what in own.items()}
            self._own(name, self._write(name, made), "what every site has")
            for file in sorted({*wanted, *carried}):
                self._own(name, [published(file)], f"the file {file}")
                self._copy(self.course.root / file, Path(name, published(file)))
        if "site" in formats:
            self.add("site", table_files(self.making.database, self.index), "what every site has")

    def offline(self) -> None:
        """Write what has browsers keep the site that is written, once all of it is, if its readers run anything."""
        site = self.course.site
        if site.runtimes.here and site.runtimes.offline:
            files = offline_files(self.new / "site", self.last / "site", site)
            self.add("site", files, "what every site has")

    def search(self, states: Mapping[str, PageState], before: FormatFiles) -> FormatFiles:
        """Write the pieces of the site's search, if a page has changed since they were written `before`."""
        found = {address: state.content for address, state in states.items() if address != LOST}
        made_from = digest(self.everywhere, list(found.items()))
        written = before
        if before.made_from != made_from or not self._again("site", before):
            files: dict[str, tuple[int, int]] = {}
            for path, content in pieces(self.making.records.read(found)):
                files |= self._write("site", {path: content})
            written = FormatFiles(made_from, files)
        self._own("site", written.files, "what every site has")
        return written

    def _own(self, name: str, paths: Iterable[str], owner: str) -> None:
        """Note whose the files of a format are. Raises CoursewrightError for one that is somebody else's already."""
        for path in paths:
            owner = FOLDER if path.startswith(f"{FOLDER}/") else owner
            other = self.owners.setdefault((name, alike(path)), owner)
            if other != owner:
                message = f'two things would be "{path}": {other}, and {owner}'
                raise CoursewrightError(message, None, "give one of them another name")

    def _again(self, name: str, before: FormatFiles) -> bool:
        """Link what was written before; False if it is not there as it was."""
        try:
            last, new = self.last / name, self.new / name
            for path, was in before.files.items():
                if _stamp(last / path) != was:
                    return False
            for path in before.files:
                link_or_copy(last / path, new / path)
        except OSError:
            return False
        return True

    def _write(self, name: str, files: Mapping[str, str | bytes]) -> dict[str, tuple[int, int]]:
        stamps = {}
        for path, content in files.items():
            file, last = self.new / name / path, self.last / name / path
            data = content if isinstance(content, bytes) else content.encode()
            if path.startswith(f"{FOLDER}/") and file.is_file():
                pass  # another page has it too: the name says what is in it
            elif last.is_file() and last.read_bytes() == data:
                link_or_copy(last, file)
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            stamps[path] = _stamp(file)
        return stamps

    def _made(self, name: str, path: str, content: str | bytes | Callable[[], bytes]) -> str | bytes:
        """The content of a file; what a function makes is made only if the last build has no file of its name."""
        if not callable(content):
            return content
        last = self.last / name / path
        return last.read_bytes() if last.is_file() else content()

    def _copy(self, file: Path, path: Path) -> None:
        """Copy a file of the course, or link the copy that was made of it before."""
        last, target = self.last / path, self.new / path
        if last.is_file() and _stamp(last) == _stamp(file):
            link_or_copy(last, target)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)


def _stamp(file: Path) -> tuple[int, int]:
    """The size and the time of writing of a file: one that is not so any more is not what was written."""
    found = file.stat()
    return found.st_size, found.st_mtime_ns
