"""Books of Excel 97 to 2003 and before (.xls), read by xlrd: it knows charts from cells, and gives each its format.

It does not say which cells have formulas: these are found by a second look at the records of the book ([MS-XLS]).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables.sources._sheets import formats
from coursewright.tables.sources._sheets.cells import Cell, Mistake, named, no_day, unworked
from coursewright.tables.sources.opened import SourceFile
from coursewright.tables.sources.raised import raised_runs

# The kinds of records that are looked at.
_BEGIN, _END, _SHEET, _FORMULA = 0x0809, 0x000A, 0x0085, 0x0006
_EMPTY = 3  # the text that is a formula's value has no signs
_BELOW = 2  # the line is where a font stands; 1 is above
_ON_OPENING = 2  # a formula is to be worked out then


class _Formula(NamedTuple):
    """A formula: the place of its cell, its value in bytes, and when it is to be worked out."""

    row: int
    column: int
    value: bytes
    flags: int


class OldBook:
    """A book of old Excel. Raises CoursewrightError for a file that is none, is broken or is protected."""

    def __init__(self, file: SourceFile) -> None:
        try:
            import xlrd
        except ImportError:
            hint = 'pip install "coursewright[spreadsheets]"'
            raise MissingPart("old spreadsheets need xlrd", file.place, hint) from None
        self._file, self._xlrd = file, xlrd
        try:
            with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - what xlrd has to say of odd books
                self._book = xlrd.open_workbook(
                    file.path, logfile=nowhere, formatting_info=True, ragged_rows=True, on_demand=True
                )
                names = [sheet.name for sheet in self._book.sheets()]
                found = _formulas(memoryview(self._book.mem)[self._book.base :].tobytes()) if self._book.mem else []
                self._formulas = dict(zip(names, found, strict=False))
                self._book.release_resources()
        except Exception as error:  # noqa: BLE001 - a broken book can break the reader in any way
            if "encrypted" in str(error):
                hint = "save it without a password"
                raise CoursewrightError(f"{file.name} is protected by a password", file.place, hint) from None
            raise file.unreadable("a spreadsheet", str(error) or type(error).__name__) from None

    @property
    def sheets(self) -> dict[str, bool]:
        """The names of the sheets, and whether each is seen."""
        return {sheet.name: sheet.visibility == 0 for sheet in self._book.sheets()}

    def rows(self, sheet: str) -> list[list[Cell]]:
        """The cells of a sheet from A1 on. Raises CoursewrightError for a number that is shown as a day and is none.

        A formula that has never been worked out is one, too: programs write all of them as empty texts, or as noughts
        to be worked out on opening.
        """
        formulas = self._formulas.get(sheet, [])
        if formulas and all(map(_is_unworked, formulas)):
            raise unworked(self._file, sheet, named(formulas[0].row, formulas[0].column), ".xlsx")
        cells = self._book.sheet_by_name(sheet)
        runs = cells.rich_text_runlist_map
        codes = {at: self._book.format_map[form.format_key].format_str for at, form in enumerate(self._book.xf_list)}
        return [
            [
                self._raised(cell.value, runs[row, at])
                if (row, at) in runs
                else self._cell(cell, codes[cell.xf_index], sheet, row, at)
                for at, cell in enumerate(cells.row(row))
            ]
            for row in range(cells.nrows)
        ]

    def _raised(self, text: str, runs: list[tuple[int, int]]) -> str:
        """A text with its raised and lowered digits as signs of their own; each run begins with another font."""
        fonts = {at: font.escapement == _BELOW for at, font in enumerate(self._book.font_list) if font.escapement}
        found = raised_runs(text, runs, fonts)
        return text if found is None else found

    def _cell(self, cell: Any, code: str, sheet: str, row: int, column: int) -> Cell:
        kind, value = cell.ctype, cell.value
        xlrd = self._xlrd
        if kind == xlrd.XL_CELL_NUMBER and not (formats.is_length(code) or formats.is_odd(code)):
            mask = formats.mask(code)
            return formats.padded(value, mask) if mask else value
        if kind == xlrd.XL_CELL_TEXT:
            return value
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind == xlrd.XL_CELL_ERROR:
            return Mistake(xlrd.error_text_from_code.get(value, "an error"))
        if kind not in (xlrd.XL_CELL_DATE, xlrd.XL_CELL_NUMBER):
            return None
        time = formats.time(value, code, from_1904=bool(self._book.datemode))
        if time is None:
            raise no_day(self._file, sheet, named(row, column), f"{value:g}")
        return time


def _is_unworked(formula: _Formula) -> bool:
    if formula.value[6:] == b"\xff\xff":
        return formula.value[0] == _EMPTY
    return not any(formula.value) and bool(formula.flags & _ON_OPENING)


def _formulas(book: bytes) -> list[list[_Formula]]:
    """The formulas of each sheet that has cells, in the order of the book."""
    starts = [
        struct.unpack_from("<I", data)[0]
        for kind, data, depth in _records(book, 0)
        if kind == _SHEET and depth == 1 and not data[5]
    ]
    return [
        [
            _Formula(*struct.unpack_from("<HH2x8sH", data))
            for kind, data, depth in _records(book, start)
            if kind == _FORMULA and depth == 1
        ]
        for start in starts
    ]


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes, int]]:
    """The kind of each record of the part that begins at `at`, its bytes, and how many parts it is in."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        yield kind, book[at + 4 : at + 4 + size], depth
        at += 4 + size
