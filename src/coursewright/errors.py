"""What goes wrong in a user's work: one shape for errors that stop and for problems that are collected.

Every message names the thing, the place and the next step:

    error: no exporter called "moodel"
      --> course.toml:12, [questions] to
    hint: did you mean "moodle"? Available: canvas, gift, html, moodle
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NAMED: dict[Path, Path] = {}
_LINES: dict[Path, Sequence[int | str]] = {}


def name_folder(folder: Path, named: Path) -> None:
    """Remember how the user named `folder`, which is an absolute path, so that `shown` says it in their way."""
    _NAMED[folder] = named


def shown(path: str | Path) -> str:
    """`path` as messages show it: in a folder that the user named by a relative path, as seen from where they stand."""
    for folder in (Path(path), *Path(path).parents):
        if named := _NAMED.get(folder):
            return str(named / Path(path).relative_to(folder)) if named.is_absolute() else os.path.relpath(path)
    return str(path)


def name_lines(file: Path, lines: Sequence[int | str]) -> None:
    """Remember what the lines of the text that was made of `file` are in the file: numbers of lines, or words."""
    _LINES[file] = lines


def line_in(file: str | Path, line: int) -> int | str:
    """What a line, counted from 1, is in its file, from which its text may have been made."""
    lines = _LINES.get(Path(file), ())
    return lines[line - 1] if 0 < line <= len(lines) else line


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: a file, a line in it counted from 1, and the part of it that is meant."""

    file: str | Path
    line: int | None = None
    part: str = ""

    def __str__(self) -> str:
        at = None if self.line is None else line_in(self.file, self.line)
        line = "" if at is None else f":{at}" if isinstance(at, int) else f", {at}"
        part = f", {self.part}" if self.part else ""
        return f"{shown(self.file)}{line}{part}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the user's work, as a value; `rule` is the name of the check that found it."""

    message: str
    where: Place | None = None
    hint: str = ""
    rule: str = ""

    def __str__(self) -> str:
        lines = [f"error: {self.message}"]
        if self.where:
            lines.append(f"  --> {self.where}")
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)


class CoursewrightError(Exception):
    """A problem that stops the work; the command line prints it and exits with `exit_status`."""

    exit_status = 1

    def __init__(self, message: str, where: Place | None = None, hint: str = "", rule: str = "") -> None:
        self.problem = Problem(message, where, hint, rule)
        super().__init__(str(self.problem))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems in this error: one, except in `SeveralProblems`."""
        return (self.problem,)


class SeveralProblems(CoursewrightError):
    """All the problems of a course, found in one go."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._problems = tuple(problems)
        first = self._problems[0]
        super().__init__(first.message, first.where, first.hint, first.rule)

    def __reduce__(self) -> Any:
        """Made again of its problems, where it has travelled to."""
        return type(self), (self._problems,)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, in the order in which they were found."""
        return self._problems


def several(problems: Iterable[Problem]) -> CoursewrightError:
    """One problem as the error that it is, or several of them, each once."""
    first, *others = dict.fromkeys(problems)
    if others:
        return SeveralProblems((first, *others))
    return CoursewrightError(first.message, first.where, first.hint, first.rule)


class UsageError(CoursewrightError):
    """The command was called wrongly, as opposed to a problem in the user's work."""

    exit_status = 2


class MissingPart(CoursewrightError):
    """An optional part of Coursewright, or a program it drives, is not installed."""


_LISTED = 20


def did_you_mean(name: str, available: Iterable[str]) -> str:
    """The hint for a name that does not exist: the nearest one that does, then all of them (the first few)."""
    options = sorted(set(available))
    if not options:
        return ""
    near = difflib.get_close_matches(name, options, n=1, cutoff=0.6)
    listed = ", ".join(options[:_LISTED]) + (f" and {len(options) - _LISTED} more" if len(options) > _LISTED else "")
    return (f'did you mean "{near[0]}"? ' if near else "") + f"Available: {listed}"
