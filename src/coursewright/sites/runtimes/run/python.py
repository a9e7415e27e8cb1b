"""A cell in the browser's Python, as a notebook has it: what it prints, its last value, what is drawn, its error.

`begin(show)` gives the function that carries out cells; `show(kind, content)` hands over each thing that is to be seen.
"""

import ast
import base64
import builtins
import inspect
import io
import linecache
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

Show = Callable[[str, str], None]
Space = dict[str, Any]


class PrintStream(io.TextIOBase):
    """What is printed."""

    def __init__(self, kind: str, show: Show) -> None:
        self.kind, self.show = kind, show

    def write(self, text: str) -> int:
        """Hand it over."""
        self.show(self.kind, text)
        return len(text)

    def writable(self) -> bool:
        """It is."""
        return True


def begin(show: Show) -> Callable[[str], Awaitable[bool]]:
    """What carries out cells, whose variables stay from one to the next."""
    space = sys.modules["__main__"].__dict__
    sys.stdout, sys.stderr = PrintStream("output", show), PrintStream("notice", show)
    ran = 0

    def display(*values: Any) -> None:
        for value in values:
            _show(value, show)

    def no_input(_asked: object = "") -> str:
        raise EOFError("a page asks its reader nothing: write the answer into the code, not input()")

    builtins.display = display  # type: ignore[attr-defined]  # cells find it without importing it, as IPython's do
    builtins.input = no_input

    async def carry_out(code: str) -> bool:
        nonlocal ran
        ran += 1
        name = f"<cell {ran}>"
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        try:
            value = await _value(code, name, space)
            if value is not None:
                space["_"] = value
                _show(value, show)
            _drawn(show)
        except BaseException as error:  # a cell may raise anything, and ends nothing but itself
            show("error", _told(error, name))
            return False
        return True

    return carry_out


async def _value(code: str, name: str, space: Space) -> Any:
    """The value of the last line, if it is one that a notebook shows."""
    tree = ast.parse(code, name)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or code.rstrip().endswith(";"):
        return await _done(tree, "exec", name, space)
    await _done(ast.Module(tree.body[:-1], []), "exec", name, space)
    return await _done(ast.Expression(last.value), "eval", name, space)


async def _done(tree: Any, mode: str, name: str, space: Space) -> Any:
    code = compile(tree, name, mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    value = eval(code, space)
    return await value if code.co_flags & inspect.CO_COROUTINE else value


def _show(value: Any, show: Show) -> None:
    """The richest of what a value says of itself that pages can show, or its text."""
    for method, kind in (("_repr_svg_", "svg"), ("_repr_png_", "png"), ("_repr_html_", "html")):
        if not isinstance(value, type) and callable(getattr(value, method, None)):
            content = getattr(value, method)()
            if content is not None:
                show(kind, base64.b64encode(content).decode() if isinstance(content, bytes) else content)
                return
    show("output", f"{value!r}\n")


def _drawn(show: Show) -> None:
    """What matplotlib drew."""
    plots: Any = sys.modules.get("matplotlib.pyplot")
    for number in plots.get_fignums() if plots else ():
        file = io.BytesIO()
        plots.figure(number).savefig(file, format="png", dpi=144, bbox_inches="tight")
        show("png", base64.b64encode(file.getvalue()).decode())
    if plots:
        plots.close("all")


def _told(error: BaseException, name: str) -> str:
    """The error as Python tells it, from the cell on; of a package that is not here, what to do."""
    package = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if package and package not in sys.modules:
        error.add_note(f"a page carries what its author's cells import, and not {package}: do without it here, or")
        error.add_note("download your changes as a notebook and run it where the package is installed")
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename != name:
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))
