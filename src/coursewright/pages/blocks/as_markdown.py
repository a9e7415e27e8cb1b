"""Blocks as Markdown that GitHub shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from coursewright.markup import escape_markdown
from coursewright.names import FileName, file_name_for
from coursewright.pages.blocks.block import (
    Align,
    Block,
    Cell,
    Column,
    EmbeddedPage,
    Equation,
    Form,
    Grid,
    PageChoice,
    PageList,
    Picture,
    QuestionBlock,
    References,
    Sentences,
    Sound,
)
from coursewright.pages.blocks.cells_as_markdown import write_cell
from coursewright.pages.citing.spans import as_markdown
from coursewright.pages.columns.drawn import block_bar
from coursewright.pages.linking.references import Link
from coursewright.pages.syntax.labels import label
from coursewright.questions import Variant
from coursewright.questions.writing import asked_and_told, tex_escape

_RULES: dict[Align, str] = {"left": "---", "right": "---:", "centre": ":---:"}


def write_block(block: Block, folder: str, links: Mapping[str, Link], language: str = "en") -> str:  # noqa: C901, PLR0911 - one for each kind
    """`block` on a page in `language`, whose pictures are in `folder`, and whose cells lead where `links` says."""
    match block:
        case Grid():
            return write_grid(block, links)
        case Sentences():
            return write_sentences(block)
        case Form():
            return "\n".join(f"- {escape_markdown(each.label)}: {escape_markdown(each.told)}" for each in block.fields)
        case PageList():
            pages = links[block.target].pages if block.target in links else ()
            return "\n".join(map(_listed, pages))
        case PageChoice():
            return _choice(block, links)
        case Picture():
            file = quote(f"{folder}/{block.name}.{'png' if block.png else 'svg'}")
            picture = f"![{escape_markdown(block.alt)}]({file})"
            return f"{picture}\n\n*{escape_markdown(block.caption)}*" if block.caption else picture
        case Sound() | EmbeddedPage():
            return write_linked(block, folder, language)
        case QuestionBlock():
            titled = [f"**{escape_markdown(block.variants[0].title)}**"] if block.numbered else []
            return "\n\n".join([*titled, *(_asked(variant, folder, language) for variant in block.variants)])
        case References():
            return write_references(block)
        case Cell():
            return write_cell(block, folder, lambda part: write_block(part, folder, links, language), language)
        case Equation():
            return f"$$\n{block.tex}{f' {_tag(block.number)}' if block.number else ''}\n$$"


def _choice(block: PageChoice, links: Mapping[str, Link]) -> str:
    link = links.get(block.target)
    if link and link.pages:
        return "\n".join([f"{escape_markdown(block.title)}:", "", *map(_listed, link.pages)])
    return f"{escape_markdown(block.title)}: [{escape_markdown(link.title)}]({link.href})" if link else ""


def write_linked(block: Sound | EmbeddedPage, folder: str, language: str) -> str:
    """A link to a sound or a widget, with what stands below it: GitHub plays none in a page, and frames none."""
    file = f"{folder}/{block.name}" if isinstance(block, Sound) else f"{folder}/{block.name}.html"
    link = f"[{escape_markdown(block.alt or block.caption or block.name)}]({quote(file)})"
    parts = [link, *([f"*{escape_markdown(block.caption)}*"] if block.caption else [])]
    if isinstance(block, Sound) and block.transcript:
        said = "\n\n".join(map(escape_markdown, paragraphs(block.transcript)))
        summary = label("transcript", {"language": language})
        parts.append(f"<details>\n<summary>{summary}</summary>\n\n{said}\n\n</details>")
    return "\n\n".join(parts)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, which stand apart by empty lines."""
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part]


def write_references(block: References) -> str:
    """A list of sources, each with its anchor."""
    return "\n".join(f'- <a id="{anchor}"></a>{as_markdown(text).strip()}' for anchor, text in block.items)


def _tag(number: str) -> str:
    """The number of a formula, as GitHub shows it."""
    return f"\\tag{{{tex_escape(number)}}}"


def _listed(link: Link) -> str:
    about = f": {escape_markdown(link.description)}" if link.description else ""
    return f"- [{escape_markdown(link.title)}]({link.href}){about}"


def _asked(variant: Variant, folder: str, language: str) -> str:
    """A question, with its answers and its solution behind a summary that opens."""
    asked, told = asked_and_told(variant, lambda name: quote(f"{folder}/{medium_file(variant, name)}"))
    summary = label("right_answer", {"language": language})
    return f"{asked}\n\n<details>\n<summary>{summary}</summary>\n\n{told}\n\n</details>"


def medium_file(variant: Variant, name: str) -> FileName:
    """What a picture or sound of a question is called beside a page, which may show two draws of the question."""
    drawn = variant.ident if variant.seed == "0" else f"{variant.ident}@{variant.seed}"
    return file_name_for(f"{drawn}-{name}", "medium")


def write_sentences(block: Sentences) -> str:
    """Sentences in the form that was asked for; a list's item may have several lines."""
    told = [item.strip() if block.markdown else escape_markdown(item) for item in block.items]
    if block.form == "list":
        return "\n".join("- " + item.replace("\n", "\n  ") for item in told)
    return (" " if block.form == "paragraph" else "\n\n").join(told)


def write_grid(grid: Grid, links: Mapping[str, Link] | None = None) -> str:
    """A table with its text escaped and its columns set to their sides, and the notes below it.

    A bar is drawn in blocks before its number; of shades, the numbers alone are there.
    """
    details = grid.details or tuple(Column(align="right" if numeric else "left") for numeric in grid.numeric)
    targets = grid.links or (("",) * len(details),) * len(grid.rows)
    cells = (
        [_cell(*cell, links or {}, number) for cell in zip(row, own, details, strict=True)]
        for number, (row, own) in enumerate(zip(grid.rows, targets, strict=True))
    )
    rows = (map(escape_markdown, grid.columns), (_RULES[column.align] for column in details), *cells)
    table = "\n".join(f"| {' | '.join(row)} |" for row in (*rows, *_totals(grid)))
    caption = [f"**{escape_markdown(grid.caption)}**"] if grid.caption else []
    return "\n\n".join([*caption, table, *(f"*{escape_markdown(note)}*" for note in grid.notes)])


def _cell(text: str, target: str, column: Column, links: Mapping[str, Link], row: int) -> str:
    shown = escape_markdown(text)
    if text and target in links:
        shown = f"[{shown}]({links[target].href})"
    bar = column.bars[row] if column.bars else None
    return f"{block_bar(bar)} {shown}".strip() if bar else shown


def _totals(grid: Grid) -> Iterator[list[str]]:
    """The totals, with their word in the first column that has none."""
    if grid.total:
        word = next(number for number, column in enumerate(grid.details) if column.total is None)
        said = [grid.total if number == word else column.total or "" for number, column in enumerate(grid.details)]
        yield [f"**{escape_markdown(text)}**" if text else "" for text in said]
