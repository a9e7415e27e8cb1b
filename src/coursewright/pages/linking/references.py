"""Where the links and pictures of a page stand in its Markdown, so that destinations alone can be written anew."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_ATTRIBUTE = re.compile(r"""\b(href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""", re.IGNORECASE)
_DESTINATION = re.compile(r"\]:\s*(?:<([^>\n]*)>|(\S+))")


class Link(NamedTuple):
    """Where a reference leads, as a format writes it, and the title and description of the page there, if it is one.

    What names several pages has a link for each in `pages`.
    """

    href: str
    title: str = ""
    description: str = ""
    pages: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A link or a picture: its destination as Markdown understands it, and where that stands.

    A "cell" is a link in a table that a directive made, and is there only if its page is; a "list" names a file.
    `line` is a line of the filled text, counted from 0; `start` and `end` are places in the text, -1 where the
    destination cannot be found in it; `label` is the place of the text of a link that has none. `cited` is the number
    of a citation.
    """

    target: str
    kind: Literal["link", "picture", "html", "cell", "list", "choice", "citation"]
    line: int
    start: int = -1
    end: int = -1
    label: int = -1
    cited: int = -1


def keep_places(parser: MarkdownIt) -> None:
    """Make `parser` keep in the `meta` of links, pictures and inline HTML where they stand in their block's text."""
    for rule in ("link", "image", "html_inline"):
        original = next(each.fn for each in parser.inline.ruler.__rules__ if each.name == rule)
        parser.inline.ruler.at(rule, _keeping(original))


def _keeping(original: Any) -> Any:
    def rule(state: StateInline, silent: bool) -> bool:
        at, before = state.pos, len(state.tokens)
        found: bool = original(state, silent)
        if found and not silent:
            token = next(each for each in state.tokens[before:] if each.type in ("link_open", "image", "html_inline"))
            token.meta["at"] = at
            if token.type != "html_inline":
                token.meta["destination"] = _destination(state, at + (token.type == "image"))
                token.meta["label"] = at + 1 if state.src.startswith("[]", at) else -1
        return found

    return rule


def _destination(state: StateInline, bracket: int) -> tuple[int, int] | None:
    """Where the destination stands of the link whose first bracket is at `bracket`; None if it is defined elsewhere."""
    closing = state.md.helpers.parseLinkLabel(state, bracket, True)
    inside = re.compile(r"\(\s*").match(state.src, closing + 1)
    if not inside:
        return None
    parsed = state.md.helpers.parseLinkDestination(state.src, inside.end(), len(state.src))
    if not parsed.ok or not re.compile(r"[\s)]").match(state.src, parsed.pos):
        return None
    return (inside.end(), parsed.pos)


def references(tokens: Sequence[Token], definitions: Sequence[dict[str, Any]], text: str) -> Iterator[Reference]:
    """The links and pictures of `text`, which was parsed into `tokens` with these link `definitions`."""
    lines = text.split("\n")
    finder = _Lines(lines)
    for token in tokens:
        if token.type == "inline" and token.map:
            at = finder.of(token.content, token.map[0])
            for child in _with_pictures(token.children or ()):
                line = token.map[0] + token.content.count("\n", 0, child.meta.get("at", 0))
                yield from _inline(child, line, at)
        elif token.type == "html_block" and token.map:
            offset = finder.offsets[token.map[0]]
            block = "\n".join(lines[token.map[0] : token.map[1]])
            for target, start, end in _attributes(block):
                line = token.map[0] + block.count("\n", 0, start)
                yield Reference(target, "html", line, offset + start, offset + end)
    for definition in definitions:
        first, last = definition["map"]
        found = _DESTINATION.search("\n".join(lines[first:last]))
        if found:
            start, end = (found.start(1) - 1, found.end(1) + 1) if found[1] is not None else found.span(2)
            offset = finder.offsets[first]
            yield Reference(definition["href"], "link", first, offset + start, offset + end)


def with_attributes(tag: str, links: Mapping[str, Link]) -> str:
    """Raw HTML with its destinations as `links` writes them."""
    out, at = [], 0
    for target, start, end in _attributes(tag):
        if target in links:
            out += [tag[at:start], html.escape(links[target].href)]
            at = end
    return "".join([*out, tag[at:]])


def _with_pictures(children: Sequence[Token]) -> Iterator[Token]:
    return (child for child in children if child.type in ("link_open", "image", "html_inline", "citation"))


def _inline(token: Token, line: int, at: _InText) -> Iterator[Reference]:
    if token.type == "html_inline":
        for target, start, end in _attributes(token.content):
            yield Reference(target, "html", line, *at(token.meta["at"] + start, token.meta["at"] + end))
        return
    if token.type == "citation":
        first, last = token.meta["at"], token.meta["at"] + len(token.content) - 1  # it may go over lines
        start, end = at(first, first)[0], at(last, last)[0]
        places = (start, end + 1) if start >= 0 and end >= 0 else (-1, -1)
        yield Reference(token.content, "citation", line, *places, cited=token.meta["cited"])
        return
    target = str(token.attrs["href" if token.type == "link_open" else "src"])
    span = token.meta.get("destination")
    start, end = at(*span) if span else (-1, -1)
    label = at(token.meta["label"], token.meta["label"])[0] if token.meta.get("label", -1) >= 0 else -1
    yield Reference(target, "link" if token.type == "link_open" else "picture", line, start, end, label)


def _attributes(tag: str) -> Iterator[tuple[str, int, int]]:
    """The destinations in raw HTML, each with the place of its value, quotes aside."""
    for found in _ATTRIBUTE.finditer(tag):
        group = next(number for number in (2, 3, 4) if found[number] is not None)
        yield html.unescape(found[group]), *found.span(group)


class _Lines:
    """Finds the text of blocks in the lines of a page: Markdown's parser keeps no more than the lines of a block."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.offsets = [0, *accumulate(len(line) + 1 for line in lines)]
        self._after: dict[int, int] = {}  # the cells of a table share a line: each stands after the one before

    def of(self, content: str, first: int) -> _InText:
        """How places in `content`, a block that begins on line `first`, become places in the text."""
        starts: list[tuple[int, int, str]] = []
        at = 0
        for number, piece in enumerate(content.split("\n")):
            row = first + number
            line = self.lines[row] if row < len(self.lines) else ""
            column = line.find(piece, self._after.get(row, 0))
            written = piece
            if column < 0:  # in a table, | is written \|
                written = piece.replace("|", "\\|")
                column = line.find(written, self._after.get(row, 0))
            if column >= 0:
                self._after[row] = column + len(written)
            starts.append((at, self.offsets[row] + column if column >= 0 else -1, written))
            at += len(piece) + 1
        return _InText(tuple(starts))


@dataclass(frozen=True)
class _InText:
    """For each line of a block: where it begins in the block and in the text (-1: unknown), and how it is written."""

    lines: tuple[tuple[int, int, str], ...]

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        """The places in the text of two places in the block; (-1, -1) where they are unknown."""
        begins, offset, written = next(line for line in reversed(self.lines) if line[0] <= start)
        if offset < 0:
            return (-1, -1)
        return (offset + _written_at(written, start - begins), offset + _written_at(written, end - begins))


def _written_at(written: str, place: int) -> int:
    """Where the character number `place` of a line stands in it as written, where | may be \\|."""
    if "\\|" not in written:
        return place
    ends = [found.end() for found in re.finditer(r"\\\||.", written)]
    return ends[place - 1] if place else 0
