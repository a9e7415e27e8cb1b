"""Capitals, and words found and put back in the case they had."""

from __future__ import annotations

import re

_NAMED = re.compile(r"[a-z][A-Z][a-z]")  # iPhone, eBay
_WORD = re.compile(r"(^|[\s(\[{“‘«\"/–—-]|(?<=\s)')(\w)")


def capitalize(text: str) -> str:
    """The first letter made a capital, after a quotation mark or bracket too; the rest is left alone: "McLaren".

    A name that is written with its second letter as a capital stays: "iPhone".
    """
    at = next((at for at, char in enumerate(text) if char not in "\"'([{“‘«¿¡…."), 0)
    return text if _NAMED.match(text, at) else text[:at] + _capital(text[at : at + 1]) + text[at + 1 :]


def capitalize_all(text: str) -> str:
    """The first letter of every word made a capital: "3rd Place", "Räikkönen", "Don't", "Jean-Éric"."""
    return _WORD.sub(
        lambda found: found[0] if _NAMED.match(text, found.start(2)) else found[1] + _capital(found[2]), text
    )


def _capital(letter: str) -> str:
    return letter if letter == "ß" else letter.upper()


def last_word(text: str) -> tuple[str, str]:
    """What stands before the last word, and the last word."""
    at = text.rfind(" ") + 1
    return text[:at], text[at:]


def in_case(like: str, word: str) -> str:
    """`word` in capitals if `like` is, with a capital if `like` has one."""
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def table(text: str) -> dict[str, str]:
    """Pairs written `one:other`, with a blank line or space between them."""
    return dict(pair.split(":") for pair in text.split())


def words(text: str) -> frozenset[str]:
    """Words written one after another."""
    return frozenset(text.split())
