"""A program that somebody else wrote: run behind the wall, and its functions called from here, each by a text.

    with Program("def double(n): return 2 * n", "response.py") as program:
        program.run()                     # Came(value=None, …)
        program.call("double(21)").value  # 42

Only values come back, as plain data: whatever the program does in its process, it can give no more than that. What it
is to give is known here and nowhere else.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import Any

import msgspec

from coursewright.sandbox.policy import CLOSED, USUAL, Limits, Wall
from coursewright.sandbox.process import Process, ProcessEnd
from coursewright.sandbox.within.running import SHOWN, TOO_LONG
from coursewright.sandbox.within.values import unpack

_ERRORS = {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)}
_UNSPEAKABLE = (ArithmeticError, KeyError, RecursionError, TypeError, ValueError)


class ProgramReply(msgspec.Struct, frozen=True):
    """What the process tells of a piece of work. It is not trusted."""

    value: Any = None
    shown: str = ""
    error: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a piece of work: a value of Python's own types and how Python writes it, or an error.

    `error` is the name of one of Python's own kinds of error ("TooLong" for one that took too long), and `line` the
    program's line, 0 where there is none. Of what the error says nothing is kept: a program could say anything there.
    A value of another type has `plain` false and comes only as it is written.
    """

    value: Any = None
    shown: str = ""
    error: str = ""
    line: int = 0
    plain: bool = True


class Program:
    """A program's `source`, called `name` in its own messages, in a process of its own, as a context manager.

    Raises NoWall where the wall is needed and this system has none; its methods raise ProcessEnd when it has ended.
    """

    def __init__(self, source: str, name: str, limits: Limits = USUAL, wall: Wall = CLOSED) -> None:
        self._lines = source.count("\n") + 1
        self._process = Process("coursewright.sandbox.within.running:work", limits, wall)
        self._process.send(msgspec.json.encode([source, name]))

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close()

    def run(self) -> Came:
        """Run the program, once and first; its names are there for the calls."""
        return self._received()

    def call(self, text: str) -> Came:
        """The value of an expression among the program's names. The process learns it only now."""
        self._process.send(text.encode(errors="replace"))
        return self._received()

    def _received(self) -> Came:
        try:
            told = msgspec.json.decode(self._process.receive(), type=ProgramReply)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            raise ProcessEnd("died", "it wrote over its messages") from None
        line = told.line if 0 < told.line <= self._lines else 0
        if told.error:
            known = told.error in _ERRORS or told.error == TOO_LONG
            return Came(error=told.error if known else "Exception", line=line)
        try:
            return Came(unpack(told.value), told.shown[:SHOWN])
        except _UNSPEAKABLE:
            return Came(shown=told.shown[:SHOWN], plain=False)
