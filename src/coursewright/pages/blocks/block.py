"""What a directive gives: blocks that every format can write, holding data and no markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from coursewright.pages.citing.spans import Spans
from coursewright.questions import Variant
from coursewright.tables.parameters import Field

Flow = Literal["list", "paragraph", "paragraphs"]
Align = Literal["left", "right", "centre"]
Tool = Literal["sort", "filter", "download"]
Kind = Literal["text", "number", "value", ""]


class Spark(msgspec.Struct, frozen=True):
    """A small line: its points, from 0 to 1, with None where one is missing, and in words what it shows."""

    points: tuple[float | None, ...]
    alt: str


class Column(msgspec.Struct, frozen=True):
    """What a column of a grid is besides its texts.

    `values` are what its texts stand for, in full; None is a missing one. They are sorted as text of the language, as
    numbers, as the values stand, or not at all, by `kind`; by `orders` where these are given. `bars` says from where to
    where in its cell a value's bar goes, `shades` how strong its colour is, below 0 in another one. `total` is a text.
    """

    kind: Kind = "text"
    align: Align = "left"
    values: tuple[str | None, ...] = ()
    orders: tuple[str | None, ...] = ()
    bars: tuple[tuple[float, float] | None, ...] = ()
    shades: tuple[float | None, ...] = ()
    sparks: tuple[Spark | None, ...] = ()
    total: str | None = None


class Grid(msgspec.Struct, frozen=True, tag=True):
    """A table of text; `numeric` says for each column whether it is set to the right.

    `links` says for each cell what it leads to, written as in the Markdown of a page; it is empty when no cell does.
    `details` has more of each column, in a table that readers can use the `tools` on; `notes` stand below it. `total`
    is the word in front of the totals, and "" where there are none. `cut` says that there are more rows than these.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    caption: str = ""
    links: tuple[tuple[str, ...], ...] = ()
    details: tuple[Column, ...] = ()
    notes: tuple[str, ...] = ()
    total: str = ""
    tools: tuple[Tool, ...] = ()
    cut: bool = False


class Sentences(msgspec.Struct, frozen=True, tag=True):
    """Sentences: as a list, run together as one paragraph, or each a paragraph of its own.

    They are text, or Markdown in which the values of rows are escaped already.
    """

    items: tuple[str, ...]
    form: Flow = "list"
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


class Sound(msgspec.Struct, frozen=True, tag=True):
    """A sound as the bytes of a file; `name` is that of its file, `alt` says in words what is heard.

    `transcript` has every word that is said; its paragraphs stand apart by empty lines.
    """

    name: str
    media_type: str
    data: bytes
    alt: str
    caption: str = ""
    transcript: str = ""


class EmbeddedPage(msgspec.Struct, frozen=True, tag=True):
    """A widget: a whole page of HTML in a frame, `height` pixels tall before the page says how tall it is.

    `name` is that of its file, `alt` says in words what it shows.
    """

    name: str
    page: str
    alt: str
    caption: str = ""
    height: int = 400


class QuestionBlock(msgspec.Struct, frozen=True, tag=True):
    """Variants of one question, one of which a reader answers at a time; if it is `numbered`, so are their titles."""

    variants: tuple[Variant, ...]
    numbered: bool = False


class PageList(msgspec.Struct, frozen=True, tag=True):
    """The pages that a file of `pages/` makes, or those of a section, as a list of links.

    `name` is that of the file or section, as links name files.
    """

    name: str

    @property
    def target(self) -> str:
        """What stands for them among the references of the page."""
        return f"{{pages}} {self.name}"


class PageChoice(msgspec.Struct, frozen=True, tag=True):
    """One of the pages that a file of `pages/` makes, for readers to choose: if `by` names a parameter of theirs, first
    by its value, which is called `heading`. A page is called by its title, or by its parameter `label`.

    `title` says what is chosen. Without scripts it is a link to the front page of their section.
    """

    name: str
    title: str
    by: str = ""
    heading: str = ""
    label: str = ""

    @property
    def target(self) -> str:
        """What stands for the front page among the references of the page."""
        return f"{{choice}} {self.name}"

    @property
    def asked(self) -> str:
        """What names the list of them, in the site."""
        return self.name + "".join(f"-by-{name}" for name in (self.by, self.label) if name)


class Form(msgspec.Struct, frozen=True, tag=True):
    """The parameters that readers can choose; where nothing can be run, what they were when the page was built.

    `own` are the tables in whose place a file of theirs can stand.
    """

    fields: tuple[Field, ...]
    own: tuple[str, ...] = ()


class Equation(msgspec.Struct, frozen=True, tag=True):
    """A formula on lines of its own, in LaTeX, and its number, if it has one."""

    tex: str
    number: str = ""


class References(msgspec.Struct, frozen=True, tag=True):
    """The list of what a page cites or, if it is `everything`, of all sources: an anchor and a text for each."""

    everything: bool = False
    items: tuple[tuple[str, Spans], ...] = ()


class PrintedText(msgspec.Struct, frozen=True, tag=True):
    """Text that code printed: its output, what it says besides, such as a warning, or the error that ended it.

    What is `lost` stands in the place of an output that no page can show; `hint` says to its author what helps.
    """

    text: str
    kind: Literal["output", "notice", "error", "lost"] = "output"
    hint: str = ""


class Raster(msgspec.Struct, frozen=True, tag=True):
    """A picture that code made, as the bytes of a file called `name`; `width` in pixels of the page, if it has one."""

    name: str
    data: bytes
    alt: str = ""
    caption: str = ""
    width: int | None = None


class Markup(msgspec.Struct, frozen=True, tag=True):
    """HTML that code made, and the same in plain text, if it said so.

    Where it is `framed`, it has scripts or styles of its own: it stands in a frame that reaches nothing of the page.
    """

    html: str
    plain: str = ""
    framed: bool = False
    title: str = ""


Still = PrintedText | Grid | Picture | Raster | Sound | Markup | Equation
Output = Still | EmbeddedPage
Seen = Literal["shown", "hidden", "removed"]


class Cell(msgspec.Struct, frozen=True, tag=True):
    """A piece of code and what it gave; of each, whether readers see it, or open it first.

    `failure` is the error that ended it, on the line `failed_on` of its code, counted from 1, where it is known.
    `given` is what the kernel gave, in JSON, as notebooks keep it. `running` are the threads of the page that still ran
    when this, its last cell, had ended.
    """

    language: str
    code: str
    outputs: tuple[Output, ...] = ()
    input: Seen = "shown"
    output: Seen = "shown"
    failure: str = ""
    failed_on: int = 0
    given: bytes = b""
    running: tuple[str, ...] = ()

    @property
    def seen(self) -> tuple[Output, ...]:
        """The outputs that are in the page."""
        return () if self.output == "removed" else self.outputs


Block = (
    Form
    | PageList
    | PageChoice
    | Grid
    | Sentences
    | Picture
    | Sound
    | EmbeddedPage
    | QuestionBlock
    | Equation
    | References
    | Cell
)


def shown_in(blocks: Iterable[Block]) -> Iterator[Block | Output]:
    """The blocks of a page, and in the place of a cell what readers see of its outputs."""
    for block in blocks:
        yield from block.seen if isinstance(block, Cell) else (block,)


def pictures(blocks: Iterable[Block]) -> Iterator[Picture | Raster]:
    """The pictures of a page: figures, and what its code drew."""
    return (each for each in shown_in(blocks) if isinstance(each, Picture | Raster))
