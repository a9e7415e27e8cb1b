"""The ids of cells: the same from build to build, whatever their content, so that notebooks can be merged by them.

A cell is called as links call it, or after the directive and what that names, or by its place in its section.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

_LONGEST = 64
_WORD = re.compile(r"[^\s{}]{1,40}")


def cell_id(name: str) -> str:
    """`name` as the format of notebooks wants an id, different for different names."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")
    if plain == name and len(plain) <= _LONGEST:
        return plain
    return f"{plain[: _LONGEST - 9].rstrip('-') or 'x'}-{zlib.crc32(name.encode()):08x}"


@dataclass
class Idents:
    """The ids of one notebook; those in `taken` belong to cells of their own."""

    taken: Collection[str] = ()
    section: str = "top"
    _given: set[str] = field(default_factory=set)
    _counted: Counter[str] = field(default_factory=Counter)

    def own(self, name: str) -> str:
        """The id of the cell that is called `name`, and nothing else is."""
        return self._first(cell_id(name))

    def named(self, kind: str, argument: str) -> str:
        """The id of a directive that names one thing, or is one of several of its kind in the section."""
        return self._free(f"{kind}-{argument}") if _WORD.fullmatch(argument) else self.placed(kind)

    def placed(self, kind: str) -> str:
        """The id of the next cell of a kind in the section."""
        name = f"{self.section}-{kind}"
        self._counted[name] += 1
        return self._free(f"{name}-{self._counted[name]}")

    def _free(self, name: str) -> str:
        number, found = 1, cell_id(name)
        while found in self._given or found in self.taken:
            number += 1
            found = cell_id(f"{name}-{number}")
        self._given.add(found)
        return found

    def _first(self, found: str) -> str:
        if found in self._given:
            return self._free(found)
        self._given.add(found)
        return found
