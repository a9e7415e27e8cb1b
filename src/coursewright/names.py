"""Names of files that come from people and from data: none is a path, and no two are one file on any system."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import NewType

from coursewright.errors import CoursewrightError, Place

FileName = NewType("FileName", str)
"""What can be the name of a file or folder everywhere, with an ending behind it: made by the functions below alone."""

LONGEST = 240
"""Bytes of a name in UTF-8: of the 255 that file systems allow, with some for an ending such as `-canvas.zip`."""

_HASH = 12  # letters of a hash in a name
_KEPT_BY_WINDOWS = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\..*)?", re.IGNORECASE)
_SEPARATORS = "/\\"
_NOT_ON_WINDOWS = '<>:"|?*'
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}  # categories: controls, halves of characters, ends of lines
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # they show .exe as if it stood elsewhere
_ENDING = re.compile(r"(?s:(.*?))(\.[A-Za-z0-9]{1,8})?")


def file_name(text: str, where: Place | None = None, *, error: type[CoursewrightError] = CoursewrightError) -> FileName:
    """`text` as the name of a file, its letters composed as NFC has them. Raises `error` when it cannot be one."""
    name = unicodedata.normalize("NFC", text)
    if reason := _unfit(name):
        shown = "".join("\ufffd" if unicodedata.category(c) in _UNSEEN else c for c in name[:LONGEST])
        raise error(f'"{shown}" cannot be the name of a file: {reason[0]}', where, reason[1])
    return FileName(name)


def file_name_for(text: str, word: str) -> FileName:
    """`text` itself if it can be the name of a file, else its letters and digits and a hash of it.

    `word` says what it is, for one without letters. Different texts have different names, capitals and the composition
    of letters aside, for which there are `Names`. An ending such as `.svg` stays the ending.
    """
    name = unicodedata.normalize("NFC", text)
    return FileName(name) if not _unfit(name) else _hashed(slug(text, word), text)


def slug(text: str, word: str) -> FileName:
    """The letters and digits of `text`, with hyphens for all else: a name that reads well in an address.

    `word` says what it is, for one without letters. Different texts may have one name.
    """
    name = "".join(c if _fits(c) else "-" for c in unicodedata.normalize("NFC", text)).strip("-.")
    if _KEPT_BY_WINDOWS.fullmatch(name):
        name = f"{word}-{name}"
    return FileName(name or word) if len(name.encode()) <= LONGEST else _hashed(name, text)


def alike(name: str) -> str:
    """What names have in common that are one file on some system: capitals and the codes of accents may not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


class Names:
    """The names in one folder, and whose each is."""

    def __init__(self) -> None:
        self._whose: dict[str, str] = {}

    def holder(self, name: FileName, whose: str) -> str:
        """Who has `name`, or one that is the same file on some system: `whose` itself, if nobody had it."""
        return self._whose.setdefault(alike(name), whose)

    def distinct(self, name: FileName, whose: str) -> FileName:
        """`name`, or another made from it if it is somebody else's already; the same for the same `whose`."""
        given, number = name, 1
        while self.holder(given, whose) != whose:
            given, number = _hashed(name, f"{whose}\n{number}"), number + 1
        return given


def _unfit(name: str) -> tuple[str, str] | None:
    """Why `name` cannot be that of a file, and what to do."""
    found: tuple[str, str] | None = None
    if sign := next((sign for sign in _SEPARATORS if sign in name), ""):
        found = f"there is a {sign} in it", f"leave out {' '.join(_SEPARATORS)}"
    elif not name.strip("."):
        found = "it means a folder" if name else "it is empty", "give it a letter or digit"
    elif _TURNING.search(name) or any(unicodedata.category(c) in _UNSEEN for c in name):
        found = "there is a character in it that cannot be seen", "write it with letters, digits, - and _"
    elif name[0] in ". " or name[-1] in ". ":
        found = "it begins or ends with a dot or a space", "leave that out"
    elif sign := next((sign for sign in _NOT_ON_WINDOWS if sign in name), ""):
        found = f"there is a {sign} in it, which Windows does not take", f"leave out {' '.join(_NOT_ON_WINDOWS)}"
    elif _KEPT_BY_WINDOWS.fullmatch(name):
        found = "Windows keeps that for itself", "add another word to it"
    elif (length := len(name.encode())) > LONGEST:
        found = f"it is {length} bytes long", f"make it shorter: {LONGEST} bytes, which are as many plain letters"
    return found


def _fits(character: str) -> bool:
    """Whether a character stays in an address; a vowel sign of a script such as Thai's belongs to its letter."""
    return character.isalnum() or character in "-_." or unicodedata.category(character).startswith("M")


def _hashed(name: str, text: str) -> FileName:
    """`name`, cut if need be, with a hash of `text` before its ending."""
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    found = _ENDING.fullmatch(name)
    stem, ending = (found[1], found[2] or "") if found and found[1] else (name, "")
    cut = stem.encode()[: LONGEST - len(ending) - _HASH - 1].decode("utf-8", "ignore").rstrip("-.")
    return FileName(f"{cut}-{digest}{ending}")
