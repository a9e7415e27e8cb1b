"""Rows from spreadsheets: Excel's old and new forms and OpenDocument, the values that formulas had when saved."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coursewright.errors import CoursewrightError, MissingPart, did_you_mean
from coursewright.tables.sources import archives
from coursewright.tables.sources.delimited import joined
from coursewright.tables.sources.opened import File

_PROTECTED = b"\xd0\xcf\x11\xe0"  # what an encrypted .xlsx begins with: it is put into the container of old Office


def read(file: File, *, form: str, sheet: str | int, header: int | None, limit: int) -> Any:
    """The rows of a sheet as an Arrow table: `sheet` is its name or its number from 1, the first when none is given.

    Rows that are empty above and among the others are left out. `header` is how many rows are headings (1); headings
    in several rows are joined, and one above several columns counts for each. Numbers that are all whole are BIGINT,
    times that are all midnight are dates, a column with text in it is text, an error such as #N/A is missing. Raises
    CoursewrightError for a sheet that is not there or is empty, and for a file that is none or protected.
    """
    try:
        import fastexcel
    except ImportError:
        hint = 'pip install "coursewright[spreadsheets]"'
        raise MissingPart("spreadsheets need fastexcel", file.place, hint) from None
    if file.start(4) == _PROTECTED and form in ("xlsx", "xlsm", "xlsb"):
        hint = "save it without a password"
        raise CoursewrightError(f"{file.name} is protected by a password, or an .xls by another name", file.place, hint)
    archives.refuse_bomb(file, limit=limit)
    try:
        with _quiet():
            book = fastexcel.read_excel(str(file.path))
            name = _sheet(book.sheet_names, sheet, file)
            rows = _rows(book, name, 1 if header is None else header, file)
    except fastexcel.FastExcelError as error:
        raise file.unreadable("a spreadsheet", re.sub("^calamine error: ", "", str(error))) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise file.unreadable("a spreadsheet", str(error)) from None
    if rows is None:
        raise CoursewrightError(f'the sheet "{name}" of {file.name} is empty', file.place, _named(book.sheet_names))
    return rows


def _sheet(names: list[str], wanted: str | int, file: File) -> str:
    """The name of the sheet that is wanted; a number is one unless a sheet is called so."""
    if wanted == "" and names:
        return names[0]
    if wanted in names:
        return str(wanted)
    if isinstance(wanted, int) and 1 <= wanted <= len(names):
        return names[wanted - 1]
    if isinstance(wanted, int):
        message = f"no sheet {wanted} in {file.name}, which has {len(names)}"
        raise CoursewrightError(message, file.place, _named(names))
    raise CoursewrightError(f'no sheet "{wanted}" in {file.name}', file.place, did_you_mean(wanted, names))


def _named(names: list[str]) -> str:
    return f"its sheets are called {', '.join(names)}"


def _rows(book: Any, name: str, header: int, file: File) -> Any:
    """The rows below the headings; nothing when the sheet has no cells."""
    import pyarrow as pa
    from fastexcel import InvalidParametersError

    above = book.load_sheet(name, header_row=None, n_rows=max(header, 1), dtypes="string")
    if not above.height:
        return None
    first = above.to_arrow().to_pylist()[:header]
    if len(first) < header:
        message = f'the sheet "{name}" of {file.name} has fewer rows than the {header} that are headings'
        raise CoursewrightError(message, file.place)
    headings = [["" if cell is None else cell for cell in row.values()] for row in first]
    names = joined(headings) if headings else tuple(f"column{number}" for number in range(above.width))
    below: dict[str, Any] = {"header_row": 0 if header == 1 else None}
    if header > 1:  # the empty rows above the first heading count here
        empty = book.load_sheet(name, header_row=None, skip_rows=0).height - above.total_height
        below["skip_rows"] = empty + len(headings)
    try:
        body = book.load_sheet(name, schema_sample_rows=None, whitespace_as_null=True, **below).to_arrow()
    except InvalidParametersError:  # there is nothing below
        return pa.table({column: pa.array([], pa.string()) for column in names})
    return _tidied(pa.Table.from_batches([body]), names, headings)


def _tidied(table: Any, names: tuple[str, ...], headings: list[list[str]]) -> Any:
    """Without empty rows, and without empty columns that have no heading; whole numbers and days as what they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = None
    for column in table.columns:
        valid = pc.is_valid(column)
        filled = valid if filled is None else pc.or_(filled, valid)
    rows = table.filter(filled)
    headed = [any(row[number] for row in headings) for number in range(len(names))]
    kept = {
        name: _narrowed(column)
        for name, column, has_heading in zip(names, rows.columns, headed, strict=True)
        if has_heading or column.null_count < len(column)
    }
    return pa.table(kept)


def _narrowed(column: Any) -> Any:
    """The column as whole numbers or as days, if that loses nothing: a spreadsheet itself has neither."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    kind = pa.int64() if pa.types.is_floating(column.type) else pa.date32() if _is_time(column.type) else None
    if kind is None or column.null_count == len(column):
        return column
    if pa.types.is_floating(column.type) and not pc.all(pc.less(pc.abs(column), _WHOLE)).as_py():
        return column
    whole = column.cast(kind, safe=False)
    return whole if pc.all(pc.equal(whole.cast(column.type), column)).as_py() else column


_WHOLE = 2.0**53  # beyond this not every whole number is a number with a point


def _is_time(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_timestamp(kind))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without fastexcel's warnings on standard error that a column is empty."""
    logger = logging.getLogger("fastexcel")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
