"""What has been saved while a grammar is planned: under every choice at the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coursewright.words.parts import Part

Rebuild = Callable[[tuple[Any, ...]], Part]
Saves = dict[
    str | int | None, tuple[Any, ...]
]  # of each symbol what was saved, the last on top; of each choice how often
DATA = object()
UNCERTAIN = object()  # below it, how often something was saved depends on a choice


@dataclass(frozen=True, slots=True)
class Saved:
    """The texts that an action saved, and what they were made of."""

    parts: tuple[Part, ...]
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """What is saved depends on a choice or condition made earlier: `rebuild` makes it again around the parts."""

    rebuild: Rebuild
    levels: tuple[Any, ...]


def merged(rebuild: Rebuild, states: list[Saves], base: Callable[[str | int | None], tuple[Any, ...]]) -> Saves:
    """The states that the options of a choice leave as one; `base` is what a symbol is where nothing was saved."""
    whole: Saves = {}
    for symbol in dict.fromkeys(symbol for state in states for symbol in state):
        stacks = [state[symbol] if symbol in state else base(symbol) for state in states]
        if len({len(stack) for stack in stacks}) > 1:
            tops = tuple(stack[-1] if stack else None for stack in stacks)
            whole[symbol] = (UNCERTAIN, Split(rebuild, tops))
            continue
        whole[symbol] = tuple(
            levels[0] if all(level is levels[0] for level in levels) else Split(rebuild, levels)
            for levels in zip(*stacks, strict=True)
        )
    return whole
