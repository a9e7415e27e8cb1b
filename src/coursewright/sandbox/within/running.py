"""The inside of a program's process: run it, then work out each call, and tell what came of it.

It starts with every response that is marked, so it imports next to nothing.
"""

from __future__ import annotations

import json

from coursewright.sandbox.within.patience import TooLong, limited
from coursewright.sandbox.within.values import pack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Told = dict[str, Any]  # see `program.ProgramReply`

SHOWN = 200  # signs of a value as text
TOO_LONG = "TooLong"


def work(receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
    """The first message is the source and its name, each other an expression. Nothing that the program does goes
    further: whatever it changes here, the one who asks compares what comes out."""
    source, name = json.loads(receive())
    names: dict[str, Any] = {"__name__": name.removesuffix(".py")}

    def told(run: Callable[[], Any]) -> Told:
        try:
            with limited():
                return _told(run())
        except BaseException as error:  # noqa: BLE001 - SystemExit and the time limit too
            return {"error": _kind(error), "line": _line(error, name)}

    def execute() -> None:
        exec(compile(source, name, "exec", dont_inherit=True), names)  # noqa: S102 - the purpose, behind the wall

    send(json.dumps(told(execute)).encode())
    while True:
        text = receive().decode()
        came = told(lambda text=text: eval(text, names))  # type: ignore[misc]  # noqa: S307 - behind the wall; no types for lambdas with defaults
        send(json.dumps(came).encode())


def _told(value: Any) -> Told:
    shown = repr(value)[:SHOWN].encode(errors="replace").decode()
    try:
        return {"value": pack(value), "shown": shown}
    except TypeError:
        return {"value": ["other", shown], "shown": shown}


def _kind(error: BaseException) -> str:
    """The nearest of Python's own kinds of error."""
    if isinstance(error, TooLong):
        return TOO_LONG
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")


def _line(error: BaseException, name: str) -> int:
    """The last of the program's lines that the error came through."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return error.lineno or 0
    lines, step = [0], error.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename == name:
            lines.append(step.tb_lineno)
        step = step.tb_next
    return lines[-1]
