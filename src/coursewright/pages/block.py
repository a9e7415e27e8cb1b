"""What a directive gives: blocks that every format can write, holding data and no markup."""

from __future__ import annotations

from typing import Literal

import msgspec

from coursewright.questions import Variant

Form = Literal["list", "paragraph", "paragraphs"]


class Grid(msgspec.Struct, frozen=True, tag=True):
    """A table of text; `numeric` says for each column whether it is set to the right.

    `links` says for each cell what it leads to, written as in the Markdown of a page; it is empty when no cell does.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    caption: str = ""
    links: tuple[tuple[str, ...], ...] = ()


class Sentences(msgspec.Struct, frozen=True, tag=True):
    """Sentences: as a list, run together as one paragraph, or each a paragraph of its own.

    They are text, or Markdown in which the values of rows are escaped already.
    """

    items: tuple[str, ...]
    form: Form = "list"
    markdown: bool = False


class Picture(msgspec.Struct, frozen=True, tag=True):
    """A figure as SVG, and as PNG where that was asked for.

    `name` becomes the name of its file, `alt` says in words what it shows; `narrow` is the same drawn for a telephone.
    """

    name: str
    svg: str
    alt: str
    caption: str = ""
    png: bytes | None = None
    narrow: str = ""


class Asked(msgspec.Struct, frozen=True, tag=True):
    """Variants of one question, one of which a reader answers at a time."""

    variants: tuple[Variant, ...]


class Listed(msgspec.Struct, frozen=True, tag=True):
    """The pages that a file of `pages/` makes, or those of a section, as a list of links.

    `name` is that of the file or section, as links name files.
    """

    name: str

    @property
    def target(self) -> str:
        """What stands for them among the references of the page."""
        return f"{{pages}} {self.name}"


class Formula(msgspec.Struct, frozen=True, tag=True):
    """A formula on lines of its own, in LaTeX, and its number, if it has one."""

    tex: str
    number: str = ""


Block = Listed | Grid | Sentences | Picture | Asked | Formula
