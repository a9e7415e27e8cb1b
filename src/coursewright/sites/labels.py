"""The words that a site says by itself, in the language of the course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from types import SimpleNamespace

import yaml

FALLBACK = "en"


@dataclass(frozen=True)
class Label:
    """One word or phrase; `language` is "" when it is that of the page, which is written leftwards when it is `turned`.

    In a template it is the text, in an element that says its language where that is not the page's.
    """

    text: str
    language: str = ""
    turned: bool = False

    def __html__(self) -> str:
        """The text as HTML."""
        direction = ' dir="ltr"' if self.turned else ""
        text = escape(self.text)
        return f'<span lang="{self.language}"{direction}>{text}</span>' if self.language else text

    def __str__(self) -> str:
        return self.text


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """For each language, as ISO 639 has it, its words by what they are for."""
    file = resources.files("coursewright.sites.theme").joinpath("labels.yaml")
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read


@cache
def labels_in(language: str) -> SimpleNamespace:
    """All words by their names, in `language`, a BCP 47 tag, as far as they are known in it, and else in English."""
    known = labels()
    own = known.get(language.partition("-")[0].lower(), {})
    turned = direction(language) == "rtl"
    return SimpleNamespace(
        **{
            word: Label(own[word]) if word in own else Label(text, FALLBACK, turned)
            for word, text in known[FALLBACK].items()
        }
    )


@cache
def direction(language: str) -> str:
    """Which way `language`, a BCP 47 tag, is written: "ltr" or "rtl"."""
    from babel import Locale

    return str(Locale.parse(language.replace("-", "_")).text_direction)
