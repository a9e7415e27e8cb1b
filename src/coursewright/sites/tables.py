"""What lets readers sort, filter and download tables, in the browser."""

from __future__ import annotations

import json

from coursewright.pages.columns import language_of_words, words
from coursewright.sites.style import theme_file

_SAID = ("filter", "count", "download", "scroll")


def script(language: str) -> str:
    """The script of tables, with its words in the language of a site, or in English and told to be so."""
    said = {name: words(language)[name] for name in _SAID}
    spoken = language_of_words(language)
    if not language.lower().startswith(spoken):
        said["language"] = spoken
    return theme_file("tables.js").replace("words = {}", f"words = {json.dumps(said, ensure_ascii=False)}", 1)
