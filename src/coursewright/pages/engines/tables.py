"""A table that a kernel wrote as HTML, as data: so it looks like every other, and stands in Markdown too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coursewright.pages.blocks.block import Grid

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_NUMBER = re.compile(r"[-+\u2212]?(\d[\d,]*\.?\d*|\.\d+)([eE][-+]?\d+)?%?|NaN|NA|inf|-inf|<NA>|")
_TYPE = re.compile(r"<\w+>")
_SHAPE = re.compile(r"A [\w.]+(?: \[\d+ × \d+\]|: \d+ × \d+|: \d+)?\s*")
_PLAIN = frozenset({"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "style", "p", "-text", "small"})


def table_in(html: str) -> Grid | None:
    """The one table that `html` is, if it is plain: no cell goes over several, and none holds more than text."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    if body is None:
        return None
    tables = body.css("table")
    inside = {node.tag for node in body.traverse(include_text=True)} - {"body"}
    if len(tables) != 1 or not inside <= _PLAIN or _is_styled(body):
        return None
    head = [_cells(row) for row in tables[0].css("thead tr")]
    rows = [_cells(row) for row in tables[0].css("tbody tr")]
    if len(head) == 2 and all(_TYPE.fullmatch(text) or not text for text in head[1]):
        head = head[:1]  # R says the types below the names
    wide = any(int(cell.attributes.get("colspan") or 1) > 1 for cell in tables[0].css("th, td"))
    high = any(int(cell.attributes.get("rowspan") or 1) > 1 for cell in tables[0].css("th, td"))
    if len(head) != 1 or not head[0] or wide or high or any(len(row) != len(head[0]) for row in rows):
        return None
    return _grid(head[0], rows, body)


def _grid(head: list[str], rows: list[list[str]], body: LexborNode) -> Grid:
    counted = head[0] == "" and [row[0] for row in rows] == [str(number) for number in range(len(rows))]
    if counted and len(head) > 1:  # pandas numbers rows that have no names
        head, rows = head[1:], [row[1:] for row in rows]
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in head]
    numeric = tuple(bool(column) and any(column) and all(map(_NUMBER.fullmatch, column)) for column in columns)
    caption = next((node.text().strip() for node in body.css("caption")), "")
    notes = tuple(text for node in body.css("p") if (text := " ".join(node.text().split())))
    return Grid(
        tuple(head),
        tuple(map(tuple, rows)),
        numeric,
        "" if _SHAPE.fullmatch(caption) else caption,
        notes=notes,
    )


def _cells(row: LexborNode) -> list[str]:
    return [" ".join(cell.text().split()) for cell in row.iter() if cell.tag in ("th", "td")]


def _is_styled(body: LexborNode) -> bool:
    """Whether somebody chose how it looks: pandas' Styler, and not the few rules of every frame."""
    return any("scoped" not in node.attributes for node in body.css("style")) or bool(body.css("[id]"))
