"""What services say, out of the files in which Supervisor keeps it: read as one, with what is not kept any more told.

Supervisor begins a new file when one is full and keeps a few older ones; where a file ends a line may be in two parts.
Lines end with a line feed and with nothing else, whatever the bytes in them are.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO

SIZE, OLDER = 5_000_000, 3  # bytes of a file, and how many files are kept beside the one that is written
BEGINNING = b"coursewright: this log begins here\n"
CUT = "… what was said before is not kept"
GAP = "… lines are missing here: more was said than is kept"
_PIECE = 1_000_000  # bytes that are read at once
_LONGEST = 16 * _PIECE  # bytes of a line that is waited for; a longer one is told in pieces


def begin(file: Path) -> None:
    """Begin a log that is not there yet, so that it can be told later whether its beginning is still kept."""
    with suppress(FileExistsError), file.open("xb") as opened:
        opened.write(BEGINNING)


def said(file: Path) -> Iterator[str]:
    """Everything that is kept of a log, line by line."""
    with closing(Follower(file)) as log:
        yield from log.new(finished=True)


def last(lines: Iterable[str], number: int) -> list[str]:
    """The last of some lines; where they reach what is not kept any more, the line that says so stands before them."""
    found = list(deque(lines, number + 1))
    return found if found[:1] == [CUT] else found[max(len(found) - number, 0) :]


class Follower:
    """Reads one log, from its oldest file on, and then what is added to it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened: BinaryIO | None = None
        self._part = b""
        self._is_new = True

    def close(self) -> None:
        """Read no more."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def skip(self) -> None:
        """Pass over what has been said so far."""
        deque(self.new(), 0)

    def new(self, *, finished: bool = False) -> Iterator[str]:
        """The whole lines that were said since the last time; when it is `finished`, what is no whole line, too."""
        while opened := self._opened or self._oldest():
            self._opened = opened
            yield from self._lines(opened)
            if not self._go_on(opened):
                break
            if self._opened is None:
                yield GAP
        if finished and self._part:
            yield _text(self._part)
            self._part = b""

    def _oldest(self) -> BinaryIO | None:
        """The oldest file that there is."""
        return next(filter(None, map(_opened, reversed(self._names()))), None)

    def _lines(self, opened: BinaryIO) -> Iterator[str]:
        while piece := opened.read(_PIECE):
            if self._is_new:
                self._is_new = False
                if piece.startswith(BEGINNING):
                    piece = piece.removeprefix(BEGINNING)
                elif self._names()[-1].exists():
                    yield CUT
            *lines, self._part = (self._part + piece).split(b"\n")
            yield from map(_text, lines)
            if len(self._part) > _LONGEST:
                yield _text(self._part)
                self._part = b""

    def _go_on(self, opened: BinaryIO) -> bool:
        """Open the file after the one that was read to its end, or none where it is gone; whether there is more."""
        mine = os.fstat(opened.fileno()).st_ino
        names = self._names()
        place = next((place for place, name in enumerate(names) if _number(name) == mine), None)
        if place == 0:
            return False
        if opened.read(1):  # it was written to, and then followed by another
            opened.seek(-1, os.SEEK_CUR)
            return True
        following = None if place is None else _opened(names[place - 1])
        if following is not None and place is not None and _number(names[place]) != mine:  # another began meanwhile
            following.close()
            return True
        opened.close()
        self._opened = following
        if following is None:
            self._part = b""
        return True

    def _names(self) -> list[Path]:
        """The files of the log, from the one that is written to the oldest."""
        return [self._file, *(Path(f"{self._file}.{number}") for number in range(1, OLDER + 1))]


def _opened(name: Path) -> BinaryIO | None:
    with suppress(OSError):
        return name.open("rb")
    return None


def _number(file: Path) -> int | None:
    """The number of a file on its disk, which it keeps when it is renamed."""
    with suppress(OSError):
        return file.stat().st_ino
    return None


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "backslashreplace")
