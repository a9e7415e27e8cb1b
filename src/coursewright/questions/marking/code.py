"""Code: the function that a student wrote, called in a walled-off process.

The process works out what is expected, sends it here and forgets it before it runs the student's code, and values are
compared here: code that meddles with the marking has no answers to copy. It tells of each case as it goes, so that
those before an endless loop count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from coursewright.questions.marking.values import pack, same, unpack
from coursewright.questions.marking.verdict import Verdict, verdict
from coursewright.questions.part import Case, Code, Response
from coursewright.questions.prose import Prose, literal
from coursewright.sandbox.process import Limits, Process, Stopped

_MEMORY = 512  # megabytes
_SHOWN = 200  # signs of a value
_LONGEST = 100_000  # signs of code


class _Work(msgspec.Struct, frozen=True):
    source: str
    calls: tuple[str, ...]
    expects: tuple[str, ...]
    seconds: float


class _Came(msgspec.Struct, frozen=True):
    """What came of a piece of code: its value, packed, and as text; or what went wrong."""

    value: Any = None
    shown: str = ""
    error: str = ""


class _Tried(msgspec.Struct, frozen=True):
    passed: bool
    got: str


def mark(part: Code, response: Response, attempt: int) -> Verdict:  # noqa: ARG001 - the cases say what went wrong
    """The points of the cases that pass, of all; the feedback says which did not."""
    if not isinstance(response, str):
        return verdict(0, note="not a text")
    tried, why = _try(part, response[:_LONGEST]) if part.cases else ([], "")
    points = sum(case.points for case in part.cases)
    passed = sum(case.points for case, each in zip(part.cases, tried, strict=False) if each.passed)
    feedback = [words for case, each in zip(part.cases, tried, strict=False) if (words := _said(case, each))]
    if why:
        feedback.append(literal(why))
    fraction = passed / points if points else 0.0
    return verdict(fraction, tuple(dict.fromkeys(feedback)), _NOTES.get(why, "") or ("error" if why else ""))


_TIME, _FULL, _DIED = "The code took too long.", "The code used too much memory.", "The code ended the program."
_NOTES = {_TIME: "time", _FULL: "memory", _DIED: "died"}


def _try(part: Code, source: str) -> tuple[list[_Tried], str]:
    """What came of the cases, as far as they were tried, and why not of all."""
    tried: list[_Tried] = []
    calls, expects = zip(*((case.call, case.expects) for case in part.cases), strict=True)
    work = msgspec.json.encode(_Work(_harmless(source), calls, expects, part.seconds))
    try:
        with Process(f"{__name__}:work", Limits(seconds=part.seconds, memory=_MEMORY)) as process:
            process.send(work)
            wanted = [_received(process) for _ in expects]
            whole = _received(process)
            if whole.error:
                return [], f"The code {whole.error}."
            tried.extend(_tried(_received(process), each) for each in wanted)
    except Stopped as stopped:
        return tried, {"time": _TIME, "memory": _FULL}.get(stopped.reason, _DIED)
    except (msgspec.MsgspecError, RecursionError, ValueError):  # the code wrote into our pipe
        return tried, _DIED
    return tried, ""


def _received(process: Process) -> _Came:
    return msgspec.json.decode(process.receive(), type=_Came)


def _tried(came: _Came, wanted: _Came) -> _Tried:
    if came.error or wanted.error:
        return _Tried(False, came.error or f"gave {came.shown}")
    try:
        passed = same(unpack(came.value), unpack(wanted.value))
    except (ArithmeticError, KeyError, RecursionError, TypeError, ValueError):
        passed = False
    return _Tried(passed, f"gave {came.shown}")


def _harmless(text: str) -> str:
    return text.encode(errors="replace").decode()


def _said(case: Case, tried: _Tried) -> Prose | None:
    if tried.passed:
        return None
    if not case.shown:
        return Prose("A hidden case failed.")
    return literal(f"{case.call} should give {case.expects}, and it {tried.got}.")


def work(receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
    """Inside the process: what is expected, then the code, then each call. Nothing that the code does goes further."""
    from coursewright.sandbox.patience import limited

    task = msgspec.json.decode(receive(), type=_Work)
    source, calls, seconds = task.source, task.calls, task.seconds
    names: dict[str, Any] = {"__name__": "response"}

    def safely(run: Callable[[], Any]) -> None:
        try:
            with limited(seconds):
                came = _came(run())
        except BaseException as error:  # noqa: BLE001 - SystemExit and the time limit too
            came = _Came(error=_error(error))
        send(msgspec.json.encode(came))

    for text in task.expects:
        safely(lambda text=text: eval(text, {}))  # type: ignore[misc]  # noqa: S307 - the author's, behind the wall
    del task
    safely(lambda: exec(compile(source, "response.py", "exec"), names))  # noqa: S102 - behind the wall
    for call in calls:
        safely(lambda call=call: eval(call, names))  # type: ignore[misc]  # noqa: S307 - behind the wall


def _came(value: Any) -> _Came:
    shown = _harmless(repr(value)[:_SHOWN])
    try:
        return _Came(pack(value), shown)
    except TypeError:
        return _Came(["other", shown], shown)


def _error(error: BaseException) -> str:
    name = type(error).__name__
    return "took too long" if name == "TooLong" else _harmless(f"raised {name}: {error}"[:_SHOWN])


def model(part: Code) -> Response:
    """The author's own function."""
    return part.model


def declared(part: Code) -> Iterator[tuple[Response, float]]:  # noqa: ARG001 - it is asked as the others are
    """Nothing: what a wrong function does is not in the part's data."""
    yield from ()


def nonsense(part: Code) -> Iterator[Response]:
    """What is no function; each text takes a process, so they are few."""
    yield from (f"{part.function} = None", 0, True)
