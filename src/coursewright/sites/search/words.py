"""Text as the words that search compares. `search.js` has the same rules for what a reader types."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import regex

LONGEST = 40  # characters of a word that count

# Scripts that do not part words by spaces: Thai, Lao, Burmese, Khmer, kana, Chinese characters.
_UNPARTED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_WORD = r"[\p{L}\p{N}\p{M}]"
_RUN = regex.compile(rf"((?:(?={_WORD})[{_UNPARTED}])+)|(?:(?![{_UNPARTED}]){_WORD})+")

# Accents, and the points of Hebrew and Arabic. The vowel signs of other scripts are letters to their readers.
_MARKS = regex.compile(
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]"
)
_LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "\u0131": "i", "þ": "th", "ħ": "h"}
_TABLE = str.maketrans(_LETTERS)


def words(text: str) -> Iterator[str]:
    """The words of `text` without capitals and accents; of text without spaces, each two characters that follow."""
    for run in _RUN.finditer(text):
        word = fold(run[0])
        if run[1] and len(word) > 1:
            yield from map("".join, pairwise(word))
        elif word:
            yield word[:LONGEST]


def fold(word: str) -> str:
    """`word` as it is compared: Räikkönen is raikkonen."""
    if word.isascii():
        return word.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFC", plain).lower().translate(_TABLE)
