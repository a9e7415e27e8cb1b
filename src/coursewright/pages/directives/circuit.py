"""```` ```{circuit} ````: an electrical circuit, its parts in series on a line each; `|` stands between branches."""

from __future__ import annotations

from typing import Any

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.figures import Figure
from coursewright.figures.diagrams import circuit, read_parts
from coursewright.pages.blocks.block import Picture
from coursewright.pages.blocks.drawn import at_line, drawn
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive

_HINT = "write parts in series with commas, branches with |, and a branch with branches in brackets"


class CircuitOptions(msgspec.Struct, frozen=True):
    """`alt` stands before the text made from the parts."""

    alt: str = ""
    caption: str = ""


Options = CircuitOptions


def run(directive: Directive, options: CircuitOptions, materials: Materials) -> Picture:
    """The circuit: `lamp L1 | switch S, resistor R2` on a line is two branches side by side."""
    parts: list[Any] = []
    for number, line in enumerate(directive.content.splitlines()):
        if line.strip():
            with at_line(directive, number):
                read = _Line(line.strip()).parts()
                read_parts(read)
                parts += read
    if not parts:
        raise CoursewrightError("this circuit has no parts", directive.place(), "write a part on each line")

    def draw() -> Figure:
        return circuit(parts, alt=options.alt, caption=options.caption)

    return drawn(directive, materials, draw)


class _Line:
    """One line as it is read from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def parts(self) -> list[Any]:
        """The parts of the whole line."""
        found = self._branches()
        if self.at < len(self.text):
            raise CoursewrightError(f'")" closes nothing in "{self.text}"', None, _HINT)
        return found

    def _branches(self) -> list[Any]:
        """Branches, in one list of lists; what stands alone is in series."""
        branches = [self._series()]
        while self._next("|"):
            branches.append(self._series())
        return branches[0] if len(branches) == 1 else [branches]

    def _series(self) -> list[Any]:
        parts = self._part()
        while self._next(","):
            parts += self._part()
        return parts

    def _part(self) -> list[Any]:
        if self._next("("):
            branches = self._branches()
            if not self._next(")"):
                raise CoursewrightError(f'a bracket is not closed in "{self.text}"', None, _HINT)
            return branches
        end, inside = self.at, 0  # a name may have brackets of its own: resistor R (variable)
        while end < len(self.text) and (inside or self.text[end] not in ",|)"):
            inside += {"(": 1, ")": -1}.get(self.text[end], 0)
            end += 1
        name, self.at = self.text[self.at : end].strip(), end
        if not name:
            raise CoursewrightError(f'a part is missing in "{self.text}"', None, _HINT)
        return [name]

    def _next(self, sign: str) -> bool:
        rest = self.text[self.at :]
        if rest.lstrip().startswith(sign):
            self.at = len(self.text) - len(rest.lstrip()) + 1
            return True
        return False
