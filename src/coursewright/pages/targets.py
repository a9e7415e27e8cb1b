"""What links lead to in a page: what its author named, with the number that it has there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems
from coursewright.pages.block import Block, Formula, Framed, Grid, Picture, Sound
from coursewright.pages.conventions import Conventions
from coursewright.pages.execute import Executed
from coursewright.pages.fill import fill_text
from coursewright.pages.syntax import TITLE, label, plain

if TYPE_CHECKING:
    from markdown_it.token import Token

_KINDS: Mapping[type, str] = {Picture: "figure", Sound: "figure", Framed: "figure", Grid: "table", Formula: "equation"}


class Target(msgspec.Struct, frozen=True):
    """A place in a page with a name: its anchor, and what a link says that has no text of its own, "" if nothing.

    `of_page` is whether that is a number that begins again on each page.
    """

    anchor: str
    text: str = ""
    of_page: bool = False


class Number(msgspec.Struct, frozen=True):
    """The number of a block, and the word in front of it: "Figure" and "2.1"."""

    word: str
    value: str

    def __str__(self) -> str:
        return f"{self.word} {self.value}"


def number_blocks(executed: Executed, shown: Collection[int], conventions: Conventions) -> dict[int, Number]:
    """The numbers of the blocks `shown`, in the order of the page, each kind by itself.

    Formulas with a name have one; figures and tables with a name or a caption, if the page is numbered.
    """
    settings, found = executed.page.settings, Counter[str]()
    numbered = conventions.numbered if settings.numbered is None else settings.numbered
    chapter = _chapter(executed)
    numbers: dict[int, Number] = {}
    for which in sorted(shown):
        block, name = executed.blocks[which], executed.page.directives[which].label
        kind = _KINDS.get(type(block), "")
        if kind and (name or (numbered and caption(block))) and (numbered or isinstance(block, Formula)):
            found[kind] += 1
            word = label(kind, {"language": conventions.language})
            numbers[which] = Number(word, f"{chapter}{found[kind]}")
    return numbers


def _chapter(executed: Executed) -> str:
    """What stands before the numbers of a page: "2." or nothing."""
    page = executed.page
    chapter = fill_text(page.settings.chapter, executed.parameters, page.place("chapter"))
    return f"{chapter}." if chapter else ""


def caption(block: Block) -> str:
    """The caption of a block, "" for one that has none."""
    return block.caption if isinstance(block, Grid | Picture | Sound | Framed) else ""


def with_number(block: Block, number: Number | None) -> Block:
    """`block` with its number in front of its caption, or beside it."""
    if number is None:
        return block
    if isinstance(block, Formula):
        return msgspec.structs.replace(block, number=number.value)
    if isinstance(block, Grid | Picture | Sound | Framed):
        said = f"{number}: {block.caption}" if block.caption else str(number)
        return msgspec.structs.replace(block, caption=said)
    return block


def targets(
    executed: Executed,
    tokens: Sequence[Token],
    numbers: Mapping[int, Number],
    anchors: Collection[str],
    place: Callable[[int], Place],
) -> tuple[Target, ...]:
    """What is named in a page, whose headings have the `anchors`; `place` says where a line of its text comes from.

    Raises SeveralProblems with every name that is there twice.
    """
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


def _of_blocks(executed: Executed, numbers: Mapping[int, Number]) -> Iterator[tuple[Target, Place]]:
    of_page = not executed.page.settings.chapter
    for which, (directive, block) in enumerate(zip(executed.page.directives, executed.blocks, strict=True)):
        if directive.label:
            said = str(numbers[which]) if which in numbers else caption(block)
            target = Target(directive.label, said, of_page and which in numbers)
            yield target, directive.place(f"{{{directive.name}}} :name:")


def _of_admonitions(tokens: Sequence[Token], place: Callable[[int], Place]) -> Iterator[tuple[Target, Place]]:
    for title, inside in pairwise(tokens):
        name = title.meta.get("options", {}).get("name") if title.type == TITLE else ""
        if name:
            said = plain(inside) if inside.type == "inline" else ""
            yield Target(name, said), replace(place((inside.map or [0])[0]), part=f"{{{title.meta['name']}}} :name:")
