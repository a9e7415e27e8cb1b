"""The files of the pictures and sounds of a page."""

from __future__ import annotations

from coursewright.pages import Block, Picture, Raster, Sound, pictures


def block_files(address: str, block: Block) -> dict[str, str | bytes]:
    """The files that a block needs beside its page, by path: in a folder called like the page."""
    files: dict[str, str | bytes] = {}
    for picture in pictures([block]):
        files |= picture_files(address, picture)
    return {f"{address}/{block.name}": block.data} if isinstance(block, Sound) else files


def picture_files(address: str, picture: Picture | Raster) -> dict[str, str | bytes]:
    """A picture's SVG, and its PNG if there is one, or what code made, by path."""
    if isinstance(picture, Raster):
        return {f"{address}/{picture.name}": picture.data}
    files: dict[str, str | bytes] = {f"{address}/{picture.name}.svg": picture.svg}
    if picture.png:
        files[f"{address}/{picture.name}.png"] = picture.png
    return files
