"""Facts found by workers, each of which opens the course for itself: blocks of moments go out, and facts come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from coursewright.courses.building.stamps import files_in, no_part_of
from coursewright.courses.course import Course, open_course
from coursewright.errors import CoursewrightError, Place, Problem, several
from coursewright.facts import Fact, Finder, find
from coursewright.tables.parameters import Scalar
from coursewright.workers import Parcel, TaskFailure, Work, Workers

_LEAST, _MOST, _BLOCKS = 100, 2_000, 64  # moments of a block: a pass of all finders costs as much as some dozen do


@dataclass(frozen=True)
class FindOrder:
    """What a worker has to know: the course as it was opened, where it stands for its author, and the finders."""

    root: str
    overrides: Mapping[str, Scalar]
    finders: tuple[str, ...]


def find_by(
    workers: Workers,
    course: Course,
    finders: Sequence[Finder],
    moments: Sequence[Mapping[str, Any]],
    failed: Callable[[Problem], None],
) -> Iterator[Fact]:
    """The facts that `find` gives for these moments, in the same order.

    Where the facts of some moments cannot be found, `failed` is told of each problem and the others are found. Raises
    CoursewrightError for what is wrong with the course, and with the workers.
    """
    size = min(_MOST, max(_LEAST, -(-len(moments) // _BLOCKS)))
    blocks = [moments[at : at + size] for at in range(0, len(moments), size)]
    order = FindOrder(str(course.root), course.overrides, tuple(finder.name for finder in finders))
    files = (course.root / path for path, _ in files_in(course.root, no_part_of(course.root)))
    # A link may lead to a folder, or nowhere: only what can be read there travels.
    parcel = Parcel.of(course.root, [file for file in files if file.is_file()])
    work = Work(f"{__name__}:begin", order, parcel)
    for block, came in zip(blocks, workers.each(work, blocks, named=_named), strict=True):
        if isinstance(came, TaskFailure):
            for problem in came.problems:
                failed(problem)
            continue
        for number, fact in came.result:
            yield structs.replace(fact, moment=block[number])


def _named(moments: Sequence[Mapping[str, Any]]) -> str:
    first, last = (", ".join(f"{name} = {value}" for name, value in moments[at].items()) for at in (0, -1))
    return f"the facts of {first}" + (f" to {last}" if len(moments) > 1 else "")


def begin(order: FindOrder, folder: Path | None) -> Callable[[Sequence[Mapping[str, Any]]], list[tuple[int, Fact]]]:
    """What a worker does with a block of moments: its facts, each with the number of its moment there."""
    assert folder  # noqa: S101 - a course has files
    with _as_at_home(folder, order.root):
        course = open_course(folder, order.overrides)
        finders, database = course.finders(order.finders), course.database()
        course.check_values(database)
        overrides = course.finder_overrides(finders)

    def found(moments: Sequence[Mapping[str, Any]]) -> list[tuple[int, Fact]]:
        numbers = {id(moment): number for number, moment in enumerate(moments)}
        timeline, language = course.settings.timeline, course.site.language
        with _as_at_home(folder, order.root):
            facts = find(database, finders, timeline=timeline, moments=moments, overrides=overrides, language=language)
        return [(numbers[id(fact.moment)], structs.replace(fact, moment={})) for fact in facts]

    return found


@contextmanager
def _as_at_home(folder: Path, root: str) -> Iterator[None]:
    """Problems name files where their author has them."""
    try:
        yield
    except CoursewrightError as error:
        raise several(_moved(problem, folder, root) for problem in error.problems) from None


def _moved(problem: Problem, folder: Path, root: str) -> Problem:
    where = problem.where
    if where is None or not Path(where.file).is_relative_to(folder):
        return problem
    return replace(problem, where=Place(Path(root, Path(where.file).relative_to(folder)), where.line, where.part))
