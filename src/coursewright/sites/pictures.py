"""The files of the pictures that a page draws."""

from __future__ import annotations

from coursewright.pages import Picture


def picture_files(address: str, picture: Picture) -> dict[str, str | bytes]:
    """A picture's SVG, and its PNG if there is one, by path: in a folder called like the page."""
    files: dict[str, str | bytes] = {f"{address}/{picture.name}.svg": picture.svg}
    if picture.png:
        files[f"{address}/{picture.name}.png"] = picture.png
    return files
