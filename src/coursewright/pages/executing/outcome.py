"""What a directive or a passage gave, and what was read for it: it is carried out again when that has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from coursewright.pages.blocks.block import Block
from coursewright.pages.text.body import Directive, Passage

VARIABLE = "environment:"
"""What the name of a variable of the environment begins with, where those of files stand."""

ABSENT = "absent:"
"""What the name of a file begins with that was looked for and was not there."""

MODULES = "modules:"
"""What the name of a folder begins with in which modules were looked for, and nothing else."""


def file_of(name: str) -> str:
    """The file or folder that a name of what was read stands for; "" for a variable."""
    return "" if name.startswith(VARIABLE) else name.removeprefix(ABSENT).removeprefix(MODULES)


class Outcome(msgspec.Struct, frozen=True):
    """The block of a directive or, of a passage, whether it is told.

    `asked` is the fingerprint of what the author wrote, `own` that of a cell's own code; `files` are the files and
    folders that were read, and variables of the environment; `parameters` the values that were read, as text;
    `remarks` is what the author should know.
    """

    asked: str
    result: Block | bool
    files: tuple[str, ...]
    parameters: dict[str, str]
    remarks: tuple[str, ...] = ()
    own: str = ""

    def holds(self, parameters: Mapping[str, Any], changed: frozenset[str]) -> bool:
        """Whether it would be the same now, when the files in `changed` are no longer what they were."""
        same = all(name in parameters and repr(parameters[name]) == was for name, was in self.parameters.items())
        return same and changed.isdisjoint(self.files)


def fingerprint_of(written: Directive | Passage) -> str:
    """The fingerprint of what the author wrote, its place aside: a directive may move in its page."""
    if isinstance(written, Passage):
        parts: tuple[object, ...] = ("when", written.sql.text, written.sql.dialect)
    else:
        parts = (written.name, written.argument, sorted(written.options.items()), written.content)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


class ParameterLog(Mapping[str, Any]):
    """Parameters that remember which of them were read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values_, self.read = values, dict[str, str]()

    def __getitem__(self, name: str) -> Any:
        value = self.values_[name]
        self.read[name] = repr(value)
        return value

    def __contains__(self, name: object) -> bool:
        return name in self.values_

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)
