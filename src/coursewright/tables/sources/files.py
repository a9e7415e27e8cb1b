"""Rows from files: the name says the format, DuckDB reads in columns what it can read, lazily, and others the rest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.git import POINTER
from coursewright.tables.source import Source
from coursewright.tables.sources import archives, delimited, json_rows, native, parquet, spreadsheets, sqlite
from coursewright.tables.sources.opened import Lazy, SourceFile, UnreadableFile

__all__ = ["FORMATS", "LIMIT", "Lazy", "SourceFile", "UnreadableFile", "attach", "mend"]

if TYPE_CHECKING:
    import duckdb

_SPREADSHEETS = frozenset({"xlsx", "xlsm", "xls", "xlsb", "ods"})
_DELIMITED = frozenset({"csv", "tsv"})
_JSON = frozenset({"json", "jsonl", "ndjson"})
_ARROW = frozenset({"feather", "arrow"})
_SQLITE = frozenset({"sqlite", "sqlite3", "db"})
_NOTHING = Source()
LIMIT = 2_000_000_000  # bytes that one file may unpack to

# The options that only some formats take, and what these are called.
_TAKES = {
    "sheet": (_SPREADSHEETS, "a spreadsheet"),
    "table": (_SQLITE, "an SQLite file"),
    "header": (_SPREADSHEETS | _DELIMITED, "CSV or a spreadsheet"),
    "skip": (_SPREADSHEETS | _DELIMITED, "CSV or a spreadsheet"),
    "encoding": (_DELIMITED | _JSON, "CSV or JSON"),
    "delimiter": (_DELIMITED, "CSV"),
}


def attach(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    path: Path,
    source: Source,
    place: Place | None,
    *,
    kept: Path,
    limit: int = LIMIT,
) -> Lazy | None:
    """Make the file at `path` readable in `connection` as the view `name` (an SQL identifier, quoted by the caller).

    `source` says what the name of the file does not. What has to be unpacked or decoded is written to the folder
    `kept`, at most `limit` bytes of it. Parquet, CSV, JSON and Feather are read only when a query asks for their rows;
    what can be found wrong then is for `mend` to tell, with the value that this gives. Raises CoursewrightError for a
    file of an unknown format, one that is not what it says, an option that its format does not take.
    """
    import duckdb

    file = archives.unpack(path, source, place, kept=kept, limit=limit)
    form = _format(file, source, place)
    file = archives.gunzip(file, limit=limit)
    _refuse_others(file, form)
    options = source.options
    if form in _DELIMITED:
        return delimited.attach(connection, name, file, options, tab=form == "tsv", header=source.header, limit=limit)
    if form in _JSON:
        return json_rows.attach(connection, name, file, options, lines=form != "json", limit=limit)
    if form == "parquet":
        return parquet.attach(connection, name, file, options)
    rows = _READERS[form](file, form, source, limit)
    inner = "_file_" + hashlib.sha256(name.encode()).hexdigest()[:16]  # register() takes only plain names
    try:
        connection.register(inner, rows)
    except duckdb.Error as error:
        raise file.unreadable(shown(form), str(error)) from None
    return native.attach(connection, name, file, inner, options, form=shown(form))


def mend(lazy: MutableMapping[str, Lazy], error: Exception) -> bool:
    """Whether the statement that failed with `error` is worth running again, now that a file is read with more care.

    `lazy` holds what `attach` gave. Raises CoursewrightError when the error is a fault in one of these files.
    """
    said = str(error)
    named = [name for name, one in lazy.items() if str(one.file.path) in said]
    if not named:
        return False
    name = max(named, key=lambda name: len(str(lazy[name].file.path)))  # t.csv stands in t.csv.gz too
    again = lazy[name].mend(said)
    if again:
        lazy[name] = again
    return again is not None


def _format(file: SourceFile, source: Source, place: Place | None) -> str:
    """The format of the file, which has a reader and takes the options that `source` gives."""
    form = source.format.lower().lstrip(".") or file.ending
    if form not in FORMATS:
        if not form:
            hint = f'say it, for instance: format = "csv". {did_you_mean("", FORMATS)}'
            raise CoursewrightError(f'the name "{file.name}" does not say what the file is', place, hint)
        named = f'"{source.format}"' if source.format else f'".{form}"'
        dump = "make tables of a dump first: coursewright table load-dump FILE; of one of SQLite: sqlite3 new.db < FILE"
        hint = dump if form == "sql" else did_you_mean(form, FORMATS)
        raise CoursewrightError(f"no reader for {named} files", place, hint)
    if source.header is not None and source.header < 0:
        raise CoursewrightError(f"header is how many rows are headings, not {source.header}", place, "0 is for none")
    for option, (forms, called) in _TAKES.items():
        if getattr(source, option) != getattr(_NOTHING, option) and form not in forms:
            hint = f'"{option}" belongs to {called}'
            raise CoursewrightError(f'a table from a {shown(form)} file takes no "{option}"', place, hint)
    return form


# What files of other kinds begin with, and what they are.
_BEGINNINGS: Mapping[bytes, tuple[str, Iterable[str]]] = {
    b"PK\x03\x04": ("a zip archive or a spreadsheet", {"xlsx", "xlsm", "xlsb", "ods"}),
    b"PAR1": ("a Parquet file", {"parquet"}),
    b"SQLite format 3\0": ("an SQLite file", _SQLITE),
    b"ARROW1": ("a Feather file", _ARROW),
    b"\xd0\xcf\x11\xe0": ("an old or a protected Office file", _SPREADSHEETS),
    b"%PDF": ("a PDF", ()),
    b"\x1f\x8b": ("packed by gzip", ()),
}


def _refuse_others(file: SourceFile, form: str) -> None:
    """Raise CoursewrightError for a file that is plainly something else, such as a page saved by mistake."""
    start = file.start(1024)
    if not start:
        raise UnreadableFile(f"{file.name} is empty", file.place, "fetch or export it again")
    if start.startswith(POINTER):
        raise UnreadableFile(f"{file.name} is not here: Git LFS keeps it", file.place, "fetch it: git lfs pull")
    page = re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", start, re.IGNORECASE)
    if page:
        title = re.search(rb"<title[^>]*>\s*([^<]*?)\s*</title", start, re.IGNORECASE)
        called = f' called "{title[1].decode("utf-8", "replace")}"' if title and title[1] else ""
        hint = "it may be a login or an error page that was saved instead of the data"
        raise UnreadableFile(f"{file.name} is a web page{called}, not {shown(form)}", file.place, hint)
    if form in _DELIMITED and re.match(rb"""(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"[^"]*"\s*:""", start):
        raise UnreadableFile(f"{file.name} is JSON, not {shown(form)}", file.place, 'say what it is: format = "json"')
    for beginning, (what, forms) in _BEGINNINGS.items():
        if start.startswith(beginning) and form not in forms:
            hint = 'say what it is, for instance: format = "xlsx"' if forms else "export the rows as CSV"
            raise UnreadableFile(f"{file.name} is {what}, not {shown(form)}", file.place, hint)


def shown(form: str) -> str:
    """The format as people write it."""
    names = {"parquet": "Parquet", "feather": "Feather", "arrow": "Feather"} | dict.fromkeys(_SQLITE, "SQLite")
    return names.get(form, form.upper())


def _spreadsheet(file: SourceFile, form: str, source: Source, limit: int) -> Any:
    own = source.options
    return spreadsheets.read(
        file,
        form=form,
        sheet=source.sheet,
        header=source.header,
        limit=limit,
        missing=own.missing or (),
        skip=own.skip,
    )


def _sqlite(file: SourceFile, _form: str, source: Source, _limit: int) -> Any:
    return sqlite.read(file, table=source.table)


def _feather(file: SourceFile, _form: str, _source: Source, _limit: int) -> Any:
    import pyarrow as pa
    import pyarrow.dataset

    try:
        # What Arrow reads it believes: a wrong length in a broken file would end the process, not the statement.
        with pa.memory_map(str(file.path)) as memory, pa.ipc.open_file(memory) as batches:
            for number in range(batches.num_record_batches):
                batches.get_batch(number).validate(full=True)
        return pyarrow.dataset.dataset(file.path, format="feather")
    except (pa.ArrowException, OSError) as error:
        raise file.unreadable("Feather", str(error)) from None


_READERS: dict[str, Callable[[SourceFile, str, Source, int], Any]] = {
    **dict.fromkeys(_SPREADSHEETS, _spreadsheet),
    **dict.fromkeys(_SQLITE, _sqlite),
    **dict.fromkeys(_ARROW, _feather),
}
"""What reads a format that DuckDB does not: given the file, the format, the source and the bytes that it may unpack to,
it gives the rows as something of Arrow that DuckDB reads."""
FORMATS = tuple(sorted({*_DELIMITED, *_JSON, "parquet", *_READERS}))
