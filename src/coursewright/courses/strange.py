"""A stranger's course: what in its folder and in its `course.toml` could lead out of it, or run as its user does.

Every place that a course can name or run something is listed in docs/decisions/0056-a-strangers-course.md, with what
becomes of it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems
from coursewright.figures import check_file, check_walled
from coursewright.harmless import why_harmful
from coursewright.sandbox import NoWall
from coursewright.sandbox.walls import lacking
from coursewright.sites.references import LinkEnd
from coursewright.sites.runtimes import Runtimes
from coursewright.tables.sources import strange_sources
from coursewright.trust import STRANGER

if TYPE_CHECKING:
    from coursewright.courses.course import Course
    from coursewright.courses.reading.course_toml import CourseSettings

MOST = 100_000
"""Files and folders that a stranger's course may have."""

_SHARED = ("build", ".git")  # in which programs themselves give files a second name
_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


def check_wall() -> None:
    """Raise NoWall on a system where what a stranger's course runs cannot be kept to itself."""
    if missing := lacking():
        raise NoWall(missing, "look at what the course does, and build it without --untrusted in a machine of its own")


def refuse_links(root: Path) -> None:
    """Raise SeveralProblems for every link that leads out of a stranger's course, and for what is no file or folder."""
    problems: list[Problem] = []
    for number, entry in enumerate(_entries(root)):
        if number == MOST:
            problems.append(Problem(f"a stranger's course has more than {MOST:,} files", Place(root)))
            break
        if said := _wrong(entry, root):
            problems.append(Problem(said[0], Place(Path(entry.path)), said[1]))
    if problems:
        raise SeveralProblems(problems)


def _entries(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(entry.path)


def _wrong(entry: os.DirEntry[str], root: Path) -> tuple[str, str] | None:
    """What is wrong with an entry of a folder, and what to do."""
    if entry.is_symlink():
        inside = Path(os.path.realpath(entry.path)).is_relative_to(root)
        return None if inside else ("this link leads out of the course", "put a copy of what is meant in its place")
    about = entry.stat(follow_symlinks=False)
    if kind := _KINDS.get(stat.S_IFMT(about.st_mode)):
        return f"this is {kind}, not a file", "delete it"
    shared = Path(entry.path).relative_to(root).parts[0] in _SHARED
    if stat.S_ISREG(about.st_mode) and about.st_nlink > 1 and not shared:
        hint = "copy the course, for instance with cp -r, so that each file is one of its own"
        return "this file has a second name, by a hard link, and may be one of yours", hint
    return None


def strange_settings(course: Course) -> Iterator[Problem]:
    """What in the `course.toml` of a stranger leads out of the course, or is to run elsewhere."""
    own, place = course.settings, course.place
    checks: list[Callable[[], object]] = []
    if own.database.url:
        checks.append(partial(STRANGER.refuse, "a database to run SQL in", place("database", "url")))
    files = [(name, place("bibliography", "files")) for name in own.bibliography.files]
    if own.publish.students:
        files.append((own.publish.students, place("publish", "students")))
    checks += [partial(STRANGER.refuse_outside, name, course.root, where) for name, where in files]
    for check in checks:
        try:
            check()
        except CoursewrightError as error:
            yield from error.problems
    yield from strange_sources(course.tables, course.root)


def plain_settings(own: CourseSettings, report: Callable[[str], None]) -> CourseSettings:
    """A stranger's settings without what readers would run or load; `report` is told what is left out."""
    if own.runtimes != Runtimes():
        report("note: [runtimes] is left out: nobody runs a stranger's pages")
    if own.site.css:
        report("note: [site] css is left out: a stranger's style could hide text, and load what others see")
    site = msgspec.structs.replace(own.site, css="")
    return msgspec.structs.replace(own, runtimes=Runtimes(), site=site)


def refuse_carried(found: Mapping[str, Mapping[str, LinkEnd]], course: Course) -> None:
    """Raise SeveralProblems for files of a stranger's course that a site would carry and a browser would run.

    `found` is what the references of each page lead to.
    """
    if not course.trust.stranger:
        return
    named = {each.file for page in found.values() for each in page.values() if each.file}
    if problems := list(_harmful({*named, *course.settings.site.files}, course.root)):
        raise SeveralProblems(problems)


def check_figure(file: Path, course: Course) -> None:
    """Raise CoursewrightError for a file that is no figure; that of a stranger is loaded behind the wall."""
    seconds = course.settings.cells.of_one
    if course.trust.stranger:
        check_walled(file, course.root, seconds=seconds)
    else:
        check_file(file, seconds=seconds)


def looks_at_environment(course: Course, report: Callable[[str], None]) -> bool:
    """Whether it is for `check` to look at the environment; `report` is told that of a stranger is not looked at."""
    if not course.trust.stranger:
        return True
    if course.settings.environment.tiers or (course.root / "environment").is_dir():
        report("note: the environment is not looked at: building it is for people who trust the course")
    return False


def _harmful(names: Iterable[str], root: Path) -> Iterator[Problem]:
    for name in sorted(names):
        if why := why_harmful(name, root / name):
            hint = "link to it where it was published, or leave it out"
            yield Problem(f"not in a stranger's course: {why}", Place(root / name), hint)
