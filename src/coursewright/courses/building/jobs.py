"""The verb: make pages in several processes, each of which opens the course and its database for itself.

A connection of DuckDB does not outlive a fork, so the processes are begun anew (a script that asks for several of them
needs `if __name__ == "__main__":`). They write what pages gave into files, as the build itself does; what comes back is
what the build has to know of each page.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.courses.building.making import Elsewhere, Making, PageResult
from coursewright.courses.building.state import Fingerprints, State, read_state
from coursewright.courses.building.why import Causes
from coursewright.courses.course import Course, open_course
from coursewright.courses.plan import PlannedPage
from coursewright.errors import CoursewrightError
from coursewright.facts import Together
from coursewright.tables.parameters import Scalar
from coursewright.tables.sources import web
from coursewright.trust import Trust

if TYPE_CHECKING:
    from multiprocessing.context import SpawnContext
    from multiprocessing.process import BaseProcess


@dataclass(frozen=True)
class BuildJob:
    """What a process has to know before its first page: the course, the folders of the build, what is still good.

    `moments` are the parameters of all pages of each file: what is asked once for all of them is asked once a process.
    """

    root: Path
    overrides: Mapping[str, Scalar]
    figures: bool
    trust: Trust
    kept: Path
    new: Path
    anew: bool
    forced: bool
    why: bool
    moments: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


def in_processes(making: Making, jobs: int) -> Elsewhere:
    """What makes pages of this build in so many processes."""
    course, anew, forced = making.course, not making.old.everywhere, bool(making.causes and making.causes.forced)
    order = BuildJob(
        course.root,
        course.overrides,
        course.figures,
        course.trust,
        making.kept,
        making.new,
        anew,
        forced,
        making.causes is not None,
    )

    def make(planned: Sequence[PlannedPage]) -> Iterator[PageResult]:
        _fetch_first(course)
        moments = {one.file: one.together.moments for one in planned}
        return _make(replace(order, moments=moments), planned, jobs)

    return make


def _fetch_first(course: Course) -> None:
    """Have all that is fetched from elsewhere once, before several processes want it."""
    tables = [each for each in course.tables if each.source.kind == "database" or web.is_address(each.source.address)]
    if tables:
        database = course.database()
        for table in tables:
            with suppress(CoursewrightError):  # the page that reads it says so
                database.open(table.name)


def _make(order: BuildJob, planned: Sequence[PlannedPage], jobs: int) -> Iterator[PageResult]:
    """What comes of each page, as it comes; the processes are gone afterwards, however this ends.

    Raises CoursewrightError when a process ends that should not.
    """
    context = multiprocessing.get_context("spawn")
    left = iter(planned)
    with ExitStack() as stack:
        workers = dict(_begin(context, order, stack) for _ in range(min(jobs, len(planned))))
        busy = {line for line in workers if _give(line, left)}
        while busy:
            for line in wait(list(busy)):
                assert isinstance(line, Connection)  # noqa: S101 - we wait for nothing else
                try:
                    made = line.recv()
                except (EOFError, ConnectionError):
                    raise _ended(workers[line]) from None
                if isinstance(made, BaseException):
                    raise made
                yield made
                if not _give(line, left):
                    busy.remove(line)


def _begin(context: SpawnContext, order: BuildJob, stack: ExitStack) -> tuple[Connection, BaseProcess]:
    """A process and the line to it; both are gone when the stack is."""
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(order, theirs), daemon=True)
    process.start()
    theirs.close()  # so that the line ends when the process does
    stack.callback(process.join)
    stack.callback(process.kill)
    stack.callback(ours.close)
    return ours, process


def _give(line: Connection, left: Iterator[PlannedPage]) -> bool:
    """Give the next page to a process; False if there is none."""
    one = next(left, None)
    if one is not None:
        with suppress(ConnectionError):  # it has ended: that is noticed when it is listened to
            line.send(replace(one, together=Together()))
    return one is not None


def _ended(process: BaseProcess) -> CoursewrightError:
    process.join()
    hint = "build with fewer --jobs: each needs memory of its own"
    return CoursewrightError(f"a process that made pages has ended (exit status {process.exitcode})", None, hint)


def _work(order: BuildJob, line: Connection) -> None:
    """Make the pages that come over the line, in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began this process ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        making = _making(order)
        together = {file: Together(moments) for file, moments in order.moments.items()}
        while True:
            one = line.recv()
            line.send(making.made_of(replace(one, together=together[one.file])))
    except EOFError:
        return
    except Exception as error:  # noqa: BLE001 - it is told where the user sees it
        line.send(error)


def _making(order: BuildJob) -> Making:
    course = replace(open_course(order.root, order.overrides, trust=order.trust), figures=order.figures)
    prints, last = Fingerprints(course), read_state(order.kept)
    causes = Causes(course, last, order.forced, prints.everywhere, prints.site) if order.why else None
    old = State() if order.anew else last
    return Making(course, course.database(), prints, old, order.kept, order.new, causes, at_hand=0)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
