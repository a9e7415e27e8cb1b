"""The statements of a dump, one after the other, as they come out of the file; INSERTs only up to their first row."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources._dump.opened import BLOCK
from coursewright.tables.sources._dump.others import is_own, refuse_others
from coursewright.tables.sources._dump.versions import DumpServer, server_of

_HEAD = BLOCK // 4  # no head of an INSERT is longer
_LONGEST = 1 << 26  # nor any other statement
_SHOWN = 1 << 12  # of a statement that is not one of MySQL
NAME = rb'(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\w$\x80-\xff]+)'
QUOTED = rb"""'(?:[^'\\]|\\.|'')*+'|"(?:[^"\\]|\\.|"")*+"|`(?:[^`]|``)*+`"""
_UNESCAPED = rb"""'(?:[^']|'')*+'|"(?:[^"]|"")*+"|`(?:[^`]|``)*+`"""  # where a backslash is one
_COMMENT = rb"--(?=\s)[^\n]*+\n|\#[^\n]*+\n|/\*M?!999999.*?\*/|/\*(?!M?!).*?\*/"
_BLANK = re.compile(rb"(?:[\s;]++|" + _COMMENT + rb")*+", re.DOTALL)
_DELIMITER = re.compile(rb"DELIMITER[ \t]+(\S+)[ \t]*(?:\r?\n|\Z)", re.IGNORECASE)
_INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|HIGH_PRIORITY|DELAYED|IGNORE)\s+)*(?:INTO\s+)?"
    rb"(?:(?P<database>%b)\s*\.\s*)?(?P<table>%b)\s*(?:\((?P<columns>(?:\s*%b\s*,?)++)\)\s*)?VALUES?\s*(?=\()"
    % (NAME, NAME, NAME),
    re.IGNORECASE,
)
_YIELDS = re.compile(rb"REPLACE\b|INSERT\s+(?:\w+\s+)*?IGNORE\b", re.IGNORECASE)
_FIRST = re.compile(rb"(?:/\*M?!\d*\s*)?([^\s;(*`'\"]*)")
_MAKES = re.compile(rb"(?:/\*M?!\d*\s*)?CREATE\s+(?:OR\s+REPLACE\s+)?TABLE\b", re.IGNORECASE)
_WORDS = set(
    b"ALTER ANALYZE BEGIN CALL CHANGE COMMIT CREATE DELETE DO DROP FLUSH GRANT INSERT INSTALL LOAD LOCK OPTIMIZE "
    b"RENAME REPLACE REVOKE ROLLBACK SELECT SET START TRUNCATE UNLOCK UPDATE USE WITH".split()
)


@dataclass(frozen=True, slots=True)
class DumpStatement:
    """A statement other than an INSERT: the line where it begins, its text without comments."""

    line: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Insert:
    """The head of an INSERT, as far as VALUES; `columns` are None when it names none.

    It `yields` to rows with its keys, or takes their place: INSERT IGNORE and REPLACE.
    """

    line: int
    text: bytes
    database: str | None
    table: str
    columns: tuple[str, ...] | None
    yields: bool = False


class DumpStream:
    """A dump as it is read: what of it is in memory, and the number of the line that comes next.

    `escapes` says whether a backslash is more than one between quotes, and `own` whether something has said by now
    that MySQL or MariaDB wrote the dump.
    """

    def __init__(self, path: Path, blocks: Iterator[bytes]) -> None:
        self.path = path
        self.line = 1
        self._blocks = blocks
        self._data, self._at = b"", 0
        self._delimiter = b";"
        self.headed, self.last = False, b""
        self.escapes, self.own = True, False
        self._server: DumpServer | None = None

    def statements(self) -> Iterator[DumpStatement | Insert]:
        """All statements. Whoever gets an Insert has taken its rows before the next statement is asked for."""
        while self._skip_blank():
            if delimiter := _DELIMITER.match(self._data, self._at):
                self._delimiter = delimiter[1]
                self.take(delimiter.end() - self._at)
            elif head := self._head():
                self.own = self.own or is_own(head[0])
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

    def uncomment(self, beyond: int) -> None:
        """Write the text that comes next anew, to the end of the statement that is `beyond` so many bytes.

        Comments are gone from it, and what conditional ones hold is part of it.
        """
        end = 0
        while end <= beyond:
            end = self._end(end)
        text, rest = self._data[self._at : self._at + end], self._data[self._at + end :]
        self._refuse_passed_over(text, self.line)
        self._data, self._at = _plain(self.escapes).sub(_without, text) + rest, 0

    def cut_off(self, line: int) -> CoursewrightError:
        """The error for a file that ends within the statement that begins in `line`."""
        message = "the dump is cut off: the statement that begins here has no end"
        return CoursewrightError(message, Place(self.path, line), "make or fetch it again: nothing of it was written")

    def _refuse_passed_over(self, text: bytes, line: int) -> None:
        """Raise CoursewrightError for a conditional comment that the server which the dump is of does not read."""
        for part in _plain(self.escapes).finditer(text) if self._server and b"!" in text else ():
            if not part[1] and self._server and self._server.passes_over(part[0]):
                message = f"{part[0].decode()} is passed over by the server that the dump names, and would be read here"
                place = Place(self.path, line + text.count(b"\n", 0, part.start()))
                raise CoursewrightError(message, place, "take the comment out, or only its signs if it is to be read")

    def _skip_blank(self) -> bool:
        """Go on to the next statement; False if there is none."""
        while True:
            blank = _BLANK.match(self._data, self._at)
            if blank and blank.end() > self._at:
                self.last = blank[0][-4096:]
                self.headed = self.headed or b"-- Server version" in self.last
                self.own = self.own or is_own(blank[0])
                self._server = self._server or server_of(blank[0])
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

    def _head(self) -> re.Match[bytes] | None:
        """The head of an INSERT, if that comes next; comments in it are taken out first."""
        found = _INSERT.match(self._data, self._at)
        first = _FIRST.match(self._data, self._at)
        if not found and first and first[1].upper() in (b"INSERT", b"REPLACE"):
            self.uncomment(0)
            self._skip_blank()
            found = _INSERT.match(self._data, self._at)
        return found

    def _statement(self) -> DumpStatement:
        line = self.line
        first = _FIRST.match(self._data, self._at)
        if first and first[1].upper() not in _WORDS:
            refuse_others(self.path, line, self.window()[:_SHOWN])
            word = (first[1] or self.window()[:1])[:30].decode("utf-8", "replace")
            hint = "make it with mysqldump or mariadb-dump, which write SQL"
            message = f'"{word}" begins no statement of a MySQL dump'
            raise CoursewrightError(message, Place(self.path, line), hint)
        whole = self._data[self._at : self._at + self._end(0)]
        self.take(len(whole))
        self.own = self.own or is_own(whole)
        text = whole.removesuffix(self._delimiter)
        if _MAKES.match(text):
            self._refuse_passed_over(text, line)
        return DumpStatement(line, _plain(self.escapes).sub(lambda part: part[1] or b" ", text).strip())

    def _end(self, start: int) -> int:
        """How far it is to the end of the statement that is `start` bytes ahead, which is read as far as that."""
        line, pattern = self.line, _until(self._delimiter, self.escapes)
        while not (found := pattern.match(self._data, self._at + start)):
            if len(self._data) - self._at > _LONGEST or not self.grow():
                raise self.cut_off(line)
        return found.end() - self._at


@functools.cache
def _plain(escapes: bool) -> re.Pattern[bytes]:
    """What is quoted, which stays as it is; the signs of a conditional comment, or a comment."""
    return re.compile(rb"(" + (QUOTED if escapes else _UNESCAPED) + rb")|/\*M?!\d*|\*/|" + _COMMENT, re.DOTALL)


def _without(part: re.Match[bytes]) -> bytes:
    """Nothing in the place of a comment but the ends of its lines, which are counted."""
    return part[1] or b" " + b"\n" * part[0].count(b"\n")


@functools.cache
def _until(delimiter: bytes, escapes: bool) -> re.Pattern[bytes]:
    """A statement with its delimiter, which does not count within quotes and comments."""
    first = re.escape(delimiter[:1])
    known = "".join(sorted({*"'\"`#/-", delimiter[:1].decode("latin-1")}))
    plain = rb"[^%b]++" % re.escape(known.encode("latin-1"))
    one = rb"-(?!-(?:\s|\Z)|\Z)|/(?!\*(?!M?!)|\*?M?\Z)|(?!['\"`#/-])%b(?!\Z)" % first
    end = re.escape(delimiter)
    quoted = QUOTED if escapes else _UNESCAPED
    return re.compile(rb"(?:(?!%b)(?:%b|%b|%b|%b))*+%b" % (end, plain, quoted, _COMMENT, one, end), re.DOTALL)


def _insert(line: int, head: re.Match[bytes]) -> Insert:
    database, columns = head["database"], head["columns"]
    names = None if columns is None else tuple(map(name, re.findall(NAME, columns)))
    yields = bool(_YIELDS.match(head[0]))
    return Insert(line, head[0], None if database is None else name(database), name(head["table"]), names, yields)


def name(written: bytes) -> str:
    """A name without its quotes."""
    text = written.decode("utf-8", "replace")
    sign = text[0]
    return text[1:-1].replace(sign * 2, sign) if sign in '`"' else text
