"""What of a typed text counts, whatever it is read as. The page does the same, name by name, in widget/letters.js."""

from __future__ import annotations

import re
import unicodedata

SPACES = "\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
UNSEEN = "\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
"""Signs that nobody sees or types: soft hyphens, joiners, directions of writing, marks of the order of bytes. Both sets
are insides of classes in a pattern, written out because every language has its own."""
SAME = {"\xb5": "\u03bc"}
"""Signs that look alike and that composing leaves apart: the micro sign and mu."""
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
LOWERED = str.maketrans(RAISED + "⁺⁻", "0123456789+-")

_SPACE, _UNSEEN, _SAME = re.compile(f"[{SPACES}]+"), re.compile(f"[{UNSEEN}]"), str.maketrans(SAME)


def tidy(text: str) -> str:
    """The text composed (NFC), without what cannot be seen and space at the ends, with one space where there is any.

    Of signs that look alike one stands for both."""
    return unicodedata.normalize("NFC", _SPACE.sub(" ", _UNSEEN.sub("", text)).strip(" ")).translate(_SAME)


def small(text: str) -> str:
    """The text in small letters, each for itself: a dotted I is i, and sigma one letter wherever it stands."""
    return text.replace("\u0130", "i").lower().replace("\u03c2", "\u03c3")


def unaccented(text: str) -> str:
    """The text without combining marks (category Mn)."""
    letters = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFC", bare)
