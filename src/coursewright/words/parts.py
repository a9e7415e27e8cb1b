"""What a plan is made of: words, cells, choices, tests, and ways to put them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coursewright.words.conditions import Condition
from coursewright.words.rules import Choice
from coursewright.words.scan import Modifier

AS_TEXT = Modifier("", ())  # what follows works on the printed text, not on the value


@dataclass(frozen=True, slots=True)
class Words:
    """The same text in every row."""

    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a column with modifiers applied, and what stands for it where it is missing."""

    column: str
    modifiers: tuple[Modifier, ...]
    missing: Any


@dataclass(frozen=True, slots=True)
class Pick:
    """One of several, by the hash of the row's key, the seed and the place."""

    choice: Choice
    place: int
    options: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """The first whose condition holds; the last of the options if none does."""

    conditions: tuple[Condition, ...]
    options: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts one after another."""

    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Modified:
    """Modifiers applied to the finished text of a part."""

    part: Any
    modifiers: tuple[Modifier, ...]


Part = Words | Cell | Pick | Test | Joined | Modified
