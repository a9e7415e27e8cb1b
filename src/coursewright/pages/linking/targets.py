"""What links lead to in a page: what its author named, with the number that it has there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems
from coursewright.pages.blocks.block import Block, EmbeddedPage, Equation, Grid, Picture, QuestionBlock, Sound
from coursewright.pages.executing.run import ExecutedPage
from coursewright.pages.reading.conventions import Conventions
from coursewright.pages.syntax.admonitions import TITLE
from coursewright.pages.syntax.labels import label
from coursewright.pages.syntax.plain import plain
from coursewright.pages.text.captioned import FigureCaption, captioned, with_anchors
from coursewright.pages.text.fill import fill_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_KINDS: Mapping[type, str] = {
    Picture: "figure",
    Sound: "figure",
    EmbeddedPage: "figure",
    Grid: "table",
    Equation: "equation",
    QuestionBlock: "question",
}


class Target(msgspec.Struct, frozen=True):
    """A place in a page with a name: its anchor, and what a link says that has no text of its own, "" if nothing.

    `of_page` is whether that is a number that begins again on each page.
    """

    anchor: str
    text: str = ""
    of_page: bool = False


class BlockNumber(msgspec.Struct, frozen=True):
    """The number of a block, and the word in front of it: "Figure" and "2.1"."""

    word: str
    value: str

    def __str__(self) -> str:
        return f"{self.word} {self.value}"


class Numbering(NamedTuple):
    """What in a page has a number or a name: blocks by their numbers, figures of its Markdown by their lines."""

    numbers: Mapping[int, BlockNumber]
    figures: Mapping[int, FigureCaption]
    targets: tuple[Target, ...]


def name_all(
    executed: ExecutedPage,
    fences: Mapping[int, int],
    tokens: Sequence[Token],
    conventions: Conventions,
    *,
    anchors: Collection[str],
    place: Callable[[int], Place],
) -> Numbering:
    """What is numbered and named in a page, whose headings have the `anchors`.

    `fences` says which block stands on a line of its text, and `place` where the line comes from. Raises
    SeveralProblems with every name that is there twice.
    """
    figures = captioned(tokens)
    by_line = _number_all(executed, fences, figures, conventions)
    numbers = {which: by_line[line] for line, which in fences.items() if line in by_line}
    targets = _targets(executed, tokens, numbers, anchors, place)
    figures = with_anchors(figures, by_line, {*anchors, *(target.anchor for target in targets)})
    return Numbering(numbers, figures, (*targets, *_of_figures(figures, of_page=not executed.page.settings.chapter)))


def _number_all(
    executed: ExecutedPage, fences: Mapping[int, int], figures: Collection[int], conventions: Conventions
) -> dict[int, BlockNumber]:
    """The numbers of the page by the lines of its text, in which blocks have `fences`, and Markdown's own `figures`.

    Each kind has its own. Formulas with a name have one; if the page is numbered, so have questions, and figures and
    tables with a name or a caption.
    """
    settings, found = executed.page.settings, Counter[str]()
    numbered = conventions.numbered if settings.numbered is None else settings.numbered
    chapter = _chapter(executed)
    numbers: dict[int, BlockNumber] = {}
    for line in sorted({*fences, *(figures if numbered else ())}):
        kind = _numbered_as(executed, fences[line], numbered=numbered) if line in fences else "figure"
        if kind:
            found[kind] += 1
            word = label(kind, {"language": conventions.language})
            numbers[line] = BlockNumber(word, f"{chapter}{found[kind]}")
    return numbers


def _numbered_as(executed: ExecutedPage, which: int, *, numbered: bool) -> str:
    """The kind of thing that a block is numbered as, "" for none."""
    block, name = executed.blocks[which], executed.page.directives[which].label
    if isinstance(block, QuestionBlock) and not any(variant.asks for variant in block.variants):
        return ""
    kind = _KINDS.get(type(block), "")
    return kind if (name or (numbered and caption(block))) and (numbered or isinstance(block, Equation)) else ""


def _chapter(executed: ExecutedPage) -> str:
    """What stands before the numbers of a page: "2." or nothing."""
    page = executed.page
    chapter = fill_text(page.settings.chapter, executed.parameters, page.place("chapter"))
    return f"{chapter}." if chapter else ""


def caption(block: Block) -> str:
    """The caption of a block, which of a question is its title; "" for one that has none."""
    if isinstance(block, QuestionBlock):
        return block.variants[0].title
    return block.caption if isinstance(block, Grid | Picture | Sound | EmbeddedPage) else ""


def with_number(block: Block, number: BlockNumber | None) -> Block:
    """`block` with its number in front of its caption, or beside it."""
    if number is None:
        return block
    if isinstance(block, Equation):
        return msgspec.structs.replace(block, number=number.value)
    if isinstance(block, QuestionBlock):
        variants = (msgspec.structs.replace(each, title=f"{number}: {each.title}") for each in block.variants)
        return msgspec.structs.replace(block, variants=tuple(variants), numbered=True)
    if isinstance(block, Grid | Picture | Sound | EmbeddedPage):
        said = f"{number}: {block.caption}" if block.caption else str(number)
        return msgspec.structs.replace(block, caption=said)
    return block


def _targets(
    executed: ExecutedPage,
    tokens: Sequence[Token],
    numbers: Mapping[int, BlockNumber],
    anchors: Collection[str],
    place: Callable[[int], Place],
) -> tuple[Target, ...]:
    """What authors named. Raises SeveralProblems with every name that is there twice."""
    taken, found = set(anchors), list[Target]()
    problems: list[Problem] = []
    for target, where in (*_of_blocks(executed, numbers), *_of_admonitions(tokens, place)):
        if target.anchor in taken:
            hint = "give one of them another name; a heading is called by its words"
            message = f'two things of this page are called "{target.anchor}"'
            problems.append(CoursewrightError(message, where, hint).problem)
        taken.add(target.anchor)
        found.append(target)
    if problems:
        raise SeveralProblems(problems)
    return tuple(found)


def _of_blocks(executed: ExecutedPage, numbers: Mapping[int, BlockNumber]) -> Iterator[tuple[Target, Place]]:
    of_page = not executed.page.settings.chapter
    for which, (directive, block) in enumerate(zip(executed.page.directives, executed.blocks, strict=True)):
        if directive.label:
            said = str(numbers[which]) if which in numbers else caption(block)
            target = Target(directive.label, said, of_page and which in numbers)
            yield target, directive.place(f"{{{directive.name}}} :name:")


def _of_figures(figures: Mapping[int, FigureCaption], *, of_page: bool) -> Iterator[Target]:
    """The names of Markdown's own figures; `of_page` is whether their numbers begin again on each page."""
    for each in figures.values():
        yield Target(each.anchor, each.number or each.caption, of_page and bool(each.number))


def _of_admonitions(tokens: Sequence[Token], place: Callable[[int], Place]) -> Iterator[tuple[Target, Place]]:
    for title, inside in pairwise(tokens):
        name = title.meta.get("options", {}).get("name") if title.type == TITLE else ""
        if name:
            said = plain(inside) if inside.type == "inline" else ""
            yield Target(name, said), replace(place((inside.map or [0])[0]), part=f"{{{title.meta['name']}}} :name:")
