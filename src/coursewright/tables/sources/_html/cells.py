"""What stands in each cell, as a reader sees it.

The parser gives the text of a whole table at once in a fraction of the time that it takes for each of half a million
cells. So signs are put between the sections, rows and cells, and the text is cut at them. Between cells they are there
already when the page is parsed, in front of each `</td>`: where every cell has one, no cell is ever touched, and the
spaces in it are left for those who read it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, NamedTuple

from coursewright.tables.sources._html.attributes import in_boxes, is_apart, is_blank, is_gone, number, raising
from coursewright.tables.sources._html.elements import (
    FOREIGN,
    SAYING,
    TABLE_PARTS,
    UNUSUAL,
    kinds_by_number,
    looked_through,
    put_apart,
)
from coursewright.tables.sources._html.formulas import in_a_line
from coursewright.tables.sources.raised import raised

# Unicode promises that these never stand for a character in a text; a page that has them nevertheless loses them.
SECTION, ROW, CELL, HEAD, SPAN, LINK, THIN, END, UNSEEN = SIGNS = tuple(map(chr, range(0xFDD0, 0xFDD9)))
_SIGN_OF = {"thead": SECTION + "h", "tbody": SECTION + "b", "tfoot": SECTION + "f"}
_CELL_SIGN_OF = {"td": CELL, "th": CELL + HEAD}
_MARK = re.compile(r"[*†‡§¶‖#↑^]+|\W?note\s?\w{1,3}\W?|(\[[^\]]{1,30}\]\s*,?\s*)+", re.IGNORECASE)
_LINKED_MARK = re.compile(r"[(\[]?\w{1,3}[)\]]?(?:[\s,;]+[(\[]?\w{1,3}[)\]]?)*")
_NARROW = "\u00a0\u2007\u2009\u202f"
_SPACES = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace() and sign != " ")
_THIN = re.compile(f"(?<=[0-9])[{_NARROW}](?=[0-9]{{3}})")


class RowGroup(NamedTuple):
    """Rows of one `<thead>` ("h"), `<tbody>` ("b") or `<tfoot>` ("f"), each a text with signs.

    In those of a `plain` one each cell ends with END, or with HEAD and END if it is one of `<th>`, and has the spaces
    that it has on the page; see `tidied`. In others a text has single spaces, and each cell begins with CELL, or with
    CELL and HEAD, and has its numbers of rows and columns between two SPAN if it says how many they are. A row that a
    reader does not see begins with UNSEEN.
    """

    kind: str
    rows: list[str]
    plain: bool


class Styles(NamedTuple):
    """Selectors of what the style sheets in a page hide, of what they put apart from the text beside it, and of what
    takes its place and shows nothing.
    """

    hidden: str = ""
    apart: str = ""
    blank: str = ""


class PageSurvey(NamedTuple):
    """What is known of a table's page: how many cells of data there are in it at most, the `unusual` elements of the
    table, and whether attributes hide, raise or spread something.
    """

    cells: int
    unusual: list[Any]
    says_more: bool


def cells_of(
    table: Any, known: PageSurvey, *, styles: Styles, links: bool, unseen: bool
) -> tuple[list[RowGroup], list[str]]:
    """The cells of `table`, whose tree is changed, and the addresses of its links, if those are wanted.

    In front of the text of a link, its number among the addresses stands between two LINK. Rows that a reader does not
    see are there only if they are wanted, as `unseen`; `styles` are those of the page.
    """
    look = looked_through(known.unusual)
    changed = _clear_away(table, look.remarkable)
    reaching, hidden = _clear(table, styles, unseen=unseen) if any(styles) or known.says_more else (False, False)
    addresses = _addresses(table) if links else []
    look = looked_through(table.css(UNUSUAL)) if changed or hidden else look
    odd = look.odd or any(END in head.text() for head in look.heads)  # a </td> ends no <th>
    for head in look.heads:
        head.insert_child(HEAD + END)
    for section in table.iter():
        if section.tag not in _SIGN_OF:
            continue
        section.insert_before(_SIGN_OF[section.tag])
        for row in section.iter():
            if row.tag == "tr":
                row.insert_before(ROW)
    plain = not reaching and not odd
    text = table.text() if plain else ""
    plain = plain and _are_closed(table, text, known.cells + len(look.heads))
    text = _spaced(as_thin(text if plain else _one_by_one(table)))
    text = text if plain else _tidied(text)
    return [RowGroup(part[0], part[1:].split(ROW)[1:], plain) for part in text.split(SECTION)[1:]], addresses


def _are_closed(table: Any, text: str, cells: int) -> bool:
    """Whether each cell has its end in the `text` of the table, in which none has two; there are `cells` at most."""
    if text.count(END) == cells:
        return True
    found = kinds_by_number().get
    count, before = 0, [0]  # before each row, and at the end
    for node in table.traverse():
        kind = found(node.tag_id)
        if kind in ("cell", "head"):
            count += 1
        elif kind == "row":
            before.append(count)
    counts = [after - start for start, after in pairwise([*before, count])]
    return counts[0] == 0 and counts[1:] == [row.count(END) for row in text.split(ROW)[1:]]


def _addresses(table: Any) -> list[str]:
    """The addresses of the links of a table, in front of which their numbers are put."""
    found: list[str] = []
    for link in table.css("a[href]"):
        address = _without_ends(link.attrs["href"] or "").strip()
        if address:
            link.insert_before(f"{LINK}{len(found)}{LINK}".encode())
            found.append(address)
    return found


def _one_by_one(table: Any) -> str:
    """The text of the table with a sign in front of each cell."""
    for node in table.css("td, th"):
        node.insert_before(_CELL_SIGN_OF[node.tag])
    text: str = table.text()
    return text.replace(HEAD + END, "").replace(END, "")


def _spaced(text: str) -> str:
    """The text with a space for each sign that is one."""
    for space in _SPACES:
        text = text.replace(space, " ")
    return text


def tidied(cells: str) -> str:
    """The texts of the cells of a plain row with single spaces, and none at their ends; END is behind each."""
    return END.join(" ".join(cell.split()) for cell in cells.replace(HEAD, "").split(END))


def _tidied(text: str) -> str:
    """The text with single spaces, and none at the ends of cells."""
    text = " ".join(text.split())
    for sign in (HEAD, END, CELL, ROW, SPAN, UNSEEN, SECTION):
        if sign in text:
            text = text.replace(f" {sign}", sign).replace(f"{sign} ", sign)
    return text


def as_thin(text: str) -> str:
    """The text with one sign for each narrow space between the thousands of a number."""
    return _THIN.sub(THIN, text) if any(space in text for space in _NARROW) else text


def _clear_away(table: Any, remarkable: list[Any]) -> bool:
    """Take away what is no text of the table, and the marks of footnotes; whether cells may have gone with it."""
    changed = False
    # Backwards, so that nothing is looked at after what it was in has gone.
    for node in reversed(remarkable):
        tag = node.tag
        if node.mem_id == table.mem_id:
            continue
        if tag in ("sup", "sub"):
            _raise(node, tag)
            continue
        changed = True
        if tag == "table":
            node.insert_before(" ")
        elif tag in FOREIGN:  # a <td> inside a formula is no cell
            node.insert_before(_without_ends(in_a_line(node) if tag == "math" else f" {node.text()} "))
        node.decompose()
    return changed


def _clear(table: Any, styles: Styles, *, unseen: bool) -> tuple[bool, bool]:
    """Take away what a reader does not see, put apart what stands by itself, and note how far cells reach.

    Gives whether any cell reaches over others, and whether cells may have been taken away.
    """
    reaching = changed = False
    # The parser finds an element as often as it matches, and what is taken away twice ends the process.
    unshown, apart, blank = ({node.mem_id for node in table.css(one)} if one else set() for one in styles)
    saying = ", ".join(filter(None, (SAYING, *styles)))
    for node in reversed({node.mem_id: node for node in table.css(saying)}.values()):
        tag, attributes = node.tag, node.attributes
        if node.mem_id == table.mem_id:
            continue
        style = attributes.get("style") or ""
        if is_gone(attributes) or (node.mem_id in unshown and "display" not in style):
            _take_away(node, tag, unseen=unseen)
            changed = True
        elif is_blank(style) or (node.mem_id in blank and "visib" not in style):
            _empty(node, tag)
            changed = True
        elif (how := raising(style)) and tag not in TABLE_PARTS:
            _raise(node, how)
            changed = True
        elif tag == "a" and _is_mark_of_note(node):
            node.decompose()
        elif (node.mem_id in apart or is_apart(style)) and tag not in TABLE_PARTS:
            for one in (node, *(node.iter() if in_boxes(style) else ())):
                put_apart(one)
        elif tag in _CELL_SIGN_OF and attributes.keys() & {"rowspan", "colspan"}:
            node.insert_child(f"{SPAN}{number(attributes, 'rowspan')},{number(attributes, 'colspan')}{SPAN}")
            reaching = True
    return reaching, changed


def _is_mark_of_note(link: Any) -> bool:
    """Whether a link leads to a footnote, and is its mark."""
    return (link.attributes.get("href") or "").startswith("#") and _is_mark(link, to_note=False)


def _take_away(node: Any, tag: str, *, unseen: bool) -> None:
    """Take the element out of the tree, or mark its rows as unseen: a cell below may be empty because of theirs."""
    rows = [node] if tag == "tr" else list(node.iter()) if tag == "tbody" else []
    if not unseen or not rows:
        node.decompose()
        return
    for row in rows:
        if row.first_child is not None:
            row.first_child.insert_before(UNSEEN)


def _empty(node: Any, tag: str) -> None:
    """Take out what is in an element that is not to be seen; a cell keeps its place."""
    if tag not in ("td", "th", "tr", "tbody"):
        node.decompose()
        return
    for cell in node.css("td, th") if tag in ("tr", "tbody") else [node]:
        for child in list(cell.iter(include_text=True)):
            child.decompose()


def _raise(node: Any, tag: str) -> None:
    """Take out the mark of a footnote; digits become raised or lowered ones, since 10³ is not 103."""
    if tag == "sup" and _is_mark(node, to_note=_is_to_note(node)):
        node.decompose()
        return
    for link in filter(_is_mark_of_note, node.css("a[href^='#']")):
        link.decompose()
    text = node.text()
    if (found := raised(_without_ends(text), below=tag == "sub")) is not None:
        node.insert_before(found + "".join(sign for sign in text if sign in (HEAD, END)))
        node.decompose()


def _without_ends(text: str) -> str:
    return text.replace(HEAD, "").replace(END, "") if END in text else text


def _is_to_note(node: Any) -> bool:
    return node.css_first("a[href^='#']") is not None or (node.attributes.get("href") or "").startswith("#")


def _is_mark(node: Any, *, to_note: bool) -> bool:
    """Whether an element is the mark of a footnote: m² and 1st are none, unless they lead `to_note`."""
    text = " ".join(node.text().split())
    return bool(_MARK.fullmatch(text)) or (to_note and bool(_LINKED_MARK.fullmatch(text)))
