"""Texts of OpenDocument that calamine joins: a part that stands above or below the line, tabs and ends of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from coursewright.tables.sources.raised import raised

JOINED = re.compile(rb"text-position|<[\w.-]+:(?:tab|line-break)\b")
_ABOVE, _BELOW = "above", "below"
_SIGNS = {"tab": "\t", "line-break": "\n"}
_LATER = ("annotation", "note")  # what stands in them is no text of the cell


def places(*roots: Any) -> Mapping[str, str]:
    """Where the text of a style stands, "above" or "below" the line or "" on it, by the name of the style."""
    styles = {
        _own(style, "name"): style
        for root in roots
        for style in root.iterfind("{*}style")
        if _own(style, "family") == "text"
    }

    def place(name: str, before: frozenset[str] = frozenset()) -> str:
        style = styles.get(name)
        if style is None or name in before:
            return ""
        about = style.find("{*}text-properties")
        told = _own(about, "text-position") if about is not None else ""
        return _place(told) if told else place(_own(style, "parent-style-name"), before | {name})

    return {name: place(name) for name in styles}


def shown(cell: Any, places: Mapping[str, str]) -> str | None:
    """The text of a cell with its raised and lowered digits as signs of their own; None where calamine gives that."""
    lines, changed = [], False
    for paragraph in cell.iterfind("{*}p"):
        parts = []
        for place, run in groupby(_runs(paragraph, "", places), key=lambda run: run[1]):
            text = "".join(part for part, _ in run)
            other = raised(text, below=place == _BELOW) if place else None
            changed = changed or other is not None or any(sign in text for sign in _SIGNS.values())
            parts.append(text if other is None else other)
        lines.append("".join(parts))
    return "\n".join(lines) if changed else None


def _runs(element: Any, place: str, places: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The parts of a text, and where each stands."""
    yield element.text or "", place
    for child in element:
        kind = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if kind in _SIGNS:
            yield _SIGNS[kind], place
        elif kind == "s":
            yield " " * int(_own(child, "c") or 1), place
        elif kind and kind not in _LATER:
            yield from _runs(child, places.get(_own(child, "style-name"), "") or place, places)
        yield child.tail or "", place


def _place(told: str) -> str:
    """What `text-position` says: "super 58%", "sub", "-33% 58%"."""
    first = told.strip().partition(" ")[0]
    if first in ("super", "sub"):
        return _ABOVE if first == "super" else _BELOW
    return "" if not re.search("[1-9]", first) else _BELOW if first.startswith("-") else _ABOVE


def _own(element: Any, name: str) -> str:
    """The attribute of this name, whatever its prefix."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
