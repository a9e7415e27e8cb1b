"""The verb: build a course, redoing only what changed and leaving the last good build in place when it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coursewright import plugins
from coursewright.courses.building.choosing import write_choices
from coursewright.courses.building.feeding import write_feeds
from coursewright.courses.building.first import First
from coursewright.courses.building.jobs import in_processes
from coursewright.courses.building.large import large_notebooks
from coursewright.courses.building.making import Making
from coursewright.courses.building.standing import Stamps, Standing
from coursewright.courses.building.state import CACHE, Fingerprints, State, is_older, read_state, write_state
from coursewright.courses.building.unshown import unshown
from coursewright.courses.building.why import Causes, Why
from coursewright.courses.building.writing import Writing
from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage, plan
from coursewright.courses.retelling.asking_more import write_more
from coursewright.courses.retelling.pages import write_retellings
from coursewright.courses.retelling.running import not_here
from coursewright.courses.strange import refuse_carried
from coursewright.errors import SeveralProblems
from coursewright.lite import LITE
from coursewright.ours import replacing
from coursewright.sites import Index
from coursewright.sites.references import resolve_all
from coursewright.tables import Database

Progress = Callable[[str, int, int], None]
_NOBODY = First()


@dataclass(frozen=True)
class BuildResult:
    """What a build made: its folder, its pages by address, and how many of them had to be made again.

    `read` are the files that the pages were made from, as seen from the course; `whys` say why pages were made or
    written again, if that was asked for; `remarks` what its author should know.
    """

    folder: Path
    pages: tuple[str, ...]
    executed: int
    read: frozenset[str] = frozenset()
    whys: tuple[Why, ...] = ()
    remarks: tuple[str, ...] = ()


def build(
    course: Course,
    *,
    only: Sequence[str] = (),
    force: bool = False,
    why: bool = False,
    preview: bool = False,
    first: First = _NOBODY,
    jobs: int = 1,
    begun: Callable[[Stamps], None] = lambda _stamps: None,
    progress: Progress = lambda _what, _done, _of: None,
) -> BuildResult:
    """Build `course` into its `build/` folder.

    `only` names the formats to write (all, when empty); `force` executes every page again; with `why`, what it gives
    says what was done again for what reason; `jobs` is the number of processes that make pages; a `preview` keeps no
    times of feeds; the pages that are `first` are shown before the others are made. `begun` is called with the stamps
    of the course's files before any is read, `progress` with what is being done and how many of how many pages are
    done. Raises SeveralProblems with all that is wrong; all is then as it was.
    """
    formats, unusable = _formats(only)
    standing = Standing(course, Fingerprints(course), formats, preview)
    begun(standing.stamps or {})
    stranger = course.trust.stranger  # whose folder may hold what looks like an earlier build
    if not (force or stranger) and (last := standing.last()):
        progress("", len(last.pages), len(last.pages))
        remarks = (*unusable, *_with_sizes(last.remarks, course))
        return BuildResult(course.root / "build", last.pages, 0, last.read, remarks=remarks)
    built = _built(course, standing, first, force=force or stranger, why=why, jobs=jobs, progress=progress)
    return replace(built, remarks=(*unusable, *built.remarks))


def _formats(only: Sequence[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The formats to write, and remarks on those of other packages that cannot be used, where nobody asked for one."""
    if only:
        return {name: plugins.load("formats", name) for name in only}, ()
    found, problems = plugins.load_all("formats")
    return found, tuple(f"note: {problem}: nothing is written in this format" for problem in problems)


def _built(
    course: Course, standing: Standing, first: First, *, force: bool, why: bool, jobs: int, progress: Progress
) -> BuildResult:
    """What is built where the last build does not stand."""
    formats, target = standing.formats, course.root / "build"
    with (
        replacing(target, [*formats, CACHE], kept=[*plugins.names("formats"), LITE], older=is_older) as folder,
        ExitStack() as stack,
    ):
        # 1. which pages there are
        database, planned = _planned(course)
        # 2. each page made, or taken from the last build; one at a time, so that only what the others ask of it stays
        making = _making(course, target / CACHE, folder / CACHE, database, force=force, why=why)
        stack.callback(making.close)
        elsewhere = in_processes(making, jobs) if jobs > 1 else None
        pages = making.make(planned, progress, elsewhere, first.of(making, planned))
        # 3. what their links lead to
        index = Index(state.entry for state in pages.values())
        found = resolve_all(index, course.root)
        refuse_carried(found, course)
        # 4. each page written in every format, or linked to what was written before
        writing = Writing(making, index, found, target, folder)
        states = {one.address: writing.page(one, pages[one.address], formats) for one in planned}
        if "site" in formats:
            write_choices(writing, planned, states)
        feeding = write_feeds(writing, planned, states, formats)
        writing.rest(formats)
        remarks = write_retellings(writing, planned) if "site" in formats else ()
        if "site" in formats:
            write_more(writing, planned)
        search = writing.search(states, making.old.search) if "site" in formats else making.old.search
        if "site" in formats and not standing.preview:  # which browsers are to keep nothing of
            writing.offline()
        write_state(folder / CACHE, standing.certain(making.state(states, search), making.old.files))
    # 5. at the end of the block, each format in the place of what it made before; then the times with the course
    feeding.keep(preview=standing.preview or course.trust.stranger)
    remarks = (*not_here(course, planned), *unshown(planned, pages), *remarks)
    whys, read = (making.causes.all() if making.causes else ()), making.files_read()
    standing.keep(pages, read, database, remarks)
    return BuildResult(target, tuple(pages), making.made, frozenset(read), whys, _with_sizes(remarks, course))


def _with_sizes(remarks: tuple[str, ...], course: Course) -> tuple[str, ...]:
    return (*remarks, *large_notebooks(course.root / "build" / "notebooks"))


def _making(course: Course, kept: Path, new: Path, database: Database, *, force: bool, why: bool) -> Making:
    """What makes the pages, from what the build before left in `kept` as far as it holds."""
    prints, last = Fingerprints(course), read_state(kept)
    old = last if last.everywhere == prints.everywhere and not force else State()
    causes = Causes(course, last, force, prints.everywhere, prints.site) if why else None
    return Making(course, database, prints, old, kept, new, causes)


def _planned(course: Course) -> tuple[Database, list[PlannedPage]]:
    course.check_overrides()
    database = course.database()
    course.check_values(database)
    planned, problems = plan(course, database)
    if problems:
        raise SeveralProblems(problems)
    return database, planned
