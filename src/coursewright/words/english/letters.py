"""Capitals, and words found and put back in the case they had."""

from __future__ import annotations

import re


def capitalize(text: str) -> str:
    """The first letter made a capital, after a quotation mark or bracket too; the rest is left alone: "McLaren"."""
    at = next((at for at, char in enumerate(text) if char not in "\"'([{“‘«¿¡"), 0)
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def capitalize_all(text: str) -> str:
    """The first letter of every word made a capital: "3rd Place", "Räikkönen", "Don't", "Jean-Éric"."""
    return re.sub(r"(^|[\s(\[{“‘«\"/–—-]|(?<=\s)')(\w)", lambda found: found[1] + found[2].upper(), text)


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
