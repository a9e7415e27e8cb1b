"""A second look at a sheet of .xlsx: mistakes, formulas without a value, noughts in front, days that are none.

The cells are found by patterns, and only where something of the kind stands at all: to read all of a sheet twice would
take longer than to read it once.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from coursewright.tables.sources._sheets import formats, richtext
from coursewright.tables.sources._sheets.cells import (
    BROKEN,
    LARGEST,
    Cell,
    Mistake,
    named,
    no_day,
    place_of,
    too_far,
    unworked,
)
from coursewright.tables.sources.opened import SourceFile

_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*:)sheetData\b")
_CELL = re.compile(rb"<c\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_VALUE = re.compile(rb"<v\b[^>]*>([^<]*)</")
_MISTAKE = re.compile(rb"""t=["']e["']""")
_FORMULA = rb"<f\b[^>]*(?:/>|>[^<]*</f\s*>)\s*"
_UNWORKED = re.compile(_FORMULA + rb"(?:<v\s*/>|<v\s*></v\s*>)?\s*</c>")
_WORKED = re.compile(_FORMULA + rb"<v\s*>([^<]*)</")
_NO_DAY = re.compile(rb"<v>(-[^<]*|60(?:\.[0-9]*)?|[0-9]{7,}(?:\.[0-9]*)?)</")
_NOUGHT = re.compile(rb"<v>0(?:[.][0-9]*)?(?:[eE]-?[0-9]+)?</")
_FAR = re.compile(rb""" r=["']([A-Z]{3})([0-9]+)["']""")
_LAST_ROW = re.compile(rb"""<row\b[^>]*?\br=["']([0-9]+)["']""")


def look(file: SourceFile, sheet: str) -> Mapping[tuple[int, int], Cell]:
    """The cells that show something else than their value, by row and column; mistakes among them.

    Raises CoursewrightError for a formula that has no value and for a number that is to be a day and is none.
    """
    from lxml import etree

    try:
        with zipfile.ZipFile(file.path) as book:
            workbook = related(book, "", "/officeDocument") or "xl/workbook.xml"
            about = _xml(book, workbook)
            part = _part(book, workbook, about, sheet)
            cells = book.read(part) if part else b""
            styles = _styles(book, workbook)
            shared = richtext.shared(book, related(book, workbook, "/sharedStrings"))
    except (*BROKEN, etree.XMLSyntaxError) as error:
        raise file.unreadable("a spreadsheet", str(error)) from None
    if b"<!--" in cells:
        cells = _COMMENT.sub(b"", cells)
    if prefix := _PREFIX.search(cells):
        cells = cells.replace(b"<" + prefix[1], b"<").replace(b"</" + prefix[1], b"</")
    _refuse_far(file, sheet, cells)
    _refuse_unworked(file, sheet, cells, recalculates=_recalculates(about))
    _refuse_no_days(file, sheet, cells, {at for at, code in styles.items() if formats.is_day(code)}, _is_1904(about))
    found: dict[tuple[int, int], Cell] = {}
    if _MISTAKE.search(cells):
        for attributes, value in _cells(cells):
            if _MISTAKE.search(attributes) and (cell := _attribute(attributes, b"r")):
                found[place_of(cell)] = Mistake(value.decode())
    found |= _raised(cells, shared)
    return found | _timed_and_padded(file, sheet, cells, styles, from_1904=_is_1904(about))


def _timed_and_padded(
    file: SourceFile, sheet: str, cells: bytes, styles: Mapping[int, str], *, from_1904: bool
) -> dict[tuple[int, int], Cell]:
    """The cells whose number format shows something else than calamine takes it for."""
    found: dict[tuple[int, int], Cell] = {}
    masks = {str(at): mask for at, code in styles.items() if (mask := formats.mask(code))}
    found |= {
        place: text for place, number, mask in _styled(cells, masks) if (text := formats.padded(number, mask)) != number
    }
    odd = {str(at): code for at, code in styles.items() if formats.is_odd(code)}
    found |= {
        place: _time(file, sheet, place, number, code, from_1904=from_1904)
        for place, number, code in _styled(cells, odd)
    }
    if from_1904 and _NOUGHT.search(cells):  # of the first day calamine makes midnight, and a day of midnight
        days = {str(at): code for at, code in styles.items() if formats.is_day(code)}
        first = ((place, number, code) for place, number, code in _styled(cells, days) if 0 <= number < 1)
        found |= {place: formats.time(number, code, from_1904=True) for place, number, code in first}
    return found


def _raised(cells: bytes, shared: Mapping[str, str]) -> dict[tuple[int, int], Cell]:
    """The cells with raised or lowered digits, as text in which these are signs of their own."""
    found: dict[tuple[int, int], Cell] = {}
    for attributes, value in _cells(cells) if shared else ():
        text = shared.get(value.decode()) if _attribute(attributes, b"t") == "s" else None
        if text and (cell := _attribute(attributes, b"r")):
            found[place_of(cell)] = text
    return found | {place_of(cell): text for cell, text in richtext.inline(cells)}


def _time(file: SourceFile, sheet: str, place: tuple[int, int], number: float, code: str, *, from_1904: bool) -> Cell:
    """What a number is as a time. Raises CoursewrightError for a day that there is not."""
    time = formats.time(number, code, from_1904=from_1904)
    if time is None:
        raise no_day(file, sheet, named(*place), f"{number:g}")
    return time


def _styled(cells: bytes, codes: Mapping[str, str]) -> Iterator[tuple[tuple[int, int], float, str]]:
    """The place and the number of each cell in one of these styles, and what `codes` says of its style."""
    if not codes or not re.search(rb""" s=["'](?:%b)["']""" % "|".join(codes).encode(), cells):
        return
    for attributes, value in _cells(cells):
        code = codes.get(_attribute(attributes, b"s"))
        if code and _attribute(attributes, b"t") in ("", "n") and value and (cell := _attribute(attributes, b"r")):
            yield place_of(cell), float(value), code


def _cells(cells: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The attributes of each cell, and its value as it is written."""
    starts = _CELL.finditer(cells)
    start = next(starts, None)
    while start:
        following = next(starts, None)
        if not start[0].endswith(b"/>"):
            value = _VALUE.search(cells, start.end(), following.start() if following else len(cells))
            yield start[1], value[1] if value else b""
        start = following


def _attribute(attributes: bytes, name: bytes) -> str:
    found = re.search(rb"""(?:^|\s)%b\s*=\s*["']([^"']*)["']""" % name, attributes)
    return found[1].decode() if found else ""


def _around(cells: bytes, at: int) -> bytes:
    """The attributes of the cell within which `at` stands."""
    found = _CELL.match(cells, max(cells.rfind(b"<c ", 0, at), cells.rfind(b"<c>", 0, at), 0))
    return found[1] if found else b""


def _refuse_unworked(file: SourceFile, sheet: str, cells: bytes, *, recalculates: bool) -> None:
    """Raise CoursewrightError for a formula without a value; or if all are nought, as programs write what they do not
    work out when they ask for it to be done on opening.
    """
    if b"<f" not in cells:
        return
    for found in _UNWORKED.finditer(cells):
        attributes = _around(cells, found.start())
        if _attribute(attributes, b"t") != "str":
            raise unworked(file, sheet, _attribute(attributes, b"r"))
    first = _WORKED.search(cells) if recalculates else None
    if first and all(found[1] == b"0" for found in _WORKED.finditer(cells)):
        raise unworked(file, sheet, _attribute(_around(cells, first.start()), b"r"))


def _refuse_no_days(file: SourceFile, sheet: str, cells: bytes, days: set[int], from_1904: bool) -> None:
    for found in _NO_DAY.finditer(cells) if days else ():
        attributes = _around(cells, found.start())
        style, kind = _attribute(attributes, b"s"), _attribute(attributes, b"t")
        number = float(found[1])
        if formats.is_no_day(number, from_1904=from_1904) and kind in ("", "n") and style and int(style) in days:
            raise no_day(file, sheet, _attribute(attributes, b"r"), f"{number:g}")


def _refuse_far(file: SourceFile, sheet: str, cells: bytes) -> None:
    """Raise CoursewrightError for a sheet whose last cell is so far away that the empty ones would fill the memory."""
    far = [place_of((letters + row).decode()) for letters, row in _FAR.findall(cells)]
    last = _LAST_ROW.search(cells, max(cells.rfind(b"<row "), 0))
    height = max([int(last[1]) if last else 0, *(row + 1 for row, _ in far)])
    if far and height * max(column + 1 for _, column in far) > LARGEST:
        raise too_far(file, sheet, named(*max(far, key=lambda place: place[1])))


def _xml(book: zipfile.ZipFile, part: str) -> Any:
    from lxml import etree

    return etree.fromstring(book.read(part), etree.XMLParser(resolve_entities=False, no_network=True))


def related(book: zipfile.ZipFile, part: str, kind: str, identity: str = "") -> str | None:
    """The part that another leads to: the one with this identity, or the first of this kind."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in book.namelist():
        return None
    for relation in _xml(book, relations):
        if (relation.get("Id") == identity) if identity else relation.get("Type", "").endswith(kind):
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return None


def _part(book: zipfile.ZipFile, workbook: str, about: Any, sheet: str) -> str | None:
    """The part in which the cells of a sheet are."""
    for one in about.iter("{*}sheet"):
        identity = next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
        if one.get("name") == sheet and identity:
            found = related(book, workbook, "/worksheet", identity)
            return found if found in book.namelist() else None
    return None


def _styles(book: zipfile.ZipFile, workbook: str) -> dict[int, str]:
    """The number format of each style of cells; "" for those that are no custom ones and show no days."""
    part = related(book, workbook, "/styles")
    if part not in book.namelist():
        return {}
    styles = _xml(book, str(part))
    codes = {int(one.get("numFmtId")): one.get("formatCode", "") for one in styles.iter("{*}numFmt")}
    forms = next(styles.iter("{*}cellXfs"), ())
    return formats.of_styles((int(one.get("numFmtId") or 0) for one in forms), codes)


def _recalculates(about: Any) -> bool:
    return any(one.get("fullCalcOnLoad") in ("1", "true") for one in about.iter("{*}calcPr"))


def _is_1904(about: Any) -> bool:
    return any(one.get("date1904") in ("1", "true") for one in about.iter("{*}workbookPr"))
