"""The verb: have every task done, and give what came of them in the order of the tasks."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError, Problem, several
from coursewright.workers.kept_results import KeptResults
from coursewright.workers.pool import NobodyLeft, WorkerPool
from coursewright.workers.there import Answer
from coursewright.workers.work import Work, pack_work, pickled

Progress = Callable[[int, int | None], None]
_MEMORY = "perhaps it wants more memory than a worker has: give workers more, or begin fewer on one machine"
_FULL = "make space there, or have workers keep their files elsewhere"
_GOES_ON = "the next run of the same goes on from there"


@dataclass(frozen=True)
class TaskResult:
    """What a task gave."""

    result: Any


@dataclass(frozen=True)
class TaskFailure:
    """A task that cannot be done: its name and why."""

    name: str
    problems: tuple[Problem, ...]


@dataclass
class _Tasks:
    """The tasks of one run: how many were taken and given, and what came before its turn.

    Answers that are kept in a folder wait there, and not in memory.
    """

    named: Callable[[Any], str]
    kept: KeptResults | None
    taken: int = 0
    given: int = 0
    done: int = 0
    names: dict[int, str] = field(default_factory=dict)
    files: dict[int, Path] = field(default_factory=dict)
    answers: dict[int, Answer | None] = field(default_factory=dict)

    def take(self, task: Any) -> bytes | None:
        """One more task, as it is sent; None if its result is kept."""
        self.names[self.taken] = name = self.named(task)
        packed = pickled(task, f'"{name}"')
        self.taken += 1
        if self.kept is None:
            return packed
        file = self.files[self.taken - 1] = self.kept.file(task)
        if self.kept.read(file) is None:
            return packed
        self.answers[self.taken - 1] = None
        self.done += 1
        return None

    def put(self, number: int, answer: Answer) -> None:
        """What came of a task. Raises CoursewrightError if no task can be done."""
        if answer[0] == "unbegun":
            raise several(answer[1]) if isinstance(answer[1], tuple) else CoursewrightError(answer[1])
        self.done += 1
        if self.kept is not None and answer[0] == "result":
            self.kept.write(self.files[number], answer[1])
            self.answers[number] = None
        else:
            self.answers[number] = answer

    def next(self) -> TaskResult | TaskFailure:
        """What came of the task whose turn it is."""
        number, self.given = self.given, self.given + 1
        answer, name = self.answers.pop(number), self.names.pop(number)
        file = self.files.pop(number, None)
        if answer is None and self.kept is not None and file is not None:
            answer = ("result", self.kept.read(file))
        assert answer is not None  # noqa: S101 - it is there, or in the file
        if answer[0] == "result":
            return TaskResult(pickle.loads(answer[1]))  # noqa: S301 - from our own workers
        return TaskFailure(name, _problems(name, answer))


class Workers:
    """Processes that do tasks, as a context manager; leaving it cancels what is out. For one `each` at a time."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    @property
    def ahead(self) -> int:
        """How many tasks may be out, so that nobody waits and memory stays bounded: a few for each worker."""
        return 4 * max(1, self._pool.size())

    def each(
        self,
        work: Work,
        tasks: Iterable[Any],
        *,
        named: Callable[[Any], str],
        ahead: int | None = None,
        progress: Progress | None = None,
        kept: Path | None = None,
    ) -> Iterator[TaskResult | TaskFailure]:
        """What came of each task, in the order of the tasks, which are taken when there is somebody to do them.

        `named` is what messages call a task. No more than `ahead` tasks are out beyond the oldest that was not given
        yet (None: any number). `progress` is told how many are done, of how many if that is known. `kept` is a folder
        in which results are put as they come; the next run of the same work takes them from there, and whoever no
        longer needs it removes it.

        Raises CoursewrightError when the work cannot begin, or when nobody is left who could do it.
        """
        packed = pack_work(work)
        out = _Tasks(named, KeptResults(kept, packed.digest) if kept else None)
        left, of = iter(tasks), len(tasks) if isinstance(tasks, Sized) else None
        self._pool.begin(packed)
        over = False
        try:
            while not over or out.given < out.taken:
                if not over and self._pool.free() and (ahead is None or out.taken - out.given < max(1, ahead)):
                    over = not self._take(out, left)
                elif out.given not in out.answers:
                    out.put(*self._next(out, of))
                if progress is not None:
                    progress(out.done, of)
                while out.given in out.answers:
                    yield out.next()
        finally:
            self._pool.drop()

    def _take(self, out: _Tasks, left: Iterator[Any]) -> bool:
        """Give the next task away, if there is one."""
        for task in left:
            if (packed := out.take(task)) is not None:
                self._pool.give(out.taken - 1, packed)
            return True
        return False

    def _next(self, out: _Tasks, of: int | None) -> tuple[int, Answer]:
        try:
            return self._pool.next()
        except NobodyLeft as error:
            problem = error.problem
            done = f"{out.done:,} of {of:,}" if of is not None else f"{out.done:,}"
            message = f"{problem.message}; {done} {'task' if out.done == 1 and of is None else 'tasks'} had been done"
            hint = f"{problem.hint}: {_GOES_ON}" if out.kept else problem.hint
            raise CoursewrightError(message, problem.where, hint) from error


def _problems(name: str, answer: Answer) -> tuple[Problem, ...]:
    """Why a task cannot be done."""
    kind, said = answer
    if kind == "problems":
        return tuple(said)
    if kind == "died":
        times, how = said
        return (Problem(f"{name}: the worker died {times} times at this{how}", None, _MEMORY),)
    if kind == "full":
        return (Problem(f"{name}: no space is left on the disk of {said}", None, _FULL),)
    if kind == "unsent":
        return (Problem(f"{name}: what came of it cannot be sent back: {said}"),)
    return (Problem(f"{name}: {said}"),)
