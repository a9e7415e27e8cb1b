"""What `Workers` needs of processes, wherever they are."""

from __future__ import annotations

from typing import Protocol

from coursewright.errors import CoursewrightError
from coursewright.workers.there import Answer
from coursewright.workers.work import PackedWork


class NobodyLeft(CoursewrightError):
    """There is nobody who could do what is left to be done."""


class WorkerPool(Protocol):
    """Processes that carry out the tasks of one work at a time; tasks are numbered by who gives them."""

    def begin(self, work: PackedWork) -> None:
        """Say what is to be done from now on."""

    def size(self) -> int:
        """How many workers there are, or may be begun."""

    def free(self) -> bool:
        """Whether one more task would find somebody to do it soon."""

    def give(self, number: int, task: bytes) -> None:
        """Have a task done."""

    def next(self) -> tuple[int, Answer]:
        """Wait for what comes of one of the tasks, whichever is first.

        Raises NobodyLeft when there is nobody left who could do it.
        """

    def drop(self) -> None:
        """Forget the work and what is out of it."""

    def close(self) -> None:
        """End what was begun for us, and leave alone what was there before."""
