"""The one Markdown parser, for pages as they are written and for what is shown of them."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import regex

from coursewright.pages.linking.references import keep_places
from coursewright.pages.syntax import admonitions, citations, code, foreign, maths, notes
from coursewright.pages.syntax.finding import Finding, found
from coursewright.pages.syntax.labels import label, marks, unmarked

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_NOT_IN_ANCHORS = regex.compile(r"[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]")


@cache
def markdown() -> MarkdownIt:
    """The parser that writes HTML: what GitHub shows, admonitions and definition lists.

    `render(text, {"language": "de"})` has the words that a page says by itself in that language.
    The tokens of links know where they stand in the text.
    """
    return _parser(as_written=False).use(citations.plugin).use(keep_places)


@cache
def reader() -> MarkdownIt:
    """The same for pages as they are written, in which there are passages."""
    from mdit_py_plugins.container import container_plugin

    parser = _parser(as_written=True)
    container_plugin(parser, "passage", validate=_begins_passage)
    foreign.plugin(parser)
    parser.core.ruler.at("inline", _inline)
    return parser


def _inline(state: StateCore) -> None:
    """Read the text of a paragraph as Markdown only where something could be found in it.

    It is read again as what is shown; most texts, such as the cells of tables, are words and links.
    """
    for token in state.tokens:
        if token.type == "inline":
            token.children = token.children or []
            if foreign.MAYBE.search(token.content):
                state.md.inline.parse(token.content, state.md, state.env, token.children)


def read(body: str) -> tuple[list[Token], list[Finding]]:
    """The tokens of a page as it is written, and what is wrong with its language, in the order of lines."""
    env: dict[str, Any] = {}
    tokens: list[Token] = reader().parse(body, env)
    return tokens, sorted(found(env), key=lambda finding: finding.line)


def _begins_passage(words: str, _markup: str) -> bool:
    return words.lstrip().startswith("{")


def _parser(*, as_written: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.anchors import anchors_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

    parser = MarkdownIt("commonmark", {"tasklists": True, "strikethrough_single_tilde": True}).enable(
        ["table", "strikethrough"]
    )
    parser.core.ruler.after("normalize", "end_last_line", _end_last_line)
    parser.use(gfm_autolink_plugin).use(deflist_plugin)
    admonitions.plugin(parser)
    notes.plugin(parser, as_written=as_written)
    maths.plugin(parser)
    code.plugin(parser)
    parser.use(anchors_plugin, max_level=6, slug_func=slug)
    parser.core.ruler.push("no_empty_anchor", _no_empty_anchor)
    for name, rule in _RULES.items():
        parser.add_render_rule(name, rule)
    return parser


def _end_last_line(state: StateCore) -> None:
    """The rule for containers looks behind an empty last line, such as `> `, if nothing ends it."""
    if not state.src.endswith("\n"):
        state.src += "\n"


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading with this text."""
    kept: str = _NOT_IN_ANCHORS.sub("", heading.strip().lower())
    return kept.replace(" ", "-")


def _no_empty_anchor(state: StateCore) -> None:
    """A heading without a letter or digit, such as `# …`, has no anchor: it would be empty."""
    for heading, inside in pairwise(state.tokens):
        if heading.type == "heading_open" and "id" in heading.attrs:
            pieces = (piece.content for piece in inside.children or () if piece.type in ("text", "code_inline"))
            if not re.search(r"\w", "".join(pieces)):
                del heading.attrs["id"]


Env = MutableMapping[str, Any]


def _item(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Env) -> str:
    """An item of a list; a task's box says in words whether it is done."""
    written: str = self.renderToken(tokens, at, options, env)
    if "checked" not in tokens[at].meta:
        return written
    done = tokens[at].meta["checked"]
    name = escape(label("done" if done else "todo", env))
    spoken = marks(str(env.get("language", "")))
    return f'{written}<input type="checkbox" disabled{" checked" if done else ""} aria-label="{name}"{spoken}> '


def _table(_self: object, _tokens: object, _at: int, _options: object, env: Env) -> str:
    """A table, which the keyboard can scroll where it is wider than the page."""
    language = str(env.get("language", ""))
    group = f'<div class="table" role="group" tabindex="0" aria-label="{escape(label("table", env))}"{marks(language)}>'
    return f"{group}\n<table{unmarked(language)}>\n"


def _end_of_table(_self: object, _tokens: object, _at: int, _options: object, _env: object) -> str:
    return "</table>\n</div>\n"


def _cell(_self: object, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    """A cell, aligned by a class; the head of a column that says nothing is no head."""
    token = tokens[at]
    says = tokens[at + 1 if token.nesting == 1 else at - 1].content.strip()
    tag = token.tag if says or token.tag != "th" else "td"
    if token.nesting == -1:
        return f"</{tag}>\n"
    style = str(token.attrs.get("style", ""))
    aligned = ' class="number"' if "right" in style else ' class="centre"' if "center" in style else ""
    scope = ' scope="col"' if tag == "th" else ""
    return f"<{tag}{scope}{aligned}>"


_RULES = {
    "list_item_open": _item,
    "table_open": _table,
    "table_close": _end_of_table,
    "th_open": _cell,
    "td_open": _cell,
    "th_close": _cell,
}
