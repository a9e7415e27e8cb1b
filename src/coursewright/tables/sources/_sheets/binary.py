"""A second look at a sheet of .xlsb, whose parts are records: mistakes, noughts in front, days,
raised digits.

What the records are is said by [MS-XLSB]: a number for the kind, the length, and so many bytes. Days that are stored as
whole numbers are looked at as well, since calamine takes them for numbers.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from coursewright.errors import CoursewrightError
from coursewright.tables.sources._sheets import formats
from coursewright.tables.sources._sheets.cells import BROKEN, LARGEST, Cell, Mistake, named, no_day, too_far, unworked
from coursewright.tables.sources._sheets.openxml import related
from coursewright.tables.sources.opened import SourceFile
from coursewright.tables.sources.raised import raised_runs

# The kinds of records that are looked at.
_ROW, _RK, _REAL, _SHEET_DATA_END = 0, 2, 5, 146
_FORMAT, _STYLE, _STYLES, _STYLES_END = 44, 47, 617, 618
_BOOK, _SHEET, _CALCULATION = 153, 156, 157
_MISTAKES, _FORMULAS, _FORMULA_NUMBER = (3, 11), range(8, 12), 9
_TEXT, _TEXT_ITEM, _FONT = 7, 19, 43
_PLACE = 6  # where a record of a font says that it stands above (1) or below (2) the line
_CELLS = frozenset({*range(1, 12)})
_UNREAD = frozenset({*range(12, 19), 62})  # cells too: short ones, and texts with formats inside them
_SHOWN = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_OTHER = "an error"
_CALCULATES = 24  # where a record says whether all is to be worked out on opening


class _Book(NamedTuple):
    """What is said of all sheets, and the records of the one that is looked at."""

    from_1904: bool
    recalculates: bool
    codes: Mapping[int, str]
    cells: bytes
    raised: Mapping[int, str]


class _Cell(NamedTuple):
    """A cell: the kind of its record, its place, its style and its value in bytes."""

    kind: int
    row: int
    column: int
    style: int
    value: bytes


def look(file: SourceFile, sheet: str) -> Mapping[tuple[int, int], Cell]:
    """The cells that show something else than their value, by row and column; mistakes among them.

    Raises CoursewrightError for a number that is to be a day and is none, for formulas that nobody has worked out, and
    for a cell of a kind that calamine passes over.
    """
    from lxml import etree

    try:
        return _found(file, sheet, _opened(file, sheet))
    except (*BROKEN, etree.XMLSyntaxError) as error:
        raise file.unreadable("a spreadsheet", str(error)) from None
    except (struct.error, IndexError):
        raise file.unreadable("a spreadsheet", "a record of it breaks off") from None


def _found(file: SourceFile, sheet: str, book: _Book) -> dict[tuple[int, int], Cell]:
    cells = list(_cells(book.cells))
    _refuse_others(file, sheet, cells)
    if book.recalculates:
        _refuse_unworked(file, sheet, cells)
    found: dict[tuple[int, int], Cell] = {}
    for cell in cells:
        code = book.codes.get(cell.style, "")
        number = _number(cell) if code else None
        if cell.kind in _MISTAKES:
            found[cell.row, cell.column] = Mistake(_SHOWN.get(cell.value[0], _OTHER))
        elif cell.kind == _TEXT and (text := book.raised.get(struct.unpack_from("<I", cell.value)[0])) is not None:
            found[cell.row, cell.column] = text
        elif number is not None:
            value = _as_shown(number, code, from_1904=book.from_1904)
            if value is None:
                raise no_day(file, sheet, named(cell.row, cell.column), f"{number:g}")
            found[cell.row, cell.column] = value
    return found


def _as_shown(number: float, code: str, *, from_1904: bool) -> Cell:
    """What a number is by its format: a number, a time, a text of digits; None for a day that there is not."""
    if formats.is_day(code) or formats.is_length(code):
        return formats.time(number, code, from_1904=from_1904)
    mask = formats.mask(code)
    return formats.padded(number, mask) if mask else number


def _opened(file: SourceFile, sheet: str) -> _Book:
    """What the parts of the book say."""
    from_1904 = recalculates = False
    cells = b""
    with zipfile.ZipFile(file.path) as book:
        workbook = related(book, "", "/officeDocument") or "xl/workbook.bin"
        for kind, data in _records(book.read(workbook)):
            if kind == _BOOK:
                from_1904 = bool(data[0] & 1)
            elif kind == _CALCULATION:
                recalculates = len(data) > _CALCULATES and bool(data[_CALCULATES] & 1)
            elif kind == _SHEET:
                identity, end = _text(data, 8)
                if _text(data, end)[0] == sheet:
                    part = related(book, workbook, "/worksheet", identity)
                    cells = book.read(part) if part in book.namelist() else b""
        styles, texts = (
            book.read(part) if part in book.namelist() else b""
            for part in (related(book, workbook, kind) for kind in ("/styles", "/sharedStrings"))
        )
    return _Book(from_1904, recalculates, _codes(styles), cells, _raised(texts, _fonts(styles)))


def _fonts(styles: bytes) -> dict[int, bool]:
    """The fonts that stand above the line, or below it."""
    fonts = (struct.unpack_from("<H", data, _PLACE)[0] for kind, data in _records(styles) if kind == _FONT)
    return {at: place == 2 for at, place in enumerate(fonts) if place}


def _raised(texts: bytes, fonts: Mapping[int, bool]) -> dict[int, str]:
    """The texts of the book with raised or lowered digits, by their numbers."""
    found = {}
    items = (data for kind, data in _records(texts) if kind == _TEXT_ITEM) if fonts else ()
    for at, data in enumerate(items):
        text, end = _text(data, 1)
        if data[0] & 1:
            (count,) = struct.unpack_from("<I", data, end)
            runs = [struct.unpack_from("<HH", data, end + 4 + 4 * number) for number in range(count)]
            other = raised_runs(text, runs, fonts)
            if other is not None:
                found[at] = other
    return found


def _codes(styles: bytes) -> dict[int, str]:
    """The number format of each style of cells; "" for those that are no custom ones and show no days."""
    custom: dict[int, str] = {}
    numbers: list[int] | None = None
    for kind, data in _records(styles):
        if kind == _FORMAT:
            custom[struct.unpack_from("<H", data)[0]] = _text(data, 2)[0]
        elif kind == _STYLES:
            numbers = []
        elif kind == _STYLE and numbers is not None:
            numbers.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _STYLES_END:
            break
    return formats.of_styles(numbers or [], custom)


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The kind of each record, and its bytes."""
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            piece = part[at]
            at += 1
            size |= (piece & 0x7F) << shift
            shift += 7
            if piece < 0x80:
                break
        if at + size > len(part):
            raise IndexError
        yield kind, part[at : at + size]
        at += size


def _cells(part: bytes) -> Iterator[_Cell]:
    """The cells of a sheet, those that are empty too."""
    row = 0
    unpack = struct.Struct("<II").unpack_from
    for kind, data in _records(part):
        if kind == _ROW:
            row = unpack(data)[0]
        elif kind in _CELLS:
            column, style = unpack(data)
            yield _Cell(kind, row, column, style & 0xFFFFFF, data[8:])
        elif kind in _UNREAD:
            yield _Cell(kind, row, -1, 0, data)
        elif kind == _SHEET_DATA_END:
            return


def _text(data: bytes, at: int) -> tuple[str, int]:
    """The text that begins at `at`, and where it ends."""
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * (length if length != 0xFFFFFFFF else 0)
    return data[at + 4 : end].decode("utf-16-le"), end


def _number(cell: _Cell) -> float | None:
    """The number that is in a cell, if there is one."""
    if cell.kind in (_REAL, _FORMULA_NUMBER):
        return float(struct.unpack_from("<d", cell.value)[0])
    if cell.kind != _RK:
        return None
    (packed,) = struct.unpack_from("<I", cell.value)
    whole = packed >> 2 if packed < 1 << 31 else (packed >> 2) - (1 << 30)
    number = float(whole) if packed & 2 else float(struct.unpack("<d", struct.pack("<II", 0, packed & ~3))[0])
    return number / 100 if packed & 1 else number


def _refuse_others(file: SourceFile, sheet: str, cells: list[_Cell]) -> None:
    """Raise CoursewrightError for a cell that would be passed over, or is too far from the others to be held."""
    for cell in cells:
        if cell.kind in _UNREAD:
            what = f'row {cell.row + 1} of the sheet "{sheet}" in {file.name} has a cell of a kind that is not read'
            raise CoursewrightError(what, file.place, "save the book as .xlsx")
    height, width = (max((getattr(cell, at) + 1 for cell in cells), default=0) for at in ("row", "column"))
    if height * width > LARGEST:
        far = max(cells, key=lambda cell: (cell.column, cell.row))
        raise too_far(file, sheet, named(far.row, far.column))


def _refuse_unworked(file: SourceFile, sheet: str, cells: list[_Cell]) -> None:
    """Raise CoursewrightError if all formulas are nought: so programs write what they do not work out."""
    formulas = [cell for cell in cells if cell.kind in _FORMULAS]
    if formulas and all(cell.kind == _FORMULA_NUMBER and not _number(cell) for cell in formulas):
        raise unworked(file, sheet, named(formulas[0].row, formulas[0].column))
