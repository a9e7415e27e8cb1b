"""What is on the page: its bytes as text, by the rules of browsers, and the text as a tree."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urljoin

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources._html.cells import END, HEAD, SIGNS, PageSurvey
from coursewright.tables.sources._html.elements import SAYING, UNUSUAL
from coursewright.tables.sources.encodings import AS_WINDOWS, WINDOWS

_BEGINNINGS = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive, or an office document",
    b"\x1f\x8b": "compressed by gzip",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
}
_META = re.compile(rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{1,200}?encoding\s*=\s*["']([\w:.-]+)""")
_WITHIN = 4096  # the standard looks at 1,024 bytes; real pages have longer comments at their top
_SIGN_REFERENCES = re.compile(
    "&#(?:[xX]0*[fF][dD][dD][0-8]|0*(?:" + "|".join(str(ord(sign)) for sign in SIGNS) + "));?"
)
_CELL_END = b"</td>"
_WHOLE = ("html", "body")
_CONTROLS = ("input", "select", "datalist")
_FEW = 50_000  # references that are looked at one by one
REPLACED = "\ufffd"
_CUT_OFF = "the page ends within a table: rows may be cut off"
_AROUND = 20  # signs that are shown of what has such a one
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


class PageText(NamedTuple):
    """The text of a page and the `encoding` that it was in; `replaced` is whether some bytes were none of it.

    `assumed` is whether nothing said that it is Windows-1252, and it is no UTF-8.
    """

    text: str
    encoding: str
    replaced: bool = False
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page as a tree, with what messages call it, where the course names it, and what it was as bytes.

    `tables` are all its tables, `sheets` the style sheets that stand in it, and `language` is the one that it says it
    was sent in; `has_languages` is whether some part of it may be in another language than the whole, `has_controls`
    whether there are fields or lists to choose from, `cut_off` whether it ends within a table. `unusual` are the
    elements that may be more than cells of data, rows and plain text in them, in their order; `says_more` is whether
    attributes hide, raise or spread anything, and `starts` how many cells of data there are at most.
    """

    tree: Any
    shown: str
    place: Place | None
    was: PageText
    tables: tuple[Any, ...]
    sheets: tuple[str, ...]
    language: str
    has_languages: bool
    has_controls: bool
    cut_off: bool
    unusual: tuple[Any, ...]
    says_more: bool
    starts: int

    def known(self, table: Any) -> PageSurvey:
        """What is known of a table on the page, as long as nothing has been taken out of the tree."""
        first = next(at for at, node in enumerate(self.unusual) if node.mem_id == table.mem_id)
        end = bisect_left(self.unusual, True, lo=first, key=lambda node: not _is_within(node, table))
        return PageSurvey(self.starts, list(self.unusual[first:end]), self.says_more)

    @property
    def title(self) -> str:
        """What the page calls itself."""
        found = self.tree.css_first("title")
        return plain(found.text()) if found else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed of it."""
        return (*([AS_WINDOWS] if self.was.assumed else ()), *([_CUT_OFF] if self.cut_off else ()))

    def refuse_replaced(self, texts: Iterable[str], what: str) -> None:
        """Raise CoursewrightError for the first text of `what` in which a sign stands for bytes that are none."""
        found = next((text for text in texts if REPLACED in text), "") if self.was.replaced else ""
        if found:
            called = "neither UTF-8 nor Windows-1252" if self.was.assumed else f"not {self.was.encoding}"
            at = max(found.index(REPLACED) - _AROUND, 0)
            message = f'{what} has bytes that are {called}, in "{found[at : at + 2 * _AROUND]}"'
            raise CoursewrightError(message, self.place, 'say what it is, for instance: encoding = "iso-8859-2"')

    @property
    def asks_password(self) -> bool:
        """Whether it has a field for a password."""
        return bool(self.tree.css_first('input[type="password"]'))

    def base(self, address: str) -> str:
        """The address from which links start, on a page that came from `address`."""
        found = self.tree.css_first("base[href]")
        return absolute(address, found.attributes["href"] or "") if found else address


def plain(text: str) -> str:
    """A text of the page with single spaces, without the signs at the ends of cells."""
    return " ".join(text.replace(HEAD, "").replace(END, "").split())


def absolute(base: str, link: str) -> str:
    """The whole address of a link on a page whose links start from `base`."""
    link = link.strip()
    if link.startswith(("https://", "http://")):  # the common case: joining takes longer than reading a cell
        return link
    try:
        return urljoin(base, link)
    except ValueError:  # such as http://[, which is the page's mistake and no reason to lose its rows
        return link


def read_page(page: bytes, *, charset: str | None, shown: str, place: Place | None) -> HtmlPage:
    """The page as a tree. Raises CoursewrightError for what is no HTML."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    _refuse_other_formats(page, charset, shown, place)
    was = decoded(page, charset)
    if "<" not in was.text:
        begins = " ".join(was.text.split())[:40]
        what = f'it begins with "{begins}"' if begins else "it is empty"
        raise CoursewrightError(f"{shown} is no HTML page: {what}", place, "check the address")
    with_ends = _with_ends(_bytes(page, was))
    try:
        tree = LexborHTMLParser(with_ends)
    except SelectolaxError as error:
        raise CoursewrightError(f"{shown} cannot be read as HTML: {error}", place, "check the address") from None
    # Two passes over all elements for all questions: each takes a twentieth of a large page's time.
    unusual = tuple(tree.css(UNUSUAL))
    saying = [node for node in tree.css(f"{SAYING}, [lang]") if node.tag not in _WHOLE]
    return HtmlPage(
        tree,
        shown,
        place,
        was,
        tables=tuple(node for node in unusual if node.tag == "table"),
        sheets=tuple(node.text() for node in unusual if node.tag == "style"),
        language=_language([node.attributes for node in unusual if node.tag == "meta"]),
        has_languages=any("lang" in node.attributes for node in saying),
        has_controls=any(node.tag in _CONTROLS for node in unusual),
        cut_off=_is_cut_off(was.text),
        unusual=unusual,
        says_more=bool(saying),
        starts=_starts(with_ends),
    )


def _is_within(node: Any, table: Any) -> bool:
    while node is not None and node.mem_id != table.mem_id:
        node = node.parent
    return node is not None


def _language(metas: list[dict[str, str | None]]) -> str:
    """What the HTML standard calls the language set by a pragma, "" for none."""
    sent = (about for about in metas if (about.get("http-equiv") or "").lower() == "content-language")
    return next((about.get("content") or "" for about in sent), "")


def _starts(page: bytes) -> int:
    """How often `<td` stands in a page, in capitals or small letters: no fewer than there are cells of data."""
    import numpy as np

    signs = np.frombuffer(page, np.uint8)
    at = np.flatnonzero(signs[:-2] == ord("<"))
    at = at[signs[at + 1] | 32 == ord("t")]
    return int(np.count_nonzero(signs[at + 2] | 32 == ord("d")))


def _is_cut_off(text: str) -> bool:
    """Whether a page ends within a table: what is behind it is left out by many, the end of a table by nobody."""
    if re.search("</(?:html|body)\\b", text[-_WITHIN:], re.IGNORECASE):
        return False
    found = re.findall(r"<(/?)table\b", text, re.IGNORECASE)
    return found.count("") > found.count("/")


def _bytes(page: bytes, was: PageText) -> bytes:
    """The page in UTF-8 without the signs that cells are told by: as it came, if it is that."""
    text = _without_signs(was.text)
    as_it_came = text is was.text and was.encoding == "utf-8" and not was.replaced
    return page.removeprefix(codecs.BOM_UTF8) if as_it_came else text.encode(errors="ignore")


def _with_ends(page: bytes) -> bytes:
    """The page with a sign at the end of each cell, where the parser takes it for text of the cell."""
    return page.replace(_CELL_END, END.encode() + _CELL_END)


def _without_signs(text: str) -> str:
    """The page without the signs that cells are told by, which no honest page has."""
    for sign in SIGNS:
        text = text.replace(sign, "")
    return _SIGN_REFERENCES.sub("", text) if _has_numbered_references(text) else text


def _has_numbered_references(text: str) -> bool:
    """Whether `&#` is in a text: a single sign is found in a third of the time that two take."""
    at = text.find("&")
    for _ in range(_FEW):
        if at < 0 or text.startswith("#", at + 1):
            return at >= 0
        at = text.find("&", at + 1)
    return "&#" in text


def _refuse_other_formats(page: bytes, charset: str | None, shown: str, place: Place | None) -> None:
    what = next((what for begins, what in _BEGINNINGS.items() if page.startswith(begins)), "")
    wide = page.startswith(_BYTE_ORDER_MARKS) or "utf-16" in (charset or "").lower()
    if not what and not wide and page[:512].count(b"\0") > 1:
        what = "a file of bytes, not of text"
    if what:
        hint = "give the address of the page that shows the table; files are read as tables without `html`"
        raise CoursewrightError(f"{shown} is no HTML page: it is {what}", place, hint)


def decoded(page: bytes, charset: str | None) -> PageText:
    """The text of a page: by its byte order mark, what the server said, what it says itself, or UTF-8 if it is that.

    "iso-8859-1" and "ascii" mean windows-1252, as the Encoding Standard has it. A page that is called UTF-8 and for
    the most part is not is read as windows-1252, too. Bytes that an encoding does not have are U+FFFD.
    """
    import webencodings

    start = page[:_WITHIN]
    said = [charset or "", *(found[1].decode() for found in (_META.search(start), _XML.search(start)) if found)]
    known = [encoding for encoding in map(webencodings.lookup, said) if encoding]
    encoding = known[0] if known else webencodings.UTF8
    if not charset and encoding.name.startswith("utf-16"):
        encoding = webencodings.UTF8  # it could not be read as bytes if it were: the standard says the same
    try:
        text, used = webencodings.decode(page, encoding, "strict")
        return PageText(text.removeprefix("\ufeff"), used.name)
    except UnicodeDecodeError:
        text, used = webencodings.decode(page, encoding, "replace")
    whole = sum(sign > "\x7f" and sign != REPLACED for sign in text)
    if used.name == "utf-8" and text.count(REPLACED) > whole:
        text = page.decode(WINDOWS, "replace")
        return PageText(text, WINDOWS, replaced=REPLACED in text, assumed=True)
    return PageText(text.removeprefix("\ufeff"), used.name, replaced=True)
