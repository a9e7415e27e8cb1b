"""A progress bar on standard error: shown on a terminal, one closing line anywhere else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from coursewright.cli.output import harmless


class _QuietProgress(Progress):
    """One of which nothing is seen where it is disabled: older versions of Rich end it with an empty line."""

    def stop(self) -> None:
        """End it."""
        if not self.disable:
            super().stop()


@dataclass(frozen=True)
class Bar:
    """One piece of long work, shown while it goes on."""

    progress: Progress
    task: TaskID

    def show(self, what: str, done: int, of: int | None) -> None:
        """What is being done now, and how much of it is done."""
        self.progress.update(self.task, description=harmless(what), completed=done, total=of)

    def say(self, message: str) -> None:
        """Say something while the work goes on."""
        self.progress.console.print(harmless(message), highlight=False, markup=False)

    def done(self, message: str) -> None:
        """Say how the work ended."""
        self.progress.stop()
        self.progress.console.print(harmless(message), highlight=False, markup=False)


@contextlib.contextmanager
def bar() -> Iterator[Bar]:
    """A bar that goes away when the work ends."""
    console = Console(stderr=True, soft_wrap=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with _QuietProgress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield Bar(progress, progress.add_task("reading the course", total=None))
