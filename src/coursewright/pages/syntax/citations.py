"""Citations, as Pandoc has them: `[@key, p. 3; @other]`, `@key`, `@key [p. 3]`, `[-@key]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from coursewright.pages.syntax.finding import Finding, found

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

CITATION = "citation"
CITES = "cites"
"""What says in the parser's `env` whether there is a bibliography; without it, citations are text like any other."""

_KEY = r"\{[^{}\s]+\}|[A-Za-z0-9_](?:[\w:.#$%&+?<>~/-]*\w)?"
_BRACKET = re.compile(r"\[([^\[\]`\\]*@[^\[\]`\\]*)\](?!\()(?:(?=\[([^\[\]]*)\]))?")
_PART = re.compile(rf"(?P<prefix>.*?)(?<!\w)(?P<hidden>-?)@(?P<key>{_KEY})(?P<rest>.*)", re.DOTALL)
_IN_TEXT = re.compile(rf"@({_KEY})(?: ?\[([^\[\]`\\@^][^\[\]`\\@]+)\](?!\())?")
_BEFORE = re.compile(r"[\w/.@+=&#$%-]")


class CitationItem(NamedTuple):
    """One source that is cited: the words before it, its key, the place in it, and how it is told.

    `form` is "normal" in brackets, "prose" in a sentence, and "year" where its author stands in the text already.
    """

    prefix: str
    key: str
    locator: str
    form: str


def plugin(parser: MarkdownIt) -> None:
    """Let `parser` know citations, where its `env` says whether there is a bibliography."""
    parser.inline.ruler.before("link", CITATION, _rule)
    parser.core.ruler.after("inline", "no_citation_here", _only_in_text)
    parser.add_render_rule(CITATION, lambda _self, tokens, at, _options, _env: escape(tokens[at].content))


def _rule(state: StateInline, silent: bool) -> bool:
    cites = state.env.get(CITES)
    if cites is None or state.linkLevel or state.src[state.pos] not in "[@":
        return False
    bracket = state.src[state.pos] == "["
    parsed = _bracket(state) if bracket else _in_text(state) if cites else None
    if parsed is None:
        return False
    end, items = parsed
    if not silent:
        token = state.push(CITATION, "", 0)
        token.content = state.src[state.pos : end]
        token.meta = {"at": state.pos, "items": items, "bracket": bracket}
    state.pos = end
    return True


def _bracket(state: StateInline) -> tuple[int, tuple[CitationItem, ...]] | None:
    match = _BRACKET.match(state.src, state.pos)
    if match is None or _defined(match[1], state) or (match[2] and _defined(match[2], state)):
        return None
    parts = [_PART.fullmatch(part) for part in match[1].split(";")]
    items = tuple(_item(part) for part in parts if part)
    return (match.end(), items) if len(items) == len(parts) else None


def _item(part: re.Match[str]) -> CitationItem:
    locator = " ".join(part["rest"].strip().removeprefix(",").split())
    form = "year" if part["hidden"] else "normal"
    return CitationItem(" ".join(part["prefix"].split()), part["key"].strip("{}"), locator, form)


def _in_text(state: StateInline) -> tuple[int, tuple[CitationItem, ...]] | None:
    match = _IN_TEXT.match(state.src, state.pos)
    if match is None or (state.pos and _BEFORE.match(state.src[state.pos - 1])):
        return None
    locator, end = match[2] or "", match.end()
    if locator and _defined(locator, state):
        locator, end = "", match.end(1)
    return end, (CitationItem("", match[1].strip("{}"), " ".join(locator.split()), "prose"),)


def _defined(label: str, state: StateInline) -> bool:
    """Whether it is the label of a link that is defined elsewhere in the text."""
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(label) in state.env.get("references", {})


def _only_in_text(state: StateCore) -> None:
    """Make text again of citations in headings and in what pictures show, and of all where nothing can be cited."""
    cites = state.env.get(CITES)
    if cites is None:
        return
    before = ""
    for token in state.tokens:
        line = (token.map or [0])[0]
        for child in token.children or ():
            if child.type == "image":
                child.children = list(_as_text(child.children or ()))
        if token.type == "inline" and (before == "heading_open" or not cites):
            for child in token.children or ():
                if child.type == CITATION and child.meta["bracket"]:
                    at = line + token.content.count("\n", 0, child.meta["at"])
                    found(state.env).append(_finding(at, child.content, heading=before == "heading_open"))
            token.children = list(_as_text(token.children or ()))
        before = token.type


def _finding(line: int, written: str, *, heading: bool) -> Finding:
    if heading:
        return Finding(line, written, "nothing is cited in a heading", "cite it in the text below")
    hint = (
        'name one in course.toml, [bibliography] files = ["references.bib"], or in the front matter, '
        "bibliography: references.bib; to show it as it stands, write a backslash in front of it"
    )
    return Finding(line, written, "there is no bibliography to cite from", hint)


def _as_text(children: Sequence[Token]) -> Iterator[Token]:
    for child in children:
        yield child.copy(type="text", meta={}) if child.type == CITATION else child


def cited_in(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """The citations among `tokens`, in the order of the page, each with its line."""
    for token in tokens:
        for child in token.children or ():
            if child.type == CITATION:
                yield child, (token.map or [0])[0] + token.content.count("\n", 0, child.meta["at"])
