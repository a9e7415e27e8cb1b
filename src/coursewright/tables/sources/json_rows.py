"""Rows from JSON: a list of objects, or objects one after another; what an object lacks is missing."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.tables.sources import encodings, json_numbers
from coursewright.tables.sources.opened import Lazy, SourceFile, UnreadableFile, literal, text
from coursewright.tables.sources.options import ReadOptions
from coursewright.tables.sources.typed import Texts, TypedView
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_ALL_ROWS = -1
# Types inside others whose texts are to stay as they are (JSON is what is of several kinds), and not keys called so.
_NO_TEXT = re.compile(
    r'("(?:[^"]|"")*")|\b(?:DATE|TIME|TIMESTAMP(?:_[A-Z]+)?|UUID|JSON)\b(?: WITH TIME ZONE)?(?=[],)[]|$)'
)
_DIGITS = f"[0-9]{{16}}|{json_numbers.MARK}"
_LONG = 50_000_000  # characters that are parsed again for the line of a fault
_ROWS = 'rows in JSON are objects: [{"name": "Ann", "points": 25}, …]'


def attach(
    connection: duckdb.DuckDBPyConnection, name: str, file: SourceFile, options: ReadOptions, *, lines: bool, limit: int
) -> Lazy:
    """Make the view `name` of a JSON file; with `lines`, each line is a row.

    All rows are looked at for the columns and their kinds. What is a string in the file is text, a date or a time, and
    what is a number there a number; a column of several kinds is text. Raises CoursewrightError for a file that is not
    JSON, or holds something else than rows.
    """
    import duckdb

    file = encodings.as_utf8(file, limit=limit, mark=False, said=options.encoding)
    if re.fullmatch(rb"\s*(\[\s*(\{\s*\}[\s,]*)*\]|\{\s*\})\s*", file.start(1000)):
        raise CoursewrightError(f"{file.name} holds no rows, so its columns are not known", file.place, _ROWS)
    try:
        json_ = _described(connection, file, options, lines=lines)
        texts, notes = json_.texts(options), json_.notes
    except duckdb.Error as error:
        raise _wrong(file, str(error), lines=lines) from None
    noted = (*encodings.assumed(file, options.encoding), *notes, *json_.shortened(options))
    return TypedView(connection, name, json_.file, texts, options, noted).open()


def _described(connection: duckdb.DuckDBPyConnection, file: SourceFile, options: ReadOptions, *, lines: bool) -> _Json:
    """The file with what DuckDB finds its columns to be; or a copy of it in which long numbers are marked texts, and
    so are those of columns that are to be kept as they are written."""
    found = _Json(connection, file, lines)
    found.refuse_one()
    if not any("DOUBLE" in kind or "JSON" in kind for kind in found.kinds.values()):
        return found
    marked = json_numbers.marked(connection, file, lines=lines, keys=found.kept_as_written(options))
    return _Json(connection, marked, lines, is_marked=True) if marked else found


@dataclass(frozen=True)
class _Json:
    """Rows in JSON; with `is_marked`, numbers of more digits than 64 bits hold are texts with a mark."""

    connection: duckdb.DuckDBPyConnection
    file: SourceFile
    lines: bool
    is_marked: bool = False

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The columns, and what DuckDB finds the values of each to be."""
        return {column: kind for column, kind, *_ in self.connection.execute(f"DESCRIBE FROM {self._found}").fetchall()}

    @cached_property
    def nested(self) -> dict[str, str]:
        """The columns with lists and objects, in which no text is taken for a date, or for JSON."""

        def as_text(kind: str) -> str:
            return _NO_TEXT.sub(lambda found: found[1] or "VARCHAR", kind)

        return {column: as_text(kind) for column, kind in self.kinds.items() if _is_nested(kind)}

    @cached_property
    def long(self) -> list[str]:
        """Those of the nested columns in which there are numbers that 64 bits may not hold."""
        doubtful = [column for column, kind in self.nested.items() if self.is_marked or "DOUBLE" in kind]
        if not doubtful:
            return []
        asked = ", ".join(
            f"coalesce(bool_or(regexp_matches({quote(one)}, {text(_DIGITS)})), false)" for one in doubtful
        )
        (are_long,) = self._fetch(f"SELECT {asked} FROM {self._read(dict.fromkeys(doubtful, 'VARCHAR'))}")
        return [column for column, is_long in zip(doubtful, are_long, strict=True) if is_long]

    @property
    def notes(self) -> list[str]:
        """What is to be said of columns that are nested."""
        return [f"{column}: it has numbers of more than 15 digits, so it stays JSON" for column in self.long]

    def kept_as_written(self, options: ReadOptions) -> list[str]:
        """The columns of numbers that are to be texts, but for those whose name stands inside others as well."""
        nested = " ".join(self.nested.values())
        return [one for one in self._to_be_texts(options).values() if not re.search(rf"\b{re.escape(one)}\b", nested)]

    def shortened(self, options: ReadOptions) -> list[str]:
        """What is to be said of numbers that are to be texts and are not kept: DuckDB's have no zeros at their end."""
        numbers = self._to_be_texts(options)
        return [f"{one}: its values are numbers in the file, so that 1.50 is the text 1.5" for one in numbers]

    def _to_be_texts(self, options: ReadOptions) -> dict[str, str]:
        """Columns of numbers that are to be texts, by their names here."""
        named = options.columns or {name: name for name in self.kinds}
        said = {*options.text, *(name for name, kind in options.types.items() if kind == "text")}
        return {
            ours: theirs
            for ours, theirs in named.items()
            if self.kinds.get(theirs) in ("DOUBLE", "JSON") and {ours, theirs} & said
        }

    def texts(self, options: ReadOptions) -> Texts:
        """The rows with every scalar as a text."""

        def again(said: str) -> Texts:
            raise _wrong(self.file, said, lines=self.lines)

        only = {column: _among(kind) for column, kind in self.kinds.items()}
        mixed = [
            column for column, kind in self.kinds.items() if kind == "JSON" or (self.is_marked and kind == "VARCHAR")
        ]
        only |= {column: "" for column in mixed if self._has_no_strings(column, options)}
        kinds = dict.fromkeys(self.kinds, "VARCHAR") | self.nested | dict.fromkeys(self.long, "VARCHAR")
        terms = self._without_marks()
        if options.missing:
            absent = ", ".join(map(text, options.missing))
            for column in self.kinds.keys() - self.nested.keys():
                value = terms.get(column, quote(column))
                terms[column] = f"CASE WHEN {value} NOT IN ({absent}) THEN {value} END"
        replaced = ", ".join(f"{term} AS {quote(column)}" for column, term in terms.items())
        rows = self._read(kinds)
        return Texts(tuple(kinds), f"(SELECT * REPLACE ({replaced}) FROM {rows})" if terms else rows, again, only=only)

    def refuse_one(self) -> None:
        """Raise CoursewrightError for an object around the rows: {"count": 2, "results": [{…}, {…}]}."""
        lists = [column for column, kind in self.kinds.items() if kind.startswith("STRUCT") and kind.endswith("[]")]
        if lists and self.file.start(1) == b"{":
            ((several,),) = self._fetch(f"SELECT count(*) > 1 FROM (SELECT 1 FROM {self._found} LIMIT 2)")
            if not several:
                hint = f'its rows are perhaps in "{lists[0]}": save that list as a file of its own'
                raise CoursewrightError(f"{self.file.name} is one object, not a list of rows", self.file.place, hint)

    @property
    def _found(self) -> str:
        return f"read_json({self._source}, sample_size = {_ALL_ROWS})"

    @property
    def _source(self) -> str:
        form = ", format = 'newline_delimited'" * self.lines
        return f"{literal(self.file.path)}, records = true{form}"

    def _fetch(self, select: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(select).fetchall()

    def _read(self, columns: Mapping[str, str]) -> str:
        """SQL: what columns are read from, each as a kind."""
        if _are_renamed(self.kinds):
            shallow = self._found.removesuffix(")") + ", maximum_depth = 1)"
            return f"(SELECT {', '.join(_taken(column, kind) for column, kind in columns.items())} FROM {shallow})"
        listed = ", ".join(f"{text(column)}: {text(kind)}" for column, kind in columns.items())
        return f"read_json({self._source}, columns = {{{listed}}})"

    def _without_marks(self) -> dict[str, str]:
        """SQL for the columns in which there may be marks."""
        if not self.is_marked:
            return {}
        mark, inside = text(json_numbers.MARK), text(f'"{json_numbers.MARK}([^"]*)"')
        texts = [column for column in self.kinds if column not in self.nested or column in self.long]
        # Within a list or an object the number stands there as a string, and by itself as a text.
        term = f"replace(regexp_replace({{}}, {inside}, '\\1', 'g'), {mark}, '')"
        return {column: term.format(quote(column)) for column in texts}

    def _has_no_strings(self, column: str, options: ReadOptions) -> bool:
        """Whether a column has nothing nested and no strings but long numbers and such as are missing values."""
        absent = ", ".join(map(text, ("NA",) if options.missing is None else options.missing)) or "NULL"
        one = quote(column)
        string = f"{one} ->> '$'"
        other = f"""json_type({one}) IN ('OBJECT', 'ARRAY') OR (json_type({one}) = 'VARCHAR'
            AND {string} NOT IN ({absent}) AND NOT starts_with({string}, {text(json_numbers.MARK)}))"""
        ((count,),) = self._fetch(f"SELECT count(*) FROM {self._read({column: 'JSON'})} WHERE {other}")
        return not count


def _are_renamed(names: Iterable[str]) -> bool:
    """Whether DuckDB has given a column another name than its key, since keys may differ in capitals alone."""
    known = {name.lower() for name in names}
    return any(re.sub("_[0-9]+$", "", name) in known and re.search("_[0-9]+$", name) for name in known)


def _taken(column: str, kind: str) -> str:
    """SQL: a column of JSON as a kind."""
    own = quote(column)
    value = own if kind == "JSON" else f"{own} ->> '$'" if kind == "VARCHAR" else f"CAST({own} AS {kind})"
    return f"{value} AS {own}"


def _is_nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP"))


def _among(kind: str) -> str:
    """Among which types that of a column is, by what DuckDB found all its values to be."""
    if _is_nested(kind):
        return "nested"
    if kind == "JSON":
        return "text"
    if kind in ("BOOLEAN", '"NULL"', "NULL"):
        return ""
    return "numbers" if re.match("U?(TINY|SMALL|BIG|HUGE)?INT|DOUBLE|FLOAT|DECIMAL", kind) else "times"


def _wrong(file: SourceFile, said: str, *, lines: bool) -> CoursewrightError:
    if "expected records" in said or "non-record" in said:
        return CoursewrightError(f"{file.name} is not a list of rows", file.place, _ROWS)
    try:
        found = _fault(file, lines=lines) if "Malformed JSON" in said else None
    except (EOFError, zlib.error, OSError) as error:
        return file.broken(error)
    if found:
        line, reason = found
        message = f"line {line:,} of {file.name} is no JSON: {reason}"
        return UnreadableFile(message, file.place, "check that the file is whole")
    return file.unreadable(
        "JSON", re.sub(r'^.*?Error: (Malformed JSON|JSON transform error) in file "[^"]*", ', "", said)
    )


def _fault(file: SourceFile, *, lines: bool) -> tuple[int, str] | None:
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
