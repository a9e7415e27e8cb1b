"""Tells where a text came from: the rules that fired for one row, and which path the rows of its kind take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place
from coursewright.words.door.frames import take
from coursewright.words.readying import ready
from coursewright.words.rowwise.steps import Step

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text, the rules that fired, and how its rows are told: "columns", or "levels" or "rows" with the reason."""

    text: str
    steps: tuple[Step, ...]
    path: str
    reason: str = ""

    def __str__(self) -> str:
        """The explanation as lines to read."""
        how = f"told by {self.path}" + (f", because {self.reason}" if self.reason else "")
        return "\n".join([self.text, how, *map(str, self.steps)])


def explain(
    grammar: Grammar,
    rows: Any,
    row: int = 0,
    rule: str = "origin",
    *,
    seed: int | str = 0,
    key: str | Sequence[str] | None = None,
) -> Explanation:
    """How the text came about that `tell` with the same arguments gives for row number `row`, counted from 0."""
    taken = take(rows)
    count = taken.count()
    if not 0 <= row < count:
        hint = (
            f"rows count from 0 to {count - 1}"
            if count > 1
            else "there is only row 0"
            if count
            else "there are no rows"
        )
        raise CoursewrightError(f"there is no row {row}", Place("explain", part="row"), hint)
    teller = ready(
        grammar, rule, taken.columns, seed=seed, key=() if key is None else [key] if isinstance(key, str) else key
    )
    steps: list[Step] = []
    text = teller.write_one(taken.frame(teller.needed).row(row, named=True), row, steps)
    return Explanation(text, tuple(steps), teller.path, teller.reason)
