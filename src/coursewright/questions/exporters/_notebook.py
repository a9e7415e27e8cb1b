"""Jupyter notebooks: cells as data, and files with a notebook for each student."""

from __future__ import annotations

import ast
import re
import tempfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from coursewright.names import FileName, Names, file_name_for
from coursewright.questions.export import Item
from coursewright.questions.exporters._markdown import said
from coursewright.questions.part import Case, Code
from coursewright.questions.variant import Media, Variant
from coursewright.questions.writing.prose import Prose

Cell = dict[str, Any]
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# Equal as `coursewright mark` takes it: numbers to nine figures, true and false no numbers, and so inside lists.
SAME = """\
def _same(got, expects):
    if hasattr(got, "tolist") and hasattr(got, "dtype"):
        got = got.tolist()
    if isinstance(expects, bool) or isinstance(got, bool):
        return got is expects
    if isinstance(expects, (int, float, complex)) and isinstance(got, (int, float, complex)):
        try:
            if got == expects or (got != got and expects != expects):
                return True
            finite = got - got == 0 == expects - expects
            return finite and abs(got - expects) <= 1e-9 * max(abs(got), abs(expects))
        except OverflowError:
            return False
    for kind in (list, tuple):
        if isinstance(got, kind) and isinstance(expects, kind):
            return len(got) == len(expects) and all(map(_same, got, expects))
    if isinstance(got, dict) and isinstance(expects, dict):
        return got.keys() == expects.keys() and all(_same(got[name], expects[name]) for name in expects)
    return (got is None or isinstance(got, (str, bytes, set, frozenset))) and bool(got == expects)"""


def cell(kind: str, ident: str, source: str, **more: Any) -> Cell:
    """A cell; `kind` is markdown, code or raw, and `ident` says what it is, for those who compare notebooks."""
    made: Cell = {"cell_type": kind, "id": cell_id(ident), "metadata": {}, "source": source}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made | more


def cell_id(ident: str) -> str:
    """`ident` as the format wants it: at most 64 of the signs A-Z, a-z, 0-9, - and _; different for different ones."""
    name = re.sub(r"[^A-Za-z0-9_-]", "-", ident)[:48].lstrip("-") or "x"
    return name if name == ident else f"{name}-{zlib.crc32(ident.encode()):08x}"


def pictures(variant: Variant) -> dict[str, Any]:
    """The attachments of a Markdown cell that shows prose of the variant written with `say`."""
    shown = [medium for medium in variant.media if medium.media_type.startswith("image/")]
    attached = {cell_id(medium.name): {medium.media_type: b64encode(medium.data).decode()} for medium in shown}
    return {"attachments": attached} if attached else {}


def say(variant: Variant) -> Callable[[Prose], str]:
    """A function that writes prose of the variant for a cell that has its `pictures`; of a sound only the words."""

    def address(medium: Media) -> str:
        return f"attachment:{cell_id(medium.name)}" if medium.media_type.startswith("image/") else ""

    return said(variant, address)


def test(case: Case) -> str:
    """Python that fails unless the case passes; of a hidden case it tells nothing."""
    told = f"{case.call} should give {case.expects}" if case.shown else "a hidden case failed"
    return f"{SAME}\n\nassert _same({case.call}, {case.expects}), {told!r}"


def begins(part: Code) -> str:
    """What a cell with the model begins with: the starting code, if nothing happens in it and the model can follow.

    Else it stands in the question alone; a body that is still missing would swallow what follows.
    """
    try:
        steps = ast.parse(part.starter).body
        ast.parse(part.starter + part.model)
    except (SyntaxError, ValueError):
        return ""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    quiet = all(isinstance(step, kinds) or _is_constant(step) for step in steps)
    return part.starter if quiet else ""


def _is_constant(step: ast.stmt) -> bool:
    return isinstance(step, ast.Expr | ast.Assign) and isinstance(step.value, ast.Constant)


def encoded(cells: Sequence[Cell]) -> str:
    """Cells as the body of an item."""
    return msgspec.json.encode(cells).decode()


def write_notebook(cells: Iterable[bytes], file: Path) -> None:
    """A notebook of cells that are JSON already; each of `cells` is a list of them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as notebook:
        notebook.write(b'{"nbformat": 4, "nbformat_minor": 5, "metadata": %b,\n' % msgspec.json.encode(_METADATA))
        notebook.write(b'"cells": [\n')
        some = (one for one in cells if one != b"[]")
        for number, one in enumerate(some):
            notebook.write(b",\n" if number else b"")
            notebook.write(one.removeprefix(b"[").removesuffix(b"]"))
        notebook.write(b"\n]}\n")


def by_student(items: Iterable[Item]) -> Iterator[tuple[FileName, Iterator[bytes]]]:
    """For each student, in the order in which they came, the name of their file and the bodies of their items.

    Items come question by question, so they wait on disk: a file for each student.
    """
    students: dict[str, Path] = {}
    names = Names()
    with tempfile.TemporaryDirectory() as folder:
        for one in items:
            who = one.ident.removeprefix(f"{one.question}-")
            file = students.setdefault(who, Path(folder) / str(len(students)))
            with file.open("ab") as waiting:
                waiting.write(one.body.encode() + b"\n")
        for who, file in students.items():
            with file.open("rb") as waiting:
                name = names.distinct(file_name_for(cell_id(who), "student"), who)
                yield name, (line.rstrip(b"\n") for line in waiting)
