"""Prose as HTML and as Markdown: each value escaped for the place where it stands.

The Markdown of a template is parsed once and kept as pieces, the values' places among them, so that a variant costs no
more than joining strings. The HTML is well-formed XML too, which QTI needs: raw HTML in a question is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from coursewright.markup import escape_markdown
from coursewright.questions.grids import grid_html, grid_markdown
from coursewright.questions.writing.prose import PRIVATE, SLOT, Gap, MediaReference, Prose, ProseGrid, Rich, Tex, Value

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

# Where values stand in a template's HTML; the parser has percent-encoded those in addresses.
_PLACES = re.compile(
    "<p>\ue000(?P<block>\\d+)\ue001</p>\n|\ue000(?P<text>\\d+)\ue001|\ue002(?P<maths>\\d+)\ue003"
    '|"%EE%80%80(?P<link>\\d+)%EE%80%81"|%EE%80%80(?P<address>\\d+)%EE%80%81'
)
# A formula in a line: no space inside its dollars, no digit outside, so that money is none.
_MATHS = (
    r"(?<!\d)(?:\$\$(?:\\[\s\S]|[^$\\]|\$(?!\$))+?\$\$|\$(?=[^\s$])(?:\\[\s\S]|[^$\\\n]|\n(?!\s*\n))*?(?<=\S)\$)(?!\d)"
)
_INLINE_MATHS = re.compile(_MATHS)
# What the signs of a template's Markdown belong to, as far as values in it must know.
_CONTEXTS = re.compile(
    r"(?P<fence>^[ >]*(?P<marks>`{3,}|~{3,})[\s\S]*?^[ >]*(?P=marks))|(?P<code>(?P<ticks>`+)[\s\S]*?(?P=ticks))|\\."
    rf"|(?P<maths>^ *\$\$[\s\S]+?\$\$ *$|{_MATHS})|(?P<dollar>\$)"
    "|(?P<address>(?<=\\]\\()[^)\\s]*\ue000[^)\\s]*)|\ue000(?P<text>\\d+)\ue001|(?P<angle><(?!https?:|mailto:))",
    re.MULTILINE,
)
_SAFE_ADDRESS = re.compile(r"(?:https?:|mailto:|[^:]*(?:[/?#]|$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MarkupDialect:
    """How a format writes what HTML leaves open. `maths` takes TeX and whether it stands on its own line; `medium` the
    name of a picture or sound; `gap` the name of a cloze question's part. Each gives HTML (well-formed XML)."""

    maths: Callable[[str, bool], str]
    medium: Callable[[str], str]
    gap: Callable[[str], str] = lambda name: f"[{escape(name)}]"


@dataclass(frozen=True, slots=True)
class _Slot:
    number: int
    place: str  # text, block (a paragraph of its own), address (part of one), or link (the whole of one)


@dataclass(frozen=True, slots=True)
class _Maths:
    tex: str
    display: bool


_Piece = str | _Slot | _Maths
Part = tuple[str, str]
"""HTML, and what it is of: "maths" or "gap" for what a dialect wrote, "" for text around it."""


def html(prose: Prose, dialect: MarkupDialect, *, inline: bool = False) -> str:
    """The prose as HTML; with `inline`, a single paragraph comes without its `<p>`."""
    written = "".join(text for text, _ in _written(prose, dialect))
    return _bare(written) if inline and _is_paragraph(written) else written


def html_parts(prose: Prose, dialect: MarkupDialect, *, inline: bool = False) -> list[Part]:
    """The same, what `dialect` wrote of formulas and gaps apart from the text around it, whatever stands in that."""
    parts = [("", "")]
    for text, kind in _written(prose, dialect):
        if kind or parts[-1][1]:
            parts.append((text, kind))
        else:
            parts[-1] = (parts[-1][0] + text, kind)
    if inline and _is_paragraph("".join(text for text, _ in parts)):  # which begins and ends with text
        parts[0] = (parts[0][0].removeprefix("<p>"), "")
        parts[-1] = (parts[-1][0].rstrip().removesuffix("</p>"), "")
    return parts


def _written(prose: Prose, dialect: MarkupDialect) -> Iterator[Part]:
    for piece in _pieces(prose.markdown):
        if isinstance(piece, str):
            yield piece, ""
        else:
            yield from _write(piece, prose, dialect)


def _is_paragraph(html: str) -> bool:
    return html.startswith("<p>") and html.rstrip().endswith("</p>") and html.count("<p>") == 1


def _bare(paragraph: str) -> str:
    return paragraph.strip().removeprefix("<p>").removesuffix("</p>")


def tex_escape(text: str) -> str:
    """`text` as a piece of a formula: a number or a letter as it is, anything else as text."""
    if re.fullmatch(r"[-+]?[\d.,]*|[A-Za-z]|[-+]?\d+(\.\d+)?[A-Za-z]", text):
        return text
    if power := re.fullmatch(r"([-+]?[\d.]+)e([-+]?)0*(\d+)", text):
        return rf"{power[1]} \times 10^{{{power[2].replace('+', '')}{power[3]}}}"
    return rf"\text{{{_in_tex(text)}}}"


def _in_tex(text: str) -> str:
    names = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return re.sub(r"[\\{}$&#%_~^]", lambda found: names.get(found[0], "\\" + found[0]), text)


def tex(prose: Prose, source: str) -> str:
    """A formula of `prose` with its values filled in."""

    def value(found: re.Match[str]) -> str:
        match prose.values[int(found[1])]:
            case Tex(formula):
                return formula
            case str(text):
                return tex_escape(text)
            case other:
                return tex_escape(_text_of(other))

    return SLOT.sub(value, source)


def _text_of(value: Value) -> str:
    match value:
        case str(text) | Tex(text) | MediaReference(text) | Rich(text) | Gap(text):
            return text
        case ProseGrid(columns, rows, _):
            return " ".join(" ".join(row) for row in (columns, *rows))


def _write(piece: _Slot | _Maths, prose: Prose, dialect: MarkupDialect) -> Iterator[Part]:
    if isinstance(piece, _Maths):
        yield dialect.maths(tex(prose, piece.tex), piece.display), "maths"
        return
    value = prose.values[piece.number]
    if piece.place in ("address", "link"):
        yield _address(_text_of(value), whole=piece.place == "link"), ""
        return
    parts = _value(value, dialect)
    block = isinstance(value, ProseGrid) or (isinstance(value, Rich) and parts[0][0].lstrip().startswith("<"))
    alone = piece.place == "block" and not block
    if alone:
        yield "<p>", ""
    yield from parts
    if alone:
        yield "</p>\n", ""


def _value(value: Value, dialect: MarkupDialect) -> list[Part]:
    match value:
        case str(text):
            return [(escape(text), "")]
        case Tex(formula):
            return [(dialect.maths(formula, False), "maths")]
        case MediaReference(name):
            return [(dialect.medium(name), "")]
        case Gap(name):
            return [(dialect.gap(name), "gap")]
        case Rich(markdown):
            plain = Prose(PRIVATE.sub("\ufffd", markdown))
            return html_parts(plain, dialect, inline="\n\n" not in markdown.strip())
        case ProseGrid():
            return [(grid_html(value), "")]


def _address(text: str, *, whole: bool) -> str:
    if not whole:
        return quote(text, safe="")
    return escape(quote(text, safe=":/?#[]@!$&'()*+,;=%-._~")) if _SAFE_ADDRESS.match(text) else "#"


@lru_cache(maxsize=4096)
def _pieces(markdown: str) -> tuple[_Piece, ...]:
    """A template's HTML, cut at its values and formulas."""
    maths: list[_Maths] = []
    written: str = _parser().render(markdown, {"maths": maths})
    pieces: list[_Piece] = []
    at = 0
    for found in _PLACES.finditer(written):
        pieces.append(written[at : found.start()])
        at = found.end()
        if found["maths"]:
            pieces.append(maths[int(found["maths"])])
        elif found["link"]:
            pieces += ['"', _Slot(int(found["link"]), "link"), '"']
        else:
            place = next(place for place in ("block", "address", "text") if found[place])
            pieces.append(_Slot(int(found[place]), place))
    pieces.append(written[at:])
    return tuple(piece for piece in pieces if piece)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """CommonMark with tables and `$maths$`, without raw HTML."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable(["table", "strikethrough"])
    dollar_maths(parser)
    renderer: Any = parser.renderer
    for name in ("math_inline", "math_inline_double", "math_block"):
        renderer.rules[name] = _mark_maths
    for name in ("th_open", "td_open", "th_close"):
        renderer.rules[name] = _cell
    return parser


def dollar_maths(parser: MarkdownIt) -> None:
    """Let `parser` know formulas between dollars, in questions and pages alike; dollars beside digits are money."""
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)  # for those that stand by themselves
    parser.inline.ruler.at("math_inline", _inline_maths)


def _inline_maths(state: StateInline, silent: bool) -> bool:
    found = _INLINE_MATHS.match(state.src, state.pos)
    if found and not silent:
        dollars = 2 if found[0].startswith("$$") else 1
        token = state.push("math_inline_double" if dollars == 2 else "math_inline", "math", 0)
        token.content = found[0][dollars:-dollars]
    state.pos = found.end() if found else state.pos
    return found is not None


def _mark_maths(tokens: Sequence[Token], number: int, _options: object, env: Any) -> str:
    token = tokens[number]
    env["maths"].append(_Maths(token.content.strip(), token.type != "math_inline"))
    mark = f"\ue002{len(env['maths']) - 1}\ue003"
    return f"<p>{mark}</p>\n" if token.type == "math_block" else mark


def _cell(tokens: Sequence[Token], number: int, _options: object, _env: object) -> str:
    """A cell: numbers by a class and not by a style; the head of a column that says nothing is no head."""
    token = tokens[number]
    says = tokens[number + 1 if token.nesting == 1 else number - 1].content.strip()
    tag = token.tag if says or token.tag != "th" else "td"
    if token.nesting == -1:
        return f"</{tag}>\n"
    return f'<{tag} class="number">' if "right" in str(token.attrs.get("style", "")) else f"<{tag}>"


def markdown(prose: Prose, *, medium: Callable[[str], str], gap: Callable[[str], str] = "[{}]".format) -> str:
    """The prose as Markdown that stands for itself; `medium` and `gap` write a picture's and a gap's Markdown."""

    def piece(found: re.Match[str]) -> str:
        if found["code"] or found["fence"]:
            return SLOT.sub(lambda slot: _text_of(prose.values[int(slot[1])]), found[0])
        if found["maths"]:
            return tex(prose, found[0])
        if found["address"]:
            return _address(SLOT.sub(lambda slot: _text_of(prose.values[int(slot[1])]), found[0]), whole=True)
        if found["text"]:
            return _in_markdown(prose.values[int(found["text"])], medium, gap)
        if found["dollar"]:
            return "\\$"  # money: notebooks take less for a formula than we do
        return "&lt;" if found["angle"] else found[0]  # raw HTML is text

    return _CONTEXTS.sub(piece, prose.markdown)


def _in_markdown(value: Value, medium: Callable[[str], str], gap: Callable[[str], str]) -> str:
    match value:
        case str(text):
            return f"{' ' * text[:1].isspace()}{escape_markdown(text)}{' ' * text[-1:].isspace()}"
        case Tex(formula):
            return f"${formula}$"
        case MediaReference(name):
            return medium(name)
        case Gap(name):
            return gap(name)
        case Rich(text):
            return text
        case ProseGrid():
            return grid_markdown(value)
