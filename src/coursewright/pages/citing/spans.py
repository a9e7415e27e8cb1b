"""Text with italics and links, as styles of citation write it, which every format can write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from coursewright.markup import escape_markdown

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FORMS = frozenset({"em", "strong", "sup", "sub"})


class Span(msgspec.Struct, frozen=True):
    """A piece of text: in which of HTML's forms it is set, "" for none, and what it leads to, "" for nothing."""

    text: str
    form: str = ""
    href: str = ""


Spans = tuple[Span, ...]


def read_spans(element: HtmlElement, form: str = "", href: str = "") -> Iterator[Span]:
    """The text inside an HTML element; of its links only those to the web and within the page are kept."""
    if element.text:
        yield Span(element.text, form, href)
    for child in element:
        inside = child.tag if child.tag in _FORMS else form
        target = _safe(child.get("href", "")) if child.tag == "a" else href
        yield from read_spans(child, inside, target)
        if child.tail:
            yield Span(child.tail, form, href)


def _safe(href: str) -> str:
    if href.startswith("#"):
        return href
    try:
        return href if urlsplit(href).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def as_text(spans: Iterable[Span]) -> str:
    """The text alone."""
    return "".join(span.text for span in spans)


def as_html(spans: Iterable[Span]) -> str:
    """The text as HTML."""
    return "".join(_html(href, list(group)) for href, group in groupby(spans, lambda span: span.href))


def _html(href: str, spans: Iterable[Span]) -> str:
    written = "".join(_set(escape(span.text, quote=False), span.form) for span in spans)
    role = ' role="doc-biblioref"' if href.startswith("#") else ""
    return f'<a href="{escape(href)}"{role}>{written}</a>' if href else written


def _set(written: str, form: str) -> str:
    return f"<{form}>{written}</{form}>" if form else written


def as_markdown(spans: Iterable[Span]) -> str:
    """The text as a piece of Markdown, on one line."""
    out = []
    for href, group in groupby((span for span in spans if span.text), lambda span: span.href):
        forms = groupby(group, lambda span: span.form)
        written = "".join(_markdown(as_text(pieces), form) for form, pieces in forms)
        inside = written.strip()
        link = f"[{inside}]({_address(href)})" if href and inside else inside
        out.append(written.replace(inside, link, 1) if inside else written)
    return "".join(out)


def _markdown(text: str, form: str) -> str:
    text = re.sub(r"\s+", " ", text)
    inside = text.strip()
    if not inside:
        return text
    written = escape_markdown(f"x{inside}")[1:]  # it does not begin a line
    starred = form == "em" and re.fullmatch(r"\w(?:.*\w)?", inside)
    written = f"*{written}*" if starred else _set(written, form)
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{written}{after}"


def _address(href: str) -> str:
    """An address where Markdown has one."""
    return re.sub(r"[<>()\\\s]", lambda found: f"%{ord(found[0]):02X}", href)
