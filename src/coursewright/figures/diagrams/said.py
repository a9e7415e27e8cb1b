"""What diagrams say of themselves, in the language of the page that they stand on, or in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursewright.figures.charts.spoken import language_here
from coursewright.figures.diagrams.letters import plain
from coursewright.labels import words


@dataclass(frozen=True, slots=True)
class DiagramWords:
    """The words of a language, by what they are for."""

    words: Mapping[str, Any]

    def __call__(self, word: str, **values: object) -> str:
        """What is said for `word`, with `values` in the place of braces."""
        told: str = self.words[word]
        return told.format(**values)

    def listed(self, things: Sequence[object]) -> str:
        """A, B and C."""
        names = [plain(thing) for thing in things]
        if len(names) < 2:
            return names[0] if names else self("none")
        first: str = self.words["comma"].join(names[:-1])
        both: str = self.words["and"]
        return both.format(first, names[-1])

    def counted(self, one: str, several: str, names: Sequence[object]) -> str:
        """`names` behind the word for one of them, or for several."""
        return self(one if len(names) == 1 else several, names=self.listed(names))

    def part(self, kind: str) -> str:
        """A part of a circuit."""
        name: str = self.words["parts"][kind]
        return name


def said() -> DiagramWords:
    """The words of the present language."""
    return DiagramWords(words("diagrams", language_here()))
