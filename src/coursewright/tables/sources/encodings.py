"""The encoding of a text file: UTF-8 is read as it is; UTF-16 and Windows-1252 are written anew as UTF-8."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources import archives
from coursewright.tables.sources.opened import SourceFile, UnreadableFile

_PIECE = 1 << 20
_LONGEST_LINE = 1 << 24  # bytes
_MARKS = {  # that of UTF-32 begins with that of UTF-16
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
WINDOWS = "windows-1252"
AS_WINDOWS = "read as Windows-1252"
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


class NotUtf8(CoursewrightError):
    """A file that is taken for UTF-8 has bytes in it that are none."""


def as_utf8(file: SourceFile, *, limit: int, mark: bool = True, said: str = "", believing: bool = False) -> SourceFile:
    """The file itself when it is UTF-8, else a copy of it in UTF-8, of at most `limit` bytes, in its `kept` folder.

    `said` is its encoding if the course says it. A `mark` (BOM) before UTF-8 stays if the reader knows what it is.
    With `believing`, a file that begins in ASCII is taken for UTF-8, for its reader to find out.
    Raises CoursewrightError for what is no text, for UTF-8 with a few wrong bytes in it, which are a fault rather than
    another encoding, and for bytes that its encoding does not have.
    """
    encoding = _said(said) or _encoding(file, believing=believing)
    if encoding == "utf-8" and (mark or file.start(3) != codecs.BOM_UTF8):
        return file
    try:
        what, made = (str(file.path), encoding), archives.version(file.path)
        copy = archives.keep(_recoded(file, encoding, limit), file.kept, what, made, ".txt")
    except UnicodeDecodeError as error:
        raise _undecodable(file, encoding, error, said=bool(said)) from None
    except OSError as error:
        raise CoursewrightError(f"{file.name} cannot be written as UTF-8: {error.strerror}", file.place) from None
    return replace(file, path=copy, packed=False, encoding=encoding)


def recoded(text: bytes, encoding: str, called: str, place: Place | None) -> bytes:
    """A text in UTF-8 that is in the encoding which the course says. Raises CoursewrightError for bytes it has not."""
    try:
        return text.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as error:
        message = f"{called} is not {encoding} (byte 0x{text[error.start]:02x})"
        raise CoursewrightError(message, place, "leave `encoding` out, or say another one") from None


def is_utf8(file: SourceFile) -> bool:
    """Whether all of a file that begins in ASCII is UTF-8."""
    return not _counted_in_all(file)[1]


def assumed(file: SourceFile, said: str) -> tuple[str, ...]:
    """A note for people on the encoding of a file that was taken for another one than UTF-8, unless it was `said`."""
    return (AS_WINDOWS,) if file.encoding == WINDOWS and not said else ()


def start(file: SourceFile, size: int) -> str:
    """The first lines of a file in UTF-8, of about `size` bytes, without one that the end cuts in two."""
    raw = file.start(size)
    while len(raw) == size < _LONGEST_LINE and b"\n" not in raw and b"\r" not in raw:
        size *= 8
        raw = file.start(size)
    if len(raw) == size:
        raw = raw[: raw.rfind(b"\n") + 1] or raw[: raw.rfind(b"\r") + 1] or raw
    return raw.decode("utf-8-sig", "replace")


@contextmanager
def lines(file: SourceFile) -> Iterator[IO[str]]:
    """The lines of a file in UTF-8, their ends as they are."""
    with file.open() as stream, io.TextIOWrapper(stream, "utf-8-sig", "replace", newline="") as text:
        yield text


def wrong(file: SourceFile) -> NotUtf8:
    """The error of a file in which some byte is not UTF-8, with its line."""
    with file.open() as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                byte = f"0x{line[error.start]:02x}"
                return NotUtf8(f"line {number:,} of {file.name} is not UTF-8 (byte {byte})", file.place, _SAVE)
    return NotUtf8(f"{file.name} is not UTF-8", file.place, _SAVE)


_SAVE = "save the file as UTF-8"
_SAY = 'say what it is, for instance: encoding = "shift_jis", "iso-8859-2" or "windows-1253"; or save the file as UTF-8'


def _said(name: str) -> str:
    """The encoding that is said, as it is called here."""
    if not name:
        return ""
    found = codecs.lookup(name).name
    return {"cp1252": WINDOWS, "utf-8-sig": "utf-8"}.get(found, found)


def _undecodable(file: SourceFile, encoding: str, error: UnicodeDecodeError, *, said: bool) -> CoursewrightError:
    """The error of bytes that an encoding does not have, with their line if a line can be found."""
    byte = f"byte 0x{error.object[error.start]:02x}"
    if encoding.startswith(("utf-16", "utf-32")):
        return CoursewrightError(f"{file.name} is no text: {error.reason}", file.place, _SAVE)
    called = "Windows-1252" if encoding == WINDOWS else encoding
    assumed = f"is not {called}" if said else f"is not UTF-8, nor {called}"
    return CoursewrightError(f"{file.name} {assumed} ({byte})", file.place, _SAY)


def _encoding(file: SourceFile, *, believing: bool) -> str:
    first = file.start(_PIECE)
    for mark, encoding in _MARKS.items():
        if first.startswith(mark):
            return encoding
    encoding = _without_mark(first)
    if encoding:
        return encoding
    if b"\0" in first or len(_CONTROL.findall(first)) > len(first) / 10:
        hint = "check that it is the right file, and what its ending says"
        raise UnreadableFile(f"{file.name} is no text", file.place, hint)
    if believing and first.isascii():
        return "utf-8"
    # What is wrong further on in a packed file is told when it is read: unpacking it twice would take as long again.
    letters, others = _counted(first) if file.packed else _counted_in_all(file)
    if not others:
        return "utf-8"
    if letters > others:
        raise wrong(file)
    return WINDOWS


def _without_mark(first: bytes) -> str:
    """UTF-16 without a mark: every other byte of text in the Latin alphabet is zero."""
    even, odd = first[::2], first[1::2]
    if first.count(0) > len(first) * 0.3:
        if not even.count(0):
            return "utf-16-le"
        if not odd.count(0):
            return "utf-16-be"
    return ""


def _counted_in_all(file: SourceFile) -> tuple[int, int]:
    with file.path.open("rb") as stream:
        return _counted_in(stream)


def _counted_in(stream: IO[bytes]) -> tuple[int, int]:
    letters = others = 0
    rest = b""
    while piece := stream.read(_PIECE):
        if not rest and piece.isascii():
            continue
        whole, rest = _cut(rest + piece)
        more, wrong_ones = _counted(whole)
        letters, others = letters + more, others + wrong_ones
    return letters, others + len(rest)


def _cut(piece: bytes) -> tuple[bytes, bytes]:
    """The piece without the beginning of a letter at its end, and that beginning."""
    for back in range(1, min(4, len(piece) + 1)):
        if piece[-back] >= 0xC0:
            size = 2 + (piece[-back] >= 0xE0) + (piece[-back] >= 0xF0)
            return (piece[:-back], piece[-back:]) if back < size else (piece, b"")
        if piece[-back] < 0x80:
            break
    return piece, b""


def _counted(piece: bytes) -> tuple[int, int]:
    """How many letters of several bytes there are, and how many bytes above ASCII that belong to none."""
    try:
        piece.decode()
        return len(piece.translate(None, _NO_START)), 0
    except UnicodeDecodeError:
        letters = _LETTER.findall(piece)
        return len(letters), len(piece.translate(None, _ASCII)) - sum(map(len, letters))


_ASCII = bytes(range(0x80))
_NO_START = bytes(range(0xC0))


def _recoded(file: SourceFile, encoding: str, limit: int) -> Iterator[bytes]:
    """The file in UTF-8, piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding)()
    came = 0
    with file.open() as stream:
        while True:
            piece = stream.read(_PIECE)
            text = decoder.decode(piece, final=not piece)
            done = text.removeprefix("\ufeff").encode() if not came else text.encode()
            came += len(done)
            if came > limit:
                raise CoursewrightError(f"{file.name} is longer than {limit / 1e9:,.3g} GB", file.place, _SAVE)
            yield done
            if not piece:
                return
