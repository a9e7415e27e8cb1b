"""Books of Excel 97 to 2003 and before (.xls), read by xlrd: it knows charts from cells, and gives each its format."""

from __future__ import annotations

import os
from typing import Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables.sources._sheets import formats
from coursewright.tables.sources._sheets.cells import Cell, Mistake, named, no_day
from coursewright.tables.sources.opened import File


class OldBook:
    """A book of old Excel. Raises CoursewrightError for a file that is none, is broken or is protected."""

    def __init__(self, file: File) -> None:
        try:
            import xlrd
        except ImportError:
            hint = 'pip install "coursewright[spreadsheets]"'
            raise MissingPart("old spreadsheets need xlrd", file.place, hint) from None
        self._file, self._xlrd = file, xlrd
        try:
            with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - what xlrd has to say of odd books
                self._book = xlrd.open_workbook(
                    file.path, logfile=nowhere, formatting_info=True, ragged_rows=True, ignore_workbook_corruption=False
                )
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
        """The cells of a sheet from A1 on. Raises CoursewrightError for a number that is shown as a day and is none."""
        cells = self._book.sheet_by_name(sheet)
        codes = {at: self._book.format_map[form.format_key].format_str for at, form in enumerate(self._book.xf_list)}
        return [
            [self._cell(cell, codes[cell.xf_index], sheet, row, at) for at, cell in enumerate(cells.row(row))]
            for row in range(cells.nrows)
        ]

    def _cell(self, cell: Any, code: str, sheet: str, row: int, column: int) -> Cell:
        kind, value = cell.ctype, cell.value
        xlrd = self._xlrd
        if kind == xlrd.XL_CELL_NUMBER:
            mask = formats.mask(code)
            return formats.padded(value, mask) if mask else value
        if kind == xlrd.XL_CELL_TEXT:
            return value
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind == xlrd.XL_CELL_ERROR:
            return Mistake(xlrd.error_text_from_code.get(value, "an error"))
        if kind != xlrd.XL_CELL_DATE:
            return None
        time = formats.time(value, code, from_1904=bool(self._book.datemode))
        if time is None:
            raise no_day(self._file, sheet, named(row, column), f"{value:g}")
        return time
