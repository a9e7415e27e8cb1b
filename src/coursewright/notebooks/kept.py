"""What the cells of built notebooks answer, kept for `coursewright.lite`: by page, values of parameters, text of cell.

A cell has an answer if that hangs on nothing but the course and the parameters of its page, which are known. What code
of the notebook may change is refused, with the reason: there a reader could change the code, and not the answer.
"""

from __future__ import annotations

import ast
import datetime
import decimal
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.courses import Course
from coursewright.courses.reading import present
from coursewright.errors import CoursewrightError, Place
from coursewright.lite import READ, file_of, key_of, page_of
from coursewright.magics import NAMES
from coursewright.notebooks.cell_table import CellTable
from coursewright.notebooks.line import read_line
from coursewright.notebooks.magic import directive_of, options_of
from coursewright.notebooks.session import asking
from coursewright.pages import Page, open_page
from coursewright.pages.executing import carry_out
from coursewright.sites.runtimes import NotPlain, names_of_python
from coursewright.tables import Database

if TYPE_CHECKING:
    import pyarrow as pa

LARGEST = 5_000_000
"""Bytes of a table's rows that go along."""

_MAGIC = re.compile(rf"(%%?)({'|'.join(NAMES)})(?![\w-])[ \t]*([^\n]*)(?:\n(.*))?", re.DOTALL)
_PAGE = re.compile(r"(?m)^%page[ \t]+(.*)$")
_TAGS = frozenset({"parameters", "injected-parameters"})
_NAME = re.compile(r"[^\W\d]\w*")
_OUT = re.compile(r"(?m)^#\|[ \t]*out[ \t]*:(.*)$|(?:^|\s)--out[ =]([^\n]*)$")
_MADE: dict[str, Callable[..., Any]] = {
    "datetime.date": datetime.date,
    "datetime.datetime": datetime.datetime,
    "datetime.datetime.fromisoformat": datetime.datetime.fromisoformat,
    "decimal.Decimal": decimal.Decimal,
    "float": float,
}


@dataclass(frozen=True)
class AnswerFiles:
    """The files of answers, by their names, and how many cells have one."""

    files: Mapping[str, bytes]
    answered: int


def kept(course: Course, notebooks: Sequence[Path]) -> AnswerFiles:
    """What is kept of `notebooks`, as the last build made them. Those of another kernel than Python's have nothing."""
    keeping = _Keeping(course, course.database())
    for file in notebooks:
        keeping.add(json.loads(file.read_bytes()))
    files = {name: json.dumps(each, ensure_ascii=False).encode() for name, each in keeping.files.items()}
    return AnswerFiles(files, sum(len(each["answers"]) for each in keeping.files.values()))


def is_python(notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook is for a kernel of Python."""
    kernel = notebook["metadata"].get("kernelspec", {})
    return bool(kernel.get("language", "python") == "python")


@dataclass
class _Keeping:
    """The files so far, and what their making needs."""

    course: Course
    database: Database
    files: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def add(self, notebook: Mapping[str, Any]) -> None:
        """Keep what the cells of a notebook answer."""
        if not is_python(notebook):
            return
        cells = [(_source(cell), cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assigned = _assigned(text for text, cell in cells if _TAGS.isdisjoint(cell["metadata"].get("tags", ())))
        values: dict[str, Any] = {}
        page, given = "", dict[str, Any]()
        for text, cell in cells:
            if not _TAGS.isdisjoint(cell["metadata"].get("tags", ())):
                values |= _values(text)
            for line in _PAGE.findall(text):
                page, names, _ = page_of(line)
                given |= {name: values.get(name, ...) for name in names}
            if (found := _MAGIC.fullmatch(text)) and page and ... not in given.values():
                self._keep(page, given, found, cell, assigned)

    def _keep(
        self, page: str, given: dict[str, Any], found: re.Match[str], cell: Mapping[str, Any], assigned: frozenset[str]
    ) -> None:
        signs, name, line, below = found.groups()
        content = None if signs == "%" else below or ""
        file = self.files.setdefault(file_of(page, given), {"answers": {}, "refused": {}})
        key = key_of(name, line, content)
        text = f"{line}\n{content or ''}"
        reason = "" if name != "form" else "a form tells the cells below it again, which needs the course's tables"
        if made := sorted(assigned.intersection(_NAME.findall(text)).difference(self.database.tables)):
            reason = f"code of the notebook gives {made[0]}, and may give it another value"
        data = _shown(cell)
        if not reason and data is None:
            reason = "nothing was shown when the course was built"
        if reason:
            file["refused"][key] = reason
        elif key not in file["refused"]:
            file["answers"][key] = {"data": data, **(self._rows(page, given, line, content) if name == "table" else {})}

    def _rows(self, page: str, given: dict[str, Any], line: str, content: str | None) -> dict[str, Any]:
        """The rows of a table, and the variable that gets them; instead of rows, why they do not go along."""
        if page not in self.pages:
            self.pages[page] = open_page(self.course.root / "pages" / page, self.course.root)
        place = Place(self.pages[page].file, 1, "%table")
        argument, options = read_line(line, options_of("table"), place)
        directive = directive_of("table", argument, content or "", options, self.pages[page].file)
        materials = asking(self.course, self.database, present(self.course, {}, given, self.pages[page]))
        carry_out(directive, materials, CellTable())
        out = directive.options.get("out", "")
        try:
            return {"out": out, **_columns(materials.rows[0])}
        except CoursewrightError as error:
            return {"out": out, "why": error.problem.message}


def _columns(rows: pa.Table) -> dict[str, Any]:
    """Rows for a file. Raises CoursewrightError for more than go along, and for values that have no text."""
    if rows.nbytes > LARGEST:
        raise CoursewrightError(f"they take {rows.nbytes / 1e6:.1f} MB, of at most {LARGEST / 1e6:g} MB")
    columns = [column.to_pylist() for column in rows.columns]
    kinds = [_kind(name, values) for name, values in zip(rows.column_names, columns, strict=True)]
    plain = [
        [None if value is None else str(value) if kind in _TEXTS else value for value in values]
        for kind, values in zip(kinds, columns, strict=True)
    ]
    return {"columns": rows.column_names, "kinds": kinds, "rows": list(zip(*plain, strict=True))}


_TEXTS = frozenset(READ)


def _kind(name: str, values: Sequence[Any]) -> str:
    kinds = {type(value).__name__ for value in values if value is not None}
    if kinds <= {"int", "float"}:
        return "number"
    kind = kinds.pop()
    if kinds or kind not in {"str", "bool", *_TEXTS}:
        raise CoursewrightError(f"the values of {name} are {kind}")
    return kind


def _shown(cell: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a cell showed, without what is for JupyterLab's own controls; None for nothing, and for several things."""
    outputs = [each for each in cell["outputs"] if each["output_type"] in ("execute_result", "display_data")]
    if len(outputs) != 1 or "application/vnd.jupyter.widget-view+json" in outputs[0]["data"]:
        return None
    return {
        kind: text if isinstance(text, str) or kind.endswith("json") else "".join(text)
        for kind, text in outputs[0]["data"].items()
    }


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _assigned(texts: Iterator[str]) -> frozenset[str]:
    """The names that code gives; all that it names, where it is no plain Python."""
    found: set[str] = set()
    for text in texts:
        for out in _OUT.findall(text):
            found.update(_NAME.findall(" ".join(out)))
        if text.startswith("%%"):
            continue
        plain = _plain(text)
        try:
            found |= names_of_python(plain)[0]
        except NotPlain:
            found.update(_NAME.findall(plain))
    return frozenset(found)


def _plain(code: str) -> str:
    """Code without what is IPython's own: its magics, and commands of the shell."""
    return re.sub(r"(?m)^[ \t]*[%!].*$", "", code)


def _values(code: str) -> dict[str, Any]:
    """The values that a cell of parameters gives, as far as they are literals."""
    found: dict[str, Any] = {}
    try:
        lines = ast.parse(_plain(code)).body
    except SyntaxError:
        return found
    for each in lines:
        if isinstance(each, ast.Assign) and len(each.targets) == 1:
            name = _target(each.targets[0])
            try:
                found[name] = _value(each.value)
            except (ValueError, KeyError, TypeError, decimal.InvalidOperation):
                found.pop(name, None)
    return found


def _target(node: ast.expr) -> str:
    """`x`, or `globals()["x"]`, which gives a name that is no word of Python's."""
    match node:
        case ast.Subscript(value=ast.Call(func=ast.Name(id="globals")), slice=ast.Constant(value=name)):
            return str(name)
    return ast.unparse(node)


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Call):
        return _MADE[ast.unparse(node.func)](*map(ast.literal_eval, node.args))
    return ast.literal_eval(node)
