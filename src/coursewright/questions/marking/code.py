"""Code: the function that a student wrote, called in a walled-off process.

The process tries the cases one after another and tells of each as it goes, so that those before an endless loop count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from coursewright.questions.marking.verdict import Verdict, verdict
from coursewright.questions.part import Case, Code, Response
from coursewright.questions.process import Limits, Process, Stopped
from coursewright.questions.prose import Prose, literal

_MEMORY = 512  # megabytes
_TOLERANCE = 1e-9
_SHOWN = 200  # signs of a value
_LONGEST = 100_000  # signs of code


class _Work(msgspec.Struct, frozen=True):
    source: str
    cases: tuple[tuple[str, str], ...]  # what is called, and what it should give
    seconds: float


class _Tried(msgspec.Struct, frozen=True):
    """What came of a case, or with `error` alone of the code as a whole."""

    passed: bool = False
    got: str = ""
    error: str = ""


def mark(part: Code, response: Response, attempt: int) -> Verdict:  # noqa: ARG001 - the cases say what went wrong
    """The points of the cases that pass, of all; the feedback says which did not."""
    if not isinstance(response, str):
        return verdict(0, note="not a text")
    tried, why = _try(part, response[:_LONGEST])
    points = sum(case.points for case in part.cases)
    passed = sum(case.points for case, each in zip(part.cases, tried, strict=False) if each.passed)
    feedback = [words for case, each in zip(part.cases, tried, strict=False) if (words := _said(case, each))]
    if why:
        feedback.append(literal(why))
    fraction = passed / points if points else 0.0
    return verdict(fraction, tuple(dict.fromkeys(feedback)), _NOTES.get(why, "") or ("error" if why else ""))


_TIME, _FULL, _DIED = "the code took too long", "the code used too much memory", "the code ended the program"
_NOTES = {_TIME: "time", _FULL: "memory", _DIED: "died"}


def _try(part: Code, source: str) -> tuple[list[_Tried], str]:
    """What came of the cases, as far as they were tried, and why not of all."""
    tried: list[_Tried] = []
    cases = tuple((case.call, case.expects) for case in part.cases)
    work = msgspec.json.encode(_Work(_harmless(source), cases, part.seconds))
    try:
        with Process(f"{__name__}:work", Limits(seconds=part.seconds, memory=_MEMORY)) as process:
            process.send(work)
            whole = msgspec.json.decode(process.receive(), type=_Tried)
            if whole.error:
                return [], whole.error
            tried.extend(msgspec.json.decode(process.receive(), type=_Tried) for _ in part.cases)
    except Stopped as stopped:
        return tried, {"time": _TIME, "memory": _FULL}.get(stopped.reason, _DIED)
    except msgspec.MsgspecError:  # the code wrote into our pipe
        return tried, _DIED
    return tried, ""


def _harmless(text: str) -> str:
    return text.encode(errors="replace").decode()


def _said(case: Case, tried: _Tried) -> Prose | None:
    if tried.passed:
        return None
    if not case.shown:
        return Prose("A hidden case failed.")
    return literal(f"{case.call} should give {case.expects}, and it {tried.error or 'gave ' + tried.got}.")


def work(receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
    """Inside the process: run the code, then call it for each case. Nothing that the code does goes further."""
    from coursewright.questions.wall import limited

    task = msgspec.json.decode(receive(), type=_Work)
    names: dict[str, Any] = {"__name__": "response"}

    def safely(attempt: Callable[[], _Tried]) -> None:
        try:
            with limited(task.seconds):
                tried = attempt()
        except BaseException as error:  # noqa: BLE001 - SystemExit and the time limit too
            tried = _Tried(error=_error(error))
        send(msgspec.json.encode(tried))

    def whole() -> _Tried:
        exec(compile(task.source, "response.py", "exec"), names)  # noqa: S102 - behind the wall, this is what it is for
        return _Tried(passed=True)

    def one(call: str, expects: str) -> _Tried:
        got = eval(call, names)  # noqa: S307 - behind the wall, this is what it is for
        return _Tried(same(got, eval(expects, {})), _harmless(repr(got)[:_SHOWN]))  # noqa: S307 - the author's

    safely(whole)
    for call, expects in task.cases:
        safely(lambda call=call, expects=expects: one(call, expects))  # type: ignore[misc]


def _error(error: BaseException) -> str:
    name = type(error).__name__
    return "took too long" if name == "TooLong" else _harmless(f"raised {name}: {error}"[:_SHOWN])


def same(got: Any, expects: Any) -> bool:
    """Whether a value is the one expected: numbers to nine figures, true and false no numbers, and so inside lists."""
    if isinstance(expects, bool) or isinstance(got, bool):
        return type(got) is type(expects) and bool(got == expects)
    if isinstance(expects, int | float) and isinstance(got, int | float):
        return bool(got == expects or abs(got - expects) <= _TOLERANCE * max(abs(got), abs(expects)))
    if isinstance(expects, list | tuple) and type(got) is type(expects):
        return len(got) == len(expects) and all(map(same, got, expects))
    if isinstance(expects, dict) and isinstance(got, dict):
        return got.keys() == expects.keys() and all(same(got[name], expects[name]) for name in expects)
    return bool(got == expects)


def model(part: Code) -> Response:
    """The author's own function."""
    return part.model


def declared(part: Code) -> Iterator[tuple[Response, float]]:  # noqa: ARG001 - it is asked as the others are
    """Nothing: what a wrong function does is not in the part's data."""
    yield from ()


def nonsense(part: Code) -> Iterator[Response]:
    """What is no Python, and what is no function."""
    yield from ("def", f"{part.function} = None", "raise ValueError", "raise SystemExit", 0, True)
