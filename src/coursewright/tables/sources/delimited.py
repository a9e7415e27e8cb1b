"""CSV: its encoding and delimiter are found here, its types by DuckDB, and what is wrong in it by the line."""

from __future__ import annotations

import csv
import io
import itertools
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError
from coursewright.tables.sources import archives, encodings
from coursewright.tables.sources.opened import File, Lazy, literal, text
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_SAMPLE = 1 << 18  # bytes that the delimiter is found in
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# What may be a decimal comma; where it is not usual, three digits after it are thousands, which stay text.
_DECIMALS = dict.fromkeys("\t|", re.compile(r"\d,(\d{1,2}|\d{4,})(?!\d)")) | {
    ";": re.compile(r"\d,\d"),
    ",": re.compile(r"(?!)"),
}
_ALL_ROWS = -1
_LONGEST = 1 << 24  # characters of a value


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a file is written; of headings in several rows the `names`, what to `skip`, if there are `rows` below."""

    delimiter: str
    escape: str
    width: int
    decimal: str = "."
    header: bool | None = None
    names: tuple[str, ...] = ()
    skip: int = 0
    rows: bool = True

    def options(self) -> dict[str, str]:
        """The same for DuckDB: what is not said here is not allowed, such as lines to skip and comments."""
        said = {
            "delim": text(self.delimiter),
            "quote": "'\"'",
            "escape": text(self.escape),
            "decimal_separator": text(self.decimal),
            "comment": "''",
            "skip": str(self.skip),
            "strict_mode": "true",
            "null_padding": "false",
        }
        if self.header is not None:
            said["header"] = str(self.header).lower()
        if self.names:
            said["names"] = f"[{', '.join(map(text, self.names))}]"
        return said


def attach(
    connection: duckdb.DuckDBPyConnection, name: str, file: File, *, tab: bool, header: int | None, limit: int
) -> Lazy | None:
    """Make the view `name` of a CSV file; with `tab` its delimiter is known, `header` is how many rows are headings.

    Types are those of the first 20,480 rows; when a later value does not fit, all rows are looked at. Raises
    CoursewrightError for a file that is no text, or whose rows differ in length there.
    """
    file = encodings.as_utf8(file, limit=limit)
    sample = encodings.start(file, _SAMPLE)
    if not sample.strip():
        raise CoursewrightError(f"{file.name} is empty", file.place, "fetch or export it again")
    dialect = _dialect(file, sample, "\t" if tab else "", header)
    if dialect.names and not dialect.rows:
        columns = ", ".join(f"NULL::VARCHAR AS {quote(column)}" for column in dialect.names)
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {columns} WHERE false")
        return None
    if _DECIMALS[dialect.delimiter].search(sample):
        dialect = _with_decimals(connection, file, dialect)
    return _View(connection, name, file, dialect).open()


@dataclass(frozen=True, slots=True)
class _View:
    """A view of a CSV file: by the types of the first `rows` rows, `rewritten` by Python where DuckDB is too strict."""

    connection: duckdb.DuckDBPyConnection
    name: str
    file: File
    dialect: _Dialect
    rows: int | None = None
    rewritten: bool = False

    def open(self) -> Lazy:
        """Make the view; types are found once, not again by each query."""
        import duckdb

        sample = {} if self.rows is None else {"sample_size": str(self.rows)}
        try:
            found = _sniffed(self.connection, self.file, self.dialect, sample)
            options = _listed(self.file, replace(self.dialect, names=()), found.options())
            read = f"SELECT * FROM read_csv({literal(self.file.path)}, {options})"
            self.connection.execute(f"CREATE OR REPLACE VIEW {self.name} AS {read}")
        except duckdb.Error as error:
            return self.mended(str(error))
        if len(found.columns) != self.dialect.width:
            return self.mended("its rows differ in length")
        return Lazy(self.file, self.mended)

    def mended(self, said: str) -> Lazy:
        """The view after DuckDB failed and `said` why: by the types of all rows, or of the file written anew.

        Raises CoursewrightError when the file itself is at fault.
        """
        if self.rows is None and said.startswith("Conversion Error"):
            return replace(self, rows=_ALL_ROWS).open()
        wrong = _wrong(self.file, self.dialect, said)
        if wrong or self.rewritten:
            raise wrong or self.file.unreadable("CSV", said)
        # Line ends of two kinds, or a quotation mark that only one of the two readers minds.
        pieces, made = _rewritten(self.file, self.dialect), archives.version(self.file.path)
        copy = archives.keep(pieces, self.file.kept, (str(self.file.path), "rewritten"), made, ".csv")
        dialect = replace(self.dialect, delimiter=",", escape='"')
        return replace(self, file=replace(self.file, path=copy, packed=False), dialect=dialect, rewritten=True).open()


@dataclass(frozen=True, slots=True)
class _Sniffed:
    """What DuckDB found: whether the first row is headings, the columns and their types, the forms of dates."""

    header: bool
    columns: dict[str, str]
    dates: str | None
    times: str | None

    def options(self) -> dict[str, str]:
        columns = ", ".join(f"{text(name)}: {text(kind)}" for name, kind in self.columns.items())
        said = {"auto_detect": "false", "header": str(self.header).lower(), "columns": f"{{{columns}}}"}
        forms = {"dateformat": self.dates, "timestampformat": self.times}
        return said | {option: text(form) for option, form in forms.items() if form}


def _sniffed(connection: duckdb.DuckDBPyConnection, file: File, dialect: _Dialect, more: dict[str, str]) -> _Sniffed:
    sniff = f"SELECT HasHeader, Columns, DateFormat, TimestampFormat FROM sniff_csv({literal(file.path)}, "
    ((header, columns, dates, times),) = connection.execute(sniff + _listed(file, dialect, more) + ")").fetchall()
    return _Sniffed(header, {column["name"]: column["type"] for column in columns}, dates, times)


def _listed(file: File, dialect: _Dialect, more: dict[str, str]) -> str:
    packed = {"compression": "'gzip'"} if file.packed else {}
    return ", ".join(f"{option} = {value}" for option, value in (dialect.options() | packed | more).items())


def _dialect(file: File, sample: str, delimiter: str, header: int | None) -> _Dialect:
    """How the sample is written; `delimiter` when it is known, `header` rows of headings when that is."""
    escape = "\\" if _BACKSLASHED.search(sample) and '""' not in sample.replace('\\""', "") else '"'
    delimiter = delimiter or _delimiter(sample, escape)
    several = header if header and header > 1 else 1
    above: list[list[str]] = []
    skip, more = 0, False
    for _, row in _rows(io.StringIO(sample, newline=""), delimiter, escape):
        more = len(above) == several and bool(row)
        if more:
            break
        skip += 1
        above += [row] * bool(row)
    if several == 1:
        return _Dialect(
            delimiter, escape, len(above[0]) if above else 1, header=None if header is None else header == 1
        )
    if len(above) < several:
        raise CoursewrightError(f"{file.name} has fewer rows than the {several} that are headings", file.place)
    names = joined(above)
    return _Dialect(delimiter, escape, len(names), header=False, names=names, skip=skip, rows=more)


# A backslash before a quotation mark that does not end its value.
_BACKSLASHED = re.compile(r'\\"(?![,;\t|\r\n])')


def _delimiter(sample: str, escape: str) -> str:
    """The delimiter that most of the first rows have equally often, the first of them too if possible."""
    best, most = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        rows = _rows(io.StringIO(sample, newline=""), delimiter, escape)
        widths = [len(row) for _, row in itertools.islice(rows, 1000) if row]
        width, often = Counter(widths).most_common(1)[0] if widths else (1, 0)
        fits = often / len(widths) + (widths[0] > 1) if width > 1 or widths[:1] > [1] else 0.0
        if (fits, width) > most:
            best, most = delimiter, (fits, width)
    return best


def _rows(
    lines: Iterable[str], delimiter: str, escape: str, *, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """The rows, a blank line being an empty one, each with the line where it begins, counted from 1."""
    double = escape == '"'
    csv.field_size_limit(_LONGEST)  # the module's own limit is what a long text has
    reader = csv.reader(
        lines, delimiter=delimiter, doublequote=double, escapechar=None if double else escape, strict=strict
    )
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error:
        if strict:
            raise _Unclosed(line) from None


class _Unclosed(Exception):
    """A row that begins in this line has a quotation mark too many or too few."""


def joined(headings: list[list[str]]) -> tuple[str, ...]:
    """One name for each column from several rows of headings: "sales 2018"; no two are alike in any letters."""
    width = max(map(len, headings))
    filled = [[*row, *[""] * (width - len(row))] for row in headings]
    for row in filled[:-1]:  # a heading over several columns stands in the first of them
        for column in range(1, width):
            row[column] = row[column].strip() or row[column - 1]
    names: list[str] = []
    taken: set[str] = set()
    for column, parts in enumerate(zip(*filled, strict=True)):
        own = " ".join(dict.fromkeys(part.strip() for part in parts if part.strip())) or f"column{column}"
        fresh = (f"{own}_{n}" if n else own for n in itertools.count())
        names.append(next(one for one in fresh if one.lower() not in taken))
        taken.add(names[-1].lower())
    return tuple(names)


def _with_decimals(connection: duckdb.DuckDBPyConnection, file: File, dialect: _Dialect) -> _Dialect:
    """The dialect with a decimal comma, if more columns are numbers then."""
    import duckdb

    def numbers(one: _Dialect) -> int:
        return sum(kind in ("DOUBLE", "BIGINT") for kind in _sniffed(connection, file, one, {}).columns.values())

    comma = replace(dialect, decimal=",")
    try:
        return comma if numbers(comma) > numbers(dialect) else dialect
    except duckdb.Error:
        return dialect  # what is wrong is told when the view is made


def _wrong(file: File, dialect: _Dialect, said: str) -> CoursewrightError | None:
    """What is wrong in the file, by its line: the first row that is too long or too short, or is never closed."""
    if "not utf-8" in said or "Invalid unicode" in said:
        return encodings.wrong(file)
    try:
        with encodings.lines(file) as stream:
            rows = _rows(stream, dialect.delimiter, dialect.escape, strict=True)
            for line, row in itertools.islice(rows, dialect.skip, None):
                if row and len(row) != dialect.width and row[dialect.width :] != [""]:
                    return _ragged(file, dialect, line, len(row))
    except _Unclosed as error:
        message = f"line {error.args[0]:,} of {file.name} has a quotation mark that is not closed"
        hint = 'close it, or write "" for a quotation mark inside a value'
        return CoursewrightError(message, file.place, hint)
    except (EOFError, zlib.error, OSError) as error:
        return file.broken(error)
    return None


def _ragged(file: File, dialect: _Dialect, line: int, found: int) -> CoursewrightError:
    values = f"{found:,} value{'s' if found != 1 else ''}"
    message = f"line {line:,} of {file.name} has {values}, where the first row has {dialect.width:,}"
    hint = f"put a value that holds a {_DELIMITERS[dialect.delimiter]} in quotation marks, or correct the line"
    if dialect.width == 1:
        hint = "the first row should be the headings: remove what stands above them"
    return CoursewrightError(message, file.place, hint)


def _rewritten(file: File, dialect: _Dialect) -> Iterator[bytes]:
    """The same rows as the csv module writes them."""
    with encodings.lines(file) as stream:
        for _, row in _rows(stream, dialect.delimiter, dialect.escape, strict=True):
            line = io.StringIO()
            csv.writer(line, lineterminator="\n").writerow(row)
            yield line.getvalue().encode()
