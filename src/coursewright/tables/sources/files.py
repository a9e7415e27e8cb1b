"""Rows from files: the ending of the name says the format, DuckDB infers the types and reads in columns."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError, Place, did_you_mean

if TYPE_CHECKING:
    import duckdb

_READERS = {
    ".parquet": "read_parquet(?)",
    ".csv": "read_csv(?)",
    ".tsv": r"read_csv(?, delim = '\t')",
    ".json": "read_json(?)",
    ".jsonl": "read_json(?, format = 'newline_delimited')",
    ".ndjson": "read_json(?, format = 'newline_delimited')",
}
FORMATS = (*_READERS, ".feather", ".arrow")


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: Path, place: Place | None) -> None:
    """Make the file at `path` readable in `connection` as the view `name` (an SQL identifier, quoted by the caller).

    No row is read before a query asks for it. Raises CoursewrightError for a file of an unknown format, or one that is
    not what its ending says.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise CoursewrightError(f'no reader for "{suffix or path.name}" files', place, did_you_mean(suffix, FORMATS))
    if suffix in (".feather", ".arrow"):
        _attach_feather(connection, name, path, place)
        return
    import duckdb

    # A view takes no parameters, so the path goes in as a literal; open() has shown by now that it is a real file.
    # Nor is it a pattern of several: a sign of patterns in brackets is only itself.
    literal = "'" + re.sub(r"[*?\[]", lambda sign: f"[{sign[0]}]", str(path)).replace("'", "''") + "'"
    try:
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {_READERS[suffix].replace('?', literal)}")
    except duckdb.Error as error:
        raise _unreadable(path, str(error), place) from None


def _attach_feather(connection: duckdb.DuckDBPyConnection, name: str, path: Path, place: Place | None) -> None:
    import pyarrow as pa
    import pyarrow.dataset

    try:
        rows = pyarrow.dataset.dataset(path, format="feather")
        inner = "_file_" + hashlib.sha256(str(path).encode()).hexdigest()[:16]  # register() takes only plain names
        connection.register(inner, rows)
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {inner}")
    except pa.ArrowInvalid as error:
        raise _unreadable(path, str(error), place) from None


def _unreadable(path: Path, said: str, place: Place | None) -> CoursewrightError:
    reason = said.split("\n", maxsplit=1)[0].partition("Error: ")[2] or said.split("\n", maxsplit=1)[0]
    kind = path.suffix.lstrip(".").upper() if path.suffix != ".parquet" else "Parquet"
    reason = reason.replace(str(path), path.name).strip()
    return CoursewrightError(f"{path.name} cannot be read as {kind}: {reason}", place, "check that the file is whole")
