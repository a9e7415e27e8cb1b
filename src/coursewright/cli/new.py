"""`coursewright new`."""

from __future__ import annotations

from pathlib import Path

from coursewright.cli.output import say
from coursewright.courses import examples


def new(folder: Path, *, example: str = examples.STARTER) -> None:
    """Make a new course.

    Parameters
    ----------
    folder
        The course's folder; it must not exist yet.
    example
        Start from this example instead of the small starter, for instance formula-one.
    """
    examples.copy_example(example, folder)
    say(f"A course is in {folder}. Next:\n    cd {folder}\n    coursewright build")
