"""The noun: a file that is being read, by the name that its author knows, wherever its bytes lie."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from coursewright.errors import CoursewrightError, Place


class UnreadableFile(CoursewrightError):
    """A file of which no reader of its kind can make anything, whatever is said of it."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file at `path`, called `name` in messages; `packed` when its bytes are those of gzip.

    `within` is the name inside an archive, `encoding` that which the text had before it was UTF-8, and `kept` the
    folder for what has to be written of it in another form.
    """

    path: Path
    name: str
    place: Place | None
    kept: Path
    packed: bool = False
    within: str = ""
    encoding: str = "utf-8"

    @property
    def ending(self) -> str:
        """The ending of the name in small letters, without that of gzip: "csv"."""
        name = (self.within or self.name).lower()
        return Path(name.removesuffix(".gz") if self.packed else name).suffix.lstrip(".")

    def open(self) -> IO[bytes]:
        """Its bytes, unpacked."""
        return cast(IO[bytes], gzip.open(self.path)) if self.packed else self.path.open("rb")

    def start(self, size: int) -> bytes:
        """The first `size` bytes, unpacked. Raises CoursewrightError for what cannot be opened or unpacked."""
        try:
            with self.open() as stream:
                return stream.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self.broken(error) from None
        except OSError as error:
            raise CoursewrightError(f"{self.name} cannot be opened: {error.strerror}", self.place) from None

    def broken(self, error: Exception) -> UnreadableFile:
        """The error of a packed file that cannot be unpacked."""
        return UnreadableFile(f"{self.name} cannot be unpacked: {error}", self.place, "fetch or pack it again")

    def unreadable(self, form: str, said: str) -> UnreadableFile:
        """The error of a file that its reader cannot read; `said` is what the reader said."""
        first = said.strip().split("\n", maxsplit=1)[0]
        reason = first.partition("Error: ")[2] or first
        reason = reason.replace(str(self.path), self.name).strip()
        return UnreadableFile(f"{self.name} cannot be read as {form}: {reason}", self.place, _WHOLE)


_WHOLE = "check that the file is whole"


@dataclass(frozen=True, slots=True)
class Lazy:
    """A file whose rows are read by each query; `mend` is given what DuckDB said when that failed.

    It gives the file opened with more care, or raises CoursewrightError; nothing when the file is not at fault.
    `settled` gives the file after all its rows have been read once without a fault, if that spares work from then on.
    `notes` gives what was assumed of it, for people; before, `sure` gives the file after all its bytes were looked at.
    """

    file: SourceFile
    mend: Callable[[str], Lazy | None]
    settled: Callable[[], Lazy] | None = None
    notes: Callable[[], tuple[str, ...]] = tuple
    sure: Callable[[], Lazy | None] | None = None


def literal(path: Path) -> str:
    """The path as a literal of SQL, a view having no parameters; and as itself alone, not as a pattern of several."""
    return text(re.sub(r"[*?\[]", lambda sign: f"[{sign[0]}]", str(path)))


def text(value: str) -> str:
    """Any text as a literal of SQL."""
    return "'" + value.replace("'", "''") + "'"
