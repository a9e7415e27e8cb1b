"""The text of what stands in a line, without its markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token


def plain(inline: Token, gap: str = "") -> str:
    """The text of a heading, a title or a paragraph, with `gap` between its lines."""
    breaks = ("softbreak", "hardbreak")
    pieces = (
        each.content if each.type in ("text", "code_inline") else gap * (each.type in breaks)
        for each in inline.children or ()
    )
    return "".join(pieces)
