"""Books of Excel since 2007 (.xlsx, .xlsm, .xlsb) and OpenDocument (.ods), read by calamine.

It gives each cell's value with its kind, but nothing at all for a mistake such as #NAME? and for a formula that nobody
has worked out: these are found by a second look at the parts of the book.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables.sources._sheets import binary, opendocument, openxml
from coursewright.tables.sources._sheets.cells import NOT_AVAILABLE, REASONS, Cell, Mistake, mistaken, named
from coursewright.tables.sources.opened import SourceFile

_KNOWN = {*REASONS, NOT_AVAILABLE, "#GETTING_DATA"}  # a sheet with another mistake is not read at all
_LENGTH = re.compile(r"(-?)PT([0-9]+)H([0-9]+)M([0-9]+)(?:[.,]([0-9]{1,6})[0-9]*)?S")


class ModernBook:
    """A book of Excel or OpenDocument. Raises CoursewrightError for a file that is none, is broken or is protected."""

    def __init__(self, file: SourceFile, form: str) -> None:
        try:
            import python_calamine
        except ImportError:
            hint = 'pip install "coursewright[spreadsheets]"'
            raise MissingPart("spreadsheets need python-calamine", file.place, hint) from None
        self._file, self._form = file, form
        with _told(file):
            self._book = python_calamine.CalamineWorkbook.from_path(file.path)
            cells, seen = python_calamine.SheetTypeEnum.WorkSheet, python_calamine.SheetVisibleEnum.Visible
            self._sheets = {one.name: one.visible == seen for one in self._book.sheets_metadata if one.typ == cells}

    @property
    def sheets(self) -> dict[str, bool]:
        """The names of the sheets, and whether each is seen."""
        return self._sheets

    def rows(self, sheet: str) -> list[list[Cell]]:
        """The cells of a sheet from A1 on. Raises CoursewrightError for what is not as the program shows it."""
        found = {"ods": opendocument, "xlsb": binary}.get(self._form, openxml).look(self._file, sheet)
        self._refuse_unknown(sheet, found)
        with _told(self._file):
            rows: list[list[Any]] = self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        for line in rows:
            for at, cell in enumerate(line):
                if cell == "":
                    line[at] = None
                elif type(cell) is int:
                    line[at] = float(cell)
                elif type(cell) is str and self._form == "ods":
                    line[at] = _length(cell)
        for (row, column), cell in found.items():
            rows += [[] for _ in range(len(rows), row + 1)]
            rows[row] += [None] * (column + 1 - len(rows[row]))
            rows[row][column] = cell
        return rows

    def _refuse_unknown(self, sheet: str, found: Mapping[tuple[int, int], Cell]) -> None:
        """Raise CoursewrightError for a mistake that calamine does not know: it reads nothing of such a sheet."""
        for (row, column), cell in found.items() if self._form != "ods" else ():
            if isinstance(cell, Mistake) and cell.shown not in _KNOWN:
                raise mistaken(self._file, sheet, named(row, column), cell, "mend the formula")


def _length(text: str) -> Cell:
    """The length of time that a text is: calamine leaves those of more than a day as OpenDocument writes them."""
    found = _LENGTH.fullmatch(text)
    if not found:
        return text
    sign, hours, minutes, seconds, rest = found.groups(default="")
    length = datetime.timedelta(
        hours=int(hours), minutes=int(minutes), seconds=int(seconds), microseconds=int(f"{rest:0<6}")
    )
    return -length if sign else length


@contextmanager
def _told(file: SourceFile) -> Iterator[None]:
    """What calamine cannot read, in words."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError:
        hint = "save it without a password"
        raise CoursewrightError(f"{file.name} is protected by a password", file.place, hint) from None
    except (CalamineError, OSError) as error:
        raise file.unreadable("a spreadsheet", re.sub("^calamine error: ", "", str(error))) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise file.unreadable("a spreadsheet", str(error)) from None
