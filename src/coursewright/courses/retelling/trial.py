"""Whether the text that scripts write for a choice is the one that a build gives for it, tried with some choices.

A number at the beginning of a line may make it a list, an empty value leaves no paragraph, and without the passage
between them two lists are one: what scripts fill in is then another text than that of a build.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from coursewright.courses.retelling.values import offered, told, tried
from coursewright.errors import CoursewrightError, Place
from coursewright.pages import Document, Materials, Page, read_document
from coursewright.pages.blocks import Block
from coursewright.pages.formats import write_html
from coursewright.pages.linking import Link
from coursewright.pages.reading import Conventions
from coursewright.tables.parameters import assigned

if TYPE_CHECKING:
    from markdown_it.token import Token

MARK = re.compile(r"zq(\d+)qz")
_PASSAGE = re.compile(r"\s*(when|end) (\d+)\s*")
_HEADING = re.compile(r"h[1-6]")
_SPACE = re.compile(r"[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")  # in JavaScript
_Event = tuple[str, str, tuple[tuple[str, str], ...]]  # what begins, ends or is said, and attributes


@dataclass(frozen=True)
class TrialPage:
    """A page that is `marked` with signs in the place of the values that change, by their `names`, and with comments
    around its passages; `page` is the author's, and `blocks` are those of all its directives.
    """

    page: Page
    marked: Document
    names: tuple[str, ...]
    blocks: tuple[Block, ...]
    conventions: Conventions


def difference(template: TrialPage, given: Materials) -> tuple[Place, str] | None:
    """Where the text would be another one than that of a build, and why; nothing if it is the same in all tries."""
    page, every = template.page, offered(template.names, given)
    numbers = {number: number for number in range(len(page.directives))}
    wanted = _events(write_html(template.marked, {}, _places(numbers)))
    all_told = frozenset(range(len(page.passages)))
    for values in tried(every):
        if at := _differs(template, wanted, values, all_told):
            said = f"its text, which has another structure with {assigned(values)}"
            return at, f"{said}; begin what is there with a word"
    built = {name: values[0] for name, values in every.items()}
    for some in told(len(page.passages)):
        if _differs(template, wanted, built, some):
            at = page.passages[min(all_told - some)].sql.place()
            return at, "its text, which has another structure without this passage; write a paragraph below it"
    return None


def _differs(
    template: TrialPage, wanted: Sequence[_Event], values: Mapping[str, Any], some: frozenset[int]
) -> Place | None:
    """Where the text is another one than a build gives for these values, and `some` of the passages told."""
    page, marked = template.page, template.marked
    told_page = page.without(
        {line for number, each in enumerate(page.passages) for line in _left_out(each, told=number in some)}
    )
    every = {directive.lines: number for number, directive in enumerate(page.directives)}
    numbers = {number: every[directive.lines] for number, directive in enumerate(told_page.directives)}
    blocks = tuple(template.blocks[number] for number in numbers.values())
    parameters = {**marked.executed.parameters, **values}
    executed = replace(marked.executed, page=told_page, blocks=blocks, parameters=parameters)
    try:
        built = read_document(executed, template.conventions)
    except CoursewrightError as error:
        return error.problem.where or page.at(0)
    texts = ["" if values[name] is None else str(values[name]) for name in template.names]
    title = MARK.sub(lambda mark: texts[int(mark[1])], marked.title)
    filled = _tidy(_filled(_without(wanted, some), texts))
    if title == built.title and filled == _tidy(_events(write_html(built, {}, _places(numbers)))):
        return None
    return page.at(_line(marked, built, texts))


def _left_out(passage: Any, *, told: bool) -> set[int]:
    return passage.marks if told else set(range(*passage.lines))


def _places(numbers: Mapping[int, int]) -> Callable[[Document, int, Mapping[str, Link]], str]:
    """What writes the place of a block, by its number among all of the page."""
    return lambda _document, number, _links: f'<div data-block="{numbers[number]}"></div>\n'


class _HtmlContent(HTMLParser):
    """What HTML says, one thing after another. The names of headings go: scripts find them in what is filled in."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[_Event] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = ((name, value or "") for name, value in attrs if name != "id" or not _HEADING.fullmatch(tag))
        self.events.append(("begins", tag, tuple(said)))

    def handle_endtag(self, tag: str) -> None:
        self.events.append(("ends", tag, ()))

    def handle_data(self, data: str) -> None:
        self.events.append(("text", data, ()))

    def handle_comment(self, data: str) -> None:
        self.events.append(("comment", data, ()))


def _events(html: str) -> list[_Event]:
    reader = _HtmlContent()
    reader.feed(html)
    reader.close()
    return reader.events


def _without(events: Sequence[_Event], some: frozenset[int]) -> Iterator[_Event]:
    """What is told with `some` of the passages, as scripts leave the others out."""
    inside = list[str]()
    for event in events:
        mark = _PASSAGE.fullmatch(event[1]) if event[0] == "comment" else None
        if mark and mark[1] == "when":
            inside.append(mark[2])
        elif mark:
            inside.remove(mark[2])
        elif all(int(number) in some for number in inside):
            yield event


def _filled(events: Iterator[_Event], texts: Sequence[str]) -> Iterator[_Event]:
    """What is said with the values filled in, as scripts do: as text on one line, or as part of an address."""
    for kind, said, attributes in events:
        if kind == "text":
            yield kind, MARK.sub(lambda mark: _on_one_line(texts[int(mark[1])]), said), ()
        else:
            yield kind, said, tuple((name, _in_attribute(name, value, texts)) for name, value in attributes)


def _in_attribute(name: str, value: str, texts: Sequence[str]) -> str:
    written = partial(quote, safe="") if name in {"href", "src"} else _on_one_line
    return MARK.sub(lambda mark: written(texts[int(mark[1])]), value)


def _on_one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip(" ")


def _tidy(events: Iterator[_Event] | Sequence[_Event]) -> list[_Event]:
    """The same with texts that follow each other as one, without what only parts lines of HTML."""
    tidy: list[_Event] = []
    for kind, said, attributes in events:
        if kind == "text" and tidy and tidy[-1][0] == "text":
            tidy[-1] = (kind, tidy[-1][1] + said, ())
        else:
            tidy.append((kind, said, attributes))
    kept = (event for event in tidy if event[0] != "text" or event[1].strip() or (event[1] and "\n" not in event[1]))
    return [(kind, re.sub(r"\s+", " ", said), attributes) for kind, said, attributes in kept]


def _line(marked: Document, built: Document, texts: Sequence[str]) -> int:
    """The line of the body on which both begin to differ, as far as their Markdown shows it."""
    line = 0
    own = [token for token in marked.tokens if not _PASSAGE.fullmatch(token.content.strip().strip("<!->"))]
    for one, other in itertools.zip_longest(own, built.tokens):
        line = marked.lines[one.map[0]] if one and one.map else line
        if one is None or other is None or _said(one, texts) != _said(other, ()):
            break
    return line


def _said(token: Token, texts: Sequence[str]) -> list[tuple[str, str]]:
    own = [] if token.type == "inline" else [(token.type, token.content)]
    children = ((child.type, child.content) for child in token.children or ())
    return [(kind, MARK.sub(lambda mark: texts[int(mark[1])], said)) for kind, said in (*own, *children)]
