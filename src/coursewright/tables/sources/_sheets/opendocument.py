"""A second look at a sheet of OpenDocument: mistakes such as #NAME?, and formulas that nobody has worked out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from typing import Any

from coursewright.tables.sources._sheets.cells import BROKEN, Cell, Mistake, named, unworked
from coursewright.tables.sources.opened import File

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _OFFICE = _NAMES.format("table"), _NAMES.format("office")
_KIND = f"{{{_OFFICE}}}value-type"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_SUSPECT = re.compile(rb"formula=|value-type=\"error\"")
_MISTAKE = re.compile(r"#[A-Z/0!?]+[!?A]?|Err:[0-9]+")


def look(file: File, sheet: str) -> Mapping[tuple[int, int], Cell]:
    """The cells of a sheet that show a mistake, by row and column. Raises CoursewrightError for a formula unworked."""
    from lxml import etree

    try:
        with zipfile.ZipFile(file.path) as book:
            content = book.read("content.xml")
        if not _SUSPECT.search(content):
            return {}
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except (*BROKEN, etree.XMLSyntaxError) as error:
        raise file.unreadable("a spreadsheet", str(error)) from None
    for table in root.iter(f"{{{_TABLE}}}table"):
        if table.get(f"{{{_TABLE}}}name") == sheet:
            return _found(file, sheet, table)
    return {}


def _found(file: File, sheet: str, table: Any) -> dict[tuple[int, int], Cell]:
    found: dict[tuple[int, int], Cell] = {}
    row = 0
    for line in table.iter(f"{{{_TABLE}}}table-row"):
        column = 0
        for cell in line.iterchildren(f"{{{_TABLE}}}table-cell", f"{{{_TABLE}}}covered-table-cell"):
            mistake = _mistake(cell)
            if mistake is not None:
                if not mistake:
                    raise unworked(file, sheet, named(row, column))
                found[row, column] = Mistake(mistake)
            column += int(cell.get(f"{{{_TABLE}}}number-columns-repeated") or 1)
        row += int(line.get(f"{{{_TABLE}}}number-rows-repeated") or 1)
    return found


def _mistake(cell: Any) -> str | None:
    """What a cell shows that could not be worked out; "" for one that nobody has tried to, None for all others."""
    text = "".join(cell.itertext()).strip()
    formula = cell.get(f"{{{_TABLE}}}formula") is not None
    if cell.get(_CALC) == "error" or cell.get(_KIND) == "error" or (formula and _MISTAKE.fullmatch(text)):
        return text or "an error"
    return "" if formula and cell.get(_KIND) is None and not text else None
