"""What stands in each cell, as a reader sees it.

The parser gives the text of a whole table at once in a fraction of the time that it takes for each of half a million
cells. So signs are put in front of the sections, rows and cells, and the text is cut at them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

# Unicode promises that these never stand for a character in a text; a page that has them nevertheless loses them.
SECTION, ROW, CELL, HEAD, SPAN, LINK, THIN = SIGNS = tuple(chr(0x10000 * plane + 0xFFFE) for plane in range(1, 8))
_SIGN_OF = {
    "thead": SECTION + "h",
    "tbody": SECTION + "b",
    "tfoot": SECTION + "f",
    "tr": ROW,
    "td": CELL,
    "th": CELL + HEAD,
    "br": " ",
}
_BLOCKS = "address article dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol option p pre section ul"
_REMARKABLE = "table, caption, math, svg, sup, script, style, template, noscript, [hidden], [style]"
_REACHING = "td[rowspan], td[colspan], th[rowspan], th[colspan]"
_FOREIGN = {"math", "svg"}
_REMOVED = {"table", "caption", "script", "style", "template", "noscript", *_FOREIGN}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARK = re.compile(r"[*†‡§¶‖#↑^]+|\W?note\s?\w{1,3}\W?|(\[[^\]]{1,30}\]\s*,?\s*)+", re.IGNORECASE)
_LINKED_MARK = re.compile(r"[(\[]?\w{1,3}[)\]]?")
_NARROW = "\u00a0\u2007\u2009\u202f"
_THIN = re.compile(f"(?<=[0-9])[{_NARROW}](?=[0-9]{{3}})")


class Section(NamedTuple):
    """Rows of one `<thead>` ("h"), `<tbody>` ("b") or `<tfoot>` ("f"), each a list of texts that may hold signs."""

    kind: str
    rows: list[list[str]]
    reaching: bool


def cells_of(table: Any, *, links: bool) -> list[Section]:
    """The cells of `table`, whose tree is changed; `links` puts the address of each link in front of its text.

    A text has single spaces. It begins with HEAD if it is that of a `<th>`, and ends with its numbers of
    rows and columns between two SPAN if it says how many they are.
    """
    _clear(table)
    if links:
        for link in table.css("a[href]"):
            link.insert_before(LINK + (link.attributes["href"] or "").strip() + LINK)
    signs, blocks = _signs_by_number(), _blocks_by_number()
    for node in table.traverse():
        number = node.tag_id
        if number in signs:
            node.insert_before(signs[number])
        elif number in blocks:
            node.insert_before(b" ")
            node.insert_after(b" ")
    text = table.text()
    if any(space in text for space in _NARROW):
        text = _THIN.sub(THIN, text)
    return [Section(part[0], _rows(part), SPAN in part) for part in text.split(SECTION)[1:]]


@cache
def _signs_by_number() -> dict[int, bytes]:
    """What is put in front of elements, in bytes and by the parser's numbers for them: a third of the time."""
    return {number: _SIGN_OF[tag].encode() for tag, number in _numbers(*_SIGN_OF).items()}


@cache
def _blocks_by_number() -> frozenset[int]:
    return frozenset(_numbers(*_BLOCKS.split()).values())


def _numbers(*tags: str) -> dict[str, int]:
    from selectolax.lexbor import LexborHTMLParser

    return {tag: LexborHTMLParser("").create_node(tag).tag_id for tag in tags}


def _rows(section: str) -> list[list[str]]:
    return [[" ".join(cell.split()) for cell in row.split(CELL)[1:]] for row in section.split(ROW)[1:]]


def _clear(table: Any) -> None:
    """Take away what a reader does not see or need, and note how far cells reach."""
    # Backwards, so that nothing is looked at after what it was in has gone.
    for node in reversed(_found(table, _REMARKABLE)):
        if node.mem_id == table.mem_id:
            continue
        tag, attributes = node.tag, node.attributes
        if tag == "table":
            node.insert_before(" ")
        elif tag in _FOREIGN:  # a <td> inside a formula is no cell
            node.insert_before(node.text())
        if tag in _REMOVED or _is_unseen(attributes) or (tag == "sup" and _is_mark(node, to_note=_is_to_note(node))):
            node.decompose()
    for node in reversed(table.css("a[href^='#']")):
        if _is_mark(node, to_note=False):
            node.decompose()
    for node in _found(table, _REACHING):
        attributes = node.attributes
        node.insert_child(f"{SPAN}{_number(attributes, 'rowspan')},{_number(attributes, 'colspan')}{SPAN}")


def _found(table: Any, selector: str) -> list[Any]:
    """Each element once: the parser finds one as often as it matches, and what is taken away twice ends the process."""
    return list({node.mem_id: node for node in table.css(selector)}.values())


def _is_unseen(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _is_to_note(node: Any) -> bool:
    return node.css_first("a[href^='#']") is not None


def _is_mark(node: Any, *, to_note: bool) -> bool:
    """Whether an element is the mark of a footnote: m² and 1st are none, unless they lead `to_note`."""
    text = " ".join(node.text().split())
    return bool(_MARK.fullmatch(text)) or (to_note and bool(_LINKED_MARK.fullmatch(text)))


def _number(attributes: dict[str, str | None], name: str) -> int:
    """A whole number as HTML reads it: what stands before the first sign that is no digit, 1 if there is nothing."""
    found = re.match(r"[ \t\n\f\r]*\+?([0-9]{1,9})", attributes.get(name) or "")
    return int(found[1]) if found else 1
