"""Statements that tell whose dump it is: MySQL's, or one of SQLite, PostgreSQL or SQL Server, which mean other things.

The same text stands for other values there: between quotes a backslash is no more than a backslash.
"""

from __future__ import annotations

import re
from pathlib import Path

from coursewright.errors import CoursewrightError, Place

SQLITE = "a dump of SQLite", "make an SQLite file of it: sqlite3 new.db < dump.sql"
POSTGRESQL = "a dump of PostgreSQL", "load it into PostgreSQL; a course reads tables from that server by its address"
_SERVER = "a script of SQL Server", "export the tables there as CSV"
_QUOTED = re.compile(rb"'(?:[^']|'')*+'|`(?:[^`]|``)*+`", re.DOTALL)  # names in double quotes tell something
_OTHERS = (
    (
        re.compile(
            rb"(?:PRAGMA|ATTACH|VACUUM|END)\b|(?:BEGIN|COMMIT)\s+(?:TRANSACTION|DEFERRED|IMMEDIATE|EXCLUSIVE)\b"
            rb"|.*\bAUTOINCREMENT\b|CREATE\s+TABLE.*\)\s*(?:STRICT|WITHOUT\s+ROWID)\b"
            rb"|(?:DELETE\s+FROM|CREATE\s+TABLE|DROP\s+TABLE)\s+\W?sqlite_",
            re.IGNORECASE | re.DOTALL,
        ),
        SQLITE,
    ),
    (
        re.compile(
            rb"COPY\b|SET\s+(?:client_encoding|statement_timeout|standard_conforming_strings|search_path|row_security)\b"
            rb"|SELECT\s+pg_catalog\.|CREATE\s+EXTENSION\b|ALTER\s+TABLE.*\bOWNER\s+TO\b",
            re.IGNORECASE | re.DOTALL,
        ),
        POSTGRESQL,
    ),
    (
        re.compile(rb"SET\s+(?:ANSI_NULLS|QUOTED_IDENTIFIER|IDENTITY_INSERT)\b|CREATE\s+TABLE\s+\[", re.IGNORECASE),
        _SERVER,
    ),
)
# What nobody but MySQL, MariaDB and their tools write, in comments, statements and the heads of INSERTs.
_OWN = re.compile(
    rb"/\*M?!|`|--\s+(?:MySQL|MariaDB|phpMyAdmin|Adminer|HeidiSQL|Navicat|Host:|Server version)|\bENGINE\s*="
    rb"|\bAUTO_INCREMENT\b|\bSET\s+(?:NAMES|CHARSET|CHARACTER\s+SET)\b|\bSQL_MODE\b|\bLOCK\s+TABLES\b|\bCHARSET\s*=",
    re.IGNORECASE,
)


def is_own(text: bytes) -> bool:
    """Whether a part of a dump says that it is one of MySQL or MariaDB."""
    return bool(_OWN.search(text))


def refuse_others(path: Path, line: int, text: bytes) -> None:
    """Raise CoursewrightError for a statement that stands in dumps of other databases alone."""
    plain = _QUOTED.sub(b"''", text)
    for pattern, (what, hint) in _OTHERS:
        if pattern.match(plain):
            raise CoursewrightError(f"{path.name} is no MySQL dump: it is {what}", Place(path, line), hint)
