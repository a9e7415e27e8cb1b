"""The noun: an executed page as Markdown and as tokens, with what it refers to and what others may refer to in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from coursewright.errors import Place, SeveralProblems
from coursewright.pages.blocks.as_markdown import write_sentences
from coursewright.pages.blocks.block import Block, Grid, PageChoice, PageList, References, Sentences
from coursewright.pages.citing.cited import PageCitations
from coursewright.pages.executing.run import ExecutedPage
from coursewright.pages.linking.references import Reference, references
from coursewright.pages.linking.sources import cite, files_of
from coursewright.pages.linking.targets import BlockNumber, Target, name_all, with_number
from coursewright.pages.linking.terms import Term, terms
from coursewright.pages.reading.conventions import USUAL, Conventions
from coursewright.pages.reading.page import Page
from coursewright.pages.reading.published import Publication, read_published
from coursewright.pages.strange_html import refuse_html
from coursewright.pages.syntax import markdown
from coursewright.pages.syntax.citations import CITES
from coursewright.pages.syntax.finding import Finding
from coursewright.pages.syntax.labels import label
from coursewright.pages.syntax.parser import slug
from coursewright.pages.syntax.plain import plain
from coursewright.pages.text.captioned import FigureCaption
from coursewright.pages.text.fill import FilledPage, fill, fill_text

if TYPE_CHECKING:
    from markdown_it.token import Token


class Heading(msgspec.Struct, frozen=True):
    """A heading of a page: how deep it is, its text, and its anchor in addresses, if it has one."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Document:
    """A page whose parameters are filled in and whose directives are carried out.

    `text` is the author's own Markdown, in which an empty fence stands for each block; `fences` says which block it is
    whose fence begins on a line of the text, counted from 0. `tokens` are the text as Markdown's parser reads it, and
    `found` is what it keeps of definitions that stand elsewhere in the text. `numbers` are those of its blocks, and
    `figures` the pictures of its Markdown that have a caption, by the lines that they begin on. `cited` is what its
    citations say, and `sources` are the files that they come from. `terms` are those that it explains, if it is a
    glossary.
    """

    executed: ExecutedPage
    title: str
    description: str
    text: str
    fences: Mapping[int, int]
    lines: tuple[int, ...]
    tokens: tuple[Token, ...]
    found: Mapping[str, Any]
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]
    numbers: Mapping[int, BlockNumber]
    figures: Mapping[int, FigureCaption]
    targets: tuple[Target, ...]
    cited: PageCitations
    sources: tuple[Path, ...]
    published: Publication = field(default_factory=Publication)
    terms: tuple[Term, ...] = ()

    @property
    def address(self) -> str:
        """The page's address in the site, without an ending."""
        return self.executed.address

    def place(self, line: int) -> Place:
        """Where a line of the text, counted from 0, comes from in the page's file."""
        return self.executed.page.at(self.lines[line])

    def block(self, which: int) -> Block:
        """A block as it is shown, with its number, or with what the page cites."""
        block = self.executed.blocks[which]
        if isinstance(block, References):
            return msgspec.structs.replace(block, items=self.cited.references)
        return with_number(block, self.numbers.get(which))

    @property
    def references_below(self) -> Heading | None:
        """The heading of the list of what the page cites, if it stands at the end of the page."""
        listed = any(isinstance(block, References) for block in self.executed.blocks)
        return None if listed or not self.cited.references else self.headings[-1]

    def anchor(self, which: int) -> str:
        """What links call a block by, "" if its author gave it no name."""
        return self.executed.page.directives[which].label


def read_document(executed: ExecutedPage, conventions: Conventions = USUAL) -> Document:
    """The document of an executed page, by the conventions of its course.

    Raises CoursewrightError for a parameter that does not exist, for a formula that values or rows made wrong, for two
    things of one name, and for a source that is cited and not there.
    """
    page, parameters = executed.page, executed.parameters
    files = files_of(page, conventions)
    filled = fill(page, parameters, lambda number: _as_markdown(executed, number))
    found: dict[str, Any] = {"language": conventions.language, CITES: bool(files)}
    tokens = tuple(markdown().parse(filled.text, found))
    _check(found.pop("findings", []), tokens, page, filled, conventions)
    headings = tuple(_headings(tokens))

    def place(line: int) -> Place:
        return page.at(filled.lines[line])

    cited = cite(executed, tokens, files, conventions, place)
    if cited and cited.references and not any(isinstance(block, References) for block in executed.blocks):
        headings = (*headings, _references_heading(headings, conventions.language))
    in_text = references(tokens, list(found.get("references", {}).values()), filled.text)
    anchors = {heading.anchor for heading in headings} - {""}
    named = name_all(executed, filled.fences, tokens, conventions, anchors=anchors, place=place)
    return Document(
        executed,
        _title(page, headings, parameters),
        fill_text(page.settings.description, parameters, page.place("description")),
        filled.text,
        filled.fences,
        filled.lines,
        tokens,
        found,
        headings,
        (*in_text, *_in_blocks(executed, filled.fences)),
        *named,
        cited or PageCitations(),
        files if cited else (),
        read_published(page, parameters),
        tuple(terms(tokens)) if page.settings.glossary else (),
    )


def _check(
    findings: Sequence[Finding], tokens: Sequence[Token], page: Page, filled: FilledPage, conventions: Conventions
) -> None:
    refuse_html(tokens, lambda line: page.at(filled.lines[line]), conventions.trust)
    if findings:
        raise SeveralProblems(finding.problem(page.at(filled.lines[finding.line])) for finding in findings)


def _title(page: Page, headings: Sequence[Heading], parameters: Mapping[str, Any]) -> str:
    if page.settings.title:
        return fill_text(page.settings.title, parameters, page.place("title"))
    return headings[0].text if headings and headings[0].level == 1 else page.name


def _as_markdown(executed: ExecutedPage, number: int) -> str | None:
    """Sentences in Markdown stand in the page's own: what they link to is looked at like the author's own links."""
    block = executed.blocks[number]
    if not isinstance(block, Sentences) or not block.markdown:
        return None
    name = executed.page.directives[number].label
    return (f'<a id="{name}"></a>\n\n' if name else "") + write_sentences(block)


def _references_heading(headings: Sequence[Heading], language: str) -> Heading:
    """The heading of the list of what is cited, whose anchor no other heading has."""
    word = label("references", {"language": language})
    anchor, taken = slug(word), {heading.anchor for heading in headings}
    while anchor in taken:
        anchor += "-"
    return Heading(2, word, anchor)


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    for heading, inside in pairwise(tokens):
        if heading.type == "heading_open":
            yield Heading(int(heading.tag[1:]), plain(inside), str(heading.attrs.get("id", "")))


def _in_blocks(executed: ExecutedPage, fences: Mapping[int, int]) -> Iterator[Reference]:
    """The links in cells of tables, and the lists of pages."""
    for line, number in fences.items():
        block = executed.blocks[number]
        if isinstance(block, Grid):
            targets = dict.fromkeys(target for row in block.links for target in row if target)
            yield from (Reference(target, "cell", line) for target in targets)
        if isinstance(block, PageList):
            yield Reference(block.target, "list", line)
        if isinstance(block, PageChoice):
            yield Reference(block.target, "choice", line)
