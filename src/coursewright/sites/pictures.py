"""The files of the pictures and sounds of a page."""

from __future__ import annotations

from coursewright.pages import Block, Picture, Sound


def block_files(address: str, block: Block) -> dict[str, str | bytes]:
    """The files that a block needs beside its page, by path: in a folder called like the page."""
    if isinstance(block, Picture):
        return picture_files(address, block)
    return {f"{address}/{block.name}": block.data} if isinstance(block, Sound) else {}


def picture_files(address: str, picture: Picture) -> dict[str, str | bytes]:
    """A picture's SVG, and its PNG if there is one, by path."""
    files: dict[str, str | bytes] = {f"{address}/{picture.name}.svg": picture.svg}
    if picture.png:
        files[f"{address}/{picture.name}.png"] = picture.png
    return files
