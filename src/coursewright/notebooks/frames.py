"""Frames of a notebook: tables of the course as variables, and variables that go to the kernel of another language."""

from __future__ import annotations

import re
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, did_you_mean

if TYPE_CHECKING:
    from coursewright.errors import Place
    from coursewright.notebooks.session import AskingMaterials

_SAID = re.compile(r"#\|[ \t]*(in|out)[ \t]*:[ \t]*(.*?)[ \t]*$")
_NAME = re.compile(r"[^\W\d]\w*")


class Frames:
    """The frames of one notebook, whose variables are `space`; those that its cells `gave` are no tables any more."""

    def __init__(self, space: dict[str, Any]) -> None:
        self.space = space
        self.gave: set[str] = set()

    @cached_property
    def folder(self) -> tempfile.TemporaryDirectory[str]:
        """Where they are as files, on their way."""
        return tempfile.TemporaryDirectory(prefix="coursewright-frames-")

    def close(self) -> None:
        """Take the files away."""
        self.folder.cleanup()

    def transform(self, lines: list[str]) -> list[str]:
        """The lines of a cell, in which `#| in: planets` takes the frame, as on pages; `#| out: df` is noted."""
        if lines and lines[0].startswith("%"):
            return lines
        return [self._line(line) for line in lines]

    def _line(self, line: str) -> str:
        said = _SAID.match(line)
        if not said:
            return line
        names = _NAME.findall(said[2])
        if said[1] == "out":
            self.gave.update(names)
            return line
        return f"get_ipython().run_line_magic('frames', {' '.join(names)!r})\n"

    def take(self, name: str, materials: AskingMaterials, place: Place) -> None:
        """Have a table of the course as a variable; a frame that a cell gave is one already.

        Raises CoursewrightError for what is neither, and for a table with columns that no frame has.
        """
        if name in self.space and (name in self.gave or name not in materials.database.tables):
            return
        self.take_file(name, self.table(name, materials, place))

    def table(self, name: str, materials: AskingMaterials, place: Place) -> Path:
        """A table of the course as a file. Raises CoursewrightError for one that is not there."""
        from coursewright.notebooks.session import frames_among
        from coursewright.pages.engines import write_frame

        tables = materials.database.tables
        if name not in tables:
            known = {*self.gave, *tables, *(each for each, _ in frames_among(self.space))}
            hint = did_you_mean(name, known) or "give it in a cell above: #| out: df"
            raise CoursewrightError(f'no frame and no table called "{name}"', place, hint)
        file, select = self._file(name), materials.database.select(name)
        materials.present.check(materials.database.parameters_behind(select), materials.database)
        try:
            write_frame(materials.query(select), file)
        except TypeError as error:
            raise CoursewrightError(f"{error}, which no kernel takes", place, "leave it out, or CAST it") from None
        return file

    def given(self, name: str, materials: AskingMaterials, place: Place) -> Path:
        """A variable as a file, or a table of the course. Raises CoursewrightError for one that is no frame."""
        from coursewright.pages.engines import read_given
        from coursewright.pages.engines.sides import side

        if name not in self.space or (name in materials.database.tables and name not in self.gave):
            return self.table(name, materials, place)
        file = self._file(name)
        side.give(name, str(file))
        read_given(name, file, place)
        return file

    def take_file(self, name: str, file: Path) -> None:
        """Make a variable of a file."""
        from coursewright.pages.engines.sides import side

        side.take(name, str(file))

    def _file(self, name: str) -> Path:
        return Path(self.folder.name) / name

    def file_for(self, name: str) -> Path:
        """Where the frame of another kernel goes on its way."""
        return self._file(name)
