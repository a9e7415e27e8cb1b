"""The words that pages say by themselves, in the language of the course, and what says so where they are English."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from functools import cache
from html import escape
from typing import Any

from coursewright.labels import FALLBACK, direction, foreign, words

_NUMBERED = ("figure", "table", "equation", "question")


def label(word: str, env: MutableMapping[str, Any]) -> str:
    """The word in the language of `env`, a BCP 47 tag; English in a language that is not here."""
    text: str = words("pages", str(env.get("language", "en")))[word]
    return text


@cache
def marks(language: str) -> str:
    """The attributes of an element in which a page in `language` says a word by itself, each with a space before it."""
    return "".join(f' {name}="{escape(value)}"' for name, value in foreign("pages", language).items())


@cache
def unmarked(language: str) -> str:
    """The attributes of what is in the page's language again inside such an element."""
    return f' lang="{escape(language)}" dir="{direction(language)}"' if marks(language) else ""


def marked(text: str, language: str) -> str:
    """`text` as HTML: where it begins with a number of the page, or is a heading of its own, that is marked."""
    said = _own().match(text) if marks(language) else None
    if not said:
        return escape(text)
    return f"<span{marks(language)}>{escape(said[0])}</span>{escape(text[said.end() :])}"


def naming(text: str, language: str, ident: str) -> tuple[str, str]:
    """The attributes by which an element is called `text`, and those of the one in which that text stands.

    A text that is English in part cannot say so in an attribute: it is pointed at, and `ident` begins its id.
    """
    if ident and marked(text, language) != escape(text):
        return f' aria-labelledby="{escape(ident)}-said"', f' id="{escape(ident)}-said"'
    return f' aria-label="{escape(text)}"', ""


def own_words() -> tuple[list[str], str]:
    """What a page says by itself in English: words that stand before numbers, and a heading of its own."""
    english = words("pages", FALLBACK)
    return [english[word] for word in _NUMBERED], english["references"]


@cache
def _own() -> re.Pattern[str]:
    """What a page says by itself in English, where the author's own text may follow."""
    before, heading = own_words()
    numbered = "|".join(map(re.escape, before))
    return re.compile(rf"(?:{numbered}) [\w.]*\d(?!\w)|{re.escape(heading)}$")
