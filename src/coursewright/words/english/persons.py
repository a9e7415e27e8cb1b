"""Whose it is, and how a person is spoken of."""

from __future__ import annotations

import re

from coursewright.words.english.letters import in_case

_WHOSE = {"i": "my", "me": "my", "you": "your", "he": "his", "him": "his", "she": "her", "it": "its", "we": "our",
          "us": "our", "they": "their", "them": "their", "who": "whose", "whom": "whose"}  # fmt: skip
_WHOSE |= {whose: whose for whose in _WHOSE.values()}
_PRONOUNS = {
    "she": ("she", "her", "her", "hers", "herself"),
    "he": ("he", "him", "his", "his", "himself"),
    "it": ("it", "it", "its", "its", "itself"),
    "they": ("they", "them", "their", "theirs", "themself"),
}
_MEANT_BY = {"f": "she", "female": "she", "woman": "she", "women": "she", "w": "she", "girl": "she", "she": "she",
             "her": "she", "m": "he", "male": "he", "man": "he", "men": "he", "boy": "he", "he": "he", "him": "he",
             "his": "he", "it": "it", "its": "it", "thing": "it", "team": "it"}  # fmt: skip
_MANY = {
    "they",
    "them",
    "they/them",
    "we",
    "us",
    "you",
    "these",
    "those",
    "x",
    "nb",
    "nonbinary",
    "non-binary",
    "other",
    "both",
}
_ONE_IN_S = re.compile(r"ss$|^[a-z]+(?<![aeiou])(?:[aiu]s)$|^[a-z]*(?:sis|bus|gas)$")


def possessive(text: str) -> str:
    """Whose: "Hamilton's", "Mercedes'", "Williams'", "the boss's", "his"."""
    bare = text.rstrip()
    known = _WHOSE.get(bare.lower())
    if known and (not bare.isupper() or len(bare) != 2):
        return in_case(text, known) if bare != "I" else known
    if not bare or bare.endswith(("'", "’", "'s", "’s")):
        return text
    last = bare.rsplit(" ", 1)[-1]
    abbreviated = last.isupper() and len(last) > 1
    without_s = bare.lower().endswith("s") and not abbreviated and not _ONE_IN_S.search(last)
    return bare + ("'" if without_s else "'s") + text[len(bare) :]


def pronoun(text: str, case: int) -> str:
    """A pronoun for "female", "m", "she/her", "it" …, and "they" for anything else; `case` counts they, them, …"""
    return _PRONOUNS[_spoken_of(text)][case]


def is_one(text: str) -> bool | None:
    """Whether a verb after a person or pronoun is that of one: after "she", "female", "it"; not after "they", "you".

    None for a text that is neither.
    """
    low = text.strip().lower()
    if low in _MANY:
        return False
    return True if low in _MEANT_BY or re.split(r"[\W_]", low, maxsplit=1)[0] in _MEANT_BY else None


def _spoken_of(text: str) -> str:
    word = re.split(r"[\W_]", text.strip().lower(), maxsplit=1)[0]
    return _MEANT_BY.get(word, "they")
