"""Texts of .xlsx in which a part stands above or below the line: calamine joins it to what is before."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from coursewright.tables.sources.raised import raised

_SIGN = b"vertAlign"
_INLINE = re.compile(rb"""<c\b[^>]*?\sr=["']([A-Z]+[0-9]+)["'][^>]*>\s*(<is\b(?:(?!</is\s*>).)*</is\s*>)""", re.DOTALL)


def shared(book: zipfile.ZipFile, part: str | None) -> Mapping[str, str]:
    """The texts of a book with raised or lowered digits, by their numbers as cells write them."""
    content = book.read(part) if part in book.namelist() else b""
    if _SIGN not in content:
        return {}
    texts = enumerate(_xml(content).iterfind("{*}si"))
    return {str(at): text for at, item in texts if (text := _shown(item)) is not None}


def inline(cells: bytes) -> Iterator[tuple[str, str]]:
    """The cells that hold such a text themselves, and the text."""
    for found in _INLINE.finditer(cells) if _SIGN in cells else ():
        if _SIGN in found[2] and (text := _shown(_xml(found[2]))) is not None:
            yield found[1].decode(), text


def _shown(item: Any) -> str | None:
    """A text with its raised and lowered digits as signs of their own; None for one without such digits."""
    parts, changed = [], False
    for child in item.iterfind("{*}r"):
        text = "".join(each.text or "" for each in child.iterfind("{*}t"))
        place = child.find("{*}rPr/{*}vertAlign")
        how = "" if place is None else place.get("val", "")
        other = raised(text, below=how == "subscript") if how in ("superscript", "subscript") else None
        changed = changed or other is not None
        parts.append(text if other is None else other)
    return "".join(parts) if changed else None


def _xml(content: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
