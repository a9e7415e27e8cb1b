"""Numbers in JSON of more digits than 64 bits hold: DuckDB's reader rounds them, so they come to it as marked texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import IO, TYPE_CHECKING

from coursewright.tables.sources import archives, forms
from coursewright.tables.sources.opened import File, literal, text

if TYPE_CHECKING:
    import duckdb

# Unicode promises that this never stands for a character in a text.
MARK = "\ufdd0"
_LONG = "[0-9]+[.][-+0-9eE]{8,}|[0-9]{16,}[.eE]"  # what may be such a number, inside a string too
_SURELY_EXACT = 16  # characters of a number: fifteen digits and a point
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?', re.DOTALL)
_OF_NUMBERS = b"-+.eE0123456789"
_PIECE = 1 << 20


def marked(connection: duckdb.DuckDBPyConnection, file: File, *, lines: bool) -> File | None:
    """A copy of the JSON file in which each number that 64 bits do not hold exactly is a text with a MARK before it.

    None if it has no such number. Whole numbers are none: DuckDB's reader keeps the digits of those.
    """
    form = ", format = 'newline_delimited'" * lines
    found = f"regexp_extract_all(json, {text(_LONG + '[-+0-9.eE]*')})"
    numbers = f"SELECT unnest({found}) AS v FROM read_json_objects({literal(file.path)}{form})"
    long = f"CAST(TRY_CAST(v AS DOUBLE) AS VARCHAR) <> v AND NOT {forms.exact('v')}"
    select = f"SELECT 1 FROM ({numbers}) WHERE strlen(v) > {_SURELY_EXACT} AND {long} LIMIT 1"
    if not connection.execute(select).fetchall():
        return None
    what, made = (str(file.path), "marked"), archives.version(file.path)
    with file.open() as stream:
        return replace(file, path=archives.keep(rewritten(stream), file.kept, what, made, ".json"))


def rewritten(stream: IO[bytes], size: int = _PIECE) -> Iterator[bytes]:
    """JSON with such numbers as marked texts, read piece by piece of so many bytes."""
    rest = b""
    while piece := stream.read(size):
        rest += piece
        end = _end(rest)
        yield _TOKEN.sub(_written, rest[:end])
        rest = rest[end:]
    yield _TOKEN.sub(_written, rest)


def _end(piece: bytes) -> int:
    """Where a piece can be cut, so that no string and no number is."""
    end = 0
    for token in _TOKEN.finditer(piece):
        end = token.end()
    opened = piece.find(b'"', end)
    return len(piece.rstrip(_OF_NUMBERS)) if opened < 0 else opened


def _written(token: re.Match[bytes]) -> bytes:
    number = token[0]
    if len(number) <= _SURELY_EXACT or number.startswith(b'"') or number.lstrip(b"-").isdigit():
        return number
    written = number.decode()
    if Decimal(written) == Decimal(repr(float(written))):
        return number
    return f'"{MARK}{written}"'.encode()
