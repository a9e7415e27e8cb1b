"""How a CSV file is written: its delimiter, its marks of quotation, and which of its first rows are headings."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coursewright.errors import CoursewrightError
from coursewright.tables.sources.opened import SourceFile, text
from coursewright.tables.sources.options import ReadOptions

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LONGEST = 1 << 24  # characters of a value
_ROWS = 1000  # in which a delimiter is looked for
# A backslash before a quotation mark that does not end its value.
_BACKSLASHED = re.compile(r'\\"(?![,;\t|\r\n])')
_SEP = re.compile(r'\ufeff?"?sep=(.)"?\r?(?:\n|\r|$)', re.IGNORECASE)  # what Excel obeys and does not show


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a file is written, whose rows have `width` values.

    `lines` stand above everything, `first` are the first rows, and `above` is how many rows they are with the blank
    ones among and before them; `blank` of them are before the first. `rows` is whether anything follows.
    """

    delimiter: str
    escape: str
    width: int
    lines: int
    first: tuple[tuple[str, ...], ...]
    blank: int
    above: int
    rows: bool

    def options(self, names: Iterable[str], skip: int) -> dict[str, str]:
        """The same for DuckDB, which is to find out nothing: every value is a text, and every row has all of them."""
        columns = ", ".join(f"{text(name)}: 'VARCHAR'" for name in names)
        return {
            "auto_detect": "false",
            "header": "false",
            "columns": f"{{{columns}}}",
            "delim": text(self.delimiter),
            "quote": "'\"'",
            "escape": text(self.escape),
            "comment": "''",
            "skip": str(self.lines + skip),
            "strict_mode": "true",
            "null_padding": "false",
        }


class UnclosedQuote(Exception):
    """A row that begins in this line has a quotation mark too many or too few."""


def find(file: SourceFile, sample: str, options: ReadOptions, *, delimiter: str, headings: int) -> CsvDialect:
    """How the `sample`, the first lines of `file`, is written; `delimiter` when its name says it."""
    said = _SEP.match(sample)
    lines = options.skip or int(bool(said))
    stream = io.StringIO(sample, newline="")
    stream.seek(0)
    for _ in range(lines):
        _line(stream)
    body = sample[stream.tell() :] if lines else sample
    if not body.strip():
        message = f"{file.name} has nothing below the {lines} line{'s' if lines != 1 else ''} that are skipped"
        raise CoursewrightError(message, file.place, "say a smaller skip")
    escape = "\\" if _BACKSLASHED.search(body) and '""' not in body.replace('\\""', "") else '"'
    delimiter = options.delimiter or (said[1] if said and not options.skip else "") or delimiter
    delimiter = delimiter or _delimiter(body, escape)
    first: list[tuple[str, ...]] = []
    blank = above = 0
    more = False
    for seen, (_, row) in enumerate(rows(io.StringIO(body, newline=""), delimiter, escape), 1):
        more = len(first) == headings and bool(row)
        if more:
            break
        if row:
            first.append(tuple(row))
            above = seen
        elif not first:
            blank = seen
    if len(first) < headings:
        raise CoursewrightError(f"{file.name} has fewer rows than the {headings} that are headings", file.place)
    width = max(map(len, first)) if first else 1
    return CsvDialect(delimiter, escape, width, lines, tuple(first), blank, above, more)


def _line(stream: Iterator[str]) -> str:
    return next(stream, "")


def _delimiter(sample: str, escape: str) -> str:
    """The delimiter that most of the first rows have equally often, the first of them too if possible."""
    best, most = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = _widths(sample, delimiter, escape)
        width, often = Counter(widths).most_common(1)[0] if widths else (1, 0)
        fits = often / len(widths) + (widths[0] > 1) if width > 1 or widths[:1] > [1] else 0.0
        if (fits, width) > most:
            best, most = delimiter, (fits, width)
    return best


def _widths(sample: str, delimiter: str, escape: str) -> list[int]:
    found = rows(io.StringIO(sample, newline=""), delimiter, escape)
    return [len(row) for _, row in itertools.islice(found, _ROWS) if row]


def rows(lines: Iterable[str], delimiter: str, escape: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
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
            raise UnclosedQuote(line) from None


def title(sample: str, dialect: CsvDialect) -> int:
    """How many lines stand above the headings as a title does: all rows below them are of one other width; or 0."""
    found = [
        (line, len(row))
        for line, row in itertools.islice(
            rows(io.StringIO(sample, newline=""), dialect.delimiter, dialect.escape), _ROWS
        )
        if row
    ]
    usual = found[-1][1] if found else 0
    begin = next((at for at in range(len(found)) if all(width == usual for _, width in found[at:])), 0)
    enough = usual > dialect.width and len(found) - begin > 1
    return found[begin][0] - 1 if enough else 0


def joined(headings: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """One name for each column from several rows of headings: "sales 2018"; no two are alike in any letters."""
    given = [list(row) for row in headings]
    width = max(map(len, given))
    filled = [[*row, *[""] * (width - len(row))] for row in given]
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
