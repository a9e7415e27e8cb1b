"""`coursewright table`."""

from __future__ import annotations

import codecs
import io
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal
from urllib.parse import urlsplit

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from coursewright.cli.options import Count, Refresh, Set, Untrusted, changing, overrides, trusted
from coursewright.cli.output import harmless, say
from coursewright.cli.reading import ReadingOptions
from coursewright.courses import open_course
from coursewright.errors import CoursewrightError, Place, UsageError, did_you_mean
from coursewright.outputs import whole
from coursewright.tables import Database, EmbeddedDatabase, Sql, Table, quote
from coursewright.tables.fetching import CopyStore, single
from coursewright.tables.sources import Source, web
from coursewright.tables.statements import DUCKDB
from coursewright.trust import Trust

if TYPE_CHECKING:
    import pyarrow as pa
    from typing_extensions import Buffer

Format = Literal["text", "csv", "json", "jsonl", "gfm", "parquet"]

_ENDINGS = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "gfm",
    ".parquet": "parquet",
}
_PAGES = ("", ".html", ".htm", ".xhtml", ".php", ".asp", ".aspx", ".jsp")  # how the address of a page ends


def table(
    name: str,
    *,
    course: Path = Path(),
    set_: Set = (),
    format: Format | None = None,  # noqa: A002 - the option is called --format
    output: Path | None = None,
    rows: Count = None,
    refresh: Refresh = False,
    untrusted: Untrusted = False,
    match: str = "",
    number: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    sheet: str = "",
    query: str = "",
    reading: Annotated[ReadingOptions, Parameter(name="*")] = ReadingOptions(),  # noqa: B008 - it is frozen
) -> None:
    """Show a table of the course, or any file, web address or database that holds one.

    Parameters
    ----------
    name
        A table's name, a path, an address or a database's URL.
    course
        The course's folder; by default the nearest one here or above.
    format
        text (the default) shows what each column holds and the first rows; the others are all rows.
    output
        Write the rows into this file; its ending says the format.
    rows
        How many rows: 10 for text, all for the others.
    match
        Of a page: the table with this text in its caption, id or headings.
    number
        Of a page: the table with this number, counted from 1.
    sheet
        Of a spreadsheet: the sheet with this name.
    query
        Of a database: the SQL to run there.
    """
    given = {"match": match, "table": number or "", "sheet": sheet, "query": query}
    form = _form(format, output)
    options = {key: value for key, value in given.items() if value} | reading.given()
    changed = [*changing(course), *([output.parent] if output else [])]
    file = Path(name) if "://" not in name and Path(name).is_file() else None
    trust = trusted(untrusted=untrusted, course=course, changed=changed, read=[file] if file else [])
    if file and trust.stranger:
        database, known = _strange_file(file.resolve(), options, trust), "table"
    else:
        database, known = _database(name, course, set_, options, trust, refresh=refresh)
    if form == "text":
        from coursewright.cli.preview import preview

        preview(database, known, rows=10 if rows is None else rows)
        _say_notes(database, known)
        return
    select = Sql(f"SELECT * FROM {quote(known)}" + (f" LIMIT {rows}" if rows is not None else ""), name, dialect=DUCKDB)
    if output:
        with whole(output, database.files(select)) as to:
            count = _export(database, select, form, to)
        say(f"{count:,} row{'s' if count != 1 else ''} in {output}")
    else:
        to = _standard_output()
        _export(database, select, form, to)
        to.flush()
    _say_notes(database, known)


def _say_notes(database: Database, name: str) -> None:
    """What was assumed of the values, on standard error."""
    for note in database.notes(name):
        say(f"note: {note}")


def _form(given: Format | None, output: Path | None) -> str:
    """The format that is asked for: by its name, by the ending of the file, or text."""
    if output is None:
        if given == "parquet" and sys.stdout.isatty():
            raise UsageError("Parquet is not for the terminal", None, "name a file: --output table.parquet")
        return given or "text"
    if given == "text":
        raise UsageError("the text form is for the terminal", None, "choose another --format, or leave out --output")
    form = given or _ENDINGS.get(output.suffix.lower())
    if form is None:
        hint = f"give the file one of the endings {', '.join(_ENDINGS)}, or say the --format"
        raise UsageError(f'the ending of "{output}" says no format', None, hint)
    return form


def _database(
    name: str, folder: Path, set_: tuple[str, ...], options: dict[str, object], trust: Trust, *, refresh: bool
) -> tuple[Database, str]:
    """The database to look in and the table's name there: `name` itself, unless it is an address."""
    path = Path(name)
    if "://" in name or path.is_file():
        if "://" in name and not web.is_address(name) and "query" not in options:
            raise UsageError("rows of a database need a query", None, '--query "SELECT * FROM stock", for instance')
        kept = single(refresh=refresh, report=say)
        return EmbeddedDatabase(Path(), [Table("table", _source(name, options))], kept=kept, trust=trust), "table"
    try:
        opened = open_course(folder, overrides(set_), refresh=refresh, report=say, trust=trust)
    except UsageError:
        if path.suffix:
            raise UsageError(f'no file "{name}"') from None
        raise
    database = opened.database()
    opened.check_values(database)
    if name not in database.tables:
        raise UsageError(f'no table called "{name}"', None, did_you_mean(name, database.tables))
    for option in options:
        message = f'"{name}" is a table of the course: it takes no --{_OPTIONS.get(option, option)}'
        raise UsageError(message, None, "say it in course.toml, or name a file or an address")
    return database, name


_OPTIONS = {"table": "number"}


def _strange_file(file: Path, options: dict[str, object], trust: Trust) -> Database:
    """A database with the rows of a stranger's file; what is unpacked of it stays in a folder that goes afterwards."""
    kept = CopyStore(Path(tempfile.gettempdir()), report=say, within="kept")
    return EmbeddedDatabase(file.parent, [Table("table", _source(file.name, options))], kept=kept, trust=trust)


def _source(name: str, options: dict[str, object]) -> Source:
    """Where the rows at an address come from: a database's URL, a page of the web, or a file there or here."""
    if "://" in name and not web.is_address(name):
        kind = "database"
    else:
        path = urlsplit(name).path if web.is_address(name) else name
        suffix = PurePosixPath(path).suffix.lower()
        page = suffix in _PAGES and (suffix or web.is_address(name))
        kind = "html" if page else "file"
    source = msgspec.convert({kind: name, **options}, Source)
    try:
        source.check(Place(name))
    except CoursewrightError as error:
        raise UsageError(error.problem.message, None, error.problem.hint) from None
    return source


def _export(database: Database, select: Sql, form: str, to: BinaryIO) -> int:
    from coursewright.tables.showing import write

    batches = database.batches(select)
    return _write_gfm(batches, to) if form == "gfm" else write(batches, to, form)


def _write_gfm(batches: pa.RecordBatchReader, to: BinaryIO) -> int:
    import pyarrow as pa

    from coursewright.pages.blocks import Grid, write_grid
    from coursewright.pages.directives import grid
    from coursewright.tables.showing import holdable

    tables = (holdable(pa.Table.from_batches([batch])) for batch in batches)
    first = grid(next(tables, pa.Table.from_batches([], batches.schema)))
    to.write(f"{write_grid(first)}\n".encode())
    count = len(first.rows)
    for rows in map(grid, tables):
        count += len(rows.rows)
        text = write_grid(Grid(rows.columns, rows.rows, first.numeric)).split("\n", 2)[2]
        to.write(f"{text}\n".encode())
    return count


class _Terminal(io.BytesIO):
    """Standard output for text that people look at: a terminal is not given what it would obey."""

    def __init__(self) -> None:
        super().__init__()
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def write(self, data: Buffer) -> int:
        sys.stdout.write(harmless(self._decode(bytes(data))))
        return len(bytes(data))


def _standard_output() -> BinaryIO:
    """Standard output: a program behind a pipe is given the data as they are."""
    sys.stdout.flush()
    binary: BinaryIO | None = getattr(sys.stdout, "buffer", None)
    return _Terminal() if binary is None or sys.stdout.isatty() else binary
