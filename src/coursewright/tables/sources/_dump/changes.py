"""Statements that change rows which came before them: those that change nothing here are told from the others.

They are refused rather than carried out. What an UPDATE does to a row is an expression of MySQL's, and a table with the
rows of before it would be wrong without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from coursewright.tables.sources._dump.statements import NAME, QUOTED, name

HINT = "load the dump into a server, and make one of the tables as they are then"
_TABLE = rb"(?:(?P<database>%b)\s*\.\s*)?(?P<table>%b)" % (NAME, NAME)
_PATTERNS = tuple(
    (word, re.compile(pattern % _TABLE, re.IGNORECASE | re.DOTALL))
    for word, pattern in (
        ("UPDATE", rb"UPDATE\s+(?:LOW_PRIORITY\s+|IGNORE\s+)*%b\s+(?:(?:AS\s+)?[\w`]+\s+)?SET\b"),
        ("DELETE", rb"DELETE\s+(?:LOW_PRIORITY\s+|QUICK\s+|IGNORE\s+)*FROM\s+%b\s*(?:(?:WHERE|ORDER|LIMIT)\b|\Z)"),
        ("TRUNCATE", rb"TRUNCATE\s+(?:TABLE\s+)?%b"),
        ("ALTER TABLE", rb"ALTER\s+(?:ONLINE\s+|IGNORE\s+)*TABLE\s+%b(?P<rest>.*)"),
    )
)
_UNREAD = re.compile(rb"(UPDATE|DELETE|LOAD|RENAME|CALL|WITH|ROLLBACK|DROP\s+(?:DATABASE|SCHEMA))\b", re.IGNORECASE)
_DROPS = re.compile(rb"DROP\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+EXISTS\s+)?(.*)", re.IGNORECASE | re.DOTALL)
_NAMED = re.compile(_TABLE)
_PARTS = re.compile(QUOTED + rb"|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|[^,'\"`(]+|.", re.DOTALL)
# What ALTER TABLE does without changing a row or a column: keys, numbering, how a table is kept.
_HARMLESS = re.compile(
    rb"(?:ADD\s+(?:(?:PRIMARY|UNIQUE|FULLTEXT|SPATIAL|FOREIGN)\s+KEY|FULLTEXT|SPATIAL|UNIQUE|KEY|INDEX|CONSTRAINT|CHECK"
    rb"|PARTITION)\b|DROP\s+(?:PRIMARY\s+KEY|FOREIGN\s+KEY|KEY|INDEX|CONSTRAINT|CHECK)\b|(?:DISABLE|ENABLE)\s+KEYS\b"
    rb"|(?:AUTO_INCREMENT|ENGINE|COMMENT|ROW_FORMAT|ORDER|ALGORITHM|LOCK|PARTITION|FORCE|(?:DEFAULT\s+)?(?:CHARSET"
    rb"|CHARACTER\s+SET|COLLATE))\b|MODIFY\s+(?:COLUMN\s+)?(?:%b)\s.*\bAUTO_INCREMENT\b)" % NAME,
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a statement changes: rows of a table, or nobody knows which (no table); always, or only if it has any."""

    word: str
    database: str | None = None
    table: str | None = None
    always: bool = False


def change_of(text: bytes) -> Change | None:
    """What a statement that is neither INSERT nor CREATE changes in tables; None for nothing that matters here."""
    for word, pattern in _PATTERNS:
        if found := pattern.match(text):
            if word == "ALTER TABLE" and all(map(_HARMLESS.match, _actions(found["rest"]))):
                return None
            return Change(word, *_name(found), always=word == "ALTER TABLE")
    if found := _UNREAD.match(text):
        word = " ".join(found[1].decode("ascii").upper().split())
        return Change(word, always=word in ("LOAD", "RENAME", "CALL", "WITH"))
    return None


def dropped(text: bytes, drop: Callable[[str | None, str], None]) -> bool:
    """Whether the statement is DROP TABLE; `drop` is given the database, if it says that, and the name of each."""
    found = _DROPS.match(text)
    for each in _NAMED.finditer(found[1]) if found else ():
        drop(*_name(each))
    return bool(found)


def _name(found: re.Match[bytes]) -> tuple[str | None, str]:
    return name(found["database"]) if found["database"] else None, name(found["table"])


def _actions(rest: bytes) -> list[bytes]:
    """The parts of an ALTER TABLE, which commas outside brackets and quotes stand between."""
    parts = [b""]
    for token in _PARTS.findall(rest):
        if token == b",":
            parts.append(b"")
        else:
            parts[-1] += token
    return [part.strip() for part in parts]
