"""The tables that a question's code names: read beforehand, because a question reads nothing by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.questions.drawing.draw import DrawMaterials
from coursewright.questions.question import Question
from coursewright.tables import Database, Sql
from coursewright.trust import OWN

if TYPE_CHECKING:
    import pyarrow as pa

_SMALL = 8 << 20  # bytes


def named(question: Question) -> Iterator[tuple[str, str, int]]:
    """Each `table("…")` and `query("…")` of the code: the function, the text and the line in the file.

    Raises CoursewrightError for one whose text is not written out.
    """
    for node in ast.walk(_tree(question)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("table", "query")):
            continue
        line = question.code.line + node.lineno - 1
        match node.args:
            case [ast.Constant(value=str(text))] if not node.keywords:
                yield node.func.id, text, line
            case _:
                hint = f'write {node.func.id}("…"): what a question reads is read before its code runs'
                raise CoursewrightError(f"{node.func.id}() takes one text, written out", question.place(line), hint)


def _tree(question: Question) -> ast.Module:
    try:
        return ast.parse(question.code.text)
    except (SyntaxError, ValueError):
        return ast.Module([], [])  # drawing says what is wrong with it


def read_materials(
    question: Question,
    database: Database | None,
    parameters: Mapping[str, Any] | None = None,
    *,
    language: str = "",
) -> DrawMaterials:
    """What the question's code reads, from `database`; DrawMaterials without tables for a question that reads nothing.

    `parameters` stand before the course's own of the same name; `language` is the course's. Raises CoursewrightError,
    with the question's line, for a table that does not exist or SQL that fails, and for a question that reads tables
    outside a course.
    """
    tables: dict[str, bytes] = {}
    for function, text, line in named(question):
        if database is None:
            hint = "put the question into the folder questions/ of a course"
            raise CoursewrightError(f"{function}() needs a course", question.place(line), hint)
        try:
            sql = database.select(text) if function == "table" else Sql(text, question.file, line)
            tables[text] = as_bytes(database.query(sql, parameters))
        except CoursewrightError as error:
            problem = error.problem
            raise CoursewrightError(problem.message, question.place(line), problem.hint) from None
    given = {**(database.parameters if database else {}), **(parameters or {})}
    return DrawMaterials(tables, given, language, database.trust if database else OWN)


def files_read(question: Question, database: Database) -> Iterator[Path]:
    """The files that stand behind what the question's code reads."""
    for function, text, line in named(question):
        yield from database.files(database.select(text) if function == "table" else Sql(text, question.file, line))


def as_bytes(rows: pa.Table) -> bytes:
    """Rows for a process that draws: as Arrow's stream of bytes, or as names and columns in MessagePack.

    The latter are read without Arrow, which takes longer to load than most questions to draw. They are for what is not
    large and holds values of types that MessagePack and Python have in common.
    """
    import pyarrow as pa

    if rows.num_columns and rows.nbytes <= _SMALL and all(map(_is_plain, rows.schema.types)):
        return msgspec.msgpack.encode([rows.column_names, [column.to_pylist() for column in rows.columns]])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    return bytes(sink.getvalue())


def _is_plain(kind: pa.DataType) -> bool:
    """Whether the values of a type are whole numbers, floats, texts or truth values."""
    import pyarrow as pa

    others = (pa.float32(), pa.float64(), pa.string(), pa.large_string(), pa.string_view(), pa.bool_(), pa.null())
    return pa.types.is_integer(kind) or kind in others
