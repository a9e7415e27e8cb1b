"""Numbers in JSON that are to stay as they are written: those of more digits than 64 bits hold, and those of columns of
text. DuckDB's reader takes digits from them, so they come to it as marked texts."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import IO, TYPE_CHECKING

from coursewright.errors import CoursewrightError
from coursewright.tables.sources import archives, forms
from coursewright.tables.sources.opened import SourceFile, literal, text

if TYPE_CHECKING:
    import duckdb

MARK = "\ufdd0"
"""What stands before such a text. Unicode keeps it for programs; a file that holds it itself is refused."""

_HELD = re.compile(rb"\xef\xb7\x90|\\ufdd0", re.IGNORECASE)
_LONG = "[0-9]+[.][-+0-9eE]{8,}|[0-9]{16,}[.eE]"  # what may be such a number, inside a string too
_SURELY_EXACT = 16  # characters of a number: fifteen digits and a point
_NUMBER = rb"-?[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?"
_TOKEN = rb'"(?:[^"\\]|\\.)*"|' + _NUMBER + rb'|"'
_OF_NUMBERS = b"-+.eE0123456789"
_PIECE = 1 << 20


def marked(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, *, lines: bool, keys: Collection[str] = ()
) -> SourceFile | None:
    """A copy of the JSON file in which each number that 64 bits do not hold exactly is a text with a MARK before it.

    So is each number of one of `keys`. None if it has no such number. Whole numbers are none: DuckDB's reader keeps the
    digits of those.
    """
    form = ", format = 'newline_delimited'" * lines
    found = f"regexp_extract_all(json, {text(_LONG + '[-+0-9.eE]*')})"
    numbers = f"SELECT unnest({found}) AS v FROM read_json_objects({literal(file.path)}{form})"
    long = f"CAST(TRY_CAST(v AS DOUBLE) AS VARCHAR) <> v AND NOT {forms.exact('v')}"
    select = f"SELECT 1 FROM ({numbers}) WHERE strlen(v) > {_SURELY_EXACT} AND {long} LIMIT 1"
    if not keys and not connection.execute(select).fetchall():
        return None
    what, made = (str(file.path), "marked", *sorted(keys)), archives.version(file.path)
    with file.open() as stream:
        try:
            kept = archives.keep(rewritten(stream, keys=keys), file.kept, what, made, ".json")
        except _OurMark:
            hint = "take it out: it stands before long numbers while they are read"
            message = f"{file.name} holds the character U+FDD0, which Unicode keeps for programs"
            raise CoursewrightError(message, file.place, hint) from None
    return replace(file, path=kept)


class _OurMark(ValueError):
    """A text of the file holds our mark."""


def rewritten(stream: IO[bytes], size: int = _PIECE, keys: Collection[str] = ()) -> Iterator[bytes]:
    """JSON with such numbers, and all of `keys`, as marked texts, read piece by piece of so many bytes.

    Raises ValueError for a text that holds a MARK itself.
    """
    names = b"|".join(re.escape(json.dumps(key, ensure_ascii=False).encode()) for key in keys)
    keyed = rb"(?P<key>(?:" + names + rb")\s*:\s*)(?P<number>" + _NUMBER + rb")?|" if keys else b""
    token = re.compile(keyed + _TOKEN, re.DOTALL)
    rest = b""
    while piece := stream.read(size):
        rest += piece
        end = _end(rest, token)
        yield token.sub(_written, rest[:end])
        rest = rest[end:]
    yield token.sub(_written, rest)


def _end(piece: bytes, token: re.Pattern[bytes]) -> int:
    """Where a piece can be cut, so that no string and no number is, and no number is parted from its key."""
    start = end = 0
    for found in token.finditer(piece):
        start, end = found.span()
        if found[0] == b'"':  # of a string that goes on in the next piece
            return start
    if not piece[end:].strip(b" \t\r\n:" + _OF_NUMBERS) and piece[start : start + 1] == b'"':
        return start  # which may be a key, or one with a part of its number
    return len(piece.rstrip(_OF_NUMBERS))


def _written(token: re.Match[bytes]) -> bytes:
    if key := token.groupdict().get("key"):
        number = token["number"]
        return key + (f'"{MARK}'.encode() + number + b'"' if number else b"")
    number = token[0]
    if number.startswith(b'"') and _HELD.search(number):
        raise _OurMark
    if len(number) <= _SURELY_EXACT or number.startswith(b'"') or number.lstrip(b"-").isdigit():
        return number
    written = number.decode()
    if Decimal(written) == Decimal(repr(float(written))):
        return number
    return f'"{MARK}{written}"'.encode()
