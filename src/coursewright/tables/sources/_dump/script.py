"""What the statements of a dump say besides its rows: the database in use, how texts are written, the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.sources._dump.changes import HINT, Change, change_of, dropped
from coursewright.tables.sources._dump.create import TableDefinition, created
from coursewright.tables.sources._dump.kinds import known_charset
from coursewright.tables.sources._dump.others import refuse_others
from coursewright.tables.sources._dump.statements import NAME, DumpStatement, Insert, name

_PLAIN = re.compile(r"[^\W_](?:[\w $-]*[\w$-])?")
_USE = re.compile(rb"USE\s+(%b)" % NAME, re.IGNORECASE)
_NAMES = re.compile(rb"""SET\s+(?:NAMES|CHARACTER\s+SET|CHARSET)\s+["']?(\w+)""", re.IGNORECASE)
_MODE = re.compile(
    rb"""\bSQL_MODE\s*=\s*(?:(?P<text>'[^']*'|"[^"]*")|@(?P<variable>\w+)|(?P<other>[^,;]*))""", re.IGNORECASE
)
_KEPT_MODE = re.compile(rb"(?<!@)@(\w+)\s*=\s*@@(?:\w+\.)?SQL_MODE\b", re.IGNORECASE)
_ZONE = re.compile(rb"""(?<!@)\bTIME_ZONE\s*=\s*(?:'([^']*)'|"([^"]*)"|(@?\w+))""", re.IGNORECASE)
_KEPT_ZONE = re.compile(rb"(?<!@)(@\w+)\s*=\s*@@(?:\w+\.)?TIME_ZONE\b", re.IGNORECASE)
_UTC = ("+00:00", "-00:00", "UTC")
_TRIGGER = re.compile(
    rb"CREATE\s+(?:OR\s+REPLACE\s+)?(?:DEFINER\s*=\s*\S+\s+)?TRIGGER\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:%b\s*\.\s*)?%b\s+"
    rb"(?:BEFORE|AFTER)\s+INSERT\s+ON\s+(?:(?P<database>%b)\s*\.\s*)?(?P<table>%b)" % ((NAME,) * 4),
    re.IGNORECASE,
)
_TABLE = re.compile(rb"CREATE\s+(?:OR\s+REPLACE\s+)?TABLE\b", re.IGNORECASE)
_VIEW = re.compile(
    rb"CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:ALGORITHM|DEFINER)\s*=\s*\S+\s+|SQL\s+SECURITY\s+\w+\s+)*VIEW\s+"
    rb"(?:(?P<database>%b)\s*\.\s*)?(?P<view>%b)" % (NAME, NAME),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DumpSelection:
    """What is asked for of a dump: one database of several, some of its tables; all when empty."""

    database: str = ""
    tables: tuple[str, ...] = ()


class Script:
    """What is known of a dump so far."""

    def __init__(self, path: Path, wanted: DumpSelection) -> None:
        self.charset = ""  # until the dump names it
        self.escapes = True
        self.zone = ""  # of instants; nothing until the dump says it
        self._zones: dict[bytes, str] = {}
        self._triggers: dict[tuple[str, str], int] = {}  # the line of one that an INSERT into a table would set off
        self._modes: dict[bytes, bool] = {}  # what was set when a variable took the mode
        self._views: dict[str, None] = {}
        self._path, self._wanted = path, wanted
        self._database = ""
        self._databases: dict[str, None] = {}
        self._tables: dict[tuple[str, str], TableDefinition] = {}
        self._filled: set[tuple[str, str]] = set()

    def tables(self) -> Iterator[TableDefinition]:
        """The tables that are wanted, in the order of the dump."""
        return (table for table in self._tables.values() if self._is_wanted(table.database, table.name))

    def follow(self, statement: DumpStatement) -> None:
        """Take in a statement that is no INSERT. Raises CoursewrightError."""
        text = statement.text
        refuse_others(self._path, statement.line, text)
        if use := _USE.match(text):
            self._database = name(use[1])
            self._databases[self._database] = None
        elif text[:3].upper() == b"SET":
            self._set(statement)
        elif _TABLE.match(text):
            self._create(statement)
        elif trigger := _TRIGGER.match(text):
            database = name(trigger["database"]) if trigger["database"] else None
            self._triggers[self._key(database, name(trigger["table"]))] = statement.line
        elif view := _VIEW.match(text):
            self._view(name(view["database"]) if view["database"] else self._database, name(view["view"]))
        elif text[:6].upper() in (b"INSERT", b"REPLAC"):
            hint = "only INSERT INTO ... VALUES is, as mysqldump and mariadb-dump write it"
            raise CoursewrightError("this INSERT is not understood", Place(self._path, statement.line), hint)
        elif not dropped(text, lambda database, table: self._drop(statement, database, table)):
            change = change_of(text)
            if change and self._concerns(change):
                what = f'the table "{change.table}"' if change.table else "tables"
                message = f"{change.word} changes {what}, which is not carried out"
                raise CoursewrightError(message, Place(self._path, statement.line), HINT)

    def target(self, insert: Insert) -> TableDefinition | None:
        """The table that the rows belong to; None when they are not wanted. Raises CoursewrightError."""
        key = self._key(insert.database, insert.table)
        self._filled.add(key)
        if key in self._triggers and self._is_wanted(*key):
            message = f'the trigger of line {self._triggers[key]} may change these rows of "{insert.table}", or others'
            raise CoursewrightError(message, Place(self._path, insert.line), HINT)
        if key in self._tables:
            table = self._tables[key]
            return table if self._is_wanted(table.database, table.name) else None
        if not self._is_wanted(key[0], insert.table):
            return None
        message = f'rows for the table "{insert.table}", which no CREATE TABLE above makes'
        hint = did_you_mean(insert.table, (table.name for table in self._tables.values()))
        hint = hint or "make the dump anew without --no-create-info"
        raise CoursewrightError(message, Place(self._path, insert.line), hint)

    def knows_instants(self, insert: Insert, table: TableDefinition) -> bool:
        """Whether the dump says that the TIMESTAMPs of a table are in UTC; CoursewrightError for another zone."""
        column = next((column.name for column in table.columns if column.type == "timestamp"), "")
        if not column or self.zone in _UTC:
            return True
        if self.zone in ("", "SYSTEM", "DEFAULT"):
            return False
        message = f'the TIMESTAMPs of "{column}" are in the time zone {self.zone}, not in UTC'
        raise CoursewrightError(message, Place(self._path, insert.line), "make the dump anew with --tz-utc")

    def check_wanted(self) -> None:
        """Raise CoursewrightError when something was asked for that the dump does not have."""
        place = Place(self._path)
        if not self._tables:
            hint = "make it with mysqldump or mariadb-dump, without --no-create-info"
            raise CoursewrightError(f"{self._path.name} has no CREATE TABLE", place, hint)
        if self._wanted.database and self._wanted.database not in self._databases:
            message = f'no database called "{self._wanted.database}" in {self._path.name}'
            hint = did_you_mean(self._wanted.database, self._databases)
            raise CoursewrightError(message, place, hint or "the dump names no database: leave out --database")
        names = [table.name for table in self._tables.values() if self._is_wanted(table.database, "")]
        for table in self._wanted.tables:
            if table not in names:
                message = f'no table called "{table}" in {self._path.name}'
                raise CoursewrightError(message, place, did_you_mean(table, names))

    def notes(self) -> list[str]:
        """What of the dump was left out."""
        return [
            f'the view "{view}" is left out: make it again as the SELECT of tables/{view}.sql' for view in self._views
        ]

    def _concerns(self, change: Change) -> bool:
        """Whether a change is one of what has come so far and is wanted; a table without rows has none to change."""
        if change.table is None:
            return change.always or any(self._is_wanted(*key) for key in self._filled)
        key = self._key(change.database, change.table)
        return self._is_wanted(*key) and (key in self._filled or (change.always and key in self._tables))

    def _drop(self, statement: DumpStatement, database: str | None, table: str) -> None:
        """A table without rows is gone; one with rows would have to be taken out of files that are written."""
        key = self._key(database, table)
        if key in self._filled and key in self._tables and self._is_wanted(*key):
            message = f'DROP TABLE takes away the table "{table}", whose rows came before'
            hint = "the file may be two dumps, one behind the other: load each by itself"
            raise CoursewrightError(message, Place(self._path, statement.line), hint)
        self._tables.pop(key, None)

    def _key(self, database: str | None, table: str) -> tuple[str, str]:
        return (self._database if database is None else database), table

    def _is_wanted(self, database: str, table: str) -> bool:
        own = self._wanted
        return own.database in ("", database) and (not own.tables or not table or table in own.tables)

    def _set(self, statement: DumpStatement) -> None:
        if names := _NAMES.match(statement.text):
            self.charset = names[1].decode("latin-1").lower()
            if not known_charset(self.charset):
                message = f'text in the character set "{self.charset}" is not read'
                hint = "make the dump anew with --default-character-set=utf8mb4"
                raise CoursewrightError(message, Place(self._path, statement.line), hint)
        for kept in _KEPT_ZONE.findall(statement.text):
            self._zones[kept.upper()] = self.zone
        for parts in _ZONE.findall(statement.text):
            said = b"".join(parts).upper()
            self.zone = self._zones.get(said, "") if said.startswith(b"@") else said.decode("latin-1")
        for kept in _KEPT_MODE.findall(statement.text):
            self._modes[kept.upper()] = self.escapes
        for mode in _MODE.finditer(statement.text):
            self.escapes = self._escapes(mode, statement)

    def _escapes(self, mode: re.Match[bytes], statement: DumpStatement) -> bool:
        """Whether a backslash is more than one in the mode that a statement sets."""
        if mode["variable"]:
            return self._modes.get(mode["variable"].upper(), True)
        if mode["other"] and mode["other"].strip().upper() != b"DEFAULT":
            message = "this SQL_MODE is not understood, and with it what a backslash means"
            hint = "write the mode as a text, such as SET SQL_MODE='';"
            raise CoursewrightError(message, Place(self._path, statement.line), hint)
        return b"NO_BACKSLASH_ESCAPES" not in (mode["text"] or b"").upper()

    def _create(self, statement: DumpStatement) -> None:
        place = Place(self._path, statement.line)
        table = created(statement.text, statement.line, self._database)
        if table is None:
            start = statement.text[:60].decode("utf-8", "replace").splitlines()[0]
            raise CoursewrightError(f"this CREATE TABLE is not understood: {start}", place)
        if self._is_wanted(table.database, table.name):
            if not _PLAIN.fullmatch(table.name):
                message = f'a table of a course cannot be called "{table.name}"'
                raise CoursewrightError(message, place, "name those that you want: --table NAME, once for each")
            for other in self.tables():
                if other.name.lower() == table.name.lower():
                    raise CoursewrightError(*_twice(other, table, place))
        self._tables[self._key(table.database, table.name)] = table

    def _view(self, database: str, view: str) -> None:
        """Old dumps make a table in the place of a view first, until the tables that it reads are there."""
        key = self._key(database, view)
        if key not in self._filled:
            self._tables.pop(key, None)
        if self._is_wanted(database, view):
            self._views[view] = None


def _twice(one: TableDefinition, other: TableDefinition, place: Place) -> tuple[str, Place, str]:
    message = f'two tables are called "{one.name}": the other is in line {one.line}'
    if one.database != other.database:
        return message, place, f"load one database at a time: --database {one.database or other.database}"
    if one.name != other.name:
        message = f'two tables are called "{one.name}" and "{other.name}", which are one name on many machines'
        return message, place, f"load one of them: --table {other.name}"
    return message, place, "the file may be two dumps, one behind the other: load each by itself"
