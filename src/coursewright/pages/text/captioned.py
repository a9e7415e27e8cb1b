"""Pictures of Markdown that are figures: each alone in its paragraph, with a title, `![…](map.png "The circuits")`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import msgspec

from coursewright.pages.syntax.parser import slug

if TYPE_CHECKING:
    from markdown_it.token import Token


class FigureCaption(msgspec.Struct, frozen=True):
    """The address and the caption of a picture, its `anchor`, and its `number`, such as "Figure 1", if it has one."""

    address: str
    caption: str
    anchor: str = ""
    number: str = ""

    @property
    def said(self) -> str:
        """What stands below the picture."""
        return f"{self.number}: {self.caption}" if self.number else self.caption


def captioned(tokens: Sequence[Token]) -> dict[int, FigureCaption]:
    """The figures among `tokens`, by the lines of the text that they begin on, counted from 0."""
    found: dict[int, FigureCaption] = {}
    for paragraph, inside in pairwise(tokens):
        children = inside.children or []
        if paragraph.type == "paragraph_open" and paragraph.map and [each.type for each in children] == ["image"]:
            title = str(children[0].attrs.get("title", "")).strip()
            if title:
                found[paragraph.map[0]] = FigureCaption(str(children[0].attrs["src"]), title)
    return found


def with_anchors(
    figures: Mapping[int, FigureCaption], numbers: Mapping[int, object], taken: Collection[str]
) -> dict[int, FigureCaption]:
    """The figures with the numbers that their lines have, and with their anchors.

    That is the name of the picture's file, as a heading's is its words; one that is `taken` gets -1, -2 and so on.
    """
    found: dict[int, FigureCaption] = {}
    anchors = set(taken)
    for line, figure in figures.items():
        name = slug(PurePosixPath(unquote(urlsplit(figure.address).path)).stem) or "figure"
        anchor = next(
            each for each in (name, *(f"{name}-{n}" for n in range(1, len(anchors) + 2))) if each not in anchors
        )
        anchors.add(anchor)
        found[line] = msgspec.structs.replace(figure, anchor=anchor, number=str(numbers.get(line, "")))
    return found
