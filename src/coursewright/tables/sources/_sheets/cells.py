"""The noun: what stands in a cell, and where the cell is."""

from __future__ import annotations

import datetime
import zipfile
import zlib
from typing import Any, NamedTuple, Protocol

from coursewright.errors import CoursewrightError
from coursewright.tables.sources.opened import SourceFile

Cell = Any  # None, text, float, bool, day, moment, time of day, length of time, or a Mistake
LARGEST = 100_000_000  # cells of a sheet, of which those that are empty are counted
# What the parts of a damaged book can raise, beside what their XML can.
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, RuntimeError)
DIGITS = 15  # that a spreadsheet keeps of a number, and shows

REASONS = {
    "#DIV/0!": "something is divided by nought",
    "#NAME?": "its formula uses a name that the program did not know",
    "#NULL!": "its formula asks for cells that two ranges have in common, and there are none",
    "#NUM!": "its formula gives no number that there is",
    "#REF!": "its formula refers to cells that are gone",
    "#VALUE!": "its formula was given a value of the wrong kind",
}
NOT_AVAILABLE = "#N/A"  # the one mistake that is meant: it says that there is no value


class Mistake(NamedTuple):
    """What a cell shows in place of a value: "#NAME?"."""

    shown: str


class Book(Protocol):
    """A spreadsheet that is open."""

    @property
    def sheets(self) -> dict[str, bool]:
        """The names of its sheets that have cells, and whether each is seen; charts have none."""

    def rows(self, sheet: str) -> list[list[Cell]]:
        """The cells of a sheet from A1 on. Raises CoursewrightError for what cannot be read as it is shown."""


def named(row: int, column: int) -> str:
    """What the program calls a cell: B3 for row 2, column 1, which count from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def place_of(name: str) -> tuple[int, int]:
    """The row and the column of a cell by its name."""
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(name[len(letters) :]) - 1, column - 1


def fault(file: SourceFile, sheet: str, cell: str, what: str, hint: str) -> CoursewrightError:
    """The error of a cell."""
    return CoursewrightError(f'cell {cell} of the sheet "{sheet}" in {file.name} {what}', file.place, hint)


def mistaken(file: SourceFile, sheet: str, cell: str, mistake: Mistake, hint: str = "") -> CoursewrightError:
    """The error of a cell that shows one."""
    why = f": {REASONS[mistake.shown]}" if mistake.shown in REASONS else ""
    hint = hint or f'mend the formula, or say that it is a missing value: missing = ["{mistake.shown}"]'
    return fault(file, sheet, cell, f"shows {mistake.shown}{why}", hint)


def unworked(file: SourceFile, sheet: str, cell: str, form: str = "") -> CoursewrightError:
    """The error of a formula without a value, as programs write it that do not calculate; `form` to save it in."""
    saved = f"save it there as {form}" if form else "save it there"
    hint = f"open it in Excel or LibreOffice and {saved}: that works the formulas out"
    return fault(file, sheet, cell, "has a formula that has never been worked out", hint)


def no_day(file: SourceFile, sheet: str, cell: str, number: str) -> CoursewrightError:
    """The error of a number that is shown as a day and is none."""
    hint = "mend the cell: Excel shows ##### there, or the 29th of February 1900, which never was"
    return fault(file, sheet, cell, f"is to be a day, and no day has the number {number}", hint)


def too_far(file: SourceFile, sheet: str, cell: str) -> CoursewrightError:
    """The error of a cell so far away that the empty ones before it would fill the memory."""
    hint = "delete what stands there, or save the table in a book of its own"
    return fault(file, sheet, cell, "is so far from the others that the sheet cannot be held", hint)


def shown(cell: Cell) -> str:
    """A cell as text: a number with the digits that a spreadsheet keeps, a day as ISO writes it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.{DIGITS}G}" if cell else "0"
    if isinstance(cell, datetime.timedelta):
        return _length(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ")
    return cell.shown if isinstance(cell, Mistake) else str(cell)


def _length(length: datetime.timedelta) -> str:
    """A length of time in hours, as [h]:mm:ss shows it."""
    sign = "-" if length < datetime.timedelta() else ""
    minutes, seconds = divmod(abs(length), datetime.timedelta(minutes=1))
    rest = f".{seconds.microseconds:06d}".rstrip("0") if seconds.microseconds else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}:{seconds.seconds:02d}{rest}"
