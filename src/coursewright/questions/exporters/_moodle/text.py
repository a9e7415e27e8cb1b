"""Prose as Moodle's HTML, with the files that it shows."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from html import escape
from urllib.parse import quote

from coursewright.questions.variant import Media, Variant
from coursewright.questions.writing.markup import MarkupDialect, Part, html_parts
from coursewright.questions.writing.prose import Prose

# What MathJax, which every Moodle has, would take for a formula although it is text.
_MATHS_SIGNS = re.compile(r"\\(?=[()\[\]])|\$(?=\$)")


def maths(tex: str, display: bool) -> str:
    """A formula between MathJax's delimiters."""
    return f"\\[{escape(tex, quote=False)}\\]" if display else f"\\({escape(tex, quote=False)}\\)"


def undelimited(html: str) -> str:
    """HTML of text, in which MathJax finds no formula."""
    if "\\" in html or "$$" in html:
        return _MATHS_SIGNS.sub(lambda found: f"{found[0]}<span></span>", html)
    return html


def _attribute(text: str) -> str:
    return escape(text).replace("\\", "&#92;").replace("$", "&#36;")


def cdata(text: str) -> str:
    """`text` as a piece of XML, whatever signs are in it."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


class MoodleWriter:
    """Writes the prose of one variant and remembers which files each field shows, since Moodle keeps them by field."""

    def __init__(self, variant: Variant, gaps: dict[str, str] | None = None) -> None:
        self.variant = variant
        self.gaps = gaps or {}
        self._shown: list[str] = []
        self._dialect = MarkupDialect(maths=maths, medium=self._medium, gap=self._gap)

    def html(self, prose: Prose, *, inline: bool = False) -> str:
        """The prose as HTML; pictures are noted for `files`."""
        return "".join(text for text, _ in self.parts(prose, inline=inline))

    def parts(self, prose: Prose, *, inline: bool = False) -> list[Part]:
        """The same, formulas and gaps apart from the text around them."""
        parts = html_parts(prose, self._dialect, inline=inline)
        return [(text if kind else undelimited(text), kind) for text, kind in parts]

    def files(self) -> str:
        """The files shown since last asked, as XML."""
        if not self._shown:
            return ""
        names, self._shown = dict.fromkeys(self._shown), []
        return "".join(_file(self.variant.medium(name)) for name in names)

    def field(self, tag: str, *proses: Prose, attributes: str = "", inside: str = "", inline: bool = False) -> str:
        """An element with text in HTML and the files that it shows; `inside` comes after them."""
        text = "".join(self.html(prose, inline=inline) for prose in proses if prose)
        body = f"<text>{cdata(text)}</text>" if text else "<text></text>"
        return f'<{tag}{attributes} format="html">{body}{self.files()}{inside}</{tag}>\n'

    def _medium(self, name: str) -> str:
        self._shown.append(name)
        medium = self.variant.medium(name)
        address, said = f"@@PLUGINFILE@@/{quote(name)}", _attribute(medium.alt)
        caption = f"<br /><small>{escape(medium.caption)}</small>" if medium.caption else ""
        if medium.media_type.startswith("audio/"):
            return f'<audio controls="controls" src="{address}" title="{said}">{said}</audio>{caption}'
        return f'<img src="{address}" alt="{said}" />{caption}'

    def _gap(self, name: str) -> str:
        return self.gaps[name]


def _file(medium: Media) -> str:
    return f'<file name="{escape(medium.name)}" path="/" encoding="base64">{_base64(medium.data)}</file>'


@lru_cache(maxsize=64)
def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")
