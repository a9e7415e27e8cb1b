"""Rows from JSON: a list of objects, or objects one after another; what an object lacks is missing."""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError
from coursewright.tables.sources import encodings
from coursewright.tables.sources.opened import File, Lazy, literal
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_ALL_ROWS = -1
_LONG = 50_000_000  # characters that are parsed again for the line of a fault
_ROWS = 'rows in JSON are objects: [{"name": "Ann", "points": 25}, …]'


def attach(connection: duckdb.DuckDBPyConnection, name: str, file: File, *, lines: bool, limit: int) -> Lazy:
    """Make the view `name` of a JSON file; with `lines`, each line is a row.

    Columns and types are those of the first 20,480 rows, or of all when a later one does not fit; a column of several
    types is text. Raises CoursewrightError for a file that is not JSON, or holds something else than rows.
    """
    file = encodings.as_utf8(file, limit=limit, mark=False)
    if re.fullmatch(rb"\s*(\[\s*(\{\s*\}[\s,]*)*\]|\{\s*\})\s*", file.start(1000)):
        raise CoursewrightError(f"{file.name} holds no rows, so its columns are not known", file.place, _ROWS)
    return _view(connection, name, file, lines=lines)


def _view(
    connection: duckdb.DuckDBPyConnection, name: str, file: File, *, lines: bool, rows: int | None = None
) -> Lazy:
    import duckdb

    said = ["records = true"] + ["format = 'newline_delimited'"] * lines + ["compression = 'gzip'"] * file.packed
    options = ", ".join([*said, *([] if rows is None else [f"sample_size = {rows}"])])
    read = f"FROM read_json({literal(file.path)}, {options})"
    try:
        kinds = {column: kind for column, kind, *_ in connection.execute(f"DESCRIBE {read}").fetchall()}
        _refuse_one(connection, file, read, kinds)
        # A column of several types is JSON to DuckDB; here its texts are texts, without quotation marks.
        texts = [f"""{quote(column)} ->> '$' AS {quote(column)}""" for column, kind in kinds.items() if kind == "JSON"]
        replaced = f" REPLACE ({', '.join(texts)})" if texts else ""
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT *{replaced} {read}")
    except duckdb.Error as error:
        raise _wrong(file, str(error), lines=lines) from None

    def mend(said: str) -> Lazy | None:
        if rows is None and "sample_size" in said:
            return _view(connection, name, file, lines=lines, rows=_ALL_ROWS)
        raise _wrong(file, said, lines=lines)

    return Lazy(file, mend)


def _refuse_one(connection: duckdb.DuckDBPyConnection, file: File, read: str, kinds: dict[str, str]) -> None:
    """Raise CoursewrightError for an object around the rows: {"count": 2, "results": [{…}, {…}]}."""
    lists = [column for column, kind in kinds.items() if kind.startswith("STRUCT") and kind.endswith("[]")]
    if lists and file.start(1) == b"{":
        ((several,),) = connection.execute(f"SELECT count(*) > 1 FROM (SELECT 1 {read} LIMIT 2)").fetchall()
        if not several:
            hint = f'its rows are perhaps in "{lists[0]}": save that list as a file of its own'
            raise CoursewrightError(f"{file.name} is one object, not a list of rows", file.place, hint)


def _wrong(file: File, said: str, *, lines: bool) -> CoursewrightError:
    if "expected records" in said or "non-record" in said:
        return CoursewrightError(f"{file.name} is not a list of rows", file.place, _ROWS)
    try:
        found = _fault(file, lines=lines) if "Malformed JSON" in said else None
    except (EOFError, zlib.error, OSError) as error:
        return file.broken(error)
    if found:
        line, reason = found
        message = f"line {line:,} of {file.name} is no JSON: {reason}"
        return CoursewrightError(message, file.place, "check that the file is whole")
    return file.unreadable(
        "JSON", re.sub(r'^.*?Error: (Malformed JSON|JSON transform error) in file "[^"]*", ', "", said)
    )


def _fault(file: File, *, lines: bool) -> tuple[int, str] | None:
    """The first line that Python's parser minds, and what it says: DuckDB counts its lines in several ways."""
    with encodings.lines(file) as stream:
        if lines:
            for number, line in enumerate(stream, 1):
                try:
                    json.loads(line if line.strip() else "0")
                except (ValueError, RecursionError) as error:
                    return number, _said(error)
            return None
        text = stream.read(_LONG)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text.lstrip()[:1] == "{":  # objects one after another
            return _fault(file, lines=True)
        return (error.lineno, _said(error)) if len(text) < _LONG else None
    except (ValueError, RecursionError):
        return None
    return None


def _said(error: Exception) -> str:
    return error.msg.lower() if isinstance(error, json.JSONDecodeError) else str(error)
