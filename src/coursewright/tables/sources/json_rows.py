"""Rows from JSON: a list of objects, or objects one after another; what an object lacks is missing."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError
from coursewright.tables.options import Options
from coursewright.tables.sources import encodings
from coursewright.tables.sources.opened import File, Lazy, literal, text
from coursewright.tables.sources.typed import Texts, Typed
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_ALL_ROWS = -1
_NO_DATE = re.compile(r"\b(DATE|TIME|TIMESTAMP(_[A-Z]+)?|UUID)\b( WITH TIME ZONE)?")
_LONG = 50_000_000  # characters that are parsed again for the line of a fault
_ROWS = 'rows in JSON are objects: [{"name": "Ann", "points": 25}, …]'


def attach(
    connection: duckdb.DuckDBPyConnection, name: str, file: File, options: Options, *, lines: bool, limit: int
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
        texts, notes = _texts(connection, file, options, lines=lines)
    except duckdb.Error as error:
        raise _wrong(file, str(error), lines=lines) from None
    return Typed(connection, name, file, texts, options, (*encodings.assumed(file, options.encoding), *notes)).open()


def _texts(
    connection: duckdb.DuckDBPyConnection, file: File, options: Options, *, lines: bool
) -> tuple[Texts, list[str]]:
    """The rows with every scalar as a text, and notes on what is nested."""
    form = ", format = 'newline_delimited'" * lines
    found = f"read_json({literal(file.path)}, records = true{form}, sample_size = {_ALL_ROWS})"
    kinds = {column: kind for column, kind, *_ in connection.execute(f"DESCRIBE FROM {found}").fetchall()}
    _refuse_one(connection, file, found, kinds)

    def read(columns: Mapping[str, str]) -> str:
        if _are_renamed(kinds):
            shallow = found.removesuffix(")") + ", maximum_depth = 1)"
            return f"(SELECT {', '.join(_taken(column, kind) for column, kind in columns.items())} FROM {shallow})"
        listed = ", ".join(f"{text(column)}: {text(kind)}" for column, kind in columns.items())
        return f"read_json({literal(file.path)}, records = true{form}, columns = {{{listed}}})"

    def again(said: str) -> Texts:
        raise _wrong(file, said, lines=lines)

    nested = {column: _NO_DATE.sub("VARCHAR", kind) for column, kind in kinds.items() if _is_nested(kind)}
    mixed = [column for column, kind in kinds.items() if kind == "JSON"]
    exact = _exact(connection, read, nested)
    only = {column: _among(kind) for column, kind in kinds.items()}
    only |= {column: "" for column in mixed if _has_no_strings(connection, read, column, options)}
    rows = read({column: nested[column] if column in exact else "VARCHAR" for column in kinds})
    if options.missing:
        absent = ", ".join(map(text, options.missing))
        scalars = [quote(column) for column in kinds if column not in nested]
        gone = ", ".join(f"CASE WHEN {one} NOT IN ({absent}) THEN {one} END AS {one}" for one in scalars)
        rows = f"(SELECT * REPLACE ({gone}) FROM {rows})" if gone else rows
    long = [column for column in nested if column not in exact]
    notes = [f"{column}: it has numbers of more than 15 digits, so it stays JSON" for column in long]
    return Texts(tuple(kinds), rows, again, only=only), notes


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


def _exact(
    connection: duckdb.DuckDBPyConnection, read: Callable[[Mapping[str, str]], str], nested: Mapping[str, str]
) -> set[str]:
    """Those of the nested columns whose numbers are the same as numbers of 64 bits."""
    doubtful = [column for column, kind in nested.items() if "DOUBLE" in kind]
    if not doubtful:
        return set(nested)
    asked = ", ".join(f"coalesce(bool_or(regexp_matches({quote(one)}, '[0-9]{{16}}')), false)" for one in doubtful)
    (long,) = connection.execute(f"SELECT {asked} FROM {read(dict.fromkeys(doubtful, 'VARCHAR'))}").fetchall()
    return set(nested) - {column for column, is_long in zip(doubtful, long, strict=True) if is_long}


def _has_no_strings(
    connection: duckdb.DuckDBPyConnection, read: Callable[[Mapping[str, str]], str], column: str, options: Options
) -> bool:
    """Whether a column of several kinds has no strings but such as stand for a missing value, and nothing nested."""
    absent = ", ".join(map(text, ("NA",) if options.missing is None else options.missing)) or "NULL"
    one = quote(column)
    other = (
        f"json_type({one}) IN ('OBJECT', 'ARRAY') OR (json_type({one}) = 'VARCHAR' AND {one} ->> '$' NOT IN ({absent}))"
    )
    ((count,),) = connection.execute(f"SELECT count(*) FROM {read({column: 'JSON'})} WHERE {other}").fetchall()
    return not count


def _refuse_one(connection: duckdb.DuckDBPyConnection, file: File, read: str, kinds: dict[str, str]) -> None:
    """Raise CoursewrightError for an object around the rows: {"count": 2, "results": [{…}, {…}]}."""
    lists = [column for column, kind in kinds.items() if kind.startswith("STRUCT") and kind.endswith("[]")]
    if lists and file.start(1) == b"{":
        ((several,),) = connection.execute(f"SELECT count(*) > 1 FROM (SELECT 1 FROM {read} LIMIT 2)").fetchall()
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
