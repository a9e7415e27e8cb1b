"""What is sent to other machines so that they tell any part of some rows, and what they make of it there."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NoReturn

from coursewright import __version__
from coursewright.errors import CoursewrightError, Place
from coursewright.words.door.frames import TEXT, refuse_ours, refuse_twins
from coursewright.words.grammar import Grammar
from coursewright.words.language.checks import led_to
from coursewright.words.language.rules import NO_REPEAT, choices_of
from coursewright.words.readying import ready
from coursewright.words.rowwise.trouble import warn_unknown
from coursewright.words.teller import Teller

Dumps = Callable[[Any], bytes]
ROWS = Place("tell", part="rows")


@dataclass(frozen=True)
class Errand:
    """What is to be told of rows with these `columns`: the arguments of `tell`."""

    grammar: Grammar
    rule: str
    seed: int | str
    key: tuple[str, ...]
    by: tuple[str, ...]
    first: int
    columns: tuple[str, ...] = ()

    def ready(self) -> Teller:
        """The teller for the rows. Raises what `ready` does."""
        return ready(self.grammar, self.rule, self.columns, seed=self.seed, key=self.key)

    def dealt(self) -> str | None:
        """The first rule that looks at the positions of rows, if there is one that a text may come to."""
        rules = self.grammar.compiled
        texts = [text for each in rules.values() for choice in choices_of(each) for text in choice.texts]
        known = not self.grammar.modifiers and not any("\\" in text for text in texts)
        led = led_to(self.grammar, [self.rule]) if known else rules  # a text may be a rule, and name any
        return next((name for name in rules if name in led and any(one.dealt for one in choices_of(rules[name]))), None)

    def packed(self, dumps: Dumps) -> bytes:
        """The errand as it travels. Raises CoursewrightError that names what cannot."""
        try:
            return dumps(self)
        except Exception as error:  # noqa: BLE001 - what is pickled may raise what it likes
            self._name_what_stays(dumps, error)

    def _name_what_stays(self, dumps: Dumps, error: Exception) -> NoReturn:
        parts: dict[str, Any] = {f'the modifier "{name}"': each for name, each in self.grammar.modifiers.items()}
        parts["the function `escape`"] = self.grammar.escape
        said, why = "the grammar", error
        for name, part in parts.items():
            try:
                dumps(part)
            except Exception as found:  # noqa: BLE001 - as above
                said, why = name, found
                break
        hint = "let it open or make what it needs when it is called, instead of holding it"
        message = f"{said} cannot be sent to other machines: {why}"
        raise CoursewrightError(message, Place("tell", part="grammar"), hint) from None


@lru_cache(maxsize=8)  # a worker tells part after part of the same rows
def unpacked(packed: bytes) -> tuple[Errand, Teller]:
    """An errand that has arrived, and the teller for it, which all parts share."""
    errand = pickle.loads(packed)  # noqa: S301 - it comes from whom this process works for
    return errand, errand.ready()


def for_part(packed: bytes, part: str) -> tuple[Errand, Teller]:
    """An errand, and a teller that notes what happens in this part alone, which its messages call so."""
    errand, teller = unpacked(packed)
    return errand, replace(teller, first=errand.first, part=part, gaps=[], unfit=[])


def on_worker(module: str, work: str) -> Callable[..., Any]:
    """A function of ours as a worker is sent it, which takes what that takes.

    It is pickled with all that is in it, not by its name: one without Coursewright, or with another, can say so.
    """
    version = __version__

    def told(*given: Any, **named: Any) -> Any:
        import socket
        import sys
        from importlib import import_module

        try:
            there = import_module("coursewright").__version__
        except ImportError:
            there = ""
        if there != version:
            said = f"Coursewright {there} is there" if there else "Coursewright is not installed there"
            raise RuntimeError(
                f"a worker on {socket.gethostname()} cannot tell what Coursewright {version} asks for: {said}\n"
                f"hint: {sys.executable} -m pip install coursewright=={version}, on each machine with a worker"
            )
        return getattr(import_module(module), work)(*given, **named)

    return told


def checked(errand: Errand, columns: Sequence[str]) -> tuple[Errand, frozenset[str]]:
    """An errand for rows with these columns, and those that it needs. Raises and warns as `tell` does of them."""
    refuse_twins(columns, ROWS)
    refuse_ours(columns, ROWS)
    errand = replace(errand, columns=tuple(columns))
    teller = errand.ready()
    warn_unknown(teller.unknown, stacklevel=5)  # whoever called `tell`, which called a room for one kind of cluster
    return errand, teller.needed


def refuse_unordered(errand: Errand, kind: str) -> None:
    """Raises CoursewrightError for what takes an order of rows, or whole groups: a cluster's `kind` has neither."""
    if errand.by:
        hint = (
            f"group them first, with a list for each column that texts are made of, and name the group by "
            f'key="{errand.by[0]}"'
        )
        said = f"rows of one group may lie in several partitions of a {kind}"
        raise CoursewrightError(said, Place("tell", part="by"), hint)
    if not errand.key:
        hint = 'name the column, or the columns, that tell rows apart: key="id"'
        said = f"choices go by the position of a row, and rows of a {kind} have none"
        raise CoursewrightError(said, Place("tell", part="key"), hint)
    if (rule := errand.dealt()) is not None:
        hint = "write its texts as a plain list, or tell the rows where they have an order: in a file, by tell_file"
        said = f'"{NO_REPEAT}" in the rule "{rule}" goes by the position of a row, and rows of a {kind} have none'
        raise CoursewrightError(said, errand.grammar.where(rule), hint)


def refuse_text(columns: Sequence[str]) -> None:
    """Raises CoursewrightError where the column of texts would be there twice."""
    if TEXT in columns:
        hint = f'rename it: the texts come as a column "{TEXT}" beside the others'
        raise CoursewrightError(f'there is a column "{TEXT}" already', ROWS, hint)
