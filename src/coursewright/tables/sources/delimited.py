"""CSV: DuckDB reads its texts, which are typed by rules of our own; what is wrong in it is said by the line."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError
from coursewright.tables.sources import archives, encodings
from coursewright.tables.sources.believed import believed
from coursewright.tables.sources.dialect import DELIMITERS, CsvDialect, UnclosedQuote, find, joined, rows, title
from coursewright.tables.sources.headings import has_headings
from coursewright.tables.sources.opened import Lazy, SourceFile, literal, text
from coursewright.tables.sources.options import ReadOptions
from coursewright.tables.sources.typed import Texts, TypedView
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_SAMPLE = 1 << 18  # bytes that the delimiter is found in
_FEW_ROWS = "buffer_size = 4194304, parallel = false"  # else each processor begins with 32 MB of a long file
_FEW = 3  # columns
_NO_HEADINGS = "the first row was taken for data, being like those below it: header = 0, or 1 if it is the headings"


def attach(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    file: SourceFile,
    options: ReadOptions,
    *,
    tab: bool,
    header: int | None,
    limit: int,
) -> Lazy | None:
    """Make the view `name` of a CSV file; with `tab` its delimiter is known, `header` is how many rows are headings.

    Raises CoursewrightError for a file that is no text, or whose first rows differ in length.
    """

    def opened(*, believing: bool) -> Lazy | None:
        text = encodings.as_utf8(file, limit=limit, said=options.encoding, believing=believing)
        return _opened(connection, name, text, options, tab=tab, header=header)

    return believed(file, partial(opened, believing=True), partial(opened, believing=False))


def _opened(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    file: SourceFile,
    options: ReadOptions,
    *,
    tab: bool,
    header: int | None,
) -> Lazy | None:
    sample = encodings.start(file, _SAMPLE)
    if not sample.strip():
        raise CoursewrightError(f"{file.name} is empty", file.place, "fetch or export it again")
    dialect = find(file, sample, options, delimiter="\t" if tab else "", headings=max(header or 0, 1))
    found = _Csv(file, dialect, options, sample)
    notes = [*encodings.assumed(file, options.encoding)]
    if header is None:
        header = int(found.has_headings(connection))
        notes += [] if header or not dialect.rows else [_NO_HEADINGS]
    names = joined(dialect.first) if header else found.numbered
    if not header or dialect.rows:
        texts = found.texts(names, dialect.above if header else dialect.blank)
        return TypedView(connection, name, file, texts, options, tuple(notes)).open()
    options.check_columns(names, file.name, file.place)
    columns = ", ".join(f"NULL::VARCHAR AS {quote(one)}" for one in options.columns or names)
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {columns} WHERE false")
    return None


@dataclass(frozen=True, slots=True)
class _Csv:
    """A CSV file, how it is written and its first lines; `rewritten` when Python has written its rows anew."""

    file: SourceFile
    dialect: CsvDialect
    options: ReadOptions
    sample: str
    rewritten: bool = False

    @property
    def numbered(self) -> tuple[str, ...]:
        """What columns are called that have no headings."""
        return tuple(f"column{number}" for number in range(self.dialect.width))

    @property
    def lines_have_quotes(self) -> bool:
        """Whether there is a quotation mark in the lines that stand above everything."""
        return '"' in "".join(self.sample.splitlines(keepends=True)[: self.dialect.lines])

    def texts(self, names: tuple[str, ...], skip: int) -> Texts:
        """The rows below the first `skip`, as texts."""
        missing = ", ".join(map(text, ["", *(self.options.missing or ())]))
        if self.lines_have_quotes:
            return self.anew(skip).texts(names, 0)  # DuckDB skips rows, not lines
        options = {**self.dialect.options(names, skip), "nullstr": f"[{missing}]"}
        said = ", ".join(f"{option} = {value}" for option, value in options.items())
        fractions = self.dialect.delimiter != "," and re.search(r"\d,\d", self.sample)

        def again(reason: str) -> Texts:
            return self.mended(reason, skip).texts(names, 0)

        points = self.dialect.delimiter == ";"  # which stands between values where the comma is a sign in numbers
        file = literal(self.file.path)
        few = f"read_csv({file}, {said}, {_FEW_ROWS})"
        return Texts(names, f"read_csv({file}, {said})", again, comma=bool(fractions), points=points, few=few)

    def has_headings(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Whether the first row is headings. Raises CoursewrightError when it seems to be a title above them."""
        import duckdb

        (first,) = self.dialect.first or ((),)
        below = self.texts(self.numbered, self.dialect.above)
        try:
            found = has_headings(connection, below, first, self.options, any_below=self.dialect.rows)
        except duckdb.Error as error:
            below = below.again(str(error))
            found = has_headings(connection, below, first, self.options, any_below=self.dialect.rows)
        if found:
            self._refuse_title(first)
        return found

    def _refuse_title(self, first: tuple[str, ...]) -> None:
        """Raise CoursewrightError when the first row has one value alone, as a title has, and headings are below it."""
        if self.options.skip or len(first) < _FEW or not first[0].strip() or any(one.strip() for one in first[1:]):
            return
        found = rows(io.StringIO(self.sample, newline=""), self.dialect.delimiter, self.dialect.escape)
        below = ((line, row) for line, row in found if sum(map(bool, row)) > 1)
        line, row = next(below, (0, []))
        if len(row) == len(first) and not any(re.fullmatch(r"\s*-?[0-9.,]+\s*", one) for one in row):
            message = f'line 1 of {self.file.name} has one value alone, "{first[0]}", where line {line} has {len(row)}'
            hint = f"if it is a title: skip = {line - 1}; if it is the headings: header = 1"
            raise CoursewrightError(message, self.file.place, hint)

    def mended(self, said: str, skip: int) -> _Csv:
        """The same rows, written anew: DuckDB failed to read them, and `said` why.

        Raises CoursewrightError when the file itself is at fault.
        """
        wrong = self._wrong(said)
        if wrong or self.rewritten:
            raise wrong or self.file.unreadable("CSV", said)
        return self.anew(skip)  # line ends of two kinds, or a quotation mark that only one of the two readers minds

    def anew(self, skip: int) -> _Csv:
        """The rows below the first `skip`, as Python writes them. Raises NotUtf8."""
        if not encodings.is_utf8(self.file):
            raise encodings.wrong(self.file)
        what, made = (str(self.file.path), "rewritten", str(skip)), archives.version(self.file.path)
        try:
            copy = archives.keep(self._rewritten(skip), self.file.kept, what, made, ".csv")
        except UnclosedQuote as error:
            raise self._unclosed(error) from None
        dialect = replace(self.dialect, delimiter=",", escape='"', lines=0)
        return replace(self, file=replace(self.file, path=copy), dialect=dialect, rewritten=True)

    def _rewritten(self, skip: int) -> Iterator[bytes]:
        for _, row in itertools.islice(self._rows(), skip, None):
            line = io.StringIO()
            csv.writer(line, lineterminator="\n").writerow(row)
            yield line.getvalue().encode()

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """All rows, each with the line where it begins. Raises UnclosedQuote."""
        lines = self.dialect.lines
        with encodings.lines(self.file) as stream:
            for _ in itertools.islice(stream, lines):
                pass
            for line, row in rows(stream, self.dialect.delimiter, self.dialect.escape, strict=True):
                yield line + lines, row

    def _wrong(self, said: str) -> CoursewrightError | None:
        """What is wrong, by its line: the first row that is too long or too short, or is never closed."""
        if "not utf-8" in said or "Invalid unicode" in said:
            return encodings.wrong(self.file)
        several = len(self.dialect.first) > 1  # headings may be shorter than the rows
        width = self.dialect.width
        try:
            for line, row in itertools.islice(self._rows(), self.dialect.above if several else 0, None):
                if row and len(row) != width and row[width:] != [""]:
                    return self._ragged(line, len(row))
        except UnclosedQuote as error:
            return self._unclosed(error)
        return None

    def _unclosed(self, error: UnclosedQuote) -> CoursewrightError:
        message = (
            f"line {error.args[0] + self.dialect.lines:,} of {self.file.name} has a quotation mark that is not closed"
        )
        hint = 'close it, or write "" for a quotation mark inside a value'
        return CoursewrightError(message, self.file.place, hint)

    def _ragged(self, line: int, found: int) -> CoursewrightError:
        values = f"{found:,} value{'s' if found != 1 else ''}"
        message = f"line {line:,} of {self.file.name} has {values}, where the first row has {self.dialect.width:,}"
        name = DELIMITERS.get(self.dialect.delimiter, f'"{self.dialect.delimiter}"')
        hint = f"put a value that holds a {name} in quotation marks, or correct the line"
        above = title(self.sample, self.dialect) if not self.options.skip else 0
        if above:
            hint = f"if what stands above line {above + 1} is no part of the table: skip = {above}"
            if above == 1 and found == self.dialect.width + 1 > 2:  # as R writes rows with names
                hint = f"if the first column has no heading, begin line 1 with a {name}; {hint}"
        other = next((sign for sign in DELIMITERS if sign not in self.sample), None)
        if self.dialect.width == 1 and above < 2 and other and not (self.options.delimiter or self.options.skip):
            hint += f"; if all is one column: delimiter = {json.dumps(other)}"
        return CoursewrightError(message, self.file.place, hint)
