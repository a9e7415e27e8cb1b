"""The words that pages say by themselves, in the language of the course."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from coursewright.labels import words


def label(word: str, env: MutableMapping[str, Any]) -> str:
    """The word in the language of `env`, a BCP 47 tag; English in a language that is not here."""
    text: str = words("pages", str(env.get("language", "en")))[word]
    return text
