"""Processes on this machine, begun anew with `spawn`: a connection of DuckDB does not outlive a fork.

A script that asks for them needs `if __name__ == "__main__":`. Each process has a thread here that speaks to it, so
that it has its next task when it is done with one, whatever else is going on here. All end when this process does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TYPE_CHECKING

from coursewright.workers import there
from coursewright.workers.there import Answer
from coursewright.workers.work import PackedWork, last_line

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

DEATHS = 3  # of processes at one task, until it is given up
_TASKS = 2  # that are out for each process: one that is done, and one that waits for it


@dataclass(frozen=True, eq=False)
class _LocalTask:
    """A task, and the run that it is of: what belongs to one that is over is thrown away."""

    run: int
    work: PackedWork
    number: int
    task: bytes


class LocalPool:
    """So many processes, of which each begins with its first task."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._run = 0
        self._out = 0
        self._work: PackedWork | None = None
        self._orders: SimpleQueue[_LocalTask | None] = SimpleQueue()
        self._answers: SimpleQueue[tuple[_LocalTask, Answer]] = SimpleQueue()
        self._hands: list[_AttendedProcess] = []

    def begin(self, work: PackedWork) -> None:
        """Say what is to be done from now on."""
        self._run += 1
        self._out = 0
        self._work = work

    def size(self) -> int:
        """How many processes there may be."""
        return self._jobs

    def free(self) -> bool:
        """Whether one more task would find somebody to do it soon."""
        return self._out < self._jobs * _TASKS

    def give(self, number: int, task: bytes) -> None:
        """Have a task done."""
        assert self._work is not None  # noqa: S101 - begin comes first
        self._out += 1
        if len(self._hands) < min(self._jobs, self._out):
            self._hands.append(_AttendedProcess(self._orders, self._answers, self._is_over))
        self._orders.put(_LocalTask(self._run, self._work, number, task))

    def next(self) -> tuple[int, Answer]:
        """Wait for what comes of one of the tasks, whichever is first."""
        while True:
            order, answer = self._answers.get()
            if not self._is_over(order):
                self._out -= 1
                return order.number, answer

    def drop(self) -> None:
        """Forget the work and what is out of it: processes that are busy are ended."""
        self._run += 1
        for hand in self._hands if self._out else ():
            hand.end()
        self._out = 0

    def close(self) -> None:
        """End all processes."""
        self._run += 1
        for _ in self._hands:
            self._orders.put(None)
        for hand in self._hands:
            hand.close()
        self._hands = []

    def _is_over(self, order: _LocalTask) -> bool:
        return order.run != self._run


class _AttendedProcess:
    """A thread, and the process that it speaks to."""

    def __init__(
        self,
        orders: SimpleQueue[_LocalTask | None],
        answers: SimpleQueue[tuple[_LocalTask, Answer]],
        is_over: Callable[[_LocalTask], bool],
    ) -> None:
        self._orders = orders
        self._answers = answers
        self._is_over = is_over
        self._told: set[str] = set()
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._ending = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End the process, which begins anew with the next task."""
        with self._ending:
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process and the thread."""
        self._closed = True
        self.end()
        self._thread.join()

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            if not self._is_over(order):
                self._answers.put((order, self._done(order)))
        self._put_away()

    def _done(self, order: _LocalTask) -> Answer:
        """What comes of a task: a process that dies at it is followed by another, some times."""
        died, full = 0, False
        while True:
            try:
                answer = self._ask(order)
            except (EOFError, OSError) as error:
                died += 1
                how = self._put_away(error)
                if died == DEATHS or self._is_over(order):
                    return "died", (died, f" ({how})")
                continue
            if answer[0] != "full":
                return answer
            if full:
                return "full", "this machine"
            full = True
            self._put_away()  # what it left open may be what fills the disk

    def _ask(self, order: _LocalTask) -> Answer:
        line = self._line or self._begun()
        work = order.work
        if work.digest not in self._told:
            line.send(("learn", work.digest, work.begin, work.order, work.files.folder if work.files else None))
            self._told.add(work.digest)
        line.send(("do", work.digest, order.task))
        answer: Answer = line.recv()
        return answer

    def _begun(self) -> Connection:
        """The line to a new process."""
        context = multiprocessing.get_context("spawn")
        with self._ending:
            if self._closed:
                raise EOFError
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs,), daemon=True)
            try:
                process.start()
            finally:
                theirs.close()  # so that the line ends when the process does
            self._process, self._line, self._told = process, ours, set()
        return ours

    def _put_away(self, error: BaseException | None = None) -> str:
        """End the process, if there is one, and say how it ended."""
        with self._ending:
            process, line = self._process, self._line
            self._process = self._line = None
        if line is not None:
            line.close()
        if process is None:
            return last_line(error) if error else ""
        if error is None:
            process.kill()
        process.join()
        return f"exit status {process.exitcode}"


def serve(line: Connection) -> None:
    """Carry out the tasks that come over the line, in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began this process ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError):
        while True:
            kind, *rest = line.recv()
            if kind == "learn":
                there.learn(*rest)
            else:
                line.send(there.carry_out(*rest))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
