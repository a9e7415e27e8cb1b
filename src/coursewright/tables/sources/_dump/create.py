"""The columns that a CREATE TABLE makes.

Read here rather than by a parser of SQL in general: a name and the words of its type are all that is needed, and the
core installation has no such parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coursewright.tables.sources._dump.statements import NAME, QUOTED, name

_CREATE = re.compile(
    rb"CREATE\s+(?:OR\s+REPLACE\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    rb"(?:(?P<database>%b)\s*\.\s*)?(?P<table>%b)\s*\((?P<rest>.*)" % (NAME, NAME),
    re.IGNORECASE | re.DOTALL,
)
_TOKEN = re.compile(QUOTED + rb"|[\w$.@\x80-\xff]+|\S", re.DOTALL)
_CONSTANT = re.compile(rb"NULL|-?[0-9][0-9.eE]*|[bx]?'[^\\]*'", re.IGNORECASE | re.DOTALL)
_KEYS = {
    b"PRIMARY",
    b"KEY",
    b"UNIQUE",
    b"INDEX",
    b"FULLTEXT",
    b"SPATIAL",
    b"CONSTRAINT",
    b"FOREIGN",
    b"CHECK",
    b"PERIOD",
}


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    """A column as it is declared: its type as people read it, and the words of the type in small letters.

    `default` is what stands where an INSERT has no value for it, as SQL, "NULL" most often; nothing when the database
    works it out. A `numbered` one is numbered by the database where its value is NULL. `members` are what an ENUM or a
    SET may have.
    """

    name: str
    written: str
    type: str
    numbers: tuple[int, ...] = ()
    unsigned: bool = False
    charset: str = ""
    generated: bool = False
    default: bytes = b"NULL"
    numbered: bool = False
    members: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """A table as a CREATE TABLE makes it, the line where that begins, the columns that tell its rows apart."""

    database: str
    name: str
    line: int
    columns: tuple[ColumnDefinition, ...]
    keys: tuple[tuple[str, ...], ...] = ()


def created(text: bytes, line: int, database: str) -> TableDefinition | None:
    """The table that the statement makes in `database`; None when its columns cannot be read."""
    found = _CREATE.match(text)
    if not found:
        return None
    parts, options = _parts(found["rest"])
    words = [word.upper() for word in options]
    if b"SELECT" in words or b"LIKE" in words:
        return None
    charset = _charset(words) or ""
    columns = [_column(part, charset) for part in parts if part and part[0].upper() not in _KEYS]
    if not columns or None in columns:
        return None
    where = name(found["database"]) if found["database"] else database
    keys = tuple(key for part in parts if part and (key := _key(part)))
    return TableDefinition(where, name(found["table"]), line, tuple(column for column in columns if column), keys)


def _key(tokens: list[bytes]) -> tuple[str, ...]:
    """The columns of a PRIMARY KEY or UNIQUE, of the table or of one column; none for other definitions."""
    words = [token.upper() for token in tokens]
    unique = b"UNIQUE" in words or b"PRIMARY" in words
    if unique and words[0] not in _KEYS:
        return (name(tokens[0]),)
    if not unique or b"(" not in words:
        return ()
    inside = _arguments(tokens[words.index(b"(") :])
    return tuple(name(token) for token in inside if token.upper() not in (b"ASC", b"DESC"))


def _parts(rest: bytes) -> tuple[list[list[bytes]], list[bytes]]:
    """The tokens of each definition between the table's brackets, and those behind them."""
    tokens = _TOKEN.findall(rest)
    parts: list[list[bytes]] = [[]]
    depth = 0
    for at, token in enumerate(tokens):
        if token == b")" and depth == 0:
            return parts, tokens[at + 1 :]
        if token == b"," and depth == 0:
            parts.append([])
            continue
        depth += (token == b"(") - (token == b")")
        parts[-1].append(token)
    return [], []


def _column(tokens: list[bytes], charset: str) -> ColumnDefinition | None:
    if len(tokens) < 2:
        return None
    words = [token.upper() for token in _outer(tokens[2:])]
    kind = tokens[1].decode("latin-1").lower()
    arguments = list(_arguments(tokens[2:]))
    numbers = tuple(int(each) for each in arguments if each.isdigit())
    shown = kind + (f"({','.join(each.decode('utf-8', 'replace') for each in arguments)})" if arguments else "")
    unsigned = b"UNSIGNED" in words or b"ZEROFILL" in words
    if kind == "national" and words:
        kind = words[0].decode("latin-1").lower()
    return ColumnDefinition(
        name(tokens[0]),
        shown + " unsigned" * unsigned,
        kind,
        numbers,
        unsigned,
        _charset(words) or charset,
        b"AS" in words or b"GENERATED" in words,
        _default(tokens, words),
        b"AUTO_INCREMENT" in words or kind == "serial",
        tuple(map(_unquoted, arguments)) if kind in ("enum", "set") else (),
    )


def _unquoted(text: bytes) -> bytes:
    """What a text between quotes says, in which no backslash stands."""
    sign = text[:1]
    return text[1:-1].replace(sign * 2, sign)


def _default(tokens: list[bytes], words: list[bytes]) -> bytes:
    """The text of a constant default; nothing for what only the database works out."""
    if b"DEFAULT" not in words:
        computed = b"AUTO_INCREMENT" in words or b"NOT" in words or tokens[1].upper() == b"SERIAL"
        return b"" if computed else b"NULL"
    at = next(at for at, token in enumerate(tokens) if token.upper() == b"DEFAULT")
    said = b"".join(tokens[at + 1 : at + 3 if tokens[at + 1 : at + 2] in ([b"-"], [b"b"], [b"x"]) else at + 2])
    return said if _CONSTANT.fullmatch(said) else b""


def _outer(tokens: list[bytes]) -> Iterator[bytes]:
    """The tokens outside brackets: an expression within them may have any word."""
    depth = 0
    for token in tokens:
        depth += (token == b"(") - (token == b")")
        if depth == 0:
            yield token


def _arguments(tokens: list[bytes]) -> Iterator[bytes]:
    """What stands between the brackets directly behind a type."""
    if tokens and tokens[0] == b"(":
        for token in tokens[1:]:
            if token == b")":
                return
            if token != b",":
                yield token


def _charset(words: list[bytes]) -> str | None:
    """The character set that attributes of a column, or options of a table, name."""
    for at, word in enumerate(words):
        named = word == b"CHARSET" or (word == b"SET" and at > 0 and words[at - 1] == b"CHARACTER")
        if named:
            behind = [each for each in words[at + 1 : at + 3] if each != b"="]
            return behind[0].decode("latin-1").lower() if behind else None
    return None
