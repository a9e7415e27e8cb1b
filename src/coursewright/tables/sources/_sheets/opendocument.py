"""A second look at a sheet of OpenDocument: mistakes such as #NAME?, formulas unworked, and raised digits."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from typing import Any

from coursewright.tables.sources._sheets import odftext
from coursewright.tables.sources._sheets.cells import BROKEN, LARGEST, Cell, Mistake, named, too_far, unworked
from coursewright.tables.sources.opened import SourceFile

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _OFFICE = _NAMES.format("table"), _NAMES.format("office")
_KIND = f"{{{_OFFICE}}}value-type"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_SUSPECT = re.compile(rb"formula=|value-type=\"error\"")
_MISTAKE = re.compile(r"#[A-Z/0!?]+[!?A]?|Err:[0-9]+")


def look(file: SourceFile, sheet: str) -> Mapping[tuple[int, int], Cell]:
    """The cells of a sheet that show a mistake or raised digits, by row and column.

    Raises CoursewrightError for a formula unworked.
    """
    from lxml import etree

    try:
        with zipfile.ZipFile(file.path) as book:
            content = book.read("content.xml")
            styles = book.read("styles.xml") if "styles.xml" in book.namelist() else b""
        if not (_SUSPECT.search(content) or odftext.JOINED.search(content) or odftext.JOINED.search(styles)):
            return {}
        root = _tree(content)
        common = _tree(styles).findall(f"{{{_OFFICE}}}styles") if odftext.JOINED.search(styles) else ()
        places = odftext.places(*common, *root.findall(f"{{{_OFFICE}}}automatic-styles"))
        for table in root.iter(f"{{{_TABLE}}}table"):
            if table.get(f"{{{_TABLE}}}name") == sheet:
                return _found(file, sheet, table, places)
    except (*BROKEN, etree.XMLSyntaxError) as error:
        raise file.unreadable("a spreadsheet", str(error)) from None
    return {}


def _tree(part: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _found(file: SourceFile, sheet: str, table: Any, places: Mapping[str, str]) -> dict[tuple[int, int], Cell]:
    found: dict[tuple[int, int], Cell] = {}
    row = 0
    for line in table.iter(f"{{{_TABLE}}}table-row"):
        column, rows = 0, _repeated(line, "rows")
        for cell in line.iterchildren(f"{{{_TABLE}}}table-cell", f"{{{_TABLE}}}covered-table-cell"):
            value, columns = _other(cell, places), _repeated(cell, "columns")
            if value == "":
                raise unworked(file, sheet, named(row, column))
            if value is not None and rows * columns > LARGEST:
                raise too_far(file, sheet, named(row + rows - 1, column + columns - 1))
            if value is not None:
                found |= {(row + down, column + right): value for down in range(rows) for right in range(columns)}
            column += columns
        row += rows
    return found


def _repeated(element: Any, what: str) -> int:
    return int(element.get(f"{{{_TABLE}}}number-{what}-repeated") or 1)


def _other(cell: Any, places: Mapping[str, str]) -> Cell:
    """What a cell shows where calamine reads something else; "" for a formula that nobody has tried to work out."""
    text = "".join(cell.itertext()).strip()
    formula = cell.get(f"{{{_TABLE}}}formula") is not None
    if cell.get(_CALC) == "error" or cell.get(_KIND) == "error" or (formula and _MISTAKE.fullmatch(text)):
        return Mistake(text or "an error")
    if formula and cell.get(_KIND) is None and not text:
        return ""
    return odftext.shown(cell, places) if cell.get(_KIND) == "string" else None
