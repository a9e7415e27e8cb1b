"""What stands in each cell, as a reader sees it.

The parser gives the text of a whole table at once in a fraction of the time that it takes for each of half a million
cells. So signs are put between the sections, rows and cells, and the text is cut at them. Between cells they are there
already when the page is parsed, in front of each `</td>`: where every cell has one, no cell is ever touched, and the
spaces in it are left for those who read it.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from coursewright.tables.sources._html.attributes import is_gone, number
from coursewright.tables.sources.raised import raised

# Unicode promises that these never stand for a character in a text; a page that has them nevertheless loses them.
SECTION, ROW, CELL, HEAD, SPAN, LINK, THIN, END, UNSEEN = SIGNS = tuple(map(chr, range(0xFDD0, 0xFDD9)))
_SIGN_OF = {"thead": SECTION + "h", "tbody": SECTION + "b", "tfoot": SECTION + "f"}
_CELL_SIGN_OF = {"td": CELL, "th": CELL + HEAD}
# What is struck out stands beside what is put in its place, and never makes one number with it.
_BLOCKS = (
    "address article dd del div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol option p pre s section strike ul"
)
SAYING = "[hidden], [style], [rowspan], [colspan], a[href^='#']"
# What may be more than a cell of data, a row or plain text in it, and is seldom as frequent.
UNUSUAL = ":not(td, tr, tbody, a, font, b, i, em, strong, span, small, big, u, tt, code, abbr)"
_FOREIGN = {"math", "svg"}
_REMOVED = {"table", "caption", "script", "style", "template", "noscript", *_FOREIGN}
# Elements in which the text </td> may end no cell: then their cells are looked at one by one.
_ODD = ("textarea", "select", "title", "iframe", "xmp", "noembed", "noframes", "plaintext", "frameset")
_BLANK = re.compile(r"visibility\s*:\s*hidden", re.IGNORECASE)
_RAISING = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_MARK = re.compile(r"[*†‡§¶‖#↑^]+|\W?note\s?\w{1,3}\W?|(\[[^\]]{1,30}\]\s*,?\s*)+", re.IGNORECASE)
_LINKED_MARK = re.compile(r"[(\[]?\w{1,3}[)\]]?(?:[\s,;]+[(\[]?\w{1,3}[)\]]?)*")
_NARROW = "\u00a0\u2007\u2009\u202f"
_SPACES = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace() and sign != " ")
_THIN = re.compile(f"(?<=[0-9])[{_NARROW}](?=[0-9]{{3}})")


class Section(NamedTuple):
    """Rows of one `<thead>` ("h"), `<tbody>` ("b") or `<tfoot>` ("f"), each a text with signs.

    In those of a `plain` one each cell ends with END, or with HEAD and END if it is one of `<th>`, and has the spaces
    that it has on the page; see `tidied`. In others a text has single spaces, and each cell begins with CELL, or with
    CELL and HEAD, and has its numbers of rows and columns between two SPAN if it says how many they are. A row that a
    reader does not see begins with UNSEEN.
    """

    kind: str
    rows: list[str]
    plain: bool


class Known(NamedTuple):
    """What is known of a table's page: how many cells of data there are in it at most, the `unusual` elements of the
    table, and whether attributes hide, raise or spread something.
    """

    cells: int
    unusual: list[Any]
    says_more: bool


def cells_of(
    table: Any, known: Known, *, hiding: str = "", links: bool, unseen: bool
) -> tuple[list[Section], list[str]]:
    """The cells of `table`, whose tree is changed, and the addresses of its links, if those are wanted.

    In front of the text of a link, its number among the addresses stands between two LINK. Rows that a reader does not
    see are there only if they are wanted, as `unseen`; `hiding` are selectors of what else they do not see.
    """
    look = _looked_through(known.unusual)
    changed = _clear_away(table, look.remarkable)
    reaching, hidden = _clear(table, hiding, unseen=unseen) if hiding or known.says_more else (False, False)
    addresses = _addresses(table) if links else []
    look = _looked_through(table.css(UNUSUAL)) if changed or hidden else look
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
    return [Section(part[0], part[1:].split(ROW)[1:], plain) for part in text.split(SECTION)[1:]], addresses


class _Look(NamedTuple):
    """The cells of `<th>`, the elements that are no plain text, and whether some are odd."""

    heads: list[Any]
    remarkable: list[Any]
    odd: bool


def _looked_through(unusual: list[Any]) -> _Look:
    """The unusual elements by their kinds; spaces are put around blocks."""
    found = _kinds_by_number().get
    kinds: dict[str | None, list[Any]] = {"head": [], "block": [], "remarkable": [], "odd": []}
    for node in unusual:
        kinds.setdefault(found(node.tag_id), []).append(node)
    for node in kinds["block"]:
        node.insert_before(b" ")
        if node.tag != "br":
            node.insert_after(b" ")
    return _Look(kinds["head"], kinds["remarkable"], bool(kinds["odd"]))


def _are_closed(table: Any, text: str, cells: int) -> bool:
    """Whether each cell has its end in the `text` of the table, in which none has two; there are `cells` at most."""
    if text.count(END) == cells:
        return True
    found = _kinds_by_number().get
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


@cache
def _kinds_by_number() -> dict[int, str]:
    """What elements are here, by the parser's numbers for them: to ask for their names takes three times as long."""
    tags = {"td": "cell", "th": "head", "tr": "row", "br": "block"}
    tags |= dict.fromkeys(_BLOCKS.split(), "block") | dict.fromkeys(_ODD, "odd")
    tags |= dict.fromkeys((*_REMOVED, "sup", "sub"), "remarkable")
    from selectolax.lexbor import LexborHTMLParser

    return {LexborHTMLParser("").create_node(tag).tag_id: kind for tag, kind in tags.items()}


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
        elif tag in _FOREIGN:  # a <td> inside a formula is no cell
            node.insert_before(_without_ends(node.text()))
        node.decompose()
    return changed


def _clear(table: Any, hiding: str, *, unseen: bool) -> tuple[bool, bool]:
    """Take away what a reader does not see, of which `hiding` are selectors, and note how far cells reach.

    Gives whether any cell reaches over others, and whether cells may have been taken away.
    """
    reaching = changed = False
    # The parser finds an element as often as it matches, and what is taken away twice ends the process.
    unshown = {node.mem_id for node in table.css(hiding)} if hiding else set()
    saying = f"{SAYING}, {hiding}" if hiding else SAYING
    for node in reversed({node.mem_id: node for node in table.css(saying)}.values()):
        tag, attributes = node.tag, node.attributes
        if node.mem_id == table.mem_id:
            continue
        style = attributes.get("style") or ""
        if is_gone(attributes) or (node.mem_id in unshown and "display" not in style):
            _take_away(node, tag, unseen=unseen)
            changed = True
        elif _BLANK.search(style):
            _empty(node, tag)
            changed = True
        elif (raising := _RAISING.search(style)) and tag not in ("table", "tbody", "tr", "td", "th"):
            _raise(node, "sup" if raising[1].lower() == "super" else "sub")
            changed = True
        elif tag == "a":
            _unmark(node)
        elif tag in _CELL_SIGN_OF and attributes.keys() & {"rowspan", "colspan"}:
            node.insert_child(f"{SPAN}{number(attributes, 'rowspan')},{number(attributes, 'colspan')}{SPAN}")
            reaching = True
    return reaching, changed


def _unmark(link: Any) -> None:
    """Take out a link to a footnote."""
    if (link.attributes.get("href") or "").startswith("#") and _is_mark(link, to_note=False):
        link.decompose()


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
    for link in node.css("a[href^='#']"):
        _unmark(link)
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
