"""Footnotes, and the check that each is there and is referred to."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from coursewright.pages.syntax.finding import Finding, found
from coursewright.pages.syntax.labels import label, marks, unmarked

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

Env = MutableMapping[str, Any]


def plugin(parser: MarkdownIt, *, as_written: bool) -> None:
    """Let `parser` know footnotes as GitHub has them; `as_written`, they stay where they stand and are checked."""
    from mdit_py_plugins.footnote import footnote_plugin

    footnote_plugin(parser, inline=False, move_to_end=not as_written)
    if as_written:
        parser.core.ruler.after("inline", "check_footnotes", _check)
    parser.add_render_rule("footnote_ref", _reference)
    parser.add_render_rule("footnote_block_open", _block_open)
    parser.add_render_rule("footnote_open", _open)
    parser.add_render_rule("footnote_anchor", _back)


def _check(state: StateCore) -> None:
    """Note footnotes that nothing refers to, which would be lost, and labels that are there twice."""
    seen: set[str] = set()
    for token in state.tokens:
        if token.type != "footnote_reference_open":
            continue
        name = token.meta["label"]
        line = (token.map or [0])[0]
        if name in seen:
            finding = Finding(line, f"[^{name}]:", f'there are two footnotes called "{name}"', "give one another name")
            found(state.env).append(finding)
        elif state.env["footnotes"]["refs"].get(f":{name}", -1) < 0:
            hint = f"write [^{name}] where it belongs, or take it out"
            found(state.env).append(Finding(line, f"[^{name}]:", "nothing refers to this footnote", hint))
        seen.add(name)


def _ids(token: Token) -> tuple[str, str]:
    """The footnote's number, and the number of one of its references: a colon is in no anchor of a heading."""
    number = str(token.meta["id"] + 1)
    again = token.meta.get("subId", 0)
    return number, f"{number}:{again + 1}" if again else number


def _reference(_self: object, tokens: Sequence[Token], at: int, _options: object, env: Env) -> str:
    number, reference = _ids(tokens[at])
    name = escape(f"{label('footnote', env)} {number}")
    said = f'role="doc-noteref" aria-label="{name}"{_marks(env)}'
    return f'<sup class="footnote"><a href="#fn:{number}" id="fnref:{reference}" {said}>{number}</a></sup>'


def _marks(env: Env) -> str:
    return marks(str(env.get("language", "")))


def _block_open(_self: object, _tokens: object, _at: int, _options: object, env: Env) -> str:
    name = escape(label("footnotes", env))
    section = f'<section class="footnotes" role="doc-endnotes" aria-label="{name}"{_marks(env)}>'
    return f"{section}\n<ol{unmarked(str(env.get('language', '')))}>\n"


def _open(_self: object, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    return f'<li id="fn:{_ids(tokens[at])[0]}">'


def _back(_self: object, tokens: Sequence[Token], at: int, _options: object, env: Env) -> str:
    name = escape(f"{label('back', env)} {_ids(tokens[at])[1]}")
    return f' <a href="#fnref:{_ids(tokens[at])[1]}" role="doc-backlink" aria-label="{name}"{_marks(env)}>↩\ufe0e</a>'
