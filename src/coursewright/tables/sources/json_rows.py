"""Rows from JSON: a list of objects, or objects one after another; what an object lacks is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError
from coursewright.tables.sources.opened import File, Lazy, literal

if TYPE_CHECKING:
    import duckdb

_ALL_ROWS = -1
_ROWS = 'rows in JSON are objects: [{"name": "Ann", "points": 25}, …]'


def attach(
    connection: duckdb.DuckDBPyConnection, name: str, file: File, *, lines: bool, rows: int | None = None
) -> Lazy:
    """Make the view `name` of a JSON file; with `lines`, each line is a row.

    Columns and types are those of the first `rows` rows (20,480), or of all when a later one does not fit. Raises
    CoursewrightError for a file that is not JSON, or holds something else than rows.
    """
    import duckdb

    said = ["records = true"] + ["format = 'newline_delimited'"] * lines + ["compression = 'gzip'"] * file.packed
    options = ", ".join([*said, *([] if rows is None else [f"sample_size = {rows}"])])
    read = f"FROM read_json({literal(file.path)}, {options})"
    try:
        kinds = {column: kind for column, kind, *_ in connection.execute(f"DESCRIBE {read}").fetchall()}
        _refuse_one(connection, file, read, kinds)
        # A column of several types is JSON to DuckDB; here its texts are texts, without quotation marks.
        texts = [
            f"""{_quoted(column)} ->> '$' AS {_quoted(column)}""" for column, kind in kinds.items() if kind == "JSON"
        ]
        replaced = f" REPLACE ({', '.join(texts)})" if texts else ""
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT *{replaced} {read}")
    except duckdb.Error as error:
        raise _wrong(file, str(error)) from None

    def mend(said: str) -> Lazy | None:
        if rows is None and "sample_size" in said:
            return attach(connection, name, file, lines=lines, rows=_ALL_ROWS)
        raise _wrong(file, said)

    return Lazy(file, mend)


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _refuse_one(connection: duckdb.DuckDBPyConnection, file: File, read: str, kinds: dict[str, str]) -> None:
    """Raise CoursewrightError for an object around the rows: {"count": 2, "results": [{…}, {…}]}."""
    lists = [column for column, kind in kinds.items() if kind.startswith("STRUCT") and kind.endswith("[]")]
    if kinds == {"json": "JSON"} or not kinds:
        raise CoursewrightError(f"{file.name} holds no rows, so its columns are not known", file.place, _ROWS)
    if lists and file.start(1) == b"{":
        ((several,),) = connection.execute(f"SELECT count(*) > 1 FROM (SELECT 1 {read} LIMIT 2)").fetchall()
        if not several:
            hint = f'its rows are perhaps in "{lists[0]}": save that list as a file of its own'
            raise CoursewrightError(f"{file.name} is one object, not a list of rows", file.place, hint)


def _wrong(file: File, said: str) -> CoursewrightError:
    if "expected records" in said or "non-record" in said:
        return CoursewrightError(f"{file.name} is not a list of rows", file.place, _ROWS)
    return file.unreadable(
        "JSON", re.sub(r'^.*?Error: (Malformed JSON|JSON transform error) in file "[^"]*", ', "", said)
    )
