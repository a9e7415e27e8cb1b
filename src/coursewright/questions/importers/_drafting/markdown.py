"""HTML and other texts of a bank as the Markdown of a question file, where braces and dollars mean something."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from coursewright.questions.importers._drafting.asked import NotTaken
from coursewright.questions.importers._drafting.media import Show, words_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

# Around the number of a formula until the text around it is escaped: signs that Unicode keeps for programs.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MATHS = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(.+?)\$\$", re.DOTALL)
_HELD = re.compile(rf"(\d*){_OPEN}(\d+){_CLOSE}(\d*)")
_SIGNS = re.compile(r"[\\`*_\[\]$]|~(?=~)|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_STARTS = re.compile(r"^([ \t]*)([-+>](?=\s|$)|#{1,6}(?=\s|$)|>|=+(?=\s*$)|-{2,}(?=\s*$))", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*\d+)([.)])(?=\s|$)", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\ue003\ufdd0-\ufdd5\ufffe\uffff]")
# Headings, and blocks of code in which the sign is none.
_HEADING = re.compile(r"^(?:```|~~~).*?(?:^(?:```|~~~)|\Z)|^(#{1,5})(?=\s)", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_PICTURE = re.compile(r"!\[((?:\\.|[^\]\\])*)\]\(\s*<?([^)\s>]+)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")


def _words(_address: str, alt: str) -> str:
    return words_of(alt)


def from_html(html: str, show: Show = _words) -> str:
    """HTML as Markdown; `show` says what stands for a picture. Raises NotTaken for what nobody could read."""
    held: list[str] = []
    try:
        written = _Converter(held, show).convert_soup(_soup(html, held))
    except RecursionError:
        raise NotTaken("its HTML is nested too deeply") from None
    return _finish(written, held)


def from_plain(text: str) -> str:
    """Text as Markdown that shows it as it stands, line by line."""
    lines = escape(clean(text)).strip().split("\n")
    return braces("\\\n".join(lines).replace("\\\n\\\n", "\n\n"))


def from_markdown(text: str, show: Show = _words) -> str:
    """Markdown as a bank has it: its headings below ours, its formulas between dollars, `show` for its pictures."""
    held: list[str] = []
    text = _HEADING.sub(lambda found: f"#{found[0]}" if found[1] else found[0], clean(text))
    text = _PICTURE.sub(lambda found: show(found[2], found[1]), text)
    text = re.sub(r"(?<!\$)\$(?!\$)", r"\\$", text.replace("\\$", "$"))
    return _finish(_hold_maths(text.replace("\\\\(", "\\(").replace("\\\\)", "\\)"), held), held)


def line(html: str) -> str:
    """HTML on one line of text without any marks: for names."""
    text = re.sub(r"<[^<>]*>", " ", html) if "<" in html else html
    return " ".join(clean(unescape(text)).split())


def clean(text: str) -> str:
    """Text without control characters, its lines ended by line feeds."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """Text in which nothing means anything to Markdown."""
    text = _SIGNS.sub(lambda found: f"\\{found[0]}", text)
    text = _STARTS.sub(r"\1\\\2", text)
    return _NUMBERED.sub(r"\1\\\2", text)


def braces(markdown: str) -> str:
    """Markdown in which double braces are no template's."""
    return markdown.replace("{{", "\\{{")


def _finish(written: str, held: list[str]) -> str:
    written = re.sub(r"\n{3,}", "\n\n", written).strip()
    written = _HELD.sub(lambda found: _formula(held[int(found[2])], found[1], found[3]), written)
    return _closed(braces(written))


def _closed(markdown: str) -> str:
    """Markdown whose last block of code ends with it: else the rest of the file would be code."""
    fence = ""
    for each in markdown.split("\n"):
        if not fence:
            begins = _FENCE.match(each)
            fence = begins[1] if begins else ""
        elif each.strip().startswith(fence) and not each.strip().strip(fence[0]):
            fence = ""
    return f"{markdown}\n{fence}" if fence else markdown


def _formula(tex: str, before: str, after: str) -> str:
    """A formula between dollars; digits that touch it join it, since dollars beside digits are money."""
    marks = tex[0] * (1 if tex[0] == "$" else 0) + "$"
    inside = " ".join(tex[1:].split()).replace("[[", "[{}[")
    return f"{marks}{before}{inside}{after}{marks}" if inside else before + after


def _hold_maths(text: str, held: list[str]) -> str:
    """Text with its formulas put aside; the sign before each says whether it stands on its own line."""

    def hold(found: re.Match[str]) -> str:
        inline, shown, dollars = found.groups()
        tex = re.sub(r"(?<!\\)\$", r"\\$", inline or shown or dollars)
        held.append((" " if inline else "$") + tex)
        return f"{_OPEN}{len(held) - 1}{_CLOSE}"

    return _MATHS.sub(hold, text)


def _soup(html: str, held: list[str]) -> BeautifulSoup:
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    try:
        soup = BeautifulSoup(f"<div>{clean(html)}</div>", "html.parser")
    except ParserRejectedMarkup:
        raise NotTaken("its HTML cannot be read") from None
    for name in ("script", "style", "template"):
        for element in soup.find_all(name):
            element.decompose()
    for node in soup.find_all(string=True):
        if _MATHS.search(node) and node.find_parent(["code", "pre"]) is None:
            node.replace_with(_hold_maths(str(node), held))
    return soup


def _linked(address: str) -> bool:
    """Whether a link leads somewhere from everywhere."""
    try:
        return urlsplit(address.strip()).scheme.lower() in ("http", "https", "mailto")
    except ValueError:
        return False


def _Converter(held: list[str], show: Show) -> Any:  # noqa: N802 - it stands for a class whose library is imported late
    """A converter of HTML for one text, whose formulas are `held`."""
    from markdownify import ATX, MarkdownConverter

    class Converter(MarkdownConverter):
        def escape(self, text: str, parent_tags: set[str]) -> str:
            return escape(text).replace("|", "\\|") if parent_tags & {"td", "th"} else escape(text)

        def convert_hN(self, n: int, _el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: N802 - its own name
            return text if "_inline" in parent_tags else f"\n\n{'#' * min(n + 1, 6)} {' '.join(text.split())}\n\n"

        def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
            linked: str = super().convert_a(el, text, parent_tags) if _linked(el.get("href") or "") else text  # type: ignore[misc]  # the class above has no types
            return linked

        def convert_img(self, el: Any, _text: str, **_tags: Any) -> str:
            return show(el.get("src") or "", el.get("alt") or "")

        def convert_audio(self, el: Any, text: str, **_tags: Any) -> str:
            source = el.get("src") or next((each.get("src", "") for each in el.find_all("source")), "")
            return show(source, el.get("title") or el.get_text().strip() or "sound") if source else text

        def convert_sup(self, el: Any, _text: str, **_tags: Any) -> str:
            return self._raised("^", el)

        def convert_sub(self, el: Any, _text: str, **_tags: Any) -> str:
            return self._raised("_", el)

        @staticmethod
        def _raised(sign: str, el: Any) -> str:
            inside = el.get_text()
            if not re.fullmatch(r"[\w+-]*", inside):
                inside = "\\text{" + re.sub(r"[\\{}$&#%_^~]", " ", inside) + "}"
            held.append(f" {sign}{{{inside}}}")
            return f"{_OPEN}{len(held) - 1}{_CLOSE}"

    return Converter(heading_style=ATX, bullets="-", newline_style="backslash")
