"""What a page includes: ```` ```{include} parts/licence.md ```` stands for the lines of that file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursewright import settings
from coursewright.errors import CoursewrightError, Place, Problem, did_you_mean
from coursewright.pages.syntax.parser import reader

_INCLUDE = re.compile(r"\{include\}\s*(.*)$")

Origin = tuple[Path, int]
"""Where a line comes from: a file, and the number of the line in it, counted from 1."""

Line = tuple[str, Origin]


@dataclass
class Including:
    """Puts files of the course at `root` where pages include them; what is wrong with that is in `problems`."""

    root: Path
    problems: list[Problem] = field(default_factory=list)

    def body(self, text: str, file: Path, first: int) -> tuple[str, tuple[Origin, ...]]:
        """The `text` of a page, which begins on line `first` of its `file`, with what it includes.

        With it is where each line comes from; nothing, if all are the page's own.
        """
        lines = self.lines(text, file, first)
        own = all(origin[0] == file for _, origin in lines)
        return "\n".join(line for line, _ in lines), () if own else tuple(origin for _, origin in lines)

    def lines(self, text: str, file: Path, first: int, above: tuple[Path, ...] = ()) -> list[Line]:
        """The lines of `text`, which begins on line `first` of `file`, with what they include.

        `above` are the files that include this one, outermost first.
        """
        lines = [(line, (file, first + number)) for number, line in enumerate(text.split("\n"))]
        if "{include}" not in text:
            return lines
        replaced: list[tuple[int, int, list[Line]]] = []
        for token in reader().parse(text, {}):
            found = _INCLUDE.match(token.info.strip()) if token.type == "fence" and token.map else None
            if not found or not token.map:
                continue
            begin, end = token.map
            place = Place(file, first + begin, "{include}")
            try:
                inside = self._included(found[1].strip(), token.content, place, (*above, file))
            except CoursewrightError as error:
                self.problems += error.problems
                inside = []
            replaced.append((begin, end, _apart(inside, lines, begin, end)))
        for begin, end, inside in reversed(replaced):
            lines[begin:end] = inside
        return lines

    def _included(self, name: str, content: str, place: Place, above: tuple[Path, ...]) -> list[Line]:
        """The lines of the file called `name`, as seen from the last file of `above`."""
        if not name or content.strip():
            raise CoursewrightError("which file?", place, "write its path after {include}, such as ../parts/licence.md")
        file = Path(os.path.normpath(above[-1].parent / name))
        if not file.resolve().is_relative_to(self.root.resolve()):
            raise CoursewrightError(f'"{name}" is outside the course', place, "copy it into the course")
        if file in above:
            circle = " → ".join(self._shown(each) for each in (*above[above.index(file) :], file))
            raise CoursewrightError(f"a circle of includes: {circle}", place, "take one of them out")
        if file.suffix != ".md" or not file.is_file():
            near = [each.name for each in file.parent.glob("*.md")] if file.parent.is_dir() else []
            hint = did_you_mean(file.name, near) or "its path is seen from this file, and it ends in .md"
            raise CoursewrightError(f'no file "{name}" to include', place, hint)
        text = settings.read_text(file)
        front = settings.split_front_matter(text, file)
        body, first = (front.body, front.body_line) if front else (text, 1)
        return list(_trimmed(self.lines(body, file, first, above)))

    def _shown(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix() if file.is_relative_to(self.root) else file.name


def _trimmed(lines: Sequence[Line]) -> Iterator[Line]:
    """`lines` without the empty ones at their beginning and end."""
    told = [number for number, (line, _) in enumerate(lines) if line.strip()]
    yield from lines[told[0] : told[-1] + 1] if told else ()


def _apart(inside: Sequence[Line], lines: Sequence[Line], begin: int, end: int) -> list[Line]:
    """What stands in the place of a fence: in its list or quotation, and apart from the text around it."""
    written, origin = lines[begin]
    prefix = re.split("[`~]", written, maxsplit=1)[0]
    below = re.sub(r"[-*+]|\d+[.)]", lambda marker: " " * len(marker[0]), prefix)
    out = [(below + line if line.strip() else below.rstrip(), came) for line, came in inside]
    if not out:
        return []
    out[0] = (prefix + inside[0][0], inside[0][1])
    if prefix == below and begin and lines[begin - 1][0].strip(" \t>"):
        out.insert(0, (below.rstrip(), origin))
    if end < len(lines) and lines[end][0].strip(" \t>"):
        out.append((below.rstrip(), origin))
    return out
