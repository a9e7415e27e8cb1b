"""What has been saved while a grammar is planned: under every choice at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coursewright.words.columnar.parts import Part

Rebuild = Callable[[tuple[Any, ...]], Part]
DATA = object()


@dataclass(frozen=True, slots=True)
class SavedTexts:
    """The texts that an action saved, and what they were made of."""

    parts: tuple[Part, ...]
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """What is saved depends on a choice or condition made earlier: `rebuild` makes it again around the parts."""

    rebuild: Rebuild
    levels: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class SaveStack:
    """What is saved as a symbol: the last on top (None if there is nothing), and what is below it."""

    top: Any = None
    below: SaveStack | Fork | None = field(default=None, repr=False)

    @property
    def popped(self) -> SaveStack | Fork:
        """What is left when the top is forgotten."""
        return self.below or EMPTY

    @property
    def may_be_empty(self) -> bool:
        """Whether there is nothing to forget."""
        return self.top is None


@dataclass(frozen=True, eq=False)
class Fork:
    """The stacks that the options of a choice leave, where more than their tops differ: in an optional save, say."""

    rebuild: Rebuild
    stacks: tuple[SaveStack | Fork, ...]

    @cached_property
    def top(self) -> Any:
        """What is on top of each."""
        return _split(self.rebuild, tuple(stack.top for stack in self.stacks))

    @cached_property
    def popped(self) -> SaveStack | Fork:
        """Each without its top."""
        return _merged(self.rebuild, tuple(stack.popped for stack in self.stacks))

    @cached_property
    def may_be_empty(self) -> bool:
        """Whether one of the options leaves nothing to forget."""
        return any(stack.may_be_empty for stack in self.stacks)


EMPTY = SaveStack()
Symbol = str | int | None  # an int is the identity of a choice, of which how often it was dealt is saved


class Saves:
    """What is saved as each symbol so far; `base` says what a symbol is where nothing was saved."""

    def __init__(self, base: Callable[[Symbol], SaveStack | Fork]) -> None:
        self.base = base
        self.now: dict[Symbol, SaveStack | Fork] = {}

    def of(self, symbol: Symbol) -> SaveStack | Fork:
        """What is saved as a symbol."""
        return self.now[symbol] if symbol in self.now else self.base(symbol)

    def push(self, symbol: Symbol, what: Any) -> None:
        """Saves one thing more."""
        self.now[symbol] = SaveStack(what, self.of(symbol))

    def pop(self, symbol: Symbol) -> None:
        """Forgets the last thing saved."""
        self.now[symbol] = self.of(symbol).popped

    def branch(self, rebuild: Rebuild, options: Sequence[Callable[[], Part]]) -> Part:
        """What is rebuilt of the parts of all options, each made in the same state; what they save is merged."""
        before, parts, after = self.now, [], []
        for option in options:
            self.now = dict(before)
            parts.append(option())
            after.append(self.now)
        self.now = _all_merged(rebuild, after, self.base)
        return rebuild(tuple(parts))


def _all_merged(
    rebuild: Rebuild, states: list[dict[Symbol, SaveStack | Fork]], base: Callable[[Symbol], SaveStack | Fork]
) -> dict[Symbol, SaveStack | Fork]:
    whole = {}
    for symbol in dict.fromkeys(symbol for state in states for symbol in state):
        unsaved = None if all(symbol in state for state in states) else base(symbol)
        whole[symbol] = _merged(rebuild, tuple(state.get(symbol) or unsaved or EMPTY for state in states))
    return whole


def _merged(rebuild: Rebuild, stacks: tuple[SaveStack | Fork, ...]) -> SaveStack | Fork:
    first = stacks[0]
    if all(stack is first for stack in stacks):
        return first
    plain = [stack for stack in stacks if isinstance(stack, SaveStack) and stack is not EMPTY]
    if len(plain) == len(stacks) and all(stack.below is plain[0].below for stack in plain):
        return SaveStack(_split(rebuild, tuple(stack.top for stack in plain)), plain[0].below)
    return Fork(rebuild, stacks)


def _split(rebuild: Rebuild, levels: tuple[Any, ...]) -> Any:
    return levels[0] if all(level is levels[0] for level in levels) else Split(rebuild, levels)
