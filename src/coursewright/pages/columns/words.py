"""The words that tables say by themselves, in the language of the course."""

from __future__ import annotations

from coursewright.labels import words


def word(name: str, language: str, /, **values: str) -> str:
    """What is said of `name` in a language, a BCP 47 tag, with `values` in the place of braces."""
    text: str = words("tables", language)[name]
    return text.format(**values)
