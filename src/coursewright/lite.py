"""The magics in JupyterLite: what the course answered when it was published, and nothing that could be false.

There is neither a database nor a course in the browser. `coursewright publish lite` keeps what each cell of a page
showed, by the page, the values of its parameters and the text of the cell, in files of the site. A cell that has none
of its own says why, and where it can be run.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Callable, Mapping, MutableMapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from importlib import import_module
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.magics import NAMES

LITE = "lite"
"""What the folder of a published JupyterLite is called, in build/ of the course if nobody says another place."""

FOLDER = "static/coursewright"
"""Where the site has the files."""

READ: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
}
"""What makes values again of their texts, by their types; other values are in the files as they are."""

WHERE = "run the notebook with the course: its first cell says where and how"
_TAKES = re.compile(r"#\|[ \t]*in[ \t]*:[ \t]*(.*?)[ \t]*$")
_OUT = re.compile(r"(?:^|(?<=\s))--out(?:=|\s+)(\w+)(?=\s|$)")
_SCALAR = (str, int, float, bool, date, Decimal, type(None))
_EXTENSIONS = "/extensions/"  # the worker of the kernel is below it


def file_of(page: str, given: Mapping[str, Any]) -> str:
    """What the file is called with the answers of a page whose parameters have these values."""
    values = [(name, type(value).__name__, str(value)) for name, value in sorted(given.items())]
    return f"{_digest([page, values])}.json"


def key_of(name: str, line: str, cell: str | None) -> str:
    """What an answer in a file is called: that of the magic `name`, with what stands behind and below it.

    Which variable gets a table makes no difference to what it is.
    """
    said = _OUT.sub("", line) if name == "table" else line
    return _digest([name, said.strip(), None if cell is None else cell.rstrip("\n")])


def out_of(line: str) -> str:
    """The variable that gets the table of a line, or nothing."""
    found = _OUT.search(line)
    return found[1] if found else ""


def page_of(line: str) -> tuple[str, list[str], list[str]]:
    """What stands behind `%page`: the page, its parameters, and those whose variables are taken away.

    Raises ValueError for quotes that do not end.
    """
    said, _, hidden = re.sub(r"--hide=", "--hide ", line).partition("--hide ")
    page, *names = shlex.split(said) or [""]
    return page, names, shlex.split(" ".join(shlex.split(hidden)))


class LiteProblem(Exception):
    """Why a cell has no answer here, as Jupyter shows it: the message alone."""

    def __init__(self, message: str, hint: str) -> None:
        self.text = str(CoursewrightError(message, None, hint))
        super().__init__(self.text)

    def _render_traceback_(self) -> list[str]:
        """The lines that stand in place of a traceback."""
        return self.text.split("\n")


class StoredOutput:
    """What a cell showed when the course was published."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def _repr_mimebundle_(self, **_asked: Any) -> dict[str, Any]:
        return self._data


class StoredRows(list[dict[str, Any]]):
    """The rows of a table, each a dictionary, which show themselves as the table that they are of.

    What is made of them, or changed in them, shows itself as any list.
    """

    def __init__(self, rows: list[dict[str, Any]], data: dict[str, Any]) -> None:
        super().__init__(rows)
        self._data, self._was = data, [dict(row) for row in rows]

    def _repr_mimebundle_(self, **_asked: Any) -> dict[str, Any]:
        return self._data if list(self) == self._was else {"text/plain": repr(list(self))}


class Lite:
    """The magics of one notebook, whose variables are `space`."""

    def __init__(self, space: MutableMapping[str, Any]) -> None:
        self.space = space
        self.page = ""
        self.given: dict[str, Any] = {}
        self._read: dict[str, dict[str, Any]] = {}

    def stand_at(self, line: str) -> None:
        """`%page`: be the notebook of a page, with the values that variables have now for its parameters."""
        try:
            page, names, hidden = page_of(line)
        except ValueError as error:
            hint = 'a name with spaces or quotes stands in quotes: %page "my page.md"'
            raise LiteProblem(f"cannot read the line: {error}", hint) from None
        for name in names:
            if name in self.space and not isinstance(self.space[name], _SCALAR):
                said = f"{name} is a {type(self.space[name]).__name__}, and a parameter is a number, a text or a date"
                raise LiteProblem(said, "give it such a value in the cell above, and run that again")
            if name not in self.space and name not in self.given:
                raise LiteProblem(f"the parameter {name} has no value", "run the cell above, which gives it one")
        self.page = page
        self.given |= {name: self.space[name] for name in names if name in self.space}
        for name in hidden:
            self.space.pop(name, None)

    def answer(self, name: str, line: str, cell: str | None = None) -> Any:
        """What the magic `name` showed with this line and cell. Raises LiteProblem where that is not known."""
        if not self.page:
            raise LiteProblem("which page this notebook is of is not said yet", "run the cell with %page first")
        kept = self._kept()
        key = key_of(name, line, cell)
        if key in kept["refused"]:
            raise LiteProblem(f"this cell does not run in the browser: {kept['refused'][key]}", WHERE)
        if key not in kept["answers"]:
            message = f"%{'%' * (cell is not None)}{name}: the course is not here to answer what is asked in this cell"
            hint = f"the browser has answers to cells as they were published; to change one, {WHERE}"
            raise LiteProblem(message, hint)
        return self._shown(kept["answers"][key], out_of(line) if name == "table" else "")

    def frames(self, line: str) -> None:
        """`#| in: planets`: there are no data frames here. Raises LiteProblem."""
        names = " and ".join(line.split())
        raise LiteProblem(f"this cell takes {names} of the course, and the browser has no data frames", WHERE)

    def other_kernel(self, line: str, _cell: str) -> None:
        """`%%code-cell r`: there is no kernel of another language here. Raises LiteProblem."""
        named = "".join(line.split()[:1]) or "another language"
        language = {"r": "R"}.get(named.lower(), named)
        raise LiteProblem(f"this cell is in {language}, which does not run beside Python in JupyterLite", WHERE)

    def _kept(self) -> dict[str, Any]:
        file = file_of(self.page, self.given)
        if file not in self._read:
            text = read(file)
            if text is None:
                values = ", ".join(f"{name} = {value!r}" for name, value in self.given.items())
                message = f"no answers are here for {self.page}" + (f" with {values}" if values else "")
                hint = f"the browser has answers for the values that were published; for others, {WHERE}"
                raise LiteProblem(message, hint)
            self._read[file] = json.loads(text)
        return self._read[file]

    def _shown(self, kept: dict[str, Any], out: str) -> Any:
        out = out or kept.get("out", "")
        if "columns" not in kept:
            if out:
                raise LiteProblem(f"the rows for {out} are not here: {kept['why']}", WHERE)
            return StoredOutput(kept["data"])
        rows = [
            {
                name: READ[kind](value) if kind in READ and value is not None else value
                for name, kind, value in zip(kept["columns"], kept["kinds"], row, strict=True)
            }
            for row in kept["rows"]
        ]
        shown = StoredRows(rows, kept["data"])
        if out:
            self.space[out] = shown
        return shown


def load(ipython: Any) -> None:
    """Give `ipython`, of JupyterLite, the magics."""
    lite = Lite(ipython.user_ns)
    ipython.input_transformers_cleanup.append(_transform)
    for name in NAMES:
        ipython.register_magic_function(_Magic(name, partial(lite.answer, name)), "line_cell", name)
    ipython.register_magic_function(_Magic("page", lite.stand_at), "line", "page")
    ipython.register_magic_function(_Magic("frames", lite.frames), "line", "frames")
    ipython.register_magic_function(_Magic("code-cell", lite.other_kernel), "cell", "code-cell")


def read(file: str) -> str | None:
    """The text of a file of the site, while the kernel waits; None if the site has no such file."""
    js = import_module("js")  # of Pyodide
    base = str(js.location.href).partition(_EXTENSIONS)[0]
    asked = js.XMLHttpRequest.new()
    try:
        asked.open("GET", f"{base}/{FOLDER}/{file}", False)
        asked.send()
    except import_module("pyodide.ffi").JsException as error:
        hint = "look whether there is a network, and run the cell again"
        raise LiteProblem(f"the answers of the course cannot be fetched: {error}", hint) from None
    text = str(asked.responseText)
    return (
        text if asked.status == 200 and text.startswith("{") else None
    )  # some hosts have a page for what is not there


class _Magic:
    """What IPython calls with the line behind a name, and with the cell below it."""

    _ipython_magic_no_var_expand = True  # braces and dollars are the author's own

    def __init__(self, name: str, does: Callable[..., Any]) -> None:
        self.__name__, self._does = name, does

    def __call__(self, *said: str) -> Any:
        return self._does(*said)


def _transform(lines: list[str]) -> list[str]:
    if lines and lines[0].startswith("%"):
        return lines
    return [
        f"get_ipython().run_line_magic('frames', {found[1]!r})\n" if (found := _TAKES.match(line)) else line
        for line in lines
    ]


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:32]
