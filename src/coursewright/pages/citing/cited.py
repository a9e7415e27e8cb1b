"""The verb: write citations and the list of what they cite, in the words of a style."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape
from itertools import takewhile

from coursewright.errors import CoursewrightError, Place
from coursewright.pages.citing.bibliography import STYLES, Bibliography, typst
from coursewright.pages.citing.dates import hidden, say_dates
from coursewright.pages.citing.spans import Span, Spans, as_text, read_spans
from coursewright.pages.syntax.citations import CitationItem

# All that authors and sources say is data of this document, none of it its text.
_SOURCES = b"""
#let d = json(bytes(sys.inputs.data))
#set text(lang: d.language, region: d.region)
#bibliography(d.files.map(bytes), style: if d.own { bytes(d.style) } else { d.style }, full: d.full, title: none)
"""
_CITED = b"""
#for c in d.cited {
  html.elem("div", attrs: (class: "cited"), for i in c {
    cite(label(i.key), form: i.form, supplement: if i.locator != "" { i.locator })
  })
}
#for k in d.keys { html.elem("div", attrs: (class: "entry"), cite(label(k))) }
"""
# In a document of their own: two sources of one author, told by the author alone, would be told apart by letters.
_AUTHORS = b"""
#for k in d.keys { html.elem("div", attrs: (class: "author"), cite(label(k), form: "author")) }
"""
_REFERENCE = "ref:"


@dataclass(frozen=True)
class PageCitations:
    """The citations of a page, in its order, and the list of what they cite: an anchor and a text for each source."""

    citations: tuple[Spans, ...] = ()
    references: tuple[tuple[str, Spans], ...] = ()


@lru_cache(maxsize=512)
def cite(
    bibliography: Bibliography,
    citations: tuple[tuple[CitationItem, ...], ...],
    style: str,
    language: str,
    *,
    full: bool = False,
) -> PageCitations:
    """The `citations` and the list of their sources, or of all sources if it is to be `full`, in a `language`.

    Every key is one of the bibliography; `style` is a name or the content of a CSL file.
    """
    from lxml import html

    keys = sorted(bibliography.keys if full else {item.key for items in citations for item in items})
    compiled = partial(_compiled, bibliography, citations, keys, style, language=language, full=full)
    named = [item for items in citations for item in items if item.form != "normal"]
    authors = _authors(compiled(_AUTHORS), keys) if named else {}
    nameless = {key for key, author in authors.items() if not as_text(author).strip()}
    if any(item.key in nameless for item in named):
        mended = tuple(tuple(_in_brackets(item, nameless) for item in items) for items in citations)
        return cite(bibliography, mended, style, language, full=full)
    written = html.fromstring(compiled(_CITED))
    anchors = _anchors(keys, [each.xpath(".//a/@href") for each in written.find_class("entry")])
    cited = [
        _linked(_told(tuple(read_spans(element)), items, authors), anchors)
        for element, items in zip(written.find_class("cited"), citations, strict=True)
    ]
    listed = written.xpath("//*[@role='doc-bibliography']//li[@id]")
    references = tuple(
        (anchors[f"#{item.get('id')}"], _linked(tuple(read_spans(item)), {}))
        for item in listed
        if f"#{item.get('id')}" in anchors
    )
    return PageCitations(tuple(cited), references)


def _authors(written: str, keys: Sequence[str]) -> dict[str, Spans]:
    """Who the author of each source is, by its key."""
    from lxml import html

    found = html.fromstring(written).find_class("author")
    return dict(zip(keys, (tuple(read_spans(each)) for each in found), strict=True))


def _in_brackets(item: CitationItem, nameless: Collection[str]) -> CitationItem:
    """A source that no author can stand for in a sentence is told by its title, in brackets."""
    return item._replace(form="normal") if item.key in nameless else item


def _compiled(
    bibliography: Bibliography,
    citations: Sequence[Sequence[CitationItem]],
    keys: Sequence[str],
    style: str,
    document: bytes,
    *,
    language: str,
    full: bool,
) -> str:
    forms = {"year": "prose"}
    tag, *subtags = language.split("-")
    data = {
        "files": bibliography.texts,
        "style": style,
        "own": style not in STYLES,
        "full": full,
        "language": tag.lower(),
        "region": next((part for part in subtags if re.fullmatch("[A-Z]{2}", part)), None),
        "cited": [
            [
                {"key": item.key, "form": forms.get(item.form, item.form), "locator": hidden(item.locator)}
                for item in items
            ]
            for items in citations
        ],
        "keys": keys,
    }
    try:
        written: bytes = typst().compile(
            _SOURCES + document, format="html", ignore_system_fonts=True, sys_inputs={"data": json.dumps(data)}
        )
    except typst().TypstError as error:
        if style in STYLES or "CSL" not in str(error):
            raise
        said, where = str(error).split("\n", maxsplit=1)[0], Place("course.toml", part="[bibliography] style")
        raise CoursewrightError(said, where, "correct the file of the style, or take another one") from None
    return say_dates(written.decode(), tuple((year, escape(words)) for year, words in bibliography.stand_ins))


def _anchors(keys: Sequence[str], hrefs: Sequence[Sequence[str]]) -> dict[str, str]:
    """For each place in the written document, the anchor that it has in the page: "ref:" and its key."""
    anchors: dict[str, str] = {}
    taken: set[str] = set()
    for key, (href, *_) in zip(keys, hrefs, strict=True):
        anchor = _REFERENCE + re.sub(r"[^\w.-]+", "-", key)
        while anchor in taken:
            anchor += "-"
        taken.add(anchor)
        anchors[href] = anchor
    return anchors


def _linked(spans: Spans, anchors: Mapping[str, str]) -> Spans:
    """`spans`, whose links within the document lead to the page's own anchors, or nowhere."""
    return tuple(
        Span(span.text, span.form, f"#{anchors[span.href]}" if span.href in anchors else "")
        if span.href.startswith("#")
        else span
        for span in spans
    )


def _told(spans: Spans, items: Sequence[CitationItem], authors: Mapping[str, Spans]) -> Spans:
    """A citation with the words before it, and without the author who stands in the text already."""
    prefix, key, _locator, form = items[0]
    author = as_text(authors[key]) if form == "year" else ""
    if author and as_text(spans).startswith(author):
        spans = _without(spans, len(author))
    if not prefix:
        return spans
    text = as_text(spans)
    opening = 1 if text[:1] in ("(", "[") else 0
    before, after = _without_end(spans, len(text) - opening), _without(spans, opening, strip=False)
    return (*before, Span(f"{prefix} "), *after)


def _without(spans: Spans, length: int, *, strip: bool = True) -> Spans:
    """`spans` from the character number `length` on, or from the first sign that is no space after it."""
    out: list[Span] = []
    for span in spans:
        text, length = span.text[length:], max(length - len(span.text), 0)
        text = text.lstrip() if strip and not out else text
        out += [Span(text, span.form, span.href)] if text else []
    return tuple(out)


def _without_end(spans: Spans, length: int) -> Spans:
    """`spans` without their last `length` characters."""
    keep = len(as_text(spans)) - length
    starts = [sum(len(each.text) for each in spans[:number]) for number in range(len(spans))]
    inside = takewhile(lambda each: each[1] < keep, zip(spans, starts, strict=True))
    return tuple(Span(span.text[: keep - start], span.form, span.href) for span, start in inside)
