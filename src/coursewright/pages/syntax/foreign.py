"""What other tools for Markdown know and this one does not: it is named, with what to write instead.

Only what would show as rubbish is a finding: not what stands in code, in HTML or behind a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coursewright.pages.syntax.admonitions import NAMES
from coursewright.pages.syntax.finding import Finding, found

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

# In the text of a paragraph these stand for what is not text: code, the end of a link or a picture, and the rest.
_CODE, _LINK, _OTHER = "\ufdd0", "\ufdd1", "\ufdd2"
_GITHUB = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern in the text of a paragraph; `{0}` in `message` and `hint` is its group."""

    pattern: re.Pattern[str]
    message: str
    hint: str
    headings_only: bool = False


def _rule(pattern: str, message: str, hint: str, *, headings_only: bool = False) -> _Rule:
    return _Rule(re.compile(pattern, re.MULTILINE), message, hint, headings_only)


_ESCAPE = "to show it as it stands, write a backslash in front of it"
_ADMONITION = f"write :::{{note}} Title, the text, and ::: on a line of its own; {_ESCAPE}"
_KINDS = "note|tip|hint|info|important|warning|caution|danger|attention|error|seealso"
_RULES = (
    _rule(r"\{(?:math|eq)\}" + _CODE, "a formula is no role here", "write $x^2$"),
    _rule(
        r"\{(?!(?:math|eq)\})([A-Za-z][\w:+.-]*)\}" + _CODE,
        'no role called "{0}"',
        "roles are another tool's: a link is written [text](page.md), and HTML such as H<sub>2</sub>O may be used; "
        + _ESCAPE,
    ),
    _rule(
        r"\{\{[<%][^\n]*?[>%]\}\}",
        "shortcodes are another tool's",
        f"a table, a figure or a text from rows is a directive between three backticks; {_ESCAPE}",
    ),
    _rule(
        rf"(?<![{{{_OTHER}])\{{%[^\n]*?%\}}",
        "there is no template language",
        f"what hangs on data is a passage, from :::{{when}} SELECT … to :::; {_ESCAPE}",
    ),
    _rule(
        r"^(?:\[(?:TOC|toc)\]|\[\[_?(?:TOC|toc)_?\]\]|\{:toc\}|\$\{toc\})$",
        "a table of contents is not asked for in the text",
        f"take this out; {_ESCAPE}",
    ),
    _rule(
        rf"(?<![\w\]{_OTHER}])!?\[\[(?!_?(?:TOC|toc)_?\])(?=[^\[\]\n]*[^\W\d_])[^\[\]\n]+\]\]",
        "links are not written in two brackets here",
        f"write [text](page.md); {_ESCAPE}",
    ),
    _rule(
        r"\[\^([^\]\s]+)\](?!:)",
        'no footnote called "{0}"',
        f"write [^{{0}}]: and its text on lines of their own; {_ESCAPE}",
    ),
    _rule(
        r"\^\[",
        "footnotes are not written within the text here",
        f"write [^name] here, and [^name]: with its text below; {_ESCAPE}",
    ),
    _rule(
        rf"[{_LINK}{_CODE}]\{{(?:[#.][A-Za-z]|[\w-]*=)[^{{}}\n]*\}}",
        "attributes in braces are another tool's",
        f'HTML such as <img src="x.png" alt="…" width="300"> may be used; {_ESCAPE}',
    ),
    _rule(
        r"(?<=\s)\{[#.:-][^{}\n]*\}\s*$",
        "attributes of headings are another tool's",
        f"anchors are made from the words of a heading, as GitHub makes them; {_ESCAPE}",
        headings_only=True,
    ),
    _rule(
        r"(?<![=\w])==(?=[^\s=])[^=\n]*[^\s=]==(?![=\w])",
        "text is not marked by == here",
        f"write <mark>text</mark>; {_ESCAPE}",
    ),
    _rule(
        rf"^:{{3,}}[ \t]*(?:(?:{_KINDS})\b.*|(?:[A-Za-z][\w-]*[ \t]*)?(?:\[[^\]\n]*\])?[ \t]*)$",
        "these colons begin nothing and end nothing",
        _ADMONITION,
    ),
    _rule(r"^(?:!!!|\?\?\?\+?)[ \t]+[a-z]+\b.*$", "admonitions are written otherwise here", _ADMONITION),
    _rule(
        r"^\.\.[ \t]+[a-z][\w:-]*::.*$",
        "directives are written otherwise here",
        f"a directive stands between three backticks: ```{{table}}; {_ESCAPE}",
    ),
    _rule(
        r"^\([A-Za-z][\w:.-]*\)=$",
        "targets are another tool's",
        f"a heading has its own: [text](page.md#words-of-the-heading); {_ESCAPE}",
    ),
    _rule(
        r"^\+\+\+(?:[ \t].*)?$",
        "cells are not divided by +++ here",
        f"take this out, or write --- for a line across the page; {_ESCAPE}",
    ),
    _rule(
        r"^\{:(?!toc\})[ \t]*[.#A-Za-z][^{}\n]*\}$",
        "attributes in braces are another tool's",
        f"take this out; {_ESCAPE}",
    ),
)
MAYBE = re.compile(r"[{$\\`^=]|\[\[|\[!|TOC|toc|:\[*:|!\[*!|\?\[*\?|\+\[*\+")
"""What is in every text in which something may be found, here or as a formula or a footnote; links lose their [."""

_ALERT = re.compile(r"^\[!([A-Za-z]+)\][+-]?[ \t]*(.*)$", re.MULTILINE)
_R_CODE = re.compile(r"r\s+[A-Za-z_.(\"'\d](?!\s*(?:=|<-)[^=])")
_INLINE_CODE = re.compile(r"\{(?:r|python|julia|ojs)\}\s")
_DIRECTIVE = re.compile(r"\{[\w-]+\}(?:\s|$)")


def plugin(parser: MarkdownIt) -> None:
    """Let `parser` note what is another tool's: before the pieces of text are joined, which shows what was escaped."""
    parser.core.ruler.before("text_join", "foreign", _note)


def between_colons(words: str) -> str:
    """What to do about `:::words`, which begins nothing that is known."""
    name = re.match(r"\{\.callout-([a-z]+)", words.strip())
    if name:
        return f"write :::{{{name[1] if name[1] in NAMES else 'note'}}} Title"
    return (
        "between colons there are {when} and admonitions, such as {note} or {warning}; "
        "a directive stands between three backticks"
    )


def _note(state: StateCore) -> None:
    inside = ""
    for token in state.tokens:
        if token.type == "fence":
            found(state.env).extend(_in_fence(token))
        elif token.type == "inline":
            found(state.env).extend(_in_text(token, heading=inside == "heading_open"))
        inside = token.type


def _in_fence(token: Token) -> Iterator[Finding]:
    words = token.info.strip()
    if words.startswith("{") and not _DIRECTIVE.match(words):
        hint = "a directive is written {name} argument, its options on lines :option: value; code is written ```python"
        yield Finding((token.map or [0])[0], words, "this is no directive", hint)


def _in_text(token: Token, *, heading: bool) -> Iterator[Finding]:
    text = _text(token)
    lines = _lines(token)
    for rule in _RULES:
        for match in rule.pattern.finditer(text) if heading or not rule.headings_only else ():
            part = match[0].strip(_LINK + _CODE + _OTHER)
            name = match[1] if match.re.groups else ""
            message, hint = (words.replace("{0}", name) for words in (rule.message, rule.hint))
            yield Finding(lines(match.start()), part, message, hint)
    if alert := _ALERT.match(text):
        yield _alert(alert, lines(0))
    yield from _in_code(token, lines(0))


def _alert(found_alert: re.Match[str], line: int) -> Finding:
    name, title = found_alert[1], found_alert[2].strip()
    if name.upper() in _GITHUB:
        hint = (
            f"write :::{{{name.lower()}}} {title}, the text, and ::: on a line of its own"
            if title
            else f"an alert is a quotation that begins with > [!{name.upper()}]"
        )
        return Finding(line, f"[!{name}]", "this is no alert", hint)
    hint = f"write {', '.join(_GITHUB[:-1])} or {_GITHUB[-1]}"
    return Finding(line, f"[!{name}]", f'no alert called "{name}"', hint)


def _in_code(token: Token, line: int) -> Iterator[Finding]:
    for piece in token.children or ():
        if piece.type != "code_inline" or piece.markup != "`":
            continue
        if _R_CODE.match(piece.content) or _INLINE_CODE.match(piece.content):
            hint = "a parameter is written {{ name }}, and rows are told by {tell}; two backticks show it as it stands"
            yield Finding(line, f"`{piece.content}`", "code within the text is not carried out", hint)


def _text(token: Token) -> str:
    """The text of a paragraph as it would show, with signs of our own for what is not text."""
    signs = {"softbreak": "\n", "hardbreak": "\n", "code_inline": _CODE, "image": _LINK, "link_close": _LINK}
    as_written = ("em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close")

    def piece(child: Token) -> str:
        if child.type == "text":
            return child.content
        if child.type in as_written:
            return child.markup
        return "" if child.type == "link_open" else signs.get(child.type, _OTHER)

    return "".join(map(piece, token.children or ()))


def _lines(token: Token) -> Callable[[int], int]:
    """A function that gives the line of a position in the text of a paragraph."""
    first = (token.map or [0])[0]
    text = _text(token)
    return lambda position: first + text.count("\n", 0, position)
