"""The words that tables say by themselves, in the language of the course."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml


def word(name: str, language: str, /, **values: str) -> str:
    """What is said of `name` in a language, a BCP 47 tag, with `values` in the place of braces."""
    return words(language)[name].format(**values)


def words(language: str) -> Mapping[str, str]:
    """All of them in a language; English in a language that is not here."""
    return _known()[language_of_words(language)]


def language_of_words(language: str) -> str:
    """The language of what is said in a language: itself, or English."""
    own = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return own if own in _known() else "en"


@cache
def _known() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("coursewright.pages.columns").joinpath("words.yaml")
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read
