"""GitHub-flavoured Markdown: what GitHub shows properly, with pictures as files beside the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from coursewright.markup import escape_markdown
from coursewright.pages.block import Asked, Block, Grid, Picture, Sentences
from coursewright.pages.execute import Executed
from coursewright.pages.fill import fill
from coursewright.pages.site import Site
from coursewright.questions import Variant
from coursewright.questions.showing import asked_and_told


def write(pages: Sequence[Executed], site: Site) -> dict[PurePosixPath, str | bytes]:  # noqa: ARG001 - the same for every format
    """One Markdown file for each page and one SVG for each picture, by path below `build/markdown`."""
    files: dict[PurePosixPath, str | bytes] = {}
    for page in pages:
        files[PurePosixPath(f"{page.name}.md")] = _page(page)
        for block in page.blocks:
            if isinstance(block, Picture):
                files |= picture_files(page.name, block)
            if isinstance(block, Asked):
                files |= {
                    PurePosixPath(page.name, f"{variant.ident}-{medium.name}"): medium.data
                    for variant in block.variants
                    for medium in variant.media
                }
    return files


def picture_files(folder: str, picture: Picture) -> dict[PurePosixPath, str | bytes]:
    """A picture's SVG, and its PNG if there is one, by path."""
    files: dict[PurePosixPath, str | bytes] = {PurePosixPath(folder, f"{picture.name}.svg"): picture.svg}
    if picture.png:
        files[PurePosixPath(folder, f"{picture.name}.png")] = picture.png
    return files


def _page(page: Executed) -> str:
    body = fill(page.page, page.parameters, lambda number: _block(page.blocks[number], page.name)).strip()
    heading = "" if body.startswith("# ") else f"# {escape_markdown(page.title)}\n\n"
    return f"{heading}{body}\n"


def _block(block: Block, folder: str) -> str:
    match block:
        case Grid():
            return write_grid(block)
        case Sentences():
            return write_sentences(block)
        case Picture():
            ending = "png" if block.png else "svg"
            picture = f"![{escape_markdown(block.alt)}]({folder}/{block.name}.{ending})"
            return f"{picture}\n\n*{escape_markdown(block.caption)}*" if block.caption else picture
        case Asked():
            return "\n\n".join(_asked(variant, folder) for variant in block.variants)


def _asked(variant: Variant, folder: str) -> str:
    """A question, with its answers and its solution behind a summary that opens."""
    asked, told = asked_and_told(variant, lambda name: f"{folder}/{variant.ident}-{name}")
    return f"{asked}\n\n<details>\n<summary>Answer</summary>\n\n{told}\n\n</details>"


def write_sentences(block: Sentences) -> str:
    """Sentences in the form that was asked for; a list's item may have several lines."""
    told = [item.strip() if block.markdown else escape_markdown(item) for item in block.items]
    if block.form == "list":
        return "\n".join("- " + item.replace("\n", "\n  ") for item in told)
    return (" " if block.form == "paragraph" else "\n\n").join(told)


def write_grid(grid: Grid) -> str:
    """A table with its text escaped and its numbers to the right."""
    """A table with its text escaped and its numbers to the right."""
    rule = ("---:" if numeric else "---" for numeric in grid.numeric)
    rows = (map(escape_markdown, grid.columns), rule, *(map(escape_markdown, row) for row in grid.rows))
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"**{escape_markdown(grid.caption)}**\n\n{table}" if grid.caption else table
