"""What lets readers sort, filter and download tables, in the browser."""

from __future__ import annotations

import json

from coursewright.labels import foreign, words
from coursewright.sites.theme.style import theme_file

_SAID = ("filter", "count", "download", "download_shown", "scroll")


def script(language: str) -> str:
    """The script of tables, with its words in the language of a site, or in English and told to be so."""
    said = {name: words("tables", language)[name] for name in _SAID} | {"marks": dict(foreign("tables", language))}
    return theme_file("tables.js").replace("words = {}", f"words = {json.dumps(said, ensure_ascii=False)}", 1)
