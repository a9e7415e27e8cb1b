"""Whose a course is: the user's own, which may do what the user can, or a stranger's, which may not.

It is one value that goes from the command to whatever runs something or reads a path. Nothing in a course can say it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from coursewright.errors import CoursewrightError, Place

REMEDY = "look at what it does, and build it without --untrusted if you trust it"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a course is a stranger's: `--untrusted`."""

    stranger: bool = False

    def refuse(self, what: str, place: Place | None = None, hint: str = REMEDY) -> None:
        """Raise CoursewrightError for `what` stands in a stranger's course and is only for one's own."""
        if self.stranger:
            raise CoursewrightError(f"not in a stranger's course: {what}", place, hint)

    def refuse_outside(self, path: str, root: Path, place: Place | None = None) -> None:
        """Raise CoursewrightError for a `path` in a stranger's course that leads out of its folder `root`."""
        if self.stranger and leads_out(path, root):
            raise CoursewrightError(f'"{path}" is outside the course', place, "copy it into the course")


def leads_out(path: str, root: Path) -> bool:
    """Whether a `path`, as seen from `root`, leads out of that, by itself or by a link; also one that is absolute."""
    plain = PurePosixPath(path.replace("\\", "/"))
    absolute = plain.is_absolute() or bool(PureWindowsPath(path).drive) or path.startswith("~")
    return absolute or "\0" in path or ".." in plain.parts or not (root / path).resolve().is_relative_to(root.resolve())


OWN = Trust()
STRANGER = Trust(stranger=True)
