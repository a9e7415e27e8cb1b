"""Rows from spreadsheets: Excel's old and new forms and OpenDocument, the values that formulas had when saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.tables.sources import archives
from coursewright.tables.sources._sheets.cells import NOT_AVAILABLE, Book, Cell, Mistake, mistaken, named, shown
from coursewright.tables.sources._sheets.columns import column
from coursewright.tables.sources._sheets.modern import ModernBook
from coursewright.tables.sources._sheets.old import OldBook
from coursewright.tables.sources.dialect import joined
from coursewright.tables.sources.opened import SourceFile

_CONTAINER = b"\xd0\xcf\x11\xe0"  # of old Office, into which a protected .xlsx is put
_FEW = 3  # values that headings have at least, by which they are told from a row of two
_PROTECTED = "EncryptedPackage".encode("utf-16-le")  # what is in it then


def read(
    file: SourceFile,
    *,
    form: str,
    sheet: str | int,
    header: int | None,
    limit: int,
    missing: Iterable[str] = (),
    skip: int = 0,
) -> Any:
    """The rows of a sheet as an Arrow table: `sheet` is its name or its number from 1; else the first that is seen.

    Rows that are empty above and among the others are left out, and the first `skip` rows of the sheet. `header` is how
    many rows are headings (1); headings in several rows are joined, and one above several columns counts for each.
    Numbers that are all whole are BIGINT, times that are all midnight are dates, a column with text in it is text.
    Cells that show one of the texts `missing`, or #N/A, have no value.

    Raises CoursewrightError for a sheet that is not there or is empty, for a file that is none or protected, for a
    first row that seems to be a title when no `header` is said, and, with its name, for a cell that shows a mistake
    such as #NAME?, has a formula without a value, or a day that is none.
    """
    book = _book(file, form, limit)
    name = _sheet(book.sheets, sheet, file)
    rows = book.rows(name)
    rows = [[None if type(cell) is str and not cell.strip() else cell for cell in row] for row in rows]
    at = next((at for at, row in enumerate(rows) if at >= skip and _filled(row)), None)
    if at is None:
        raise CoursewrightError(f'the sheet "{name}" of {file.name} is empty', file.place, _named(book.sheets))
    count = 1 if header is None else header
    first, below = rows[at : at + count], [number for number in range(at + count, len(rows)) if _filled(rows[number])]
    if len(first) < count:
        message = f'the sheet "{name}" of {file.name} has fewer rows than the {count} that are headings'
        raise CoursewrightError(message, file.place)
    if header is None and not skip:
        _refuse_title(file, name, rows, at)
    _refuse_mistakes(file, name, rows, [*range(at, at + count), *below], {NOT_AVAILABLE, *missing})
    return _columns(first, [rows[number] for number in below], frozenset(missing))


def _book(file: SourceFile, form: str, limit: int) -> Book:
    """The book that is in the file."""
    if form == "xls":
        if file.start(4) == _CONTAINER and _PROTECTED in file.path.read_bytes():
            raise _protected(file)
        return OldBook(file)
    if file.start(4) == _CONTAINER:
        if _PROTECTED in file.path.read_bytes():
            raise _protected(file)
        hint = 'say what it is: format = "xls"'
        raise CoursewrightError(f"{file.name} is an .xls by another name", file.place, hint)
    archives.refuse_bomb(file, limit=limit)
    return ModernBook(file, form)


def _protected(file: SourceFile) -> CoursewrightError:
    return CoursewrightError(f"{file.name} is protected by a password", file.place, "save it without a password")


def _sheet(sheets: dict[str, bool], wanted: str | int, file: SourceFile) -> str:
    """The name of the sheet that is wanted; a number is one unless a sheet is called so."""
    names = list(sheets)
    if wanted == "" and names:
        return next((name for name, seen in sheets.items() if seen), names[0])
    if str(wanted) in names:
        return str(wanted)
    if isinstance(wanted, int) and 1 <= wanted <= len(names):
        return names[wanted - 1]
    if isinstance(wanted, int):
        message = f"no sheet {wanted} in {file.name}, which has {len(names)}"
        raise CoursewrightError(message, file.place, _named(names))
    raise CoursewrightError(f'no sheet "{wanted}" in {file.name}', file.place, did_you_mean(wanted, names))


def _named(names: Iterable[str]) -> str:
    return f"its sheets are called {', '.join(names)}"


def _filled(row: list[Cell]) -> bool:
    return any(cell is not None for cell in row)


def _refuse_title(file: SourceFile, sheet: str, rows: list[list[Cell]], at: int) -> None:
    """Raise CoursewrightError when the first row has one value alone, as a title has, and headings are below it."""
    filled = [sum(cell is not None for cell in row) for row in rows]
    headings = next((number for number in range(at + 1, len(rows)) if filled[number] > 1), None)
    if headings is None or filled[at] != 1:
        return
    texts = all(cell is None or type(cell) is str for cell in rows[headings])
    if texts and (filled[headings] >= _FEW or headings > at + 1):  # a heading alone may stand above two columns
        title = next(cell for cell in rows[at] if cell is not None)
        message = f'row {at + 1} of the sheet "{sheet}" of {file.name} has one value alone, "{shown(title)}"'
        hint = f"if it is a title: skip = {headings}; if it is the headings: header = 1"
        raise CoursewrightError(f"{message}, where row {headings + 1} has {filled[headings]}", file.place, hint)


def _refuse_mistakes(
    file: SourceFile, sheet: str, rows: list[list[Cell]], numbers: list[int], missing: set[str]
) -> None:
    """Raise CoursewrightError for the first cell that shows a mistake which is not to be a missing value."""
    for number in numbers:
        for at, cell in enumerate(rows[number]):
            if type(cell) is Mistake and cell.shown not in missing:
                raise mistaken(file, sheet, named(number, at), cell)


def _columns(first: list[list[Cell]], below: list[list[Cell]], missing: frozenset[str]) -> Any:
    """The rows `below` as columns, named by the `first`; without empty columns that have no heading."""
    import pyarrow as pa

    width = max(map(len, [*first, *below]), default=0)
    headings = [["" if cell is None else shown(cell) for cell in row] for row in first]
    names = joined(headings) if headings else ()
    names = (*names, *(f"column{number}" for number in range(len(names), width)))
    kept = {}
    for at, name in enumerate(names):
        cells = _valued([row[at] if at < len(row) else None for row in below], missing)
        if any(row[at : at + 1] not in ([], [""]) for row in headings) or any(cell is not None for cell in cells):
            kept[name] = column(cells)
    return pa.table(kept)


def _valued(cells: list[Cell], missing: frozenset[str]) -> list[Cell]:
    """The cells without those that stand for no value."""
    if not missing and Mistake not in set(map(type, cells)):
        return cells
    return [None if type(cell) is Mistake or (cell is not None and shown(cell) in missing) else cell for cell in cells]
