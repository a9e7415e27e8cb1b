"""The statements of a dump, one after the other, as they come out of the file; INSERTs only up to their first row."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources._dump.opened import BLOCK

_HEAD = BLOCK // 4  # no head of an INSERT is longer
_LONGEST = 1 << 26  # nor any other statement
NAME = rb'(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\w$\x80-\xff]+)'
QUOTED = rb"""'(?:[^'\\]|\\.|'')*+'|"(?:[^"\\]|\\.|"")*+"|`(?:[^`]|``)*+`"""
_COMMENT = rb"--(?=\s)[^\n]*+\n|\#[^\n]*+\n|/\*M?!999999.*?\*/|/\*(?!M?!).*?\*/"
_BLANK = re.compile(rb"(?:[\s;]++|" + _COMMENT + rb")*+", re.DOTALL)
_DELIMITER = re.compile(rb"DELIMITER[ \t]+(\S+)[ \t]*(?:\r?\n|\Z)", re.IGNORECASE)
_INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|HIGH_PRIORITY|DELAYED|IGNORE)\s+)*(?:INTO\s+)?"
    rb"(?:(?P<database>%b)\s*\.\s*)?(?P<table>%b)\s*(?:\((?P<columns>(?:\s*%b\s*,?)++)\)\s*)?VALUES?\s*(?=\()"
    % (NAME, NAME, NAME),
    re.IGNORECASE,
)
_PLAIN = re.compile(rb"(" + QUOTED + rb")|/\*M?!\d*|\*/|" + _COMMENT, re.DOTALL)
_FIRST = re.compile(rb"(?:/\*M?!\d*\s*)?([^\s;(*`'\"]*)")
_WORDS = set(
    b"ALTER ANALYZE BEGIN CALL CHANGE COMMIT CREATE DELETE DO DROP FLUSH GRANT INSERT INSTALL LOAD LOCK OPTIMIZE "
    b"RENAME REPLACE REVOKE ROLLBACK SELECT SET START TRUNCATE UNLOCK UPDATE USE WITH".split()
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement other than an INSERT: the line where it begins, its text without comments."""

    line: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Insert:
    """The head of an INSERT, as far as VALUES; `columns` are None when it names none."""

    line: int
    text: bytes
    database: str | None
    table: str
    columns: tuple[str, ...] | None


class Stream:
    """A dump as it is read: what of it is in memory, and the number of the line that comes next."""

    def __init__(self, path: Path, blocks: Iterator[bytes]) -> None:
        self.path = path
        self.line = 1
        self._blocks = blocks
        self._data, self._at = b"", 0
        self._delimiter = b";"
        self.headed, self.last = False, b""

    def statements(self) -> Iterator[Statement | Insert]:
        """All statements. Whoever gets an Insert has taken its rows before the next statement is asked for."""
        while self._skip_blank():
            if delimiter := _DELIMITER.match(self._data, self._at):
                self._delimiter = delimiter[1]
                self.take(delimiter.end() - self._at)
            elif head := _INSERT.match(self._data, self._at):
                yield _insert(self.line, head)
            else:
                yield self._statement()

    def window(self) -> bytes:
        """What is in memory of the text that comes next."""
        return self._data[self._at :]

    def grow(self) -> bool:
        """Read on, by as much as is in memory at least; False at the end of the file."""
        parts = [self._data[self._at :]]
        wanted, came = max(BLOCK, len(parts[0])), 0
        while came < wanted and (block := next(self._blocks, b"")):
            parts.append(block)
            came += len(block)
        self._data, self._at = b"".join(parts), 0
        return came > 0

    def take(self, length: int) -> None:
        """Go on by `length` bytes."""
        self.line += self._data.count(b"\n", self._at, self._at + length)
        self._at += length

    def cut_off(self, line: int) -> CoursewrightError:
        """The error for a file that ends within the statement that begins in `line`."""
        message = "the dump is cut off: the statement that begins here has no end"
        return CoursewrightError(message, Place(self.path, line), "make or fetch it again: nothing of it was written")

    def _skip_blank(self) -> bool:
        """Go on to the next statement; False if there is none."""
        while True:
            blank = _BLANK.match(self._data, self._at)
            if blank and blank.end() > self._at:
                self.last = blank[0][-4096:]
                self.headed = self.headed or b"-- Server version" in self.last
                self.take(blank.end() - self._at)
            start = self._data[self._at : self._at + 3]
            within = not start or re.match(rb"--(?=\s|$)|#|/\*(?!M?!)", start)
            if len(self._data) - self._at >= _HEAD and not within:
                return True
            if not self.grow():
                break
        if within and start.startswith(b"/*"):
            raise self.cut_off(self.line)
        if within:
            self.last += self.window()
        return not within

    def _statement(self) -> Statement:
        line, pattern = self.line, _until(self._delimiter)
        first = _FIRST.match(self._data, self._at)
        if first and first[1].upper() not in _WORDS:
            word = (first[1] or self.window()[:1])[:30].decode("utf-8", "replace")
            hint = "make it with mysqldump or mariadb-dump, which write SQL"
            message = f'"{word}" begins no statement of a MySQL dump'
            raise CoursewrightError(message, Place(self.path, line), hint)
        while not (found := pattern.match(self._data, self._at)):
            if len(self._data) - self._at > _LONGEST or not self.grow():
                raise self.cut_off(line)
        self.take(found.end() - self._at)
        text = found[0].removesuffix(self._delimiter)
        return Statement(line, _PLAIN.sub(lambda part: part[1] or b" ", text).strip())


@functools.cache
def _until(delimiter: bytes) -> re.Pattern[bytes]:
    """A statement with its delimiter, which does not count within quotes and comments."""
    first = re.escape(delimiter[:1])
    known = "".join(sorted({*"'\"`#/-", delimiter[:1].decode("latin-1")}))
    plain = rb"[^%b]++" % re.escape(known.encode("latin-1"))
    one = rb"-(?!-(?:\s|\Z)|\Z)|/(?!\*(?!M?!)|\*?M?\Z)|(?!['\"`#/-])%b(?!\Z)" % first
    end = re.escape(delimiter)
    return re.compile(rb"(?:(?!%b)(?:%b|%b|%b|%b))*+%b" % (end, plain, QUOTED, _COMMENT, one, end), re.DOTALL)


def _insert(line: int, head: re.Match[bytes]) -> Insert:
    database, columns = head["database"], head["columns"]
    names = None if columns is None else tuple(map(name, re.findall(NAME, columns)))
    return Insert(line, head[0], None if database is None else name(database), name(head["table"]), names)


def name(written: bytes) -> str:
    """A name without its quotes."""
    text = written.decode("utf-8", "replace")
    sign = text[0]
    return text[1:-1].replace(sign * 2, sign) if sign in '`"' else text
