"""What runs on the inside in the tests of the wall: Python that comes with a message, its outcome sent back."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from coursewright.sandbox.within.patience import TooLong, limited


def run(receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
    """Execute each message; send the value of `answer`, or the last line of code and the error."""
    while True:
        names: dict[str, Any] = {"answer": None}
        code = receive()
        try:
            with limited():
                exec(compile(code, "author.py", "exec"), names)  # noqa: S102 - the purpose
            send(str(names["answer"]).encode())
        except (Exception, TooLong) as error:  # noqa: BLE001 - an author's code may raise anything
            lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == "author.py"]
            send(f"{type(error).__name__} in line {lines[-1]}: {error}".encode())


def echo(receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
    while True:
        send(receive())


def flood(_: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
    while True:
        send(b"more")
