"""Chunks of Python in a page of another program: they share one state, as long as the process lives."""

from __future__ import annotations

import ast
import contextlib
import io
import traceback
from typing import Any

STATE: dict[str, Any] = {"__name__": "__main__"}
"""What the chunks before have made."""


def run(code: str, name: str) -> dict[str, Any]:
    """What a chunk prints, and the value of its last line, as Python's own prompt shows it; and what went wrong, if so.

    `name` is what messages call the chunk.
    """
    printed = io.StringIO()
    wrong: dict[str, Any] | None = None
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            tree = ast.parse(code, name)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, name, "exec"), STATE)  # noqa: S102 - running the author's chunk is the purpose
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), name, "eval"), STATE)  # noqa: S307 - as above
                printed.write("" if value is None else f"{value!r}\n")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the author's code may raise anything
            wrong = {"message": _said(error), "place": name, "line": _line(error, name)}
    return {"printed": printed.getvalue(), "wrong": wrong}


def _said(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]


def _line(error: BaseException, name: str) -> int | None:
    """The line of the chunk in which it happened."""
    if isinstance(error, SyntaxError):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    return lines[-1] if lines else None
