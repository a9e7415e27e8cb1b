"""Sounds in HTML that a kernel wrote, as data: so each plays like every other, and stands in feeds too."""

from __future__ import annotations

import base64
import binascii
from hashlib import blake2b
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError, Place
from coursewright.media import ending
from coursewright.pages.blocks.block import PrintedText, Sound

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_HINT = "give its samples, or its file, to audio()"


def sounds_in(html: str) -> tuple[list[Sound | PrintedText], str]:
    """The players in `html`, with the words that they have, and the HTML without them.

    In the place of one whose sound is elsewhere, or is none, stands what is wrong with it.
    """
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    players = body.css("audio") if body is not None else []
    found = [_sound(player) for player in players]
    for player in players:
        (_figure(player) or player).decompose()
    return found, (body.inner_html or "").strip() if body is not None else html


def _sound(player: LexborNode) -> Sound | PrintedText:
    addresses = [node.attributes.get("src") or "" for node in (player, *player.css("source"))]
    address = next(filter(None, addresses), "")
    kind, _, coded = address.partition(",")
    if not (kind.startswith("data:") and kind.endswith(";base64")):
        said = f"the sound {address} is not in the page" if address else "a player without a sound"
        return PrintedText(said, "lost", _HINT)
    try:
        content = base64.b64decode(coded)
        media_type = _type(content)
    except (binascii.Error, CoursewrightError) as error:
        return PrintedText(error.problem.message if isinstance(error, CoursewrightError) else str(error), "lost", _HINT)
    alt = player.attributes.get("aria-label") or ""
    caption, transcript = _words(_figure(player))
    name = f"code-{blake2b(content, digest_size=6).hexdigest()}{ending(media_type)}"
    return Sound(name, media_type, content, alt, "" if caption == alt else caption, transcript)


def _type(content: bytes) -> str:
    from coursewright.figures import sound_type

    return sound_type(content, Place("this cell"))


def _figure(player: LexborNode) -> LexborNode | None:
    """The figure around a player, if there is one."""
    around = player.parent
    while around is not None and around.tag != "figure":
        around = around.parent
    return around


def _words(figure: LexborNode | None) -> tuple[str, str]:
    """Its caption, and its transcript."""
    if figure is None:
        return "", ""
    caption = " ".join(node.text().strip() for node in figure.css("figcaption"))
    said = [part for details in figure.css("details") for part in details.iter(include_text=True)]
    texts = [part.text().strip() for part in said if part.tag != "summary"]
    return caption, "\n\n".join(filter(None, texts))
