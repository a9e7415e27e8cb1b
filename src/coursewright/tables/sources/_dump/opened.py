"""The text of a dump in blocks, out of whatever file it lies in; what is no dump at all is told apart here."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources._dump.others import POSTGRESQL

BLOCK = 1 << 20
_BOMB = 1 << 30  # from here on, what is packed more than _RATIO times is no text that people wrote
_RATIO = 200
_AGAIN = "make it with mysqldump or mariadb-dump, which write SQL"
_UNPACK = "unpack it first; .sql, .sql.gz and .zip are read as they are"
_OTHERS = (
    (
        b"PGDMP",
        "a PostgreSQL archive",
        "restore it in PostgreSQL; a course reads tables from that server by its address",
    ),
    (b"SQLite format 3\0", "an SQLite database", "name it as a table's source as it is: no dump is needed"),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ\0", "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    (b"7z\xbc\xaf", "packed with 7-Zip", _UNPACK),
    (b"\xff\xfe", "text in UTF-16, as PowerShell's > writes it", "make it anew with mysqldump --result-file=FILE"),
)


def blocks(path: Path, watch: Callable[[int, int], None]) -> Iterator[bytes]:
    """The text of the dump in blocks of 1 MB; `watch` hears how many bytes of how many of the file are read.

    What a file holds says how it is packed, not its name. Raises CoursewrightError for a file that is no dump, is
    damaged, or unpacks to far more than text can.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        file.seek(0)
        try:
            for number, block in enumerate(_unpacked(path, file, start)):
                if number == 0:
                    _refuse_others(path, block)
                _refuse_bomb(path, (number + 1) * BLOCK, size)
                watch(min(file.tell(), size), size)
                yield block.removeprefix(b"\xef\xbb\xbf") if number == 0 else block
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
            message = f"{path.name} cannot be unpacked: {error}"
            raise CoursewrightError(message, Place(path), "fetch or make it again: it is not whole") from None


def _unpacked(path: Path, file: IO[bytes], start: bytes) -> Iterator[bytes]:
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(file) as inner:
            yield from _read(inner)
    elif start.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(file) as packed, packed.open(_one(path, packed)) as inner:
            yield from _read(inner)
    else:
        yield from _read(file)


def _read(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _one(path: Path, packed: zipfile.ZipFile) -> str:
    """The one dump in a zip file."""
    names = [name for name in packed.namelist() if name.lower().endswith(".sql")]
    if len(names) == 1:
        return names[0]
    found = "no .sql file" if not names else f"{len(names)} .sql files"
    raise CoursewrightError(f"{path.name} holds {found}", Place(path), "unpack it and name the one file to read")


def _refuse_bomb(path: Path, length: int, size: int) -> None:
    if length > _BOMB and length > size * _RATIO:
        message = f"{path.name} unpacks to more than {_RATIO} times its size: no dump does"
        raise CoursewrightError(message, Place(path), "if you trust it all the same, unpack it yourself and read that")


def _refuse_others(path: Path, block: bytes) -> None:
    """Raise CoursewrightError for what begins as something else than SQL of MySQL or MariaDB."""
    for sign, what, hint in _OTHERS:
        if block.startswith(sign):
            raise CoursewrightError(f"{path.name} is no MySQL dump: it is {what}", Place(path), hint)
    start = block[:4096]
    if b"PostgreSQL database" in start:
        message = f"{path.name} is no MySQL dump: it is {POSTGRESQL[0]}"
        raise CoursewrightError(message, Place(path), POSTGRESQL[1])
    if start.lstrip()[:1] == b"<":
        message = f"{path.name} is no MySQL dump: it is HTML or XML"
        raise CoursewrightError(message, Place(path), "a web page may have been saved in its place; " + _AGAIN)
    if b"\0" in start[:64]:  # further on, it may stand in a value
        raise CoursewrightError(f"{path.name} is no MySQL dump: it is not text", Place(path), _AGAIN)
