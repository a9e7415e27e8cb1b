"""Files that come with a bank: only pictures and sounds, by their ending and by what is in them."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from coursewright.questions.export import File
from coursewright.questions.importers._drafting.asked import NotTaken
from coursewright.questions.importers._drafting.drawing import more_than_a_drawing

Show = Callable[[str, str], str]
"""What a text says where it shows a picture: a function of the picture's address and its alternative text."""

_ENDINGS = {"jpeg": "jpg", **{each: each for each in ("png", "jpg", "gif", "webp", "svg", "wav", "mp3", "ogg")}}
_STARTS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif", b"OggS": "ogg"}
_DATA = re.compile(r"data:[\w.+/-]+(?:;[\w=.-]+)*;base64,(.*)", re.DOTALL)
_SVG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?<(?:\w+:)?svg[\s>]", re.DOTALL)  # fmt: skip  # noqa: E501 - one pattern
_PLUGINFILE = "@@PLUGINFILE@@/"
_NAME = 80  # letters of a file's name that a message says


@dataclass
class ImportedMedia:
    """The pictures and sounds that the texts of one question show, by the number that each has in its Markdown.

    `lost` gets what is said of those that are left out.
    """

    lost: list[str]
    shown: list[File] = field(default_factory=list)

    def of(self, files: Mapping[str, str]) -> Show:
        """How a text shows pictures that has `files`: their data in base64 by path and name."""

        def show(address: str, alt: str) -> str:
            words = words_of(alt)
            if re.match("https?://", address):
                safe = re.sub(r"\s", "%20", address).replace("(", "%28").replace(")", "%29")
                return f"![{words}]({safe})"
            number = self._number(address, files)
            if number is None:
                return words
            if not words:
                self.lost.append("a picture has no alternative text: say what it shows between ![ and ]")
            return f"![{words}]({reference(number)})"

        return show

    def _number(self, address: str, files: Mapping[str, str]) -> int | None:
        """The number of a picture; None for one that does not come along."""
        inside = _DATA.match(address)
        name = "data:" if inside else unquote(address.removeprefix(_PLUGINFILE).partition("?")[0]).lstrip("/")
        coded = unquote(inside[1]) if inside else files.get(name)
        if coded is None:
            self.lost.append(f'its picture "{said(name)}" is not in the bank: the text says what it shows')
            return None
        data = decoded(coded, name)
        ending = ending_of(data)
        if ending is None or not (inside or has_ending(name)):
            self.lost.append(left_out(name))
            return None
        if ending == "svg" and (what := more_than_a_drawing(data)):
            self.lost.append(f'its picture "{said(name)}" is left out: it holds more than a drawing ({what})')
            return None
        self.shown.append(File(ending, data))
        return len(self.shown) - 1


def words_of(alt: str) -> str:
    """The alternative text of a picture as it stands in Markdown, without brackets."""
    return " ".join(alt.split()).replace("[", "(").replace("]", ")")


def reference(number: int) -> str:
    """What stands in a text for the name of a picture, which a bank's own text cannot hold."""
    return f"\ufdd2{number}\ufdd3"


REFERENCE = re.compile("\ufdd2(\\d+)\ufdd3")


def decoded(coded: str, name: str) -> bytes:
    """The bytes of a file. Raises NotTaken for one that is damaged."""
    try:
        return b64decode("".join(coded.split()), validate=True)
    except (NoBase64, ValueError):
        raise NotTaken(f'its file "{said(name)}" is damaged') from None


def said(name: str) -> str:
    """A name as a message says it."""
    return re.sub(r"[^\x20-\x7e\xa0-\ufdcf\ufdf0-\ufffd]", "\ufffd", name)[:_NAME]


def left_out(name: str) -> str:
    """What is said of a file that is no picture or sound."""
    return f'its file "{said(name)}" is left out: only pictures and sounds come along'


def has_ending(name: str) -> bool:
    """Whether a name ends like that of a picture or sound."""
    return name.rpartition(".")[2].lower() in _ENDINGS and "." in name


def ending_of(data: bytes) -> str | None:
    """The ending of a picture or sound, by what is in it; None for anything else."""
    for start, ending in _STARTS.items():
        if data.startswith(start):
            return ending
    if data.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(data[8:12])
    if data.startswith(b"ID3") or (len(data) > 3 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2):  # layer III
        return "mp3"
    return "svg" if _SVG.match(data[:4096]) else None
