"""The functions of SQL that may be told from: those of `functions.toml`, beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

Kind = Literal["scalar", "aggregate", "window", "table"]


class Function(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many arguments a function takes as what it can be; "" where it cannot be that.

    `ordered` functions answer by the order in which rows come.
    """

    scalar: str = ""
    aggregate: str = ""
    window: str = ""
    table: str = ""
    ordered: bool = False

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What the function can be."""
        kinds: tuple[Kind, ...] = ("scalar", "aggregate", "window", "table")
        return tuple(kind for kind in kinds if getattr(self, kind))

    def takes(self, arguments: int, kinds: tuple[Kind, ...]) -> bool:
        """Whether, as one of `kinds`, it takes so many arguments."""
        return any(_within(arguments, getattr(self, kind)) for kind in kinds)


@cache
def functions() -> dict[str, Function]:
    """Every function, by its name in small letters."""
    text = (Path(__file__).parent / "functions.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Function])


def _within(number: int, spans: str) -> bool:
    for span in spans.split():
        low, to, high = span.partition("-")
        if span.endswith("+"):
            low, to, high = span[:-1], "-", str(number)
        if int(low) <= number <= int(high if to else low):
            return True
    return False
