"""What one page gives to search, in the form in which it is kept from build to build."""

from __future__ import annotations

from collections import Counter

import msgspec

from coursewright.pages import Document
from coursewright.sites.search.stretches import Stretch, stretches
from coursewright.sites.search.words import words

HEADING, TITLE, WHOLE_TITLE = 4, 6, 7
"""Ranks of a word, of 0 to 7: in a heading, in the title, all that the title says. Below, how often the text has it."""


class SearchRecord(msgspec.Struct, frozen=True, array_like=True):
    """A page as search has it: `shown` is JSON, its address, title and stretches; its words, each with its rank."""

    shown: bytes
    words: str  # one a line
    ranks: bytes

    def ranked(self) -> zip[tuple[str, int]]:
        """Its words with their ranks."""
        return zip(self.words.split("\n") if self.words else (), self.ranks, strict=True)


def record(document: Document) -> SearchRecord:
    """What a page gives to search."""
    found = list(stretches(document))
    ranks = ranked(document.title, found)
    shown = msgspec.json.encode((document.address, document.title, found))
    return SearchRecord(shown, "\n".join(ranks), bytes(ranks.values()))


def ranked(title: str, found: list[Stretch]) -> dict[str, int]:
    """The words of a page, each with its rank."""
    told = Counter(word for each in found for word in words(each.text))
    ranks = {word: _often(count) for word, count in told.items()}
    ranks.update((word, HEADING) for each in found for word in words(each.heading))
    in_title = set(words(title))
    ranks.update(dict.fromkeys(in_title, WHOLE_TITLE if len(in_title) == 1 else TITLE))
    return ranks


def _often(count: int) -> int:
    return 0 if count == 1 else 1 if count <= 3 else 2 if count <= 9 else 3
