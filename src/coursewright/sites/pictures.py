"""The files of the pictures, sounds and widgets of a page."""

from __future__ import annotations

import msgspec

from coursewright.figures.pictures import on_paper
from coursewright.pages.blocks import (
    FOLDER,
    Block,
    EmbeddedPage,
    Picture,
    QuestionBlock,
    Raster,
    Sound,
    apart,
    held,
    medium_file,
    pictures,
    shown_in,
)


def block_files(address: str, block: Block) -> dict[str, str | bytes]:
    """The files that a block needs beside its page, by path: in a folder called like the page."""
    files: dict[str, str | bytes] = {}
    for picture in pictures([block]):
        files |= picture_files(address, picture)
    if isinstance(block, QuestionBlock):
        for variant in block.variants:
            files |= {f"{address}/{medium_file(variant, medium.name)}": medium.data for medium in variant.media}
    return files | {f"{address}/{each.name}": each.data for each in shown_in([block]) if isinstance(each, Sound)}


def files_beside(address: str, block: Block) -> dict[str, str | bytes]:
    """The files beside a page in Markdown, which links to what it cannot show; pictures have paper behind them."""
    plain = msgspec.structs.replace(block, svg=on_paper(block.svg)) if isinstance(block, Picture) else block
    files = block_files(address, plain)
    widgets = (each for each in shown_in([block]) if isinstance(each, EmbeddedPage))
    return files | {f"{address}/{widget.name}.html": widget.page for widget in widgets}


def library_files(block: Block) -> dict[str, str | bytes]:
    """The libraries of widgets by their paths in a site, which has each once."""
    widgets = (each for each in shown_in([block]) if isinstance(each, EmbeddedPage))
    libraries = (library for widget in widgets for library in apart(widget.page)[1].items())
    return {f"{FOLDER}/{name}.js": held(name, code) for name, code in libraries}


def picture_files(address: str, picture: Picture | Raster) -> dict[str, str | bytes]:
    """A picture's SVG, and its PNG if there is one, or what code made, by path."""
    if isinstance(picture, Raster):
        return {f"{address}/{picture.name}": picture.data}
    files: dict[str, str | bytes] = {f"{address}/{picture.name}.svg": picture.svg}
    if picture.png:
        files[f"{address}/{picture.name}.png"] = picture.png
    return files
