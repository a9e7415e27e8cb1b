"""CSL-JSON, which Zotero and Crossref write, as BibLaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.pages.citing.dates import DATE, of_csl

Entry = Mapping[str, Any]

_TYPES = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
    "article": "article",
    "book": "book", "chapter": "incollection", "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings",
    "thesis": "thesis", "report": "report", "webpage": "online", "post-weblog": "online", "post": "online",
    "dataset": "dataset", "software": "software", "patent": "patent", "manuscript": "unpublished",
}  # fmt: skip
_TEXTS = {
    "title": "title", "container-title": "", "publisher": "publisher", "publisher-place": "location",
    "volume": "volume", "issue": "number", "page": "pages", "DOI": "doi", "URL": "url", "ISBN": "isbn", "ISSN": "issn",
    "edition": "edition", "collection-title": "series", "note": "note", "genre": "type", "event-title": "eventtitle",
}  # fmt: skip
_NAMES = {"author": "author", "editor": "editor", "translator": "translator"}
_VERBATIM = frozenset({"url", "doi", "isbn", "issn"})
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def as_biblatex(text: str, file: Path) -> str:
    """The sources in `text`, which is that of `file`, one after another.

    Raises CoursewrightError for what is no CSL-JSON.
    """
    try:
        entries = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        at = re.search(r"byte (\d+)", str(error))
        line = text.encode()[: int(at[1])].count(b"\n") + 1 if at else None
        raise CoursewrightError(f"this is not JSON: {error}", Place(file, line)) from None
    if not isinstance(entries, list):
        raise CoursewrightError("CSL-JSON is a list of sources", Place(file), 'write [{"id": "key", "type": "book"}]')
    return "\n".join(_entry(entry, number, file) for number, entry in enumerate(entries, start=1))


def _entry(entry: Any, number: int, file: Path) -> str:
    key = str(entry.get("id", "")) if isinstance(entry, dict) else ""
    if not re.fullmatch(r"[^\s{},%#~\\\"=()]+", key):
        hint = "a key is a word without commas and braces, such as knuth1984"
        message = f'"{key}" is no key' if key else "this source has no id"
        raise CoursewrightError(message, Place(file, None, f"source {number}"), hint)
    kind = _TYPES.get(str(entry.get("type", "")), "misc")
    try:
        fields = dict(_fields(entry, kind))
        if entry.get("issued") and "date" not in fields:
            hint = 'write "date-parts": [[2008, 3, 16]], or leave "issued" out and say it in "note"'
            raise CoursewrightError(f'"{key}" has no date in "issued"', Place(file, None, f"source {number}"), hint)
    except (TypeError, ValueError, AttributeError, KeyError, IndexError):
        hint = "write it as CSL-JSON has it, or export it anew"
        raise CoursewrightError(f'"{key}" is not understood', Place(file, None, f"source {number}"), hint) from None
    return f"@{kind}{{{key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"


def _fields(entry: Entry, kind: str) -> Iterator[tuple[str, str]]:
    for name, field in _NAMES.items():
        if names := entry.get(name):
            yield field, " and ".join(map(_name, names))
    for name, usual in _TEXTS.items():
        if (value := entry.get(name)) not in (None, ""):
            field = usual or ("journaltitle" if kind == "article" else "booktitle")
            write: Callable[[str], str] = _verbatim if field in _VERBATIM else _pages if field == "pages" else _text
            yield field, write(str(value))
    for name, field in {"issued": "date", "accessed": "urldate"}.items():
        if date := of_csl(entry.get(name)):
            if name == "accessed" and not DATE.fullmatch(date):
                raise ValueError(date)  # nobody looks at an address for years
            yield field, date


def _text(value: str) -> str:
    """`value` as text of LaTeX, whose capitals stay as they are."""
    return f"{{{_escaped(value)}}}"


def _escaped(value: str) -> str:
    return re.sub(r"[\\{}$&%#_~^]", lambda found: _SPECIAL[found[0]], " ".join(value.split()))


def _pages(value: str) -> str:
    return re.sub(r"(?<=\w)\s*[-\u2013]\s*(?=\w)", "--", _escaped(value))


def _verbatim(value: str) -> str:
    """`value` of a field in which nothing is markup, where braces would end it."""
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", value.strip())


def _name(name: Mapping[str, Any]) -> str:
    """A name as BibLaTeX has it in parts; a particle that stays with the family is one word with it."""
    family = " ".join(str(name[part]) for part in ("non-dropping-particle", "family", "literal") if name.get(part))
    parts = {
        "family": family or str(name["given"]),
        "given": name.get("given") if family else None,
        "prefix": name.get("dropping-particle"),
        "suffix": name.get("suffix"),
    }
    return ", ".join(f"{part}={{{_escaped(str(value))}}}" for part, value in parts.items() if value)
