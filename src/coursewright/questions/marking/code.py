"""Code: the function that a student wrote, called behind the sandbox's wall.

The student's process learns each call when it is made, the hidden ones last, and never what should come of it: that is
worked out elsewhere, and values are compared here. So code that meddles with its process has no answers to copy, and
nothing that it hears of a hidden call can come out with a shown one.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from coursewright.questions.marking.values import same
from coursewright.questions.marking.verdict import Verdict, verdict
from coursewright.questions.part import Case, Code, Response
from coursewright.questions.writing.prose import Prose, literal
from coursewright.sandbox import Came, Limits, NoWall, ProcessEnd, Program, Wall
from coursewright.sandbox.within import TOO_LONG, pack, unpack

_NAME = "response.py"
_LONGEST = 100_000  # signs of code
_LITERAL = 10_000  # signs of a value that is read here
_SAID = 60  # signs of a value in a note
_DEEP = 50  # brackets in each other there

Walled = Callable[[str, Limits], Program]
_FENCED = Wall(needed=False)


def behind_wall(source: str, limits: Limits) -> Program:
    """A student's code behind a wall. Raises NoWall on a system that has none."""
    return Program(source, _NAME, limits)


def behind_what_there_is(source: str, limits: Limits) -> Program:
    """Code behind as much of a wall as this system has, for an author's own."""
    return Program(source, _NAME, limits, _FENCED)


def mark(part: Code, response: Response, attempt: int, run: Walled = behind_wall) -> Verdict:  # noqa: ARG001 - the cases say what went wrong
    """The points of the cases that pass, of all; the feedback says which did not.

    A person has to mark it where code is not run, because there is no wall for it, or where what a case expects has
    no value.
    """
    if not isinstance(response, str):
        return verdict(0, note="not a text")
    try:
        tried, why = _try(part, response[:_LONGEST], run) if part.cases else ({}, "")
    except NoWall:
        return Verdict(None, False, note="not run: no wall")
    except _NoValue as error:
        return Verdict(None, False, note=f"not run: {error}")
    points = sum(case.points for case in part.cases)
    passed = sum(case.points for at, case in enumerate(part.cases) if at in tried and not tried[at])
    feedback = [words for at, case in enumerate(part.cases) if at in tried and (words := _said(case, tried[at]))]
    if why:
        feedback.append(literal(why))
    fraction = passed / points if points else 0.0
    return verdict(fraction, tuple(dict.fromkeys(feedback)), _NOTES.get(why, "") or ("error" if why else ""))


_TIME, _FULL, _DIED = "The code took too long.", "The code used too much memory.", "The code ended the program."
_NOTES = {_TIME: "time", _FULL: "memory", _DIED: "died"}


def _try(part: Code, source: str, run: Walled) -> tuple[dict[int, str], str]:
    """What was wrong with each case that was tried, nothing where it passed, by its number; and why not all were."""
    tried: dict[int, str] = {}
    wanted = _expected(tuple(case.expects for case in part.cases), part.seconds)
    in_order = sorted(range(len(part.cases)), key=lambda at: not part.cases[at].shown)
    try:
        with run(source.encode(errors="replace").decode(), _limits(part)) as program:
            whole = program.run()
            if whole.error:
                return {}, f"The code {_went_wrong(whole)}."
            for at in in_order:
                tried[at] = _wrong(program.call(part.cases[at].call), wanted[at])
    except ProcessEnd as stopped:
        return tried, {"time": _TIME, "memory": _FULL}.get(stopped.reason, _DIED)
    return tried, ""


def _limits(part: Code) -> Limits:
    processor = math.ceil(part.seconds * (len(part.cases) + 2))
    return Limits(seconds=part.seconds, memory=512, processor=processor, file=16, output=4, open_files=64)


def _wrong(came: Came, wanted: Any) -> str:
    """What is wrong with what came; nothing if it is what was wanted."""
    if came.error:
        return _went_wrong(came)
    try:
        passed = came.plain and same(came.value, wanted)
    except (ArithmeticError, RecursionError, TypeError, ValueError):
        passed = False
    return "" if passed else f"gave {came.shown}"


def _went_wrong(came: Came) -> str:
    if came.error == TOO_LONG:
        return "took too long"
    return f"raised {came.error}" + (f" in line {came.line}" if came.line else "")


def _said(case: Case, wrong: str) -> Prose | None:
    if not wrong:
        return None
    if not case.shown:
        return Prose("A hidden case failed.")
    return literal(f"{case.call} should give {case.expects}, and it {wrong}.")


class _NoValue(Exception):
    """What a case expects has no value, or none was found in time."""


@lru_cache(maxsize=256)
def _expected(texts: tuple[str, ...], seconds: float) -> tuple[Any, ...]:
    """What should come of the calls: read here where it is a value, worked out in a process of its own where it is
    an expression. Raises _NoValue."""
    try:
        return tuple(map(_literal, texts))
    except (MemoryError, RecursionError, SyntaxError, TypeError, ValueError):
        pass
    try:
        with behind_what_there_is("", Limits(seconds=seconds, memory=512)) as program:
            program.run()
            return tuple(_value(program.call(text), text) for text in texts)
    except ProcessEnd as stopped:
        raise _NoValue(f"what a case expects was not found: {str(stopped).splitlines()[0]}") from stopped


def _value(came: Came, text: str) -> Any:
    if came.error or not came.plain:
        said = text if len(text) <= _SAID else f"{text[:_SAID]}…"
        raise _NoValue(f"a case expects {said}, which is no value")
    return came.value


def _literal(text: str) -> Any:
    """A value as it would come out of a process. Raises ValueError for an expression, and for what is long or deep."""
    if len(text) > _LITERAL or max(map(text.count, "([{-+~")) > _DEEP:
        raise ValueError(text)
    return unpack(pack(ast.literal_eval(text)))


def model(part: Code) -> Response:
    """The author's own function."""
    return part.model


def nonsense(part: Code) -> Iterator[Response]:
    """What is no function; each text takes a process, so they are few."""
    yield from (f"{part.function} = None", 0, True)
